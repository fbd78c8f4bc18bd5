package sc.fiji.spyhop.plugin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * A plugin and its settings, as in the text {@code stripes(width=5)}: this text, or the name and
 * the numbers in it, is what records and models keep, never code.
 *
 * @param settings of all that it has, by name
 */
public record Use<P extends Adjustable>(P plugin, Map<String, Double> settings) {

  /** Settings of a plugin, at most. */
  private static final int MAX_SETTINGS = 100;

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

  private static final Pattern TEXT =
      Pattern.compile("(" + NAME + ")\\s*(?:\\(([^()]*+)\\)\\s*)?", Pattern.DOTALL);

  /** Checks the settings, and completes them with the plugin's own. */
  public Use {
    Map<String, Double> known = Plugins.call(plugin, plugin::settings);
    for (Map.Entry<String, Double> given : settings.entrySet()) {
      if (!known.containsKey(given.getKey())) {
        throw new SpyhopException(
            Strings.format(
                "The plugin %s has no setting %s%s.",
                Plugins.describe(plugin),
                given.getKey(),
                known.isEmpty()
                    ? ", nor any other"
                    : ": expected " + String.join(", ", new TreeMap<>(known).keySet())));
      }
      if (!Double.isFinite(given.getValue())) {
        throw new SpyhopException(
            Strings.format(
                "The plugin %s: expected a finite number for %s, received %s.",
                Plugins.describe(plugin), given.getKey(), given.getValue()));
      }
    }
    Map<String, Double> all = new TreeMap<>(known);
    all.putAll(settings);
    settings = Collections.unmodifiableMap(all);
  }

  /**
   * The plugin of a name, with some of its settings.
   *
   * @param jar name of the file that it came from when it was used first; may be empty
   * @throws SpyhopException if there is none, or it has no such settings
   */
  public static <P extends Adjustable> Use<P> of(
      Class<P> type, String name, Map<String, Double> settings, String jar) {
    if (!NAME.matcher(name).matches() || settings.size() > MAX_SETTINGS) {
      throw new SpyhopException(
          Strings.format(
              "Expected a plugin by a name of letters and digits, with at most %d settings,"
                  + " received \"%s\" with %d.",
              MAX_SETTINGS, Strings.shorten(name), settings.size()));
    }
    return new Use<>(Plugins.find(type, name, jar), settings);
  }

  /**
   * Reads a plugin such as {@code stripes} or {@code stripes(width=5, angle=30)}.
   *
   * @throws SpyhopException if it is no such text, there is no such plugin, or it has no such
   *     settings
   */
  public static <P extends Adjustable> Use<P> parse(Class<P> type, String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) throw wrong(text);
    Map<String, Double> settings = new TreeMap<>();
    String inside = m.group(2) == null ? "" : m.group(2).strip();
    for (String part : inside.isEmpty() ? new String[0] : inside.split(",", -1)) {
      String[] pair = part.split("=", -1);
      if (pair.length != 2) throw wrong(text);
      double value = Decimals.parse(pair[1]);
      if (Double.isNaN(value)) throw wrong(text);
      settings.put(pair[0].strip(), value);
    }
    return of(type, m.group(1), settings, "");
  }

  private static SpyhopException wrong(String text) {
    return new SpyhopException(
        "Expected the name of a plugin, and if need be numbers for its settings, such as"
            + " stripes(width=5, angle=30), received \""
            + Strings.shorten(text.strip())
            + "\".");
  }

  /** Reads several, with commas or blanks between them; none from a blank text. */
  public static <P extends Adjustable> List<Use<P>> parseAll(Class<P> type, String text) {
    List<Use<P>> all = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (c == '(') depth++;
      if (c == ')') depth--;
      if (c != ',' || depth > 0 && i < text.length()) continue;
      String one = text.substring(from, i).strip();
      from = i + 1;
      if (!one.isEmpty() || i < text.length()) all.add(parse(type, one));
    }
    return all;
  }

  /** Name of the jar that the plugin came from; empty if it is in none. */
  public String jar() {
    return Plugins.jar(plugin);
  }

  /** By which it is asked for. */
  public String name() {
    return plugin.name();
  }

  /** As {@link #parse} reads it, with all settings. */
  public String text() {
    return settings.isEmpty()
        ? name()
        : settings.entrySet().stream()
            .map(e -> e.getKey() + "=" + text(e.getValue()))
            .collect(Collectors.joining(", ", name() + "(", ")"));
  }

  private static String text(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? String.valueOf((long) value) : String.valueOf(value);
  }
}
