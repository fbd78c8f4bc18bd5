package sc.fiji.spyhop.util;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;
import sc.fiji.spyhop.SpyhopException;

/**
 * YAML that somebody else wrote, as maps, lists and texts. Numbers, dates and truth values stay the
 * texts that they are in the file: {@code 1e-6}, {@code no} and {@code 0.10} mean what their reader
 * makes of them. No class is ever named; depth, and what aliases multiply, are bounded.
 */
public final class YamlFile {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_ALIASES = 50;

  /** Most maps, lists and texts, aliases counted as often as they are used. */
  private static final int MAX_NODES = 200_000;

  private int nodes;

  private YamlFile() {}

  /**
   * Reads a text.
   *
   * @param label names it in messages
   * @return a map, a list or a text; empty values are left out of maps
   * @throws SpyhopException if it is not YAML, or too deep or large
   */
  public static Object read(String label, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setAllowDuplicateKeys(false);
    DumperOptions dumping = new DumperOptions();
    try {
      Object read =
          new Yaml(
                  new SafeConstructor(options),
                  new Representer(dumping),
                  dumping,
                  options,
                  new Texts())
              .load(text);
      return new YamlFile().copy(read, 0);
    } catch (YAMLException | TooLarge e) {
      throw new SpyhopException(
          label
              + ": is not YAML that can be read: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + ".",
          e);
    }
  }

  private Object copy(Object value, int depth) {
    if (depth > MAX_DEPTH) throw new TooLarge("more than " + MAX_DEPTH + " levels");
    if (++nodes > MAX_NODES) throw new TooLarge("more than " + MAX_NODES + " values");
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (k, v) -> {
            if (v != null) copy.put(String.valueOf(k), copy(v, depth + 1));
          });
      return copy;
    }
    if (value instanceof Iterable<?> list) {
      List<Object> copy = new ArrayList<>();
      for (Object v : list) copy.add(copy(v, depth + 1));
      return copy;
    }
    return value == null ? "" : String.valueOf(value);
  }

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLarge(String message) {
      super(message);
    }
  }

  /** Knows nothing but texts and what is empty. */
  private static final class Texts extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.NULL, Pattern.compile("^(?:~|null|Null|NULL| )$"), "~nN\0");
      addImplicitResolver(Tag.NULL, Pattern.compile("^$"), null);
      addImplicitResolver(Tag.MERGE, Pattern.compile("^(?:<<)$"), "<");
    }
  }
}
