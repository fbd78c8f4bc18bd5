package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.Extended;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.util.Strings;

/**
 * Steps before a network: what comes first is the model's normalisation, the rest becomes layers in
 * front of the network.
 */
final class Preparation {

  private final String label;
  private final Extended network;
  private Step.Linear first = new Step.Linear(new double[] {1}, new double[] {0});
  private Optional<Normalization> measured = Optional.empty();
  private boolean layers;

  private Preparation(String label, Extended network) {
    this.label = label;
    this.network = network;
  }

  /**
   * Applies all steps.
   *
   * @param label names them in messages
   * @param network gets layers in front
   * @return how a model brings pixel values to what is in front of the network
   * @throws SpyhopException naming a step that a model cannot hold at its place
   */
  static Normalization of(String label, List<Step> steps, Extended network) {
    Preparation preparation = new Preparation(label, network);
    for (Step step : steps) preparation.apply(step);
    return preparation.normalization();
  }

  private Normalization normalization() {
    if (measured.isPresent()) return measured.get();
    List<Double> offset = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    int n = Math.max(first.gain().length, first.offset().length);
    for (int c = 0; c < n; c++) {
      double gain = at(first.gain(), c);
      if (gain == 0) throw refused("scale_linear with a gain of 0 leaves nothing of the image");
      offset.add(at(first.offset(), c) == 0 ? 0 : -at(first.offset(), c) / gain);
      scale.add(gain);
    }
    return new Normalization.Fixed(offset, scale);
  }

  private SpyhopException refused(String what) {
    return new SpyhopException(Strings.format("%s: preprocessing: %s.", label, what));
  }

  private void apply(Step step) {
    if (step instanceof Step.Linear linear) {
      linear(linear);
    } else if (step instanceof Step.Measured m) {
      measure(m.normalization());
    } else if (step instanceof Step.Clip clip) {
      clip(clip);
    } else if (step instanceof Step.Sigmoid) {
      function(Function.SIGMOID);
    } else if (step instanceof Step.Softmax) {
      function(Function.SOFTMAX);
    } else if (step instanceof Step.WholeNumbers whole) {
      throw refused(
          "ensure_dtype to "
              + whole.type()
              + " cuts off fractions, which a model of Spyhop cannot do");
    } else {
      throw refused("binarize is something that a model of Spyhop cannot do before its network");
    }
  }

  private void linear(Step.Linear step) {
    if (layers || measured.isPresent()) {
      layers = true;
      network.scaleInFront(step.gain(), step.offset());
      return;
    }
    int n =
        Math.max(
            Math.max(first.gain().length, first.offset().length),
            Math.max(step.gain().length, step.offset().length));
    double[] gain = new double[n];
    double[] offset = new double[n];
    for (int c = 0; c < n; c++) {
      gain[c] = at(first.gain(), c) * at(step.gain(), c);
      offset[c] = at(first.offset(), c) * at(step.gain(), c) + at(step.offset(), c);
    }
    first = new Step.Linear(gain, offset);
  }

  /** Of {@code gain * value + offset} it is that of the value, with another epsilon. */
  private void measure(Normalization.WithEpsilon step) {
    if (layers || measured.isPresent()) {
      throw refused(
          "a second step that is measured on the image, or one behind what changes its values, is"
              + " something that a model of Spyhop cannot hold");
    }
    double gain = first.gain()[0];
    boolean one =
        Arrays.stream(first.gain()).allMatch(g -> g == gain)
            && (!step.together() || Arrays.stream(first.offset()).distinct().count() == 1);
    if (!one || !(gain > 0)) {
      throw refused(
          "scale_linear with another gain for each channel, or a negative one, before a step that is"
              + " measured on the image is something that a model of Spyhop cannot hold");
    }
    measured =
        Optional.of(
            new Normalization.WithEpsilon(step.of(), step.epsilon() / gain, step.together()));
  }

  private void function(Function function) {
    layers = true;
    network.applyInFront(function);
  }

  private void clip(Step.Clip clip) {
    double min = clip.min();
    double max = clip.max();
    double[] one = {1};
    double[] minus = {-1};
    if (Double.isInfinite(min)) {
      shift(minus, max);
      function(Function.RELU);
      shift(minus, max);
      return;
    }
    shift(one, -min);
    function(Function.RELU);
    if (Double.isInfinite(max)) {
      shift(one, min);
      return;
    }
    shift(minus, max - min);
    function(Function.RELU);
    shift(minus, max);
  }

  private void shift(double[] gain, double offset) {
    layers = true;
    network.scaleInFront(gain, new double[] {offset});
  }

  private static double at(double[] numbers, int channel) {
    return numbers[numbers.length == 1 ? 0 : channel];
  }
}
