package sc.fiji.spyhop.plugin;

import java.io.File;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.scijava.InstantiableException;
import org.scijava.plugin.PluginIndex;
import org.scijava.plugin.PluginInfo;
import org.scijava.plugin.SciJavaPlugin;
import sc.fiji.spyhop.SpyhopException;

/** Finds what jars bring, by the names that their annotations give. */
public final class Plugins {

  private static final Pattern CALL =
      Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_]*)\\s*\\(\\s*\\)\\s*");

  private record Key(Class<?> type, String name) {}

  private static final Map<Key, SciJavaPlugin> FOUND = new ConcurrentHashMap<>();

  private Plugins() {}

  /** The name in a text such as {@code mish()}; absent from all other texts. */
  public static Optional<String> named(String text) {
    Matcher m = CALL.matcher(text);
    return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
  }

  /**
   * The plugin of a name.
   *
   * @param type {@link LayerPlugin} or {@link LossPlugin}
   * @throws SpyhopException if there is none, or several, or it cannot be made
   */
  public static <P extends SciJavaPlugin> P find(Class<P> type, String name) {
    return find(type, name, "");
  }

  /**
   * The same.
   *
   * @param jar name of the file that it came from when it was used first; empty if that is not
   *     known
   */
  static <P extends SciJavaPlugin> P find(Class<P> type, String name, String jar) {
    Key key = new Key(type, name);
    SciJavaPlugin found = FOUND.get(key);
    if (found == null) {
      found = made(type, name, jar);
      FOUND.put(key, found);
    }
    return type.cast(found);
  }

  private static SciJavaPlugin made(Class<?> type, String name, String jar) {
    String what = type == LossPlugin.class ? "loss" : "layer";
    List<PluginInfo<?>> all = infos(type);
    List<PluginInfo<?>> fitting = all.stream().filter(i -> name.equals(i.getName())).toList();
    if (fitting.isEmpty()) {
      List<String> names = all.stream().map(i -> String.valueOf(i.getName())).sorted().toList();
      throw new SpyhopException(
          "The plugin for the "
              + what
              + " "
              + name
              + "()"
              + (jar.isEmpty() ? "" : ", from " + jar + ",")
              + " is not there"
              + (names.isEmpty() ? "" : "; there are " + String.join(", ", names))
              + ". Put its jar where the other jars are: the folder jars of Fiji, or lib of the"
              + " command spyhop.");
    }
    if (fitting.size() > 1) {
      throw new SpyhopException(
          "Expected one plugin for the "
              + what
              + " "
              + name
              + "(), received "
              + fitting.size()
              + ".");
    }
    try {
      return (SciJavaPlugin) fitting.get(0).createInstance();
    } catch (InstantiableException e) {
      throw new SpyhopException(
          "The plugin for the " + what + " " + name + "() cannot be made: " + e.getMessage(), e);
    }
  }

  private static List<PluginInfo<?>> infos(Class<?> type) {
    PluginIndex index = new PluginIndex();
    index.discover();
    return index.get(type);
  }

  /** Name of the jar that a plugin came from; empty if it is in none. */
  static String jar(SciJavaPlugin plugin) {
    CodeSource source = plugin.getClass().getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) return "";
    try {
      String name = new File(source.getLocation().toURI()).getName();
      return name.endsWith(".jar") ? name : "";
    } catch (URISyntaxException | IllegalArgumentException e) {
      return "";
    }
  }
}
