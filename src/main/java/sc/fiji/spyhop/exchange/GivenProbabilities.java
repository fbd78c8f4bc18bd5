package sc.fiji.spyhop.exchange;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Whether a network gives probabilities, whatever it ends with: of noise, each from 0 to 1, and
 * together 1.
 */
final class GivenProbabilities {

  private static final double TOLERANCE = 1e-3;

  private GivenProbabilities() {}

  /**
   * Runs the network once.
   *
   * @param imported with one input and one output; of what cannot be run the answer is no
   */
  static boolean by(Imported imported) {
    return is(imported, GivenProbabilities::areProbabilities);
  }

  /** Whether each value is from 0 to 1, whatever the others are. */
  static boolean each(Imported imported) {
    return is(
        imported,
        output -> {
          for (float v : output.data()) {
            if (!(v >= -TOLERANCE && v <= 1 + TOLERANCE)) return false;
          }
          return true;
        });
  }

  private static boolean is(Imported imported, Predicate<Tensor> what) {
    Network network = imported.network();
    Network.Input input = network.inputs().get(0);
    try {
      Engine engine = Engines.forPrediction(network);
      try (Predictor predictor =
          engine.predictor(network, imported.weights(), engine.devices().get(0))) {
        return what.test(
            predictor.predict(Map.of(input.name(), noise(network, input.shape()))).get(0));
      }
    } catch (SpyhopException e) {
      return false;
    }
  }

  private static Tensor noise(Network network, Shape shape) {
    int side = shape.isFixed() ? 0 : ExampleSize.side(network);
    int height = shape.isFixed() ? shape.space().get(0) : side;
    int width = shape.isFixed() ? shape.space().get(1) : side;
    Tensor noise = Tensor.zeros(Axes.NCHW, 1, shape.channels(), height, width);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < noise.length(); i++)
      noise.data()[i] = (float) (4 * random.nextDouble() - 2);
    return noise;
  }

  private static boolean areProbabilities(Tensor output) {
    int channels = output.size(1);
    if (channels < 2) return false;
    int places = output.length() / channels;
    for (int p = 0; p < places; p++) {
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        float value = output.data()[c * places + p];
        if (!(value >= -TOLERANCE && value <= 1 + TOLERANCE)) return false;
        sum += value;
      }
      if (Math.abs(sum - 1) > TOLERANCE) return false;
    }
    return true;
  }
}
