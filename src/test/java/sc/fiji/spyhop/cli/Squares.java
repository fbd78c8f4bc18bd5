package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    draw(
        folder,
        count,
        (name, bright, x, y, side) -> {
          String type = bright ? "bright" : "dark";
          table.append(
              boxes
                  ? row(name, type, x, y, side, side)
                  : row(name, type, x + side / 2.0, y + side / 2.0));
        });
    Files.writeString(folder.resolve(boxes ? "boxes.csv" : "keypoints.csv"), table.toString());
    return folder;
  }

  /** Writes images with boxes, and in each two keypoints: its upper left and lower right corner. */
  public static Path writeWithCorners(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    StringBuilder boxes = new StringBuilder("image,class,x,y,width,height\n");
    StringBuilder points = new StringBuilder("image,keypoint,x,y,object\n");
    draw(
        folder,
        count,
        (name, bright, x, y, side) -> {
          boxes.append(row(name, "square", x, y, side, side));
          int object = bright ? 1 : 2;
          points.append(row(name, "first", x, y, object));
          points.append(row(name, "last", x + side, y + side, object));
        });
    Files.writeString(folder.resolve("boxes.csv"), boxes.toString());
    Files.writeString(folder.resolve("keypoints.csv"), points.toString());
    return folder;
  }

  private static String row(Object... cells) {
    return Stream.of(cells).map(String::valueOf).collect(Collectors.joining(",", "", "\n"));
  }

  private interface Drawn {
    void square(String name, boolean bright, int x, int y, int side);
  }

  private static void draw(Path folder, int count, Drawn drawn) {
    Random random = new Random(4);
    for (int i = 0; i < count; i++) {
      String name = "s" + i / 10 + i % 10 + ".tif";
      ByteProcessor plane = new ByteProcessor(WIDTH, HEIGHT);
      for (int p = 0; p < WIDTH * HEIGHT; p++) plane.set(p, 100 + random.nextInt(20));
      for (boolean bright : new boolean[] {true, false}) {
        int side = 10 + random.nextInt(5);
        int x = (bright ? 0 : 36) + 3 + random.nextInt(18);
        int y = 3 + random.nextInt(28);
        plane.setValue(bright ? 220 : 10);
        plane.setRoi(x, y, side, side);
        plane.fill();
        drawn.square(name, bright, x, y, side);
      }
      LabelImages.save(new ImagePlus(name, plane), folder.resolve(name));
    }
  }
}
