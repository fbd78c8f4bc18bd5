package sc.fiji.spyhop.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.Preprocessing.Size;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.util.Strings;

/** Reads the grammar of {@link Preprocessing}, from left to right. */
final class PreprocessingParser {

  private static final Pattern WORD = Pattern.compile("[A-Za-z-]*[A-Za-z]");
  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Pattern SIDES = Pattern.compile("(\\d{1,6})(?:x(\\d{1,6}))?");

  private final String text;
  private int at;

  PreprocessingParser(String text) {
    this.text = text;
  }

  Preprocessing parse() {
    skip();
    int start = at;
    String order = letters();
    Colors colors =
        switch (order) {
          case "rgb" -> Colors.RGB;
          case "bgr" -> Colors.BGR;
          case "grey", "gray", "channels" -> Colors.NONE;
          default -> {
            at = start;
            throw expected(
                "rgb, bgr, grey, channels, or one of "
                    + String.join(", ", Preprocessing.families().keySet()));
          }
        };
    Optional<Integer> channels =
        colors != Colors.NONE
            ? Optional.of(3)
            : order.equals("channels") ? Optional.empty() : Optional.of(1);
    Normalization.Fixed normalization = normalization(channels);
    Optional<Size> size = size();
    skip();
    if (at < text.length()) throw expected("nothing more");
    return new Preprocessing(colors, channels, normalization, size);
  }

  /** Terms such as /255 or -104,117,123, applied from left to right: a * value + b. */
  private Normalization.Fixed normalization(Optional<Integer> channels) {
    double[] a = {1};
    double[] b = {0};
    skip();
    while (at < text.length() && "/*-+".indexOf(text.charAt(at)) >= 0) {
      char operator = text.charAt(at++);
      skip();
      int start = at;
      double[] by = numbers(channels);
      int n = Math.max(a.length, by.length);
      if (a.length != 1 && by.length != 1 && a.length != by.length) {
        at = start;
        throw expected(a.length + " numbers, as before");
      }
      a = spread(a, n);
      b = spread(b, n);
      for (int c = 0; c < n; c++) {
        double v = by[by.length == 1 ? 0 : c];
        switch (operator) {
          case '-' -> b[c] -= v;
          case '+' -> b[c] += v;
          default -> {
            if (v == 0) {
              at = start;
              throw expected("a number other than 0");
            }
            double factor = operator == '*' ? v : 1 / v;
            a[c] *= factor;
            b[c] *= factor;
          }
        }
      }
      skip();
    }
    List<Double> offset = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    for (int c = 0; c < a.length; c++) {
      offset.add(b[c] == 0 ? 0 : -b[c] / a[c]);
      scale.add(a[c]);
    }
    return new Normalization.Fixed(offset, scale);
  }

  private static double[] spread(double[] values, int n) {
    if (values.length == n) return values;
    double[] all = new double[n];
    Arrays.fill(all, values[0]);
    return all;
  }

  private double[] numbers(Optional<Integer> channels) {
    int start = at;
    List<Double> all = new ArrayList<>(List.of(number()));
    skip();
    while (at < text.length() && text.charAt(at) == ',') {
      at++;
      skip();
      all.add(number());
      skip();
    }
    if (channels.isPresent() && all.size() != 1 && all.size() != channels.get()) {
      at = start;
      throw expected(
          "one number" + (channels.get() == 1 ? "" : ", or " + channels.get() + " of them"));
    }
    return all.stream().mapToDouble(v -> v).toArray();
  }

  private double number() {
    boolean negative = at < text.length() && text.charAt(at) == '-';
    if (negative) at++;
    Matcher m = NUMBER.matcher(text).region(at, text.length());
    if (!m.lookingAt()) throw expected("a number");
    at = m.end();
    double value = Double.parseDouble(m.group());
    if (!Double.isFinite(value)) throw expected("a finite number");
    return negative ? -value : value;
  }

  private Optional<Size> size() {
    skip();
    if (at == text.length()) return Optional.empty();
    int start = at;
    String word = letters();
    return Optional.of(
        switch (word) {
          case "any" -> new Size.Any();
          case "stretch" -> new Size.Stretch(sides(), interpolation());
          case "cover", "crop" -> new Size.Cover(sides(), interpolation());
          case "letterbox" -> {
            Optional<List<Integer>> sides = sides();
            skip();
            double fill = 0;
            if (text.startsWith("fill", at)) {
              at += 4;
              skip();
              fill = number();
            }
            yield new Size.Letterbox(sides, fill, interpolation());
          }
          case "resize" -> resize();
          default -> {
            at = start;
            throw expected("resize, crop, cover, stretch, letterbox, any, or the end");
          }
        });
  }

  private Size resize() {
    skip();
    double shorter = number();
    boolean percent = at < text.length() && text.charAt(at) == '%';
    if (percent) at++;
    skip();
    int start = at;
    if (!letters().equals("crop")) {
      at = start;
      throw expected("crop, after resize");
    }
    Optional<List<Integer>> sides = sides();
    return new Size.Crop(shorter, percent, sides, interpolation());
  }

  private Optional<List<Integer>> sides() {
    skip();
    Matcher m = SIDES.matcher(text).region(at, text.length());
    if (!m.lookingAt()) return Optional.empty();
    int width = Integer.parseInt(m.group(1));
    int height = m.group(2) == null ? width : Integer.parseInt(m.group(2));
    if (Math.min(width, height) < 1 || Math.max(width, height) > Resize.MAX_SIDE) {
      throw expected("1 to " + Resize.MAX_SIDE + " pixels");
    }
    at = m.end();
    return Optional.of(List.of(width, height));
  }

  private Interpolation interpolation() {
    skip();
    if (at == text.length()) return Preprocessing.DEFAULTS;
    int start = at;
    return switch (letters()) {
      case "nearest" -> Interpolation.NEAREST;
      case "bilinear" -> Interpolation.BILINEAR;
      case "antialiased" -> Interpolation.ANTIALIASED;
      case "antialiased-rounded" -> Interpolation.ANTIALIASED_ROUNDED;
      default -> {
        at = start;
        throw expected("nearest, bilinear, antialiased, antialiased-rounded, or the end");
      }
    };
  }

  private String letters() {
    Matcher m = WORD.matcher(text).region(at, text.length());
    if (!m.lookingAt()) return "";
    at = m.end();
    return m.group().toLowerCase(Locale.ROOT);
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
  }

  private SpyhopException expected(String what) {
    String rest = text.substring(Math.min(at, text.length())).strip();
    return new SpyhopException(
        Strings.format(
            "Preprocessing \"%s\": at character %d expected %s, received %s.",
            text, at + 1, what, rest.isEmpty() ? "the end" : '"' + rest + '"'));
  }
}
