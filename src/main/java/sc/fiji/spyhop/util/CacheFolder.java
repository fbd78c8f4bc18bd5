package sc.fiji.spyhop.util;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things are kept that can be made anew: the folder that the system property {@code
 * spyhop.cache} or else the environment variable {@code SPYHOP_CACHE} names, or the usual one of
 * the operating system.
 */
public final class CacheFolder {

  private CacheFolder() {}

  /** It need not exist; none if its name is given and empty, or there is no home folder. */
  public static Optional<Path> path() {
    String named = System.getProperty("spyhop.cache", System.getenv("SPYHOP_CACHE"));
    if (named != null) return named.isBlank() ? Optional.empty() : Optional.of(Path.of(named));
    return usual("LOCALAPPDATA")
        .or(() -> usual("XDG_CACHE_HOME"))
        .or(() -> home().map(h -> h.resolve(".cache")))
        .map(p -> p.resolve("spyhop"));
  }

  private static Optional<Path> usual(String variable) {
    String value = System.getenv(variable);
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(Path.of(value));
  }

  /** Java says "?" of whom it does not know, which is no full path; the root folder is nobody's. */
  private static boolean isHome(String folder) {
    return !folder.isBlank()
        && !folder.equals("?")
        && !FileNames.folder(Path.of(folder)).equals(Path.of(folder).toAbsolutePath());
  }

  private static Optional<Path> home() {
    String home = System.getProperty("user.home", "");
    return isHome(home) ? Optional.of(Path.of(home)) : Optional.empty();
  }
}
