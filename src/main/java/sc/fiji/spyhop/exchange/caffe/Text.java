package sc.fiji.spyhop.exchange.caffe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/**
 * A message in the text form of protocol buffers: fields in order, each with a message or a word.
 * Nothing is known of which fields there may be.
 */
final class Text {

  /**
   * @param message present, or else the word counts
   */
  private record Field(String name, String word, Optional<Text> message) {}

  private final List<Field> fields = new ArrayList<>();

  void add(String name, String word) {
    fields.add(new Field(name, word, Optional.empty()));
  }

  void add(String name, Text message) {
    fields.add(new Field(name, "", Optional.of(message)));
  }

  boolean has(String name) {
    return fields.stream().anyMatch(f -> f.name().equals(name));
  }

  List<Text> messages(String name) {
    return fields.stream()
        .filter(f -> f.name().equals(name))
        .flatMap(f -> f.message().stream())
        .toList();
  }

  /** The message of some name; an empty one if there is none. */
  Text message(String name) {
    List<Text> all = messages(name);
    return all.isEmpty() ? new Text() : all.get(all.size() - 1);
  }

  List<String> words(String name) {
    return fields.stream()
        .filter(f -> f.name().equals(name) && f.message().isEmpty())
        .map(Field::word)
        .toList();
  }

  String word(String name, String otherwise) {
    List<String> all = words(name);
    return all.isEmpty() ? otherwise : all.get(all.size() - 1);
  }

  List<Integer> numbers(String name) {
    return words(name).stream().map(w -> (int) Math.rint(real(name, w))).toList();
  }

  int number(String name, int otherwise) {
    List<Integer> all = numbers(name);
    return all.isEmpty() ? otherwise : all.get(all.size() - 1);
  }

  double real(String name, double otherwise) {
    return has(name) ? real(name, word(name, "")) : otherwise;
  }

  private static double real(String name, String word) {
    try {
      double value = Double.parseDouble(word);
      if (Math.abs(value) <= Integer.MAX_VALUE) return value;
    } catch (NumberFormatException e) {
      // told below
    }
    throw new SpyhopException("field " + name + ": expected a number, received " + word + ".");
  }

  boolean flag(String name, boolean otherwise) {
    String word = word(name, Boolean.toString(otherwise)).toLowerCase(Locale.ROOT);
    return word.equals("true") || word.equals("1");
  }
}
