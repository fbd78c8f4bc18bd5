package sc.fiji.spyhop.plugin;

import java.io.File;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds what jars bring, ours and those of others, by the names that their annotations give. No
 * context of SciJava is needed. Safe for use by several threads.
 *
 * <p>Of the plugins that {@link #all} lists one that cannot be made is left out, and so are those
 * of others that share a name; that is said once, in the log. {@link #find} refuses them, with the
 * reason.
 */
public final class Plugins {

  private static final System.Logger LOG = System.getLogger(Plugins.class.getName());

  private static final Pattern CALL =
      Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_]*)\\s*\\(\\s*\\)\\s*");

  private record Key(ClassLoader loader, Class<?> type, String name) {}

  private static final Map<ClassLoader, List<Listed>> LISTED = new ConcurrentHashMap<>();

  /** By the name of the class; the others by that of the plugin. */
  private static final Map<Key, Extension> MADE = new ConcurrentHashMap<>();

  private static final Map<Key, Extension> FOUND = new ConcurrentHashMap<>();
  private static final Map<Key, List<Extension>> ALL = new ConcurrentHashMap<>();
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private Plugins() {}

  /** The name in a text such as {@code mish()}; absent from all other texts. */
  public static Optional<String> named(String text) {
    Matcher m = CALL.matcher(text);
    return m.matches() ? Optional.of(m.group(1)) : Optional.empty();
  }

  /**
   * All plugins of a type that can be made, each name once, those of the highest priority first and
   * else by name. Of those with the name of one of ours, ours counts.
   */
  public static <P extends Extension> List<P> all(Class<P> type) {
    Key key = new Key(loader(), type, "");
    List<Extension> found = ALL.get(key);
    if (found == null) {
      ALL.putIfAbsent(key, allMade(type));
      found = ALL.get(key);
    }
    return found.stream().map(type::cast).toList();
  }

  private static List<Extension> allMade(Class<? extends Extension> type) {
    Map<String, List<Listed>> byName = new LinkedHashMap<>();
    for (Listed one : listed(type)) {
      byName.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(one);
    }
    List<Extension> all = new ArrayList<>();
    byName.forEach(
        (name, same) -> {
          Listed one = same.get(0);
          try {
            one = single(type, name, same);
            all.add(made(type, one));
          } catch (SpyhopException e) {
            // ours come without the libraries of some
            if (!one.isOurs()) tellOnce(e.getMessage() + " It is left out.");
          }
        });
    return List.copyOf(all);
  }

  /**
   * The plugin of a name.
   *
   * @param type an interface that says what is {@linkplain Kind called} how
   * @throws MissingPluginException if there is none
   * @throws SpyhopException if there are several, or it cannot be made
   */
  public static <P extends Extension> P find(Class<P> type, String name) {
    return find(type, name, "");
  }

  /**
   * The same.
   *
   * @param jar name of the file that it came from when it was used first; empty if that is not
   *     known
   */
  public static <P extends Extension> P find(Class<P> type, String name, String jar) {
    Key key = new Key(loader(), type, name);
    Extension found = FOUND.get(key);
    if (found == null) {
      FOUND.putIfAbsent(key, only(type, name, jar));
      found = FOUND.get(key);
    }
    return type.cast(found);
  }

  private static Extension only(Class<? extends Extension> type, String name, String jar) {
    List<Listed> all = listed(type);
    List<Listed> fitting = all.stream().filter(l -> l.name().equals(name)).toList();
    if (fitting.isEmpty()) {
      List<String> names = all.stream().map(Listed::name).distinct().sorted().toList();
      throw new MissingPluginException(
          Strings.format(
              "%s%s is not there%s. Put its jar where the other jars are: the folder jars of Fiji,"
                  + " or lib of the command spyhop.",
              title(type, name),
              jar.isEmpty() ? "" : ", from " + Strings.shorten(Strings.visible(jar)) + ",",
              names.isEmpty() ? "" : "; there are " + String.join(", ", names)));
    }
    return made(type, single(type, name, fitting));
  }

  /**
   * Of those of a name the only one; ours, if there is one, before those of others.
   *
   * @throws SpyhopException if there are several
   */
  private static Listed single(Class<?> type, String name, List<Listed> found) {
    if (found.size() == 1) return found.get(0);
    String several =
        Strings.format(
            "Expected one plugin for the %s %s(), received several, from %s. Take all jars but one"
                + " away.",
            kind(type),
            name,
            String.join(" and ", found.stream().map(Listed::holder).distinct().sorted().toList()));
    List<Listed> ours = found.stream().filter(Listed::isOurs).toList();
    if (ours.isEmpty()) throw new SpyhopException(several);
    tellOnce(several);
    return ours.get(0);
  }

  private static Extension made(Class<? extends Extension> type, Listed listed) {
    String what = title(type, listed.name()) + ", from " + listed.holder() + ", ";
    Key key = new Key(loader(), type, listed.className());
    Object made = MADE.get(key);
    try {
      if (made == null) {
        Class<?> of = Class.forName(listed.className(), true, loader());
        made = of.getDeclaredConstructor().newInstance();
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      throw new SpyhopException(what + "cannot be made: " + root(e) + ".", e);
    }
    if (type.isInstance(made)) {
      MADE.putIfAbsent(key, (Extension) made);
      return MADE.get(key);
    }
    throw new SpyhopException(
        what + "is none: expected a class that implements " + type.getSimpleName() + ".");
  }

  private static String title(Class<?> type, String name) {
    return "The plugin for the " + kind(type) + " " + name + "()";
  }

  private static String kind(Class<?> type) {
    return type.getAnnotation(Kind.class).value();
  }

  private static Throwable root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) root = root.getCause();
    return root;
  }

  /** Tells the user in the log that something is wrong with a plugin, not twice the same. */
  public static void tellOnce(String sentence) {
    if (TOLD.add(sentence)) LOG.log(Level.WARNING, sentence);
  }

  /**
   * What a plugin answers.
   *
   * @throws SpyhopException that names the plugin and its jar, if it fails
   */
  public static <T> T call(Extension plugin, Supplier<T> work) {
    try {
      return work.get();
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw failed(plugin, e);
    }
  }

  private static SpyhopException failed(Extension plugin, Throwable e) {
    return new SpyhopException(
        Strings.format(
            "The plugin %s failed: %s That is for its author to mend; with --debug, the shell shows"
                + " where it was.",
            describe(plugin), e instanceof SpyhopException ? e.getMessage() : e + "."),
        e);
  }

  /**
   * The same where a plugin may refuse what it is given: what it says of that is passed on.
   *
   * @throws SpyhopException that the plugin throws, or one that names the plugin and its jar, if it
   *     fails in another way
   */
  public static <T> T ask(Extension plugin, Supplier<T> work) {
    try {
      return work.get();
    } catch (SpyhopException | CancellationException e) {
      throw e;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      throw failed(plugin, e);
    }
  }

  /** Its name, and the jar that it comes from if it is in one: {@code steps(), from steps.jar,}. */
  public static String describe(Extension plugin) {
    String jar = jar(plugin);
    return plugin.name() + "()" + (jar.isEmpty() ? "" : ", from " + jar + ",");
  }

  /** The indexes of jars are read once. */
  private static List<Listed> listed(Class<? extends Extension> type) {
    ClassLoader loader = loader();
    List<Listed> all = LISTED.get(loader);
    if (all == null) {
      all =
          Listed.all(loader, Plugins::tellOnce).stream()
              .distinct() // a jar may be on the class path twice
              .sorted(
                  Comparator.comparingDouble((Listed l) -> -l.priority())
                      .thenComparing(Listed::name)
                      .thenComparing(Listed::holder))
              .toList();
      LISTED.put(loader, all);
    }
    return all.stream().filter(l -> l.type().equals(type.getName())).toList();
  }

  /**
   * That of the thread, if this program is in it; a host may have threads of another, which know no
   * jars but Java's own.
   */
  private static ClassLoader loader() {
    ClassLoader own = Plugins.class.getClassLoader();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader == null || loader == own) return own;
    try {
      return loader.loadClass(Plugins.class.getName()) == Plugins.class ? loader : own;
    } catch (ClassNotFoundException e) {
      return own;
    }
  }

  /** Whether it is one of those that come with this program. */
  public static boolean isOurs(Extension plugin) {
    return plugin.getClass().getName().startsWith(Listed.OURS);
  }

  /** Name of the jar that a plugin came from; empty if it is in none. */
  public static String jar(Extension plugin) {
    return file(plugin).map(File::getName).filter(n -> n.endsWith(".jar")).orElse("");
  }

  /** Its jar, with length and time: another one after a change. */
  public static String version(Extension plugin) {
    return file(plugin).map(f -> f + " " + f.length() + " " + f.lastModified()).orElse("");
  }

  private static Optional<File> file(Extension plugin) {
    CodeSource source = plugin.getClass().getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) return Optional.empty();
    try {
      return Optional.of(new File(source.getLocation().toURI()));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
