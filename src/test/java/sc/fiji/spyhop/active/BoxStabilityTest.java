package sc.fiji.spyhop.active;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.BoxRegression;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class BoxStabilityTest {

  private static final int SIDE = 8;

  /** Dark but for one pixel of value 1. */
  private static Frame lamp(int x, int y) {
    float[] pixels = new float[SIDE * SIDE];
    pixels[SIDE * y + x] = 1;
    return new Frame("lamp", ArrayImgs.floats(pixels, SIDE, SIDE, 1), PixelSize.UNCALIBRATED);
  }

  /**
   * A dense layer that says a box of a quarter of the image around the centre of mass, or, where
   * the weights are 0, always the half of the image in its middle.
   */
  private static Model model(boolean looks) {
    Network network =
        NetworkBuilder.input("image", Shape.of(1, SIDE, SIDE))
            .flatten("flat")
            .dense(BoxRegression.HEAD, 4)
            .build();
    Map<String, Tensor> tensors = new HashMap<>();
    for (Parameter p : Parameters.of(network)) {
      int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
      boolean bias = p.name().endsWith(".bias");
      float[] values =
          bias
              ? looks ? new float[] {0, 0, 0.25f, 0.25f} : new float[] {0.5f, 0.5f, 0.5f, 0.5f}
              : new float[4 * SIDE * SIDE];
      for (int i = 0; looks && !bias && i < SIDE * SIDE; i++) {
        float[] centre = {(i % SIDE + 0.5f) / SIDE, (i / SIDE + 0.5f) / SIDE};
        for (int k = 0; k < 2; k++) {
          values[shape[0] == 4 ? k * SIDE * SIDE + i : 4 * i + k] = centre[k];
        }
      }
      tensors.put(p.name(), new Tensor(p.axes(), shape, values));
    }
    ModelSpec spec =
        new ModelSpec(
            "one",
            "",
            new BoxRegression("lamp", List.of(0.0, 0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0, 1.0)),
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                new Resize.Stretch(SIDE, SIDE, Interpolation.NEAREST),
                new Normalization.Fixed(List.of(0.0), List.of(1.0)),
                PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, new Weights(tensors), Optional.empty());
  }

  private static Candidate look(boolean looks) {
    Model model = model(looks);
    Engine engine = Engines.forPrediction(model.network());
    try (Suggester suggester =
        new Suggester(model, Uncertainty.ENTROPY, engine, engine.devices().get(0))) {
      return suggester.look(lamp(3, 4), Progress.NONE);
    }
  }

  @Test
  void aBoxThatFollowsItsObjectIsSure() {
    Candidate candidate = look(true);
    assertEquals(0, candidate.score(), 1e-5);
    float[] centreAndSize = {3.5f / 8, 4.5f / 8, 0.25f, 0.25f};
    assertArrayEquals(centreAndSize, candidate.description(), 1e-5f);
  }

  /**
   * By hand: two boxes of 4 x 4 pixels, one pixel apart along one side, share 12 of 20 pixels;
   * along both, 9 of 23.
   */
  @Test
  void aBoxThatDoesNotLookIsUnsure() {
    assertEquals(1 - (12 / 20.0 + 9 / 23.0) / 2, look(false).score(), 1e-5);
  }

  private static Annotation box(double x, double y, double width, double height) {
    return new Annotation(
        new ImageSize(SIDE, SIDE),
        List.of(new LocalizedObject(new Box(x, y, width, height), "lamp")),
        List.of());
  }

  /** Only what both images show is compared: the box is the column of the lamp. */
  @Test
  void whatIsShiftedOutOfTheImageDoesNotCount() {
    Candidate candidate =
        BoxStability.of(
            lamp(0, 4), shown -> isLitInColumn(1, shown) ? box(1, 0, 1, 8) : box(0, 0, 1, 8));
    // not to be seen to the left; in place: the same column; to the right it follows
    assertEquals(0, candidate.score(), 1e-9);
  }

  private static boolean isLitInColumn(int x, Frame shown) {
    for (int y = 0; y < SIDE; y++)
      if (shown.pixels().getAt(x, y, 0).getRealDouble() > 0) return true;
    return false;
  }

  @Test
  void noBoxIsAsUnsureAsCanBe() {
    assertEquals(
        1, BoxStability.of(lamp(1, 1), f -> Annotation.empty(new ImageSize(8, 8))).score(), 0);
  }
}
