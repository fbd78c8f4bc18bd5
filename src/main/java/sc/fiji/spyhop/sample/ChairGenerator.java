package sc.fiji.spyhop.sample;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;

/**
 * Paints chairs, after those of Dosovitskiy, Springenberg and Brox (2015): models of chairs in
 * three dimensions, seen from all around, on light ground. A picture is told completely by the
 * numbers of its {@link ChairView}, and the same on every machine.
 */
public final class ChairGenerator {

  /** Degrees, the lowest and the highest from where chairs of a series are seen. */
  public static final double LOWEST = 10;

  /** Degrees above the horizon, from where chairs of a series are seen at most. */
  public static final double HIGHEST = 40;

  /** Grey of the ground, 0 to 255. */
  public static final int GROUND = 240;

  private static final double[][] MATERIALS = {
    {}, {0.66, 0.68, 0.72}, {0.17, 0.17, 0.19}, {0.7, 0.5, 0.32}
  };

  private ChairGenerator() {}

  /**
   * Picture {@code index} of a series: styles take turns, view and colour are drawn. It does not
   * depend on those before it, and its numbers are as round as in a table.
   */
  public static ChairView ofSeries(long seed, int index) {
    Rng rng = new Rng(seed, index);
    ChairStyle style = ChairStyle.values()[index % ChairStyle.values().length];
    double azimuth = Math.rint(rng.uniform() * 36000) % 36000 / 100;
    double elevation = Math.rint(rng.uniform(LOWEST, HIGHEST) * 100) / 100;
    double[] color = new double[3];
    for (int i = 0; i < 3; i++) color[i] = Math.rint(rng.uniform(0.1, 0.95) * 1000) / 1000;
    return new ChairView(style, azimuth, elevation, color[0], color[1], color[2]);
  }

  /**
   * The same chair from all around.
   *
   * @param views how many, at least 1, at equal angles from 0
   */
  public static List<ChairView> around(ChairView chair, int views) {
    List<ChairView> all = new ArrayList<>();
    for (int i = 0; i < views; i++) {
      all.add(chair.seenFrom(Math.rint(36000.0 * i / views) / 100));
    }
    return all;
  }

  /**
   * Paints a chair.
   *
   * @param side columns and rows, 16 to 1024
   * @return red, green and blue, 8-bit unsigned
   */
  public static Frame paint(String name, ChairView view, int side) {
    if (side < 16 || side > 1024) {
      throw new IllegalArgumentException(
          "chair: expected 16 to 1024 columns and rows, received " + side);
    }
    Camera camera = Camera.at(view.azimuth(), view.elevation());
    Rasterizer picture = new Rasterizer(side, GROUND / 255.0);
    double[] own = {view.red(), view.green(), view.blue()};
    for (Mesh.Face face : view.style().faces()) {
      double[] color = (face.material() == 0 ? own : MATERIALS[face.material()]).clone();
      double bright = camera.brightness(camera.normal(face));
      for (int i = 0; i < 3; i++) color[i] *= bright;
      picture.polygon(face.corners().stream().map(camera::project).toList(), color);
    }
    return new Frame(
        name, ArrayImgs.unsignedBytes(picture.pixels(), side, side, 3), PixelSize.UNCALIBRATED);
  }
}
