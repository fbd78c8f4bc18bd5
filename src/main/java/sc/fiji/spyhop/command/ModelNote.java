package sc.fiji.spyhop.command;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sc.fiji.spyhop.model.Cover;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelRegistry.Listing;

/** Tells what the model or pipeline is for that a field names; nothing while there is none. */
record ModelNote(String key) implements Function<Map<String, Object>, List<String>> {

  /** Settings that name a model or pipeline. */
  static final Set<String> KEYS = Set.of("model", "pipeline");

  @Override
  public List<String> apply(Map<String, Object> settings) {
    String named = String.valueOf(settings.get(key)).strip();
    return ModelRegistry.standard().listed(named).flatMap(Listing::description).stream().toList();
  }

  /** The picture of the model that the field names. */
  Optional<BufferedImage> picture(Map<String, Object> settings) {
    String named = String.valueOf(settings.get(key)).strip();
    return ModelRegistry.standard().cover(named).flatMap(Cover::image);
  }
}
