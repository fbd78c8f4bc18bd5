package sc.fiji.spyhop.exchange.bioimage;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.Extended;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Steps behind a network, which become layers, so that what a model gives are probabilities of
 * classes, whether these exclude each other or not, or an image; and what a described output is in
 * these.
 */
enum Ending {
  /** Probabilities of classes. */
  PROBABILITIES {
    @Override
    void inClasses(float[] values) {}
  },

  /** What becomes such by a softmax. */
  LOGITS {
    @Override
    void inClasses(float[] values) {
      double largest = Double.NEGATIVE_INFINITY;
      for (float v : values) largest = Math.max(largest, v);
      double sum = 0;
      for (float v : values) sum += Math.exp(v - largest);
      for (int c = 0; c < values.length; c++) {
        values[c] = (float) (Math.exp(values[c] - largest) / sum);
      }
    }
  },

  /** Values of an image that is made, or numbers that are measured: as they are. */
  VALUES {
    @Override
    void inClasses(float[] values) {}
  },

  /** The probability of the second of two classes. */
  FOREGROUND {
    @Override
    void inClasses(float[] values) {
      values[0] = 1 - values[1];
    }
  },

  /** Probabilities of classes that do not exclude each other. */
  SEVERAL {
    @Override
    void inClasses(float[] values) {}
  },

  /** Which of the classes that do not exclude each other are likely enough. */
  MASKS {
    @Override
    void inClasses(float[] values) {
      for (int c = 0; c < values.length; c++) values[c] = values[c] > 0 ? 1 : 0;
    }
  },

  /** Whether the second of two classes is the more probable one. */
  MASK {
    @Override
    void inClasses(float[] values) {
      values[1] = values[1] > 0 ? 1 : 0;
      values[0] = 1 - values[1];
    }
  };

  /**
   * From a described output to what the model gives, at one position.
   *
   * @param values one for each class; the only described one, if it is one, is the last
   */
  abstract void inClasses(float[] values);

