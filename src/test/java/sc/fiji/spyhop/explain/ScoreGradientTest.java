package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.FloatType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.selection.Reference;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Imgs;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.sample.DigitGenerator;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.tensor.Tensor;

/** The slope of a class, by finite differences of a plain computation of the network. */
class ScoreGradientTest {

  private static final double STEP = 1e-4;

  @Test
  void itIsTheSlopeOfTheLogit() {
    Img<FloatType> image = seven();
    ScoreGradient slope;
    try (Explainer digits = Explainer.open("digits")) {
      slope = digits.gradient(image, "3");
      assertEquals("7", digits.gradient(Frame.of(image), Optional.empty()).name());
      assertThrows(SpyhopException.class, () -> digits.gradient(image, "eleven"));
    }
    assertArrayEquals(slope.shown().shape(), slope.gradient().shape());
    assertEquals(
        logit(slope.shown(), 0, 0), slope.logit(), 1e-3 * Math.max(1, Math.abs(slope.logit())));
    assertTrue(slope.score() < 0.1);
    double largest = 0;
    for (float g : slope.gradient().data()) largest = Math.max(largest, Math.abs(g));
    int tried = 0;
    for (int i = 0; i < slope.shown().length(); i += 17) {
      double found = slope.gradient().data()[i];
      double right = (logit(slope.shown(), i, STEP) - logit(slope.shown(), i, 0)) / STEP;
      double left = (logit(slope.shown(), i, 0) - logit(slope.shown(), i, -STEP)) / STEP;
      if (Math.abs(right - left) > 1e-3 * largest) continue; // at an edge of a rectifier
      assertEquals((right + left) / 2, found, 1e-3 * largest, "value " + i);
      tried++;
    }
    assertTrue(tried > 10, "values tried: " + tried);
  }

  /** With noise, so that no two neighbours are alike and maxima are clear. */
  private static Img<FloatType> seven() {
    float[] pixels = Imgs.tensor(DigitGenerator.of(7, 1).pixels()).data();
    Random random = new Random(1);
    for (int i = 0; i < pixels.length; i++) pixels[i] += 20 * random.nextFloat();
    return ArrayImgs.floats(pixels, 28, 28);
  }

  /** Of class 3, where one value of what is shown is another. */
  private static double logit(Tensor shown, int at, double more) {
    Model model = ModelRegistry.standard().find("digits");
    Reference.Map4 in = Reference.of(shown);
    in.v()[at] += more;
    String layer =
        List.copyOf(Ends.of(model.network(), model.spec().task()).logits().values()).get(0);
    return Reference.run(
            model.network(),
            Reference.doubles(model.weights()),
            Map.of(model.network().inputs().get(0).name(), in),
            false)
        .get(layer)
        .v()[3];
  }
}
