package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * A map of a description, whose fields are asked for by name.
 *
 * @param file names the description in messages
 * @param path of the map in it, such as {@code inputs[0]}; empty: the whole
 * @param values maps, lists and texts
 */
record Fields(String file, String path, Map<?, ?> values) {

  private static final int MAX_LIST = 10_000;

  private static final int MAX_SHOWN = 60;

  /**
   * A value that should be a map.
   *
   * @throws SpyhopException if it is none
   */
  static Fields of(String file, String path, Object value) {
    if (value instanceof Map<?, ?> map) return new Fields(file, path, map);
    throw new SpyhopException(
        Strings.format(
            "%s: %s: expected fields with values, received %s.",
            file, path.isEmpty() ? "the whole" : path, shown(value)));
  }

  SpyhopException wrong(String name, String expected, Object received) {
    return new SpyhopException(
        Strings.format(
            "%s: %s: expected %s, received %s.", file, at(name), expected, shown(received)));
  }

  /** The path of a field. */
  String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String shown(Object value) {
    String text = value == null ? "nothing" : Strings.visible(String.valueOf(value)).strip();
    if (text.isEmpty()) return "an empty text";
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  Set<String> names() {
    Set<String> names = new TreeSet<>();
    values.keySet().forEach(k -> names.add(String.valueOf(k)));
    return names;
  }

  /**
   * Refuses fields other than these: one that is not known might change what a step does.
   *
   * @param what they belong to, in messages
   */
  void allow(String what, String... known) {
    Set<String> others = names();
    others.removeAll(Set.of(known));
    if (!others.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: %s of %s is not known to Spyhop (known: %s).",
              file,
              at(Strings.visible(others.iterator().next())),
              what,
              known.length == 0 ? "none" : String.join(", ", known)));
    }
  }

  Optional<String> text(String name) {
    Object value = values.get(name);
    if (value == null) return Optional.empty();
    if (value instanceof String text) return Optional.of(text);
    throw wrong(name, "a text", value);
  }

  String required(String name) {
    return text(name).orElseThrow(() -> wrong(name, "a text", null));
  }

  double number(String name, double otherwise) {
    return has(name) ? number(name, values.get(name)) : otherwise;
  }

  private double number(String name, Object value) {
    double number = value instanceof String text ? Decimals.parse(text) : Double.NaN;
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw wrong(name, "a finite number", value);
    }
    return number;
  }

  /** A list of numbers, or one number. */
  double[] numbers(String name, double otherwise) {
    if (!has(name)) return new double[] {otherwise};
    if (!(values.get(name) instanceof List<?>)) return new double[] {number(name, otherwise)};
    List<?> list = list(name);
    if (list.isEmpty()) throw wrong(name, "at least one number", "none");
    return list.stream().mapToDouble(v -> number(name, v)).toArray();
  }

  /** Empty if it is not there. */
  List<?> list(String name) {
    Object value = values.get(name);
    if (value == null) return List.of();
    if (!(value instanceof List<?> list)) throw wrong(name, "a list", value);
    if (list.size() > MAX_LIST) throw wrong(name, "at most " + MAX_LIST + " entries", list.size());
    return list;
  }

  /** A list of maps; empty if it is not there. */
  List<Fields> maps(String name) {
    List<?> list = list(name);
    List<Fields> maps = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) maps.add(of(file, at(name) + "[" + i + "]", list.get(i)));
    return maps;
  }

  /** A map; without fields if it is not there. */
  Fields map(String name) {
    return of(file, at(name), has(name) ? values.get(name) : Map.of());
  }
}
