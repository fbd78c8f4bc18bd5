package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.util.Strings;

/**
 * What a description has done to pixel values before, or to what the network gives behind it: the
 * steps of both versions of the format that a model can hold.
 */
sealed interface Step {

  /** Added to a deviation or range unless something else is told. */
  double EPSILON = 1e-6;

  /** {@code value * gain + offset}; one number for all channels, or one for each. */
  record Linear(double[] gain, double[] offset) implements Step {}

  /** Measured on each image. */
  record Measured(Normalization.WithEpsilon normalization) implements Step {}

  /** Infinite where there is no bound. */
  record Clip(double min, double max) implements Step {}

  record Sigmoid() implements Step {}

  /** Over channels. */
  record Softmax() implements Step {}

  /**
   * Whether a value is larger.
   *
   * @param thresholds one, or one for each channel
   */
  record Binarize(List<Double> thresholds) implements Step {
    /** Copies the list. */
    public Binarize {
      thresholds = List.copyOf(thresholds);
    }

    double of(int channel) {
      return thresholds.get(thresholds.size() == 1 ? 0 : channel);
    }
  }

  /** From here on whole numbers, which matters only where there are fractions. */
  record WholeNumbers(String type) implements Step {}

  /**
   * The steps of a tensor, in order.
   *
   * @param tensor an entry of {@code inputs} or {@code outputs}
   * @param name {@code preprocessing} or {@code postprocessing}
   * @param channels of the tensor
   * @param notes is told what a user should know
   * @throws SpyhopException naming a step or setting that is none of these
   */
  static List<Step> of(Fields tensor, String name, int channels, List<String> notes) {
    List<Step> steps = new ArrayList<>();
    for (Fields step : tensor.maps(name)) {
      new Reader(tensor, step, channels, notes).read().ifPresent(steps::add);
    }
    return steps;
  }

  /** Reads one step. */
  final class Reader {

    private final Fields tensor;
    private final Fields step;
    private final int channels;
    private final List<String> notes;
    private final String id;
    private final Fields kwargs;

    private Reader(Fields tensor, Fields step, int channels, List<String> notes) {
      this.tensor = tensor;
      this.step = step;
      this.channels = channels;
      this.notes = notes;
      this.id = step.text("id").or(() -> step.text("name")).orElse("");
      this.kwargs = step.map("kwargs");
    }

    private SpyhopException refused(String why) {
      return new SpyhopException(
          Strings.format("%s: %s: %s %s.", step.file(), step.path(), Strings.visible(id), why));
    }

    Optional<Step> read() {
      return switch (id) {
        case "ensure_dtype" -> type();
        case "scale_linear" -> Optional.of(linear());
        case "zero_mean_unit_variance" ->
            Optional.of(isFixed() ? fixed(epsilon(), "mode", "axes", "eps") : zeroMean());
        case "fixed_zero_mean_unit_variance" -> Optional.of(fixed(0, "axis"));
        case "scale_range" -> Optional.of(range());
        case "clip" -> Optional.of(clip());
        case "sigmoid" -> {
          kwargs.allow(id);
          yield Optional.of(new Sigmoid());
        }
        case "softmax" -> {
          kwargs.allow(id, "axis");
          requireChannel();
          yield Optional.of(new Softmax());
        }
        case "binarize" -> Optional.of(binarize());
        default ->
            throw refused(
                "is not among the steps that a model of Spyhop can hold (ensure_dtype, scale_linear,"
                    + " zero_mean_unit_variance, fixed_zero_mean_unit_variance, scale_range, clip,"
                    + " sigmoid, softmax, binarize)");
      };
    }

    private Optional<Step> type() {
      kwargs.allow(id, "dtype");
      String type = kwargs.required("dtype");
      return switch (type) {
        case "float32", "float64" -> Optional.empty();
        case "bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64" ->
            Optional.of(new WholeNumbers(type));
        default -> throw kwargs.wrong("dtype", "float32, float64 or whole numbers", type);
      };
    }

    private void requireChannel() {
      kwargs
          .text("axis")
          .filter(a -> Axis.letter(a) != 'c')
          .ifPresent(
              a -> {
                throw kwargs.wrong("axis", "channel", a);
              });
    }

    private Step linear() {
      kwargs.allow(id, "gain", "offset", "axis", "axes");
      requireChannel();
      double[] gain = perChannel("gain", 1);
      double[] offset = perChannel("offset", 0);
      return new Linear(gain, offset);
    }

    private double[] perChannel(String name, double otherwise) {
      double[] numbers = kwargs.numbers(name, otherwise);
      if (numbers.length == 1 || numbers.length == channels) return numbers;
      throw kwargs.wrong(
          name, Strings.count(channels, "number") + ", one for each channel", numbers.length);
    }

    private boolean isFixed() {
      String mode = kwargs.text("mode").orElse(kwargs.has("mean") ? "fixed" : "per_sample");
      return mode.equals("fixed");
    }

