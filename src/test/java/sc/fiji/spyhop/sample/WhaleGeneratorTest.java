package sc.fiji.spyhop.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import net.imglib2.RandomAccess;
import net.imglib2.type.numeric.RealType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.sample.WhaleGenerator.Settings;

class WhaleGeneratorTest {

  private static final int SIZE = 128;

  private static WhaleGenerator whales(double ownSea) {
    return new WhaleGenerator(new Settings(WhaleGenerator.POPULATION, 3, SIZE, SIZE, ownSea));
  }

  private static byte[] bytes(WhalePhoto photo) {
    return bytes(photo.frame());
  }

  private static byte[] bytes(Frame frame) {
    int w = frame.width();
    int h = frame.height();
    byte[] values = new byte[3 * w * h];
    RandomAccess<? extends RealType<?>> at = frame.pixels().randomAccess();
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) at.setPositionAndGet(i % w, i / w % h, i / w / h).getRealDouble();
    }
    return values;
  }

  /** Medians of red, green and blue: the whale covers a small part, so they tell the sea. */
  private static double[] medians(WhalePhoto photo) {
    byte[] all = bytes(photo);
    double[] medians = new double[3];
    for (int c = 0; c < 3; c++) {
      int[] plane = new int[SIZE * SIZE];
      for (int i = 0; i < plane.length; i++) plane[i] = all[c * plane.length + i] & 0xFF;
      Arrays.sort(plane);
      medians[c] = plane[plane.length / 2];
    }
    return medians;
  }

  private static double distance(WhalePhoto a, WhalePhoto b) {
    double[] p = medians(a);
    double[] q = medians(b);
    double sum = 0;
    for (int c = 0; c < 3; c++) sum += Math.abs(p[c] - q[c]);
    return sum;
  }

  /**
   * Photographs of a seed are promised to stay the same, as models know the whales. If this fails,
   * the files in test-images and the shipped models are to be made again.
   */
  @Test
  void photographsStayWhatTheyAre() throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(whales(0).photo(1, 1)));
    assertEquals(
        "e8dce66f7510e93e92eda73bff55a4883ce13917f9084e1c4057f22ec3bda225",
        HexFormat.of().formatHex(digest));
  }

  @Test
  void testImagesAreWhatTheGeneratorPaints() {
    WhaleGenerator whales =
        new WhaleGenerator(new Settings(WhaleGenerator.POPULATION, 12, 384, 384, 0));
    for (int i = 0; i < 6; i++) {
      WhalePhoto painted = whales.photo(7, i);
      Path file = Path.of("test-images", "whales", "images", painted.name() + ".png");
      assertArrayEquals(bytes(painted.frame()), bytes(new ImageFiles().readFrame(file)));
    }
  }

  @Test
  void sameSeedGivesTheSamePhotographWhateverCameBefore() {
    WhaleGenerator one = whales(0.5);
    one.photo(9, 0);
    assertArrayEquals(bytes(whales(0.5).photo(9, 4)), bytes(one.photo(9, 4)));
    assertFalse(Arrays.equals(bytes(one.photo(9, 4)), bytes(one.photo(8, 4))));
  }

  @Test
  void truthLiesInTheImageAndPointsInTheHead() {
    WhaleGenerator whales = whales(0);
    for (int i = 0; i < 12; i++) {
      WhalePhoto photo = whales.photo(3, i);
      Box head = photo.head().box();
      assertEquals(WhaleGenerator.individual(i % 3), photo.individual());
      assertTrue(head.x() >= 0 && head.y() >= 0, head.toString());
      assertTrue(head.right() <= SIZE && head.bottom() <= SIZE, head.toString());
      for (Keypoint k : photo.pose().keypoints()) {
        assertTrue(head.contains(k.x(), k.y()), k + " in " + head);
      }
    }
  }

  /** A whale is darker than any sea: at the blowholes, and beyond the tip of the snout not. */
  @Test
  void theWhaleLiesWhereTruthSays() {
    WhaleGenerator whales = whales(0);
    int darker = 0;
    for (int i = 0; i < 12; i++) {
      WhalePhoto photo = whales.photo(5, i);
      Keypoint bonnet = photo.pose().keypoint(WhaleGenerator.BONNET).orElseThrow();
      Keypoint blowhole = photo.pose().keypoint(WhaleGenerator.BLOWHOLE).orElseThrow();
      double dx = blowhole.x() - bonnet.x();
      double dy = blowhole.y() - bonnet.y();
      double behind = green(photo, blowhole.x() + 0.6 * dx, blowhole.y() + 0.6 * dy);
      double ahead = green(photo, bonnet.x() - 0.6 * dx, bonnet.y() - 0.6 * dy);
      if (behind < ahead) darker++;
    }
    assertTrue(darker >= 11, darker + " of 12");
  }

  private static double green(WhalePhoto photo, double x, double y) {
    int u = (int) Math.max(1, Math.min(SIZE - 2, x));
    int v = (int) Math.max(1, Math.min(SIZE - 2, y));
    RandomAccess<? extends RealType<?>> at = photo.frame().pixels().randomAccess();
    double sum = 0;
    for (int j = -1; j <= 1; j++) {
      for (int i = -1; i <= 1; i++) {
        sum += at.setPositionAndGet(u + i, v + j, 1).getRealDouble();
      }
    }
    return sum / 9;
  }

  @Test
  void anIndividualsOwnSeaComesBackAndStrangeSeasDoNot() {
    WhaleGenerator own = whales(1);
    WhaleGenerator strange = whales(0);
    double same = 0;
    double other = 0;
    for (int i = 0; i < 8; i++) {
      same += distance(own.photo(1, 3 * i), own.photo(2, 3 * i));
      other += distance(strange.photo(1, 3 * i), strange.photo(2, 3 * i));
    }
    assertTrue(3 * same < other, same + " against " + other);
  }

  @Test
  void refusesWhatCannotBePhotographed() {
    assertThrows(IllegalArgumentException.class, () -> new Settings(1, 0, 128, 128, 0));
    assertThrows(IllegalArgumentException.class, () -> new Settings(1, 3, 64, 128, 0));
    assertThrows(IllegalArgumentException.class, () -> new Settings(1, 3, 128, 128, 1.1));
  }
}
