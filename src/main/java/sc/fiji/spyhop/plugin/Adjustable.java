package sc.fiji.spyhop.plugin;

import java.util.Map;

/** An extension with settings, all of them numbers. */
public interface Adjustable extends Extension {

  /** Names of its settings, and their defaults; none, unless said otherwise. */
  default Map<String, Double> settings() {
    return Map.of();
  }
}
