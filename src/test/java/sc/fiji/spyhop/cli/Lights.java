package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Images of 16 x 16 pixels, of which one half is lit so brightly as a row of a table says. */
public final class Lights {

  /** A network that can make them. */
  public static final String NETWORK = "16C1 1T16v tanh";

  private Lights() {}

  /** The image of a row. */
  public static ByteProcessor plane(double level, boolean left) {
    ByteProcessor plane = new ByteProcessor(16, 16);
    for (int i = 0; i < 256; i++) {
      plane.set(i, i % 16 < 8 == left ? (int) Math.round(level) : 100);
    }
    return plane;
  }

  /**
   * Writes images and index.csv.
   *
   * @param count how many, half of them lit on the left
   */
  public static Path write(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    StringBuilder index = new StringBuilder("image,level (%),side,lamp\n");
    for (int i = 0; i < count; i++) {
      double level = 40 + 160.0 * i / (count - 1);
      boolean left = i % 2 == 0;
      String name = "light_" + i + ".png";
      ImagePlus image = new ImagePlus(name, plane(level, left));
      ImageIO.write(image.getBufferedImage(), "png", folder.resolve(name).toFile());
      index.append(name).append(',').append(level).append(',');
      index.append(left ? "left" : "right").append(",same\n");
    }
    Files.writeString(folder.resolve("index.csv"), index);
    return folder;
  }
}
