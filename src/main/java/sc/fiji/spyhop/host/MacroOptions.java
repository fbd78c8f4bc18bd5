package sc.fiji.spyhop.host;

import ij.ImagePlus;
import ij.Macro;
import ij.WindowManager;
import java.io.File;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.command.OpenImages;

/**
 * Parameters as ImageJ's macros write them: {@code key=value key=[value with blanks]}, where keys
 * are names of parameters and images go by their title. The same as in Fiji, but stricter: a key
 * that does not exist and a value that does not fit are refused.
 */
final class MacroOptions {

  private static final Set<Class<?>> READABLE =
      Set.of(
          String.class,
          File.class,
          ImagePlus.class,
          boolean.class,
          Boolean.class,
          int.class,
          Integer.class,
          long.class,
          Long.class,
          double.class,
          Double.class);

  private final Module module;
  private final Map<String, Object> defaults;

  /** Of a command whose parameters have their defaults still. */
  MacroOptions(Module module) {
    this.module = module;
    this.defaults = Host.defaults(module);
  }

  static boolean isReadable(Class<?> type) {
    return READABLE.contains(type);
  }

  /**
   * Whether options are those of this command: not so if a macro runs a script that runs it, which
   * has set parameters that no option names.
   *
   * @param options may be null for none
   */
  boolean isMeant(String options) {
    if (options == null) return true;
    return Host.parameters(module).stream()
        .filter(i -> i.getType() != ImagePlus.class && module.isInputResolved(i.getName()))
        .allMatch(i -> Macro.getValue(options, i.getName(), null) != null);
  }

  /**
   * Values by name: those given; defaults for keys that are not given, the active image for an
   * image, but not for what is resolved already.
   *
   * @param options may be null for none
   * @throws SpyhopException if a key is unknown or a value does not fit
   */
  Map<String, Object> read(String options) {
    Map<String, String> given = options == null ? Map.of() : OptionText.parse(options);
    requireKnown(given.keySet());
    Map<String, Object> values = new LinkedHashMap<>(defaults);
    for (ModuleItem<?> item : Host.parameters(module)) {
      String key = item.getName();
      if (given.containsKey(key)) {
        values.put(key, value(item, given.get(key)));
      } else if (module.isInputResolved(key)) {
        values.put(key, module.getInput(key));
      } else if (item.getType() == ImagePlus.class) {
        values.put(key, activeImage(item));
      }
    }
    return values;
  }

  private void requireKnown(Set<String> keys) {
    Set<String> known = new TreeSet<>();
    Host.parameters(module).forEach(i -> known.add(i.getName()));
    for (String key : keys) {
      if (known.contains(key)) continue;
      throw new SpyhopException("Unknown key \"" + key + "\"; this command knows " + known + ".");
    }
  }

  private static ImagePlus activeImage(ModuleItem<?> item) {
    ImagePlus image = WindowManager.getCurrentImage();
    if (image == null && item.isRequired()) {
      throw new SpyhopException(item.getLabel() + ": no image is open. Open one first.");
    }
    return image == null ? new ImagePlus() : image;
  }

  /**
   * A value from its text.
   *
   * @throws SpyhopException if it is not of the parameter's type
   */
  static Object value(ModuleItem<?> item, String text) {
    Class<?> type = item.getType();
    if (type == String.class) return text;
    if (type == File.class) return new File(text);
    if (type == ImagePlus.class) return image(text);
    if (type == boolean.class || type == Boolean.class) {
      if (text.equals("true") || text.equals("false")) return Boolean.valueOf(text);
      throw unfit(item, "true or false", text);
    }
    try {
      if (type == int.class || type == Integer.class) return Integer.valueOf(text);
      if (type == long.class || type == Long.class) return Long.valueOf(text);
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw unfit(item, type == double.class ? "a number" : "a whole number", text);
    }
  }

  private static ImagePlus image(String title) {
    ImagePlus active = WindowManager.getCurrentImage();
    if (active != null && title.equals(active.getTitle())) return active;
    if (Arrays.stream(WindowManager.getImageTitles()).filter(title::equals).count() > 1) {
      throw new SpyhopException(
          "Several open images have the title \""
              + title
              + "\". Rename one, or select the one that is meant before.");
    }
    ImagePlus image = WindowManager.getImage(title);
    if (image != null) return image;
    throw new SpyhopException("No image named \"" + title + "\" is open. " + OpenImages.told());
  }

  private static SpyhopException unfit(ModuleItem<?> item, String expected, String received) {
    return new SpyhopException(
        item.getName() + ": expected " + expected + ", received \"" + received + "\".");
  }

  /**
   * Keys and values as Fiji records them: not the active image, which is taken anyway; and, more
   * than Fiji, what is set among the advanced settings.
   *
   * @param advanced whether to write the advanced settings only
   */
  Map<String, String> write(Map<String, Object> values, boolean advanced) {
    Map<String, String> options = new LinkedHashMap<>();
    for (ModuleItem<?> item : Host.parameters(module)) {
      String key = item.getName();
      Object value = values.get(key);
      if (value == null || value == WindowManager.getCurrentImage()) continue;
      if (value instanceof ImagePlus image && image.getWidth() == 0) continue; // none was open
      boolean shown = CommandDialog.isShown(item);
      if (shown ? advanced : value.equals(defaults.get(key))) continue;
      options.put(key, value instanceof ImagePlus image ? image.getTitle() : text(value));
    }
    return options;
  }

  private static String text(Object value) {
    return value instanceof File file ? file.getPath() : String.valueOf(value);
  }
}
