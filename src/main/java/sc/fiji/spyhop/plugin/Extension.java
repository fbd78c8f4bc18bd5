package sc.fiji.spyhop.plugin;

import org.scijava.plugin.Plugin;
import org.scijava.plugin.SciJavaPlugin;

/**
 * What a jar may bring, ours or that of others: a class with the annotation {@code @Plugin(type =
 * ..., name = "...")} and a constructor without parameters. Found by its name, see {@link Plugins}.
 */
public interface Extension extends SciJavaPlugin {

  /**
   * Name by which users ask for it: that of its annotation, else that of its class.
   *
   * @return letters, digits and underscores
   */
  default String name() {
    Plugin said = getClass().getAnnotation(Plugin.class);
    return said == null || said.name().isEmpty() ? getClass().getSimpleName() : said.name();
  }

  /**
   * What it is, as its annotation says.
   *
   * @return may be empty
   */
  default String description() {
    Plugin said = getClass().getAnnotation(Plugin.class);
    return said == null ? "" : said.description();
  }
}
