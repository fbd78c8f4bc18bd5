package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class OcclusionSaliencyTest {

  private static Tensor shown(int channels, int height, int width, float... values) {
    return new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, values);
  }

  /** Sum of weights times values, for each image of a batch. */
  private static Function<Tensor, double[]> weighted(float... weights) {
    return batch -> {
      double[] scores = new double[batch.size(0)];
      for (int i = 0; i < batch.length(); i++) {
        scores[i / weights.length] += weights[i % weights.length] * batch.data()[i];
      }
      return scores;
    };
  }

  private static float[] map(
      Tensor shown,
      Resize fit,
      int width,
      int height,
      Occlusion occlusion,
      int batch,
      Function<Tensor, double[]> scorer) {
    return occlusion
        .map(
            new Question(
                "image",
                width,
                height,
                shown,
                fit.view(width, height),
                batch,
                scorer,
                scorer.apply(shown)[0],
                new NoGradients()),
            Progress.NONE)
        .values();
  }

  /**
   * By hand: one row 1 2 3 6 of mean 3, windows of 2 from 0, 1, 2, score 10 a + b. Hiding columns 0
   * and 1 gives 30 + 3 instead of 10 + 2, a drop of -21; 1 and 2 gives 10 + 3, a drop of -1; 2 and
   * 3 nothing. Column 1 is in the first two.
   */
  @Test
  void meanDropOverWindows() {
    Tensor image = shown(1, 2, 4, 1, 2, 3, 6, 1, 2, 3, 6);
    float[] expected = {-21, -11, -.5f, 0, -21, -11, -.5f, 0};
    Occlusion occlusion = new Occlusion(2, 1, Fill.MEAN);
    for (int batch = 1; batch < 5; batch++) {
      assertArrayEquals(
          expected,
          map(
              image,
              new Resize.AnySize(),
              4,
              2,
              occlusion,
              batch,
              weighted(10, 1, 0, 0, 0, 0, 0, 0)),
          1e-5f);
    }
  }

  /** Half-way between 1 and 6 is 3.5 in the first channel, between -4 and 0 is -2 in the second. */
  @Test
  void greyIsHalfWayInEachChannel() {
    Tensor image = shown(2, 1, 2, 1, 6, 0, -4);
    float[] map =
        map(
            image,
            new Resize.AnySize(),
            2,
            1,
            new Occlusion(1, 1, Fill.GREY),
            8,
            weighted(1, 0, 0, 100));
    assertArrayEquals(new float[] {1 - 3.5f, 100 * (-4 + 2)}, map, 1e-4f);
  }

  /** Nothing as small as the window is left, but what is larger is. */
  @Test
  void blurHidesWhatIsSmallAndKeepsWhatIsLarge() {
    float[] values = new float[64 * 64];
    for (int i = 0; i < values.length; i++) values[i] = i / 64 < 32 ? 5 : 1;
    values[16 * 64 + 16] += 100;
    float[] fill = Fills.of(Fill.BLUR, shown(1, 64, 64, values), 6, 6);
    assertTrue(fill[16 * 64 + 16] < 8, "dot " + fill[16 * 64 + 16]);
    assertEquals(5, fill[40], 0.3);
    assertEquals(1, fill[60 * 64 + 40], 0.1);
  }

  /** The image is shown at half its size: a window of 2 hides one pixel shown, of 1 a quarter. */
  @Test
  void windowsAreMeasuredInPixelsOfTheImage() {
    Resize half = new Resize.Stretch(2, 2, Interpolation.BILINEAR);
    Tensor image = shown(1, 2, 2, 8, 0, 0, 0);
    Function<Tensor, double[]> score = weighted(1, 0, 0, 0);
    float[] two = map(image, half, 4, 4, new Occlusion(2, 2, Fill.MEAN), 3, score);
    assertArrayEquals(new float[] {6, 6, 0, 0, 6, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, two, 1e-5f);
    float[] one = map(image, half, 4, 4, new Occlusion(1, 1, Fill.MEAN), 3, score);
    assertArrayEquals(
        new float[] {1.5f, 1.5f, 0, 0, 1.5f, 1.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, one, 1e-5f);
  }

  /** Only the middle 2 x 2 of 4 x 2 are shown. */
  @Test
  void whatIsNotShownDoesNotMatter() {
    Resize crop = new Resize.CenterCrop(2, 2, 2, Interpolation.BILINEAR);
    assertEquals(Affine.translation(1, 0), crop.view(4, 2).toImage());
    float[] map =
        map(
            shown(1, 2, 2, 8, 0, 0, 0),
            crop,
            4,
            2,
            new Occlusion(1, 1, Fill.MEAN),
            3,
            weighted(1, 0, 0, 0));
    assertArrayEquals(new float[] {0, 6, 0, 0, 0, 0, 0, 0}, map, 1e-5f);
  }

  @Test
  void windowsCoverEveryPixelAndStickOutEqually() {
    assertArrayEquals(new int[] {-1, 2, 5, 8}, new Occlusion(4, 3, Fill.MEAN).starts(11));
    for (int length = 1; length < 30; length++) {
      for (int window = 1; window <= length; window++) {
        for (int stride = 1; stride <= window; stride++) {
          boolean[] covered = new boolean[length];
          int[] starts = new Occlusion(window, stride, Fill.MEAN).starts(length);
          for (int s : starts) {
            for (int i = Math.max(0, s); i < Math.min(length, s + window); i++) covered[i] = true;
          }
          for (boolean c : covered) assertTrue(c);
          int left = -starts[0];
          int right = starts[starts.length - 1] + window - length;
          assertTrue(left >= 0 && left - right >= 0 && left - right <= 1, left + " " + right);
        }
      }
    }
  }

  @Test
  void sizesSuitTheImageUnlessGiven() {
    assertEquals(new Occlusion(10, 3, Fill.MEAN), Occlusion.DEFAULT.fittedTo(60, 60));
    assertEquals(new Occlusion(1, 1, Fill.MEAN), Occlusion.DEFAULT.fittedTo(3, 2));
    assertEquals(new Occlusion(7, 7, Fill.BLUR), new Occlusion(7, 7, Fill.BLUR).fittedTo(60, 60));
    Occlusion strip = Occlusion.DEFAULT.fittedTo(10_000, 100);
    assertEquals(100, strip.window());
  }

  @Test
  void nonsenseIsRefused() {
    assertRefused("Window: ", () -> new Occlusion(-1, 0, Fill.MEAN));
    assertRefused("Stride: expected 1 to 4", () -> new Occlusion(4, 5, Fill.MEAN));
    assertRefused("Stride: ", () -> new Occlusion(0, -1, Fill.MEAN));
    assertRefused(
        "Window: expected at most the 20 pixels",
        () -> new Occlusion(21, 1, Fill.MEAN).fittedTo(20, 30));
    assertRefused(
        "A window of 2 and a stride of 1 pixels take 15,992,001 predictions",
        () -> new Occlusion(2, 1, Fill.MEAN).fittedTo(4000, 4000));
    assertRefused("Fill: expected mean, grey, blur or black", () -> Fill.parse("white"));
    assertEquals(Fill.GREY, Fill.parse(" Gray "));
  }

  private static void assertRefused(String start, org.junit.jupiter.api.function.Executable code) {
    String message = assertThrows(SpyhopException.class, code).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void tellsHowFarItIsAndCanBeCancelled() {
    List<Long> done = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(String message, long d, long total) {
            assertEquals("Explaining image", message);
            assertEquals(12, total);
            done.add(d);
          }

          @Override
          public boolean isCancelled() {
            return done.size() == 2;
          }
        };
    assertThrows(
        CancellationException.class,
        () ->
            new Occlusion(1, 1, Fill.MEAN)
                .map(
                    new Question(
                        "image",
                        4,
                        3,
                        shown(1, 3, 4, new float[12]),
                        new Resize.AnySize().view(4, 3),
                        5,
                        weighted(new float[12]),
                        0,
                        new NoGradients()),
                    progress));
    assertEquals(List.of(5L, 10L), done);
  }
}
