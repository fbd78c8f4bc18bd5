package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.util.Strings;

/** Folders of small images of bright shapes on a noisy ground. */
public final class ShapeImages {

  public static final int SIDE = 24;

  private ShapeImages() {}

  private static ByteProcessor ground(Random random) {
    ByteProcessor image = new ByteProcessor(SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) image.set(i, 30 + random.nextInt(20));
    image.setValue(200);
    return image;
  }

  /** A disc, a square or a ring, at some place. */
  static ByteProcessor shape(String kind, Random random) {
    ByteProcessor image = ground(random);
    int size = 12 + random.nextInt(3);
    int x = 1 + random.nextInt(SIDE - size - 2);
    int y = 1 + random.nextInt(SIDE - size - 2);
    if (kind.equals("square")) {
      image.fill(new ij.gui.Roi(x, y, size, size));
    } else {
      image.fill(new OvalRoi(x, y, size, size));
    }
    if (kind.equals("ring")) {
      image.setValue(40);
      image.fill(new OvalRoi(x + 3, y + 3, size - 6, size - 6));
    }
    return image;
  }

  /** A folder for each kind. */
  public static Path classes(Path folder, int each, long seed, String... kinds) throws IOException {
    Random random = new Random(seed);
    for (String kind : kinds) {
      Path to = Files.createDirectories(folder.resolve(kind));
      for (int i = 0; i < each; i++) {
        LabelImages.save(new ImagePlus(kind, shape(kind, random)), to.resolve(kind + i + ".tif"));
      }
    }
    return folder;
  }

  /** Discs, and index.csv with their radii: half a µm a pixel. */
  public static Path radii(Path folder, int count, long seed) throws IOException {
    Random random = new Random(seed);
    Files.createDirectories(folder);
    StringBuilder index = new StringBuilder("image,radius (µm)\n");
    for (int i = 0; i < count; i++) {
      ByteProcessor image = ground(random);
      int width = 6 + i % 15;
      image.fill(
          new OvalRoi(
              1 + random.nextInt(SIDE - width - 1),
              1 + random.nextInt(SIDE - width - 1),
              width,
              width));
      LabelImages.save(new ImagePlus("disc", image), folder.resolve("disc" + i + ".tif"));
      index.append(Strings.format("disc%d.tif,%s%n", i, width / 4.0));
    }
    Files.writeString(folder.resolve("index.csv"), index);
    return folder;
  }
}
