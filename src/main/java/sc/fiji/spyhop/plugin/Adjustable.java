package sc.fiji.spyhop.plugin;

import java.util.Map;

/** An extension with settings, all of them numbers. */
public interface Adjustable extends Extension {

  /**
   * Its settings.
   *
   * @return defaults by name; none, unless said otherwise
   */
  default Map<String, Double> settings() {
    return Map.of();
  }
}
