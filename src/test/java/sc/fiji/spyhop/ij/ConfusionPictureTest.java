package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfusionPictureTest {

  private static Set<Integer> colors(BufferedImage picture) {
    Set<Integer> colors = new HashSet<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) colors.add(picture.getRGB(x, y));
    }
    return colors;
  }

  /** All of one class right, all of the other wrong: the ends of both colour scales. */
  @Test
  void rightIsBlueAndWrongIsRed() {
    BufferedImage picture =
        ConfusionPicture.render(List.of("healthy", "infected"), new long[][] {{5, 0}, {3, 0}});
    Set<Integer> colors = colors(picture);
    assertTrue(colors.contains(new Color(30, 30, 155).getRGB()));
    assertTrue(colors.contains(new Color(155, 30, 30).getRGB()));
    assertTrue(colors.contains(new Color(245, 245, 245).getRGB()), "nothing");
  }

  @Test
  void anyNumberOfClassesFits() {
    for (int n : new int[] {1, 30, 200, 1000}) {
      List<String> names =
          IntStream.range(0, n).mapToObj(i -> "Eubalaena glacialis, individual " + i).toList();
      BufferedImage picture = ConfusionPicture.render(names, new long[n][n]);
      assertTrue(picture.getWidth() >= n * 4 && picture.getWidth() < 5000, n + " classes");
      assertEquals(Color.WHITE.getRGB(), picture.getRGB(picture.getWidth() - 1, 0));
    }
  }
}