    /** {@code (value - mean) / (std + epsilon)}. */
    private Step fixed(double epsilon, String... further) {
      List<String> known = new ArrayList<>(List.of(further));
      known.addAll(List.of("mean", "std"));
      kwargs.allow(id, known.toArray(String[]::new));
      requireChannel();
      if (!kwargs.has("mean")) throw kwargs.wrong("mean", "a number", null);
      if (!kwargs.has("std")) throw kwargs.wrong("std", "a number", null);
      double[] mean = perChannel("mean", 0);
      double[] std = perChannel("std", 1);
      int n = Math.max(mean.length, std.length);
      double[] gain = new double[n];
      double[] offset = new double[n];
      for (int c = 0; c < n; c++) {
        double s = std[std.length == 1 ? 0 : c] + epsilon;
        if (!(s > 0)) throw kwargs.wrong("std", "a number above 0", kwargs.values().get("std"));
        gain[c] = 1 / s;
        offset[c] = -mean[mean.length == 1 ? 0 : c] / s;
      }
      return new Linear(gain, offset);
    }

    private double epsilon() {
      double epsilon = kwargs.number("eps", EPSILON);
      if (epsilon > 0) return epsilon;
      throw kwargs.wrong("eps", "a number above 0", epsilon);
    }

    private Step zeroMean() {
      kwargs.allow(id, "mode", "axes", "eps", "mean", "std");
      return new Measured(
          new Normalization.WithEpsilon(new Normalization.ZScore(), epsilon(), together()));
    }

    private Step range() {
      kwargs.allow(
          id, "mode", "axes", "eps", "min_percentile", "max_percentile", "reference_tensor");
      Optional<String> reference = kwargs.text("reference_tensor");
      Optional<String> own = tensor.text("id").or(() -> tensor.text("name"));
      if (reference.isPresent() && !reference.equals(own)) {
        throw refused(
            "is measured on another tensor ("
                + Strings.visible(reference.get())
                + "), and Spyhop measures images alone");
      }
      double low = kwargs.number("min_percentile", 0);
      double high = kwargs.number("max_percentile", 100);
      if (!(low >= 0 && low < high && high <= 100)) {
        throw kwargs.wrong(
            "min_percentile", "0 <= min_percentile < max_percentile <= 100", low + " and " + high);
      }
      return new Measured(
          new Normalization.WithEpsilon(
              new Normalization.Percentile(low, high), epsilon(), together()));
    }

    /** Whether channels are measured as one. */
    private boolean together() {
      kwargs
          .text("mode")
          .filter(m -> !m.equals("per_sample"))
          .ifPresent(
              m -> {
                throw refused(
                    "is of the mode "
                        + Strings.visible(m)
                        + ", for which the figures of a data set are needed; Spyhop measures each"
                        + " image (per_sample)");
              });
      String axes = letters();
      if (axes.contains("b")) {
        notes.add(
            id + " speaks of a batch or a whole data set; each image is measured on its own here.");
      }
      for (char axis : axes.toCharArray()) {
        if ("bcyx".indexOf(axis) < 0) {
          throw kwargs.wrong(
              "axes", "axes among batch, channel, y, x", kwargs.values().get("axes"));
        }
      }
      if (!axes.contains("y") || !axes.contains("x")) {
        throw refused("is measured over " + axes + ", and Spyhop measures over y and x, always");
      }
      return axes.contains("c") && channels > 1;
    }

    private String letters() {
      Object axes = kwargs.values().get("axes");
      if (axes == null) return tensor.values().get("axes") instanceof String ? "cyx" : "bcyx";
      StringBuilder letters = new StringBuilder();
      if (axes instanceof String text) {
        for (char c : text.toCharArray()) letters.append(Axis.letter(String.valueOf(c)));
      } else {
        for (Object axis : kwargs.list("axes")) letters.append(Axis.letter(String.valueOf(axis)));
      }
      return letters.toString();
    }

    private Step clip() {
      kwargs.allow(id, "min", "max");
      double min = kwargs.number("min", Double.NEGATIVE_INFINITY);
      double max = kwargs.number("max", Double.POSITIVE_INFINITY);
      if (!(min < max)) throw kwargs.wrong("min", "a min below max", min + " and " + max);
      return new Clip(min, max);
    }

    private Step binarize() {
      kwargs.allow(id, "threshold", "axis");
      double[] thresholds = kwargs.numbers("threshold", Double.NaN);
      boolean fits = thresholds.length == 1 || thresholds.length == channels;
      if (fits && DoubleStream.of(thresholds).allMatch(Double::isFinite)) {
        return new Binarize(DoubleStream.of(thresholds).boxed().toList());
      }
      throw kwargs.wrong(
          "threshold", "one number, or one for each channel", kwargs.values().get("threshold"));
    }
  }
}
