package sc.fiji.spyhop.network;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;

/** Networks as users ask for them: by the name of a {@link Preset}, or in {@link Notation}. */
public final class Architectures {

  /** Channels, rows and columns, and what comes behind them. */
  private static final Pattern SIZED =
      Pattern.compile(
          "([1-9][0-9]{0,5})x([1-9][0-9]{0,5})x([1-9][0-9]{0,5})\\s+(.+)", Pattern.DOTALL);

  private Architectures() {}

  /**
   * The network asked for.
   *
   * @param spec name of a preset, or notation, before which the input may stand, such as {@code
   *     1x28x28}
   * @param input channels, height, width; if absent, what the preset was published for
   * @param classes if absent, what the preset was published for, or what the notation says
   * @throws SpyhopException if the text is neither, or its layers do not fit the input or the
   *     classes
   */
  public static Network of(String spec, Optional<Shape> input, OptionalInt classes) {
    String text = spec.strip();
    if (Preset.isName(text)) {
      Preset preset = Preset.find(text);
      return preset.of(
          input.orElse(preset.defaultInput()), classes.orElse(preset.defaultClasses()));
    }
    Matcher sized = SIZED.matcher(text);
    if (sized.matches()) {
      Shape said = Shape.of(number(sized, 1), number(sized, 2), number(sized, 3));
      if (!input.orElse(said).equals(said)) {
        throw new SpyhopException(
            "network: expected the input in front of its layers or besides, received "
                + said
                + " in front and "
                + input.get()
                + " besides");
      }
      return of(sized.group(4), Optional.of(said), classes);
    }
    if (!Notation.isBegun(text)) {
      throw new SpyhopException(
          text
              + ": expected one of "
              + Preset.names()
              + ", or layers such as \"20C5 MP2 50C5 MP2 FC256 FC10\"");
    }
    Shape shape =
        input.orElseThrow(
            () ->
                new SpyhopException(
                    "network: expected the channels, rows and columns of its input in front of its"
                        + " layers, such as \"1x28x28 "
                        + text
                        + "\", received the layers only"));
    return Notation.parse(text, shape, classes);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
