package sc.fiji.spyhop.dataset.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * What a COCO file calls by ids. Numbers and texts are ids, each as it is, so that 1.5 and 1 are
 * two; only where a file writes one id as a number here and as text there, they are the same.
 *
 * @param <T> what has an id
 */
final class CocoIds<T> {

  private final Path file;
  private final String kind;
  private final Map<String, T> things = new HashMap<>();

  /**
   * @param kind of the things, for messages
   */
  CocoIds(Path file, String kind) {
    this.file = file;
    this.kind = kind;
  }

  /** Whether there is no id. */
  static boolean isMissing(JsonNode id) {
    return !id.isNumber() && !id.isTextual();
  }

  /**
   * Adds a thing.
   *
   * @throws SpyhopException if it has no id, or that of another
   */
  void put(JsonNode id, String name, T thing) {
    if (isMissing(id)) {
      throw new SpyhopException(
          Strings.format(
              "%s: the %s %s has no id: expected a number or a text of its own.",
              file, kind, name));
    }
    if (things.put(key(id), thing) != null) {
      throw new SpyhopException(
          Strings.format(
              "%s: the id %s is there twice, the second time for the %s %s: expected one of its own.",
              file, id, kind, name));
    }
  }

  /**
   * The thing of an id; empty if there is none.
   *
   * @param where the id stands, for the message
   * @throws SpyhopException if it is no id
   */
  Optional<T> get(JsonNode id, String where) {
    if (isMissing(id)) {
      throw new SpyhopException(
          Strings.format("%s: %s does not say the id of its %s.", file, where, kind));
    }
    T exact = things.get(key(id));
    return Optional.ofNullable(exact == null ? things.get(other(key(id))) : exact);
  }

  private static String key(JsonNode id) {
    if (id.isTextual()) return "\"" + id.asText();
    double value = id.asDouble();
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return whole ? String.valueOf((long) value) : id.asText();
  }

  private static String other(String key) {
    return key.startsWith("\"") ? key.substring(1) : "\"" + key;
  }
}
