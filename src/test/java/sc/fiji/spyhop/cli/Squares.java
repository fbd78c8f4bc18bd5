package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import sc.fiji.spyhop.ij.LabelImages;

/**
 * Images of a bright and a dark square on noise, with their boxes, and with their centres as
 * keypoints.
 */
public final class Squares {

  private static final int WIDTH = 72;
  private static final int HEIGHT = 48;

  private Squares() {}

  /** Writes images with a table of boxes, or of keypoints. */
  public static Path write(Path folder, int count, boolean boxes) throws IOException {
    Files.createDirectories(folder);
    StringBuilder table =
        new StringBuilder(boxes ? "image,class,x,y,width,height\n" : "image,keypoint,x,y\n");
    Random random = new Random(4);
    for (int i = 0; i < count; i++) {
      String name = "s%02d.tif".formatted(i);
      ByteProcessor plane = new ByteProcessor(WIDTH, HEIGHT);
      for (int p = 0; p < WIDTH * HEIGHT; p++) plane.set(p, 100 + random.nextInt(20));
      for (boolean bright : new boolean[] {true, false}) {
        int side = 10 + random.nextInt(5);
        int x = (bright ? 0 : 36) + 3 + random.nextInt(18);
        int y = 3 + random.nextInt(28);
        plane.setValue(bright ? 220 : 10);
        plane.setRoi(x, y, side, side);
        plane.fill();
        String type = bright ? "bright" : "dark";
        table.append(
            boxes
                ? "%s,%s,%d,%d,%d,%d%n".formatted(name, type, x, y, side, side)
                : "%s,%s,%s,%s%n".formatted(name, type, x + side / 2.0, y + side / 2.0));
      }
      LabelImages.save(new ImagePlus(name, plane), folder.resolve(name));
    }
    Files.writeString(folder.resolve(boxes ? "boxes.csv" : "keypoints.csv"), table.toString());
    return folder;
  }
}
