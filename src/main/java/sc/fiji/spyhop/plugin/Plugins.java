package sc.fiji.spyhop.plugin;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.scijava.InstantiableException;
import org.scijava.plugin.Plugin;
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
    List<String> files = fitting.stream().flatMap(Plugins::files).distinct().sorted().toList();
    if (fitting.size() > 1 || files.size() > 1) {
      throw new SpyhopException(
          "Expected one plugin for the "
              + what
              + " "
              + name
              + "(), received several, from "
              + String.join(" and ", files)
              + ". Take all jars but one away.");
    }
    Object made;
    try {
      made = fitting.get(0).createInstance();
    } catch (InstantiableException | RuntimeException | LinkageError e) {
      throw new SpyhopException(
          "The plugin for the "
              + what
              + " "
              + name
              + "(), from "
              + String.join("", files)
              + ", cannot be made: "
              + root(e),
          e);
    }
    if (type.isInstance(made)) return (SciJavaPlugin) made;
    throw new SpyhopException(
        "The plugin for the "
            + what
            + " "
            + name
            + "(), from "
            + String.join("", files)
            + ", is none: expected a class that implements "
            + type.getSimpleName()
            + ".");
  }

  /** Jars and folders that hold the class of a plugin. */
  private static Stream<String> files(PluginInfo<?> info) {
    String file = info.getClassName().replace('.', '/') + ".class";
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      return Collections.list(loader.getResources(file)).stream().map(url -> holder(url, file));
    } catch (IOException e) {
      return Stream.of(info.getClassName());
    }
  }

  /** The jar or folder that a resource is in. */
  private static String holder(URL resource, String file) {
    String url = resource.toString();
    String place = url.substring(0, url.length() - file.length());
    String holder = place.replaceFirst("^jar:", "").replaceFirst("!/$", "");
    try {
      return Path.of(URI.create(holder)).toString();
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return holder;
    }
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) root = root.getCause();
    return root;
  }

  /**
   * What a plugin answers.
   *
   * @throws SpyhopException that names the plugin and its jar, if it fails
   */
  public static <T> T call(SciJavaPlugin plugin, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw new SpyhopException(
          "The plugin "
              + describe(plugin)
              + " failed: "
              + (e instanceof SpyhopException ? e.getMessage() : e + ".")
              + " That is for its author to mend; with --debug, the shell shows where it was.",
          e);
    }
  }

  /** Its name, and the jar that it comes from if it is in one: {@code steps(), from steps.jar,}. */
  public static String describe(SciJavaPlugin plugin) {
    Plugin said = plugin.getClass().getAnnotation(Plugin.class);
    String name = said == null ? plugin.getClass().getName() : said.name() + "()";
    String jar = jar(plugin);
    return jar.isEmpty() ? name : name + ", from " + jar + ",";
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
