package sc.fiji.spyhop.network;

import java.util.List;
import java.util.Objects;
import sc.fiji.spyhop.SpyhopException;

/** What the records of this package refuse, in sentences that name the layer. */
final class Checks {

  private static final int MAX_NAME = 200;
  private static final int MAX_PADDING = 65535;

  private Checks() {}

  static void name(String what, String name) {
    if (name == null || name.isBlank()) {
      throw new SpyhopException(what + ": expected a name, received an empty one");
    }
    if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw new SpyhopException(
          what
              + ": expected a name of at most "
              + MAX_NAME
              + " characters without control characters");
    }
  }

  /** Of a layer with one input. */
  static void names(String layer, String input) {
    name("layer", layer);
    name("layer " + layer + ": input", input);
  }

  static void present(String layer, String what, Object value) {
    if (value == null) throw new SpyhopException("layer " + layer + ": " + what + " is missing");
  }

  /** A list without nulls, copied. */
  static <T> List<T> list(String what, List<T> list) {
    if (list == null || list.stream().anyMatch(Objects::isNull)) {
      throw new SpyhopException(what + " has an empty entry");
    }
    return List.copyOf(list);
  }

  static void positive(String layer, String what, int value) {
    range(layer, what, value, value > 0, "of at least 1");
  }

  static void range(String layer, String what, Number value, boolean holds, String expected) {
    if (!holds) {
      throw new SpyhopException(
          "layer " + layer + ": expected " + what + " " + expected + ", received " + value);
    }
  }

  /** One to three positive sizes, copied. */
  static List<Integer> sizes(String layer, String what, List<Integer> sizes) {
    present(layer, what, sizes);
    if (sizes.isEmpty() || sizes.size() > 3 || sizes.stream().anyMatch(s -> s == null || s < 1)) {
      throw new SpyhopException(
          "layer "
              + layer
              + ": expected "
              + what
              + " of one to three sizes of at least 1, received "
              + sizes);
    }
    return List.copyOf(sizes);
  }

  static List<Integer> sizes(String layer, String what, List<Integer> sizes, List<Integer> kernel) {
    List<Integer> copy = sizes(layer, what, sizes);
    if (copy.size() != kernel.size()) {
      throw new SpyhopException(
          "layer "
              + layer
              + ": expected "
              + what
              + " with as many sizes as the kernel "
              + kernel
              + ", received "
              + sizes);
    }
    return copy;
  }

  static void covers(String layer, List<Integer> kernel, List<Integer> stride) {
    for (int i = 0; i < kernel.size(); i++) {
      if (kernel.get(i) < stride.get(i)) {
        throw new SpyhopException(
            "layer "
                + layer
                + ": with SAME padding expected a kernel no smaller than the stride "
                + stride
                + ", received "
                + kernel);
      }
    }
  }

  static List<String> inputs(String layer, List<String> inputs) {
    present(layer, "inputs", inputs);
    if (inputs.size() < 2) {
      throw new SpyhopException(
          "layer " + layer + ": expected at least two inputs, received " + inputs);
    }
    inputs.forEach(i -> name("layer " + layer + ": input", i));
    return List.copyOf(inputs);
  }

  static List<Integer> padding(List<Integer> sizes) {
    for (Integer size : list("padding: the list of sizes", sizes)) {
      if (size < 0 || size > MAX_PADDING) {
        throw new SpyhopException(
            "padding: expected 0 to " + MAX_PADDING + " values, received " + size);
      }
    }
    return List.copyOf(sizes);
  }

  static void padding(String layer, Padding padding, int rank) {
    present(layer, "padding", padding);
    if (padding instanceof Padding.Explicit e
        && (e.before().size() != rank || e.after().size() != rank)) {
      throw new SpyhopException(
          "layer "
              + layer
              + ": expected padding of "
              + 2 * rank
              + " sizes, first those before, then those after, received "
              + e.all());
    }
  }

  static void pooling(
      String layer, Padding padding, List<Integer> kernel, boolean ceil, boolean counted) {
    if (ceil && padding == Padding.SAME) {
      throw new SpyhopException("layer " + layer + ": ceil mode has no meaning with SAME padding");
    }
    if (counted && !(padding instanceof Padding.Explicit)) {
      throw new SpyhopException("layer " + layer + ": only explicit padding can be counted");
    }
    if (!(padding instanceof Padding.Explicit e)) return;
    for (int i = 0; i < kernel.size(); i++) {
      if (Math.max(e.before().get(i), e.after().get(i)) >= kernel.get(i)) {
        throw new SpyhopException(
            "layer "
                + layer
                + ": expected padding smaller than the kernel "
                + kernel
                + ", received "
                + e.all());
      }
    }
  }

  static void divides(String layer, int groups, String what, int value) {
    range(
        layer,
        what,
        value,
        value % groups == 0,
        "that are a multiple of its " + groups + " groups");
  }
}