  /**
   * A described output as classes.
   *
   * @param described [1, channels, space...]
   * @param given by the model, of the shape that is expected
   */
  Tensor expected(Tensor described, Tensor given) {
    int classes = given.size(1);
    int channels = described.size(1);
    int plane = described.length() / channels;
    float[] expected = new float[given.length()];
    float[] values = new float[classes];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < channels; c++) {
        values[classes - channels + c] = described.data()[c * plane + i];
      }
      inClasses(values);
      for (int c = 0; c < classes; c++) expected[c * plane + i] = values[c];
    }
    return new Tensor(given.axes(), given.shape(), expected);
  }

  /**
   * What there is behind all steps.
   *
   * @param thresholds probabilities from which something is of each class, where classes do not
   *     exclude each other; else none
   */
  record Ended(Ending kind, List<Double> thresholds) {}

  /**
   * Applies all steps.
   *
   * @param label names them in messages
   * @param network gets layers behind
   * @param wanted of outputs
   * @param values whether they are an image or numbers rather than probabilities
   * @param notes is told what a user should know
   * @throws SpyhopException naming a step that a model cannot hold at its place, or if what is
   *     given is no probability
   */
  static Ended of(
      String label,
      List<Step> steps,
      Extended network,
      BioimageImport.Wanted wanted,
      boolean values,
      List<String> notes) {
    boolean several = wanted.several();
    boolean isImage = values || isOneOfValues(steps, network, wanted);
    boolean binarized = false;
    List<Double> thresholds = List.of();
    for (Step step : steps) {
      if (binarized && !(step instanceof Step.WholeNumbers)) {
        throw refused(label, "a step behind binarize is something that a model cannot hold");
      }
      if (step instanceof Step.Linear linear) {
        network.scale(linear.gain(), linear.offset());
      } else if (step instanceof Step.Sigmoid) {
        network.apply(Function.SIGMOID);
      } else if (step instanceof Step.Softmax) {
        network.apply(Function.SOFTMAX);
      } else if (step instanceof Step.Binarize binarize) {
        if (several || network.channels() > 1) thresholds = masks(label, binarize, network);
        else binarize(label, binarize.of(0), network);
        binarized = true;
      } else if (step instanceof Step.Clip clip) {
        if (isImage) network.clip(clip.min(), clip.max());
        else clip(label, clip, network);
      } else if (step instanceof Step.WholeNumbers whole && !binarized) {
        throw refused(
            label,
            "ensure_dtype to "
                + whole.type()
                + " without binarize before it cuts values off, which a model cannot do");
      } else if (step instanceof Step.Measured) {
        throw refused(
            label,
            "scale_range and zero_mean_unit_variance of an output are measured on all of it, which"
                + " a model cannot do");
      }
    }
    if (!thresholds.isEmpty()) return new Ended(MASKS, thresholds);
    if (binarized) return new Ended(MASK, List.of());
    if (isImage) return new Ended(VALUES, List.of());
    return new Ended(end(label, network, several, notes), List.of());
  }

  /** One channel that is no probability and becomes none, where nothing else is said. */
  private static boolean isOneOfValues(
      List<Step> steps, Extended network, BioimageImport.Wanted wanted) {
    boolean isOpen = wanted.meaning().isEmpty() && wanted.classes().isBlank() && !wanted.several();
    return isOpen
        && network.channels() == 1
        && !isProbability(network)
        && steps.stream()
            .noneMatch(
                s ->
                    s instanceof Step.Sigmoid
                        || s instanceof Step.Softmax
                        || s instanceof Step.Binarize);
  }

  private static SpyhopException refused(String label, String what) {
    return new SpyhopException(Strings.format("%s: postprocessing: %s.", label, what));
  }

  private static boolean isProbability(Extended network) {
    return network.endsWith(Function.SIGMOID) || network.endsWith(Function.SOFTMAX);
  }

  /** What leaves probabilities as they are may be left out. */
  private static void clip(String label, Step.Clip clip, Extended network) {
    if (isProbability(network) && clip.min() <= 0 && clip.max() >= 1) return;
    throw refused(
        label,
        "clip of anything but probabilities to 0 and 1 is something that a model cannot hold");
  }

  /** What is no probability becomes one by a sigmoid, of which one half is the threshold. */
  private static List<Double> masks(String label, Step.Binarize binarize, Extended network) {
    int channels = network.channels();
    List<Double> thresholds = IntStream.range(0, channels).mapToObj(binarize::of).toList();
    if (isProbability(network)) {
      if (thresholds.stream().allMatch(t -> t > 0 && t < 1)) return thresholds;
      throw refused(
          label, "expected binarize of a probability between 0 and 1 of " + binarize.thresholds());
    }
    network.scale(new double[] {1}, thresholds.stream().mapToDouble(t -> -t).toArray());
    network.apply(Function.SIGMOID);
    return Collections.nCopies(channels, 0.5);
  }

  private static void binarize(String label, double threshold, Extended network) {
    boolean sigmoid = network.endsWith(Function.SIGMOID);
    if (sigmoid && !(threshold > 0 && threshold < 1)) {
      throw refused(label, "expected binarize of a probability between 0 and 1 of " + threshold);
    }
    if (sigmoid) network.dropLast();
    network.twoClasses(sigmoid ? Math.log(threshold / (1 - threshold)) : threshold);
  }

  private static Ending end(String label, Extended network, boolean several, List<String> notes) {
    int channels = network.channels();
    if (network.endsWith(Function.SOFTMAX) && channels > 1) return PROBABILITIES;
    if (network.endsWith(Function.SIGMOID) && channels == 1 && !several) {
      network.dropLast();
      network.twoClasses(0);
      return FOREGROUND;
    }
    if (network.endsWith(Function.SIGMOID)) {
      return SEVERAL;
    }
    if (channels == 1) {
      throw refused(
          label,
          "there is one channel of values that are no probabilities; expected a sigmoid or binarize in"
              + " the network or behind it, or a channel for each of several classes");
    }
    network.apply(Function.SOFTMAX);
    notes.add("A softmax was added behind the output, which makes probabilities.");
    return LOGITS;
  }
}
