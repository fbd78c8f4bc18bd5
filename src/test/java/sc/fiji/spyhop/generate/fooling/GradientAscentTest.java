package sc.fiji.spyhop.generate.fooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.prediction.ClassScores;

class GradientAscentTest {

  private static final Canvas FOUR = new Canvas(2, 2, 1, false, 100, PixelSize.UNCALIBRATED);

  private static FoolingMethod.Ascent how(double decay, double blur, double clip) {
    return new FoolingMethod.Ascent(0.05, decay, blur, 2, clip, 0);
  }

  /**
   * The slope (3, 1, -1, -3) has the root mean square of the square root of 5; a step is 5 long.
   */
  @Test
  void aStepIsAsByHand() {
    float[] slope = {3, 1, -1, -3};
    float[] picture = {40, 50, 60, 2};
    double unit = 5 / Math.sqrt(5);
    float[] plain = new GradientAscent(how(0, 0, 0), FOUR, 50).stepped(picture, slope, 1);
    float[] expected = {
      (float) (40 + 3 * unit), (float) (50 + unit), (float) (60 - unit), 0 // not below black
    };
    assertArrayEquals(expected, plain, 1e-5f);
    float[] decayed = new GradientAscent(how(0.1, 0, 0), FOUR, 50).stepped(picture, slope, 1);
    assertEquals(50 + 0.9 * (3 * unit - 10), decayed[0], 1e-5);
    assertEquals(50 + 0.9 * (10 - unit), decayed[2], 1e-5);
  }

  /** Away from the ground by 1, 2, -8 and 9: the two weakest of four become ground. */
  @Test
  void theWeakestPixelsBecomeGround() {
    GradientAscent ascent = new GradientAscent(how(0, 0, 0.5), FOUR, 50);
    float[] clipped = ascent.stepped(new float[] {51, 52, 42, 59}, new float[4], 1);
    assertArrayEquals(new float[] {50, 50, 42, 59}, clipped);
  }

  /** A blur keeps the mean, as edges are mirrored, and comes in every second step alone. */
  @Test
  void blursNowAndThen() {
    GradientAscent ascent = new GradientAscent(how(0, 0.6, 0), FOUR, 50);
    float[] picture = {90, 50, 50, 50};
    assertArrayEquals(picture, ascent.stepped(picture, new float[4], 1));
    float[] blurred = ascent.stepped(picture, new float[4], 2);
    assertEquals(240, blurred[0] + blurred[1] + blurred[2] + blurred[3], 1e-3);
    assertEquals(blurred[1], blurred[2], 1e-4);
    // of sigma 0.6, a kernel of exp(-k^2 / 0.72), k up to 2, mirrored on two pixels: 0 and its
    // images -1 and 3 count for one pixel
    double near = Math.exp(-1 / 0.72);
    double far = Math.exp(-4 / 0.72);
    double own = (1 + near) / (1 + 2 * near + 2 * far);
    assertEquals(50 + 40 * own * own, blurred[0], 1e-3);
  }

  /**
   * A linear model of colours that are shown blue first, of the middle of the image. The slope of
   * log p(a) is p(b) times the weight, since class b has none, times the factor of normalization.
   */
  @Test
  void slopesGoBackToThePixelsOfTheImage() {
    float[] weights = new float[12];
    for (int i = 0; i < 12; i++) weights[i] = 0.1f * (i + 1);
    Model model =
        Linear.model(
            3,
            Colors.BGR,
            new Resize.CenterCrop(4, 2, 2, Interpolation.BILINEAR),
            new Normalization.Fixed(List.of(10.0, 20.0, 30.0), List.of(0.01, 0.02, 0.03)),
            weights,
            new float[12]);
    Canvas canvas = Canvas.of(model, java.util.OptionalInt.empty(), 0);
    assertEquals(List.of(4, 4, 3), List.of(canvas.width(), canvas.height(), canvas.channels()));
    float[] picture = new float[48];
    for (int i = 0; i < 48; i++) picture[i] = 2 * i;
    double logit = 0;
    for (int shown = 0; shown < 3; shown++) { // 0 is blue, channel 2 of the image
      for (int i = 0; i < 4; i++) {
        int pixel = (2 - shown) * 16 + (1 + i / 2) * 4 + 1 + i % 2;
        double seen = (picture[pixel] - 10 * (shown + 1)) * 0.01 * (shown + 1);
        logit += seen * weights[shown * 4 + i];
      }
    }
    double a = 1 / (1 + Math.exp(-logit));
    try (Classifier classifier = new Classifier(model, canvas, true)) {
      List<ClassScores> said = classifier.look(List.of(picture), Progress.NONE);
      assertEquals(a, said.get(0).probability(0), 1e-5);
      float[] slope = classifier.gradients(List.of(picture), said, List.of(0)).get(0);
      for (int i = 0; i < 48; i++) {
        int shown = 2 - i / 16;
        int x = i % 4 - 1;
        int y = i % 16 / 4 - 1;
        boolean inside = x >= 0 && x < 2 && y >= 0 && y < 2;
        double expected =
            inside ? (1 - a) * 0.01 * (shown + 1) * weights[shown * 4 + 2 * y + x] : 0;
        assertEquals(expected, slope[i], 1e-6, "value " + i);
      }
    }
  }

  @Test
  void theGroundIsTheMeanThatNormalizationTellsOf() {
    Model model =
        Linear.model(
            3,
            Colors.BGR,
            new Resize.Stretch(2, 2, Interpolation.BILINEAR),
            new Normalization.Fixed(List.of(104.0, 117.0, 0.0), List.of(1.0, 1.0, 1.0)),
            new float[12],
            new float[12]);
    Canvas canvas = Canvas.of(model, java.util.OptionalInt.empty(), 0);
    assertArrayEquals(new double[] {127.5, 117, 104}, Fooling.ground(model, canvas));
  }
}
