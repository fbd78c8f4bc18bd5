package sc.fiji.spyhop.network;

import java.util.Optional;
import java.util.OptionalInt;
import sc.fiji.spyhop.SpyhopException;

/** Networks as users ask for them: by the name of a {@link Preset}, or in {@link Notation}. */
public final class Architectures {

  private Architectures() {}

  /**
   * The network asked for.
   *
   * @param spec name of a preset, or notation
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
                    "network: expected the channels and size of its input besides "
                        + text
                        + ", such as 1x28x28"));
    return Notation.parse(text, shape, classes);
  }
}
