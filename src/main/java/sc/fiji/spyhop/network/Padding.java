package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.stream.Stream;

/** How a window treats the border. Padding never wins in max pooling. */
public sealed interface Padding {

  /** Only windows that lie inside: {@code out = floor((in - k_eff) / stride) + 1}. */
  Padding VALID = Rule.VALID;

  /**
   * Zeros around, the odd one below and right: {@code out = ceil(in / stride)}. They are not
   * counted by average pooling.
   */
  Padding SAME = Rule.SAME;

  /** {@link Padding#VALID} and {@link Padding#SAME}. */
  enum Rule implements Padding {
    /** As {@link Padding#VALID}. */
    @JsonProperty("valid")
    VALID,
    /** As {@link Padding#SAME}. */
    @JsonProperty("same")
    SAME;

    @Override
    public int before(int dimension) {
      return 0;
    }

    @Override
    public int after(int dimension) {
      return 0;
    }

    @Override
    public String description() {
      return Wording.of(this);
    }
  }

  /**
   * So many zeros: {@code out = floor((before + in + after - k_eff) / stride) + 1}. As JSON a list
   * of {@code before}, then {@code after}, as in ONNX.
   *
   * @param before in front of the first value of each spatial dimension, in [0, 65535]
   * @param after behind the last
   */
  record Explicit(List<Integer> before, List<Integer> after) implements Padding {
    /**
     * Refuses sizes outside [0, 65535]; that there are as many as the kernel has is for layers to
     * check.
     */
    public Explicit {
      before = Checks.padding(before);
      after = Checks.padding(after);
    }

    /** Those in front of all dimensions, then those behind. */
    @JsonValue
    public List<Integer> all() {
      return Stream.concat(before.stream(), after.stream()).toList();
    }

    @Override
    public int before(int dimension) {
      return before.get(dimension);
    }

    @Override
    public int after(int dimension) {
      return after.get(dimension);
    }

    @Override
    public String description() {
      return "padding " + all();
    }
  }

  /** Explicit padding of a plane. */
  static Padding of(int top, int left, int bottom, int right) {
    return new Explicit(List.of(top, left), List.of(bottom, right));
  }

  // no default methods: they would have this interface initialised before its enum is

  /** Zeros in front of the first value of a dimension, where their number is given, or else 0. */
  int before(int dimension);

  /** Zeros behind the last value of a dimension, where their number is given, or else 0. */
  int after(int dimension);

  /** In words. */
  String description();
}
