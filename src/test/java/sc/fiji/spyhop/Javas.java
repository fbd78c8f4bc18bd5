package sc.fiji.spyhop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Java that runs the tests, for tests that start another. */
public final class Javas {

  private Javas() {}

  /** Its file, and what {@code bin/spyhop} tells later versions, so that they warn of nothing. */
  public static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    int version = Runtime.version().feature();
    if (version >= 22) command.add("--enable-native-access=ALL-UNNAMED");
    if (version >= 23) command.add("--sun-misc-unsafe-memory-access=allow");
    return command;
  }
}
