package sc.fiji.spyhop.exchange.bioimage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** Arrays that a description names as a test, in the order of axes that networks here have. */
final class TestTensors {

  /** Allowed unless the description says more. */
  private static final double TOLERANCE = 1e-4;

  /** What the format allows at most, of both tolerances. */
  private static final double MAX_TOLERANCE = 1e-2;

  private static final double MAX_MISMATCHED = 1000;

  private static final String ORDER = "bcyx";

  private TestTensors() {}

  /** Whether a description names a test of its input and of its first output. */
  static boolean isThere(Fields root, Fields input) {
    boolean in = input.has("test_tensor") || !root.list("test_inputs").isEmpty();
    boolean out =
        root.maps("outputs").stream().limit(1).anyMatch(o -> o.has("test_tensor"))
            || !root.list("test_outputs").isEmpty();
    return in && out;
  }

  /**
   * The test of a tensor, if it has one.
   *
   * @param root of the description
   * @param tensor an entry of {@code inputs} or {@code outputs}
   * @param list where version 0.4 names the files, {@code test_inputs} or {@code test_outputs}
   * @param index of the tensor
   * @return [samples, channels, rows, columns], or [samples, channels] if it has no space
   */
  static Optional<Tensor> read(
      BioimageFolder folder, Fields root, Fields tensor, String list, int index) {
    Object named = tensor.values().get("test_tensor");
    String at = tensor.at("test_tensor");
    if (named == null && index < root.list(list).size()) {
      named = root.list(list).get(index);
      at = list + "[" + index + "]";
    }
    if (named == null || named.equals("")) return Optional.empty();
    Fields reference =
        Fields.of(root.file(), at, named instanceof String s ? Map.of("source", s) : named);
    String source = reference.required("source");
    NpyFile.Array array = NpyFile.read(folder.file(reference));
    return Optional.of(arranged(array, Axis.of(tensor), folder + ": " + Strings.visible(source)));
  }

  private static Tensor arranged(NpyFile.Array array, List<Axis> axes, String label) {
    int[] shape = array.shape();
    if (shape.length != axes.size()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an array of %d dimensions (%s), received the shape %s.",
              label,
              axes.size(),
              axes.stream().map(a -> String.valueOf(a.letter())).collect(Collectors.joining()),
              Arrays.toString(shape)));
    }
    int[] steps = new int[shape.length];
    int step = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      steps[d] = step;
      step *= shape[d];
    }
    int rank = Axis.indexOf(axes, 'y') < 0 && Axis.indexOf(axes, 'x') < 0 ? 2 : ORDER.length();
    int[] sizes = new int[rank];
    int[] jumps = new int[rank];
    for (int d = 0; d < rank; d++) {
      int at = Axis.indexOf(axes, ORDER.charAt(d));
      sizes[d] = at < 0 ? 1 : shape[at];
      jumps[d] = at < 0 ? 0 : steps[at];
    }
    if (array.values().length == 0) {
      throw new SpyhopException(label + ": expected numbers, received an empty array.");
    }
    return new Tensor(
        rank == 2 ? Axes.NC : Axes.NCHW, sizes, NpyFile.arranged(sizes, jumps, array.values()));
  }

  /**
   * How far outputs may be from those of the test.
   *
   * @param perMillion values that may be further away
   */
  record Tolerance(double absolute, double relative, double perMillion) {

    /** What a description says of a kind of weights and an output, within what is allowed. */
    static Tolerance of(Fields root, String weights, String output) {
      for (Fields t : root.map("config").map("bioimageio").maps("reproducibility_tolerance")) {
        List<?> kinds = t.list("weights_formats");
        if (!kinds.isEmpty() && !kinds.contains(weights)) continue;
        List<?> outputs = t.list("output_ids");
        if (!outputs.isEmpty() && !outputs.contains(output)) continue;
        return new Tolerance(
            bounded(t, "absolute_tolerance", 1e-3, MAX_TOLERANCE),
            bounded(t, "relative_tolerance", 1e-3, MAX_TOLERANCE),
            bounded(t, "mismatched_elements_per_million", 100, MAX_MISMATCHED));
      }
      return new Tolerance(TOLERANCE, TOLERANCE, 0);
    }

    private static double bounded(Fields fields, String name, double otherwise, double most) {
      return Math.max(0, Math.min(most, fields.number(name, otherwise)));
    }

    /**
     * Compares.
     *
     * @param label names the model
     * @throws SpyhopException with the difference, if outputs are further apart
     */
    void require(String label, Tensor expected, Tensor received) {
      double largest = 0;
      long far = 0;
      for (int i = 0; i < expected.length(); i++) {
        double e = expected.data()[i];
        double difference = Math.abs(e - received.data()[i]);
        if (difference <= absolute + relative * Math.abs(e)) continue;
        far++;
        largest = Double.isNaN(difference) ? difference : Math.max(largest, difference);
      }
      if (far * 1e6 <= perMillion * expected.length()) return;
      throw new SpyhopException(
          Strings.format(
              "%s: what the network makes of the test input is not the test output: expected a difference of at most %s, received up to %.3g, in %d of %d values. Either the description does not tell what belongs to these weights, or a file is not the right one; get the model again, or ask its authors.",
              label, Digits.six(absolute), largest, far, expected.length()));
    }
  }
}
