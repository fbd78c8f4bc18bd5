package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * An axis of a described tensor.
 *
 * @param letter as version 0.4 has it: b, c, y, x, z, t or i
 * @param names of the channels; empty: not told
 * @param fixed its only size; empty: there are others, or it is not told
 */
record Axis(char letter, List<String> names, Optional<String> fixed) {

  private static final Map<String, Character> LETTERS =
      Map.of("batch", 'b', "channel", 'c', "time", 't', "index", 'i');

  /** The letter of an axis by either version's name of it; a blank if it is none. */
  static char letter(String name) {
    if (name.length() == 1 && "bcyxzti".contains(name)) return name.charAt(0);
    return LETTERS.getOrDefault(name, ' ');
  }

  /**
   * The axes of a tensor, in order.
   *
   * @param tensor an entry of {@code inputs} or {@code outputs}
   * @throws SpyhopException if there is one that Spyhop cannot use: depth, time, index
   */
  static List<Axis> of(Fields tensor) {
    List<Axis> axes = new ArrayList<>();
    if (tensor.has("axes") && tensor.values().get("axes") instanceof String letters) {
      List<?> shape = tensor.values().get("shape") instanceof List<?> l ? l : List.of();
      for (int i = 0; i < letters.length(); i++) {
        Optional<String> size =
            i < shape.size() ? Optional.of(String.valueOf(shape.get(i))) : Optional.empty();
        axes.add(new Axis(letter(letters.substring(i, i + 1)), List.of(), size));
      }
    } else {
      for (Fields axis : tensor.maps("axes")) axes.add(axis(axis));
    }
    check(tensor, axes);
    return axes;
  }

  private static Axis axis(Fields axis) {
    String type = axis.required("type");
    char letter = type.equals("space") ? letter(axis.text("id").orElse("x")) : letter(type);
    List<String> names = axis.list("channel_names").stream().map(String::valueOf).toList();
    Optional<String> size =
        axis.values().get("size") instanceof String text ? Optional.of(text) : Optional.empty();
    return new Axis(letter, names, size);
  }

  private static void check(Fields tensor, List<Axis> axes) {
    for (Axis axis : axes) {
      String what =
          switch (axis.letter) {
            case 'b', 'c', 'y', 'x' -> "";
            case 'z' -> "depth (z)";
            case 't' -> "time";
            case 'i' -> "index";
            default -> "an unknown meaning";
          };
      if (!what.isEmpty()) {
        throw new SpyhopException(
            Strings.format(
                "%s: %s has an axis of %s; Spyhop's models take and give planes: batch, channel, y and x.",
                tensor.file(), tensor.path(), what));
      }
    }
    boolean twice = axes.stream().map(Axis::letter).distinct().count() != axes.size();
    if (axes.isEmpty() || twice) {
      throw tensor.wrong("axes", "batch, channel, y and x, each once", tensor.values().get("axes"));
    }
  }

  /** Where an axis is; -1 if it is not there. */
  static int indexOf(List<Axis> axes, char letter) {
    for (int i = 0; i < axes.size(); i++) if (axes.get(i).letter == letter) return i;
    return -1;
  }
}
