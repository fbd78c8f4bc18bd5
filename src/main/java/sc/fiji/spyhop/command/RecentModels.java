package sc.fiji.spyhop.command;

import ij.Prefs;
import java.awt.GraphicsEnvironment;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Models that someone used or trained in ImageJ's windows, for its dialogs; kept in ImageJ's
 * preferences. Without a display there are none, so that macros do not depend on them.
 */
public final class RecentModels {

  private static final String USED = "spyhop.used.";
  private static final String TRAINED = "spyhop.trained";
  private static final int MAX = 5;

  private RecentModels() {}

  /**
   * The model that was chosen last in a field of a dialog.
   *
   * @param entry name of the menu entry
   */
  public static Optional<String> used(String entry, String key) {
    if (GraphicsEnvironment.isHeadless()) return Optional.empty();
    return Optional.of(Prefs.get(preference(entry, key), "")).filter(m -> !m.isBlank());
  }

  /** Remembers a choice. */
  public static void use(String entry, String key, String model) {
    if (!GraphicsEnvironment.isHeadless()) Prefs.set(preference(entry, key), model);
  }

  private static String preference(String entry, String key) {
    return USED + entry.replace(' ', '_') + "." + key;
  }

  /** Files of models that were trained here, those that still exist, the latest first. */
  static List<String> trained() {
    if (GraphicsEnvironment.isHeadless()) return List.of();
    return Prefs.get(TRAINED, "").lines().filter(f -> new File(f).isFile()).toList();
  }

  /** Remembers a model that was trained. */
  static void train(Path model) {
    if (GraphicsEnvironment.isHeadless()) return;
    String file = model.toAbsolutePath().toString();
    Prefs.set(
        TRAINED,
        String.join(
            "\n",
            Stream.concat(Stream.of(file), trained().stream()).distinct().limit(MAX).toList()));
  }
}
