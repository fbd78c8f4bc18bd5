package sc.fiji.spyhop.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import sc.fiji.spyhop.plugin.Use;

/**
 * What a plugin varies in images. In JSON, what a user writes, such as {@code stripes(width=5)}.
 */
public record Variation(Use<AugmentationPlugin> use) {

  /**
   * Reads one.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the plugin is not there, or has no such settings
   */
  @JsonCreator
  static Variation parse(String text) {
    return new Variation(Use.parse(AugmentationPlugin.class, text));
  }

  /** Reads several, with commas between them. */
  public static List<Variation> parseAll(String text) {
    return Use.parseAll(AugmentationPlugin.class, text).stream().map(Variation::new).toList();
  }

  /** As {@link #parse} reads it. */
  @JsonValue
  public String text() {
    return use.text();
  }
}
