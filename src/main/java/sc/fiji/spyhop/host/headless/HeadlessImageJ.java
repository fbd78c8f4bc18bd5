package sc.fiji.spyhop.host.headless;

import java.util.logging.Level;
import java.util.logging.Logger;
import net.imagej.patcher.LegacyEnvironment;

/** Plain ImageJ cannot run macros without a display; its classes are mended as they are loaded. */
public final class HeadlessImageJ {

  private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

  private HeadlessImageJ() {}

  /**
   * Must be called before any of ImageJ's classes is loaded, in a Java started with {@code
   * --add-opens java.base/java.lang=ALL-UNNAMED}.
   *
   * @throws IllegalStateException if it is too late, or Java does not allow it
   */
  public static void prepare() {
    // macros keep no settings; no need to tell where those cannot be written
    PREFERENCES.setLevel(Level.SEVERE);
    try {
      LegacyEnvironment imagej = new LegacyEnvironment(HeadlessImageJ.class.getClassLoader(), true);
      imagej.disableInitializer();
      imagej.noPluginClassLoader();
      imagej.suppressIJ1ScriptDiscovery();
      ClassEdits.apply(imagej, HeadlessEdits::of);
      imagej.applyPatches();
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException("ImageJ cannot be prepared for work without a display", e);
    }
  }
}
