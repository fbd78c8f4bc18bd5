package sc.fiji.spyhop.command;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Tells what the model or pipeline is for that a field names; nothing while there is none. */
record ModelNote(String key) implements Function<Map<String, Object>, List<String>> {

  /** Settings that name a model or pipeline. */
  static final Set<String> KEYS = Set.of("model", "pipeline");

  @Override
  public List<String> apply(Map<String, Object> settings) {
    String line = shown(settings).line();
    return line.isEmpty() ? List.of() : List.of(line);
  }

  /** The picture of the model that the field names. */
  Optional<BufferedImage> picture(Map<String, Object> settings) {
    return shown(settings).picture();
  }

  private ModelChoice.Shown shown(Map<String, Object> settings) {
    return ModelChoice.shown(String.valueOf(settings.get(key)).strip());
  }
}
