package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/spyhop} tells Java, by a Java that only repeats what it was told. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "bin/spyhop is a script of sh")
class LauncherTest {

  private static final Path SCRIPT = Path.of("src", "main", "bin", "spyhop").toAbsolutePath();

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private Path home;

  @BeforeEach
  void install() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("spyhop/bin"));
    Files.copy(SCRIPT, bin.resolve("spyhop"));
    Files.createDirectories(folder.resolve("spyhop/lib"));
    home = Files.createDirectory(folder.resolve("home"));
    environment.put("HOME", home.toString());
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("JAVA_HOME", folder.resolve("java").toString());
    java("17.0.1");
  }

  /** Prints its arguments and locale, and leaves the archive that it is asked for. */
  private void java(String version) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("java/bin"));
    Files.writeString(
        bin.resolve("java"),
        """
        #!/bin/sh
        echo "LC_ALL=${LC_ALL:-}"
        for a in "$@"; do
          echo "$a"
          case $a in -XX:ArchiveClassesAtExit=*) : >"${a#*=}" ;; esac
        done
        """);
    Files.setPosixFilePermissions(
        bin.resolve("java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        folder.resolve("java/release"), "JAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
  }

  private List<String> run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("/bin/sh");
    command.add(folder.resolve("spyhop/bin/spyhop").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }

  private static boolean starts(List<String> lines, String start) {
    return lines.stream().anyMatch(l -> l.startsWith(start));
  }

  @Test
  void theFirstRunLeavesClassesForTheNext() throws Exception {
    assertTrue(starts(run("segment", "x.tif"), "-XX:ArchiveClassesAtExit=" + home));
    assertTrue(starts(run("segment", "x.tif"), "-XX:SharedArchiveFile=" + home));
    assertTrue(starts(run("models"), "-XX:SharedArchiveFile=" + home));
  }

  private Path kept(String ending) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve(".cache/spyhop"))) {
      return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  @Test
  void damagedClassesAreMadeAnewAndNothingIsSaidOfIt() throws Exception {
    run("segment", "x.tif");
    Files.writeString(kept(".jsa"), "cut or grown");
    List<String> lines = run("models");
    assertFalse(starts(lines, "-XX:SharedArchiveFile"), lines.toString());
    assertEquals("models", lines.get(lines.size() - 1));
    assertTrue(starts(run("segment", "x.tif"), "-XX:ArchiveClassesAtExit=" + home));
    assertTrue(starts(run("models"), "-XX:SharedArchiveFile=" + home));
    Files.delete(kept(".sum"));
    assertFalse(starts(run("models"), "-XX:SharedArchiveFile"), "of an older version");
  }

  @Test
  void classesThatCannotBeKeptDoNotMakeAFinishedJobFail() throws Exception {
    Path java = folder.resolve("java/bin/java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        for a in "$@"; do
          case $a in
            -Dspyhop.ended=*) printf 0 1<>"${a#*=}" ;;
            -XX:ArchiveClassesAtExit=*) : >"${a#*=}" ;;
          esac
        done
        exit 1
        """);
    run("segment", "x.tif"); // ends with 0
    try (Stream<Path> files = Files.list(home.resolve(".cache/spyhop"))) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void theRootFolderIsNobodysHome() throws Exception {
    environment.put("HOME", "/");
    List<String> lines = run("segment", "x.tif");
    assertFalse(starts(lines, "-XX:ArchiveClassesAtExit"), lines.toString());
    assertTrue(lines.contains("-Duser.home=/nonexistent"), lines.toString());
  }

  @Test
  void macrosChangeClassesThatMustNotComeFromAnArchive() throws Exception {
    run("segment", "x.tif");
    assertFalse(starts(run("macro", "m.ijm"), "-XX:SharedArchiveFile"));
    assertFalse(starts(run("--debug", "macro", "m.ijm"), "-XX:SharedArchiveFile"));
  }

  @Test
  void withoutAHomeNothingIsKept() throws Exception {
    environment.remove("HOME");
    assertFalse(starts(run("segment", "x.tif"), "-XX:ArchiveClassesAtExit"));
  }

  @Test
  void javaHasTheHomeOfTheShell() throws Exception {
    assertTrue(run("models").contains("-Duser.home=" + home));
    environment.remove("HOME");
    assertFalse(starts(run("models"), "-Duser.home"), "the one in the list of users");
  }

  @Test
  void whoeverHasNoHomeGetsNoneInTheWorkingFolder() throws Exception {
    environment.remove("HOME");
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Files.writeString(tools.resolve("id"), "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(
        tools.resolve("id"), PosixFilePermissions.fromString("rwxr-xr-x"));
    environment.put("PATH", tools + ":/usr/bin:/bin");
    assertTrue(run("models").contains("-Duser.home=/nonexistent"));
  }

  @Test
  void aHomeThatCannotBeWrittenToIsPassedOver() throws Exception {
    environment.put("HOME", "/dev/null");
    List<String> lines = run("segment", "x.tif");
    assertFalse(starts(lines, "-XX:ArchiveClassesAtExit"));
    assertEquals("x.tif", lines.get(lines.size() - 1), "and nothing is said of it");
  }

  @Test
  void namesInAllLettersAreFoundWhereNoLanguageIsSet() throws Exception {
    assertEquals("LC_ALL=C.UTF-8", run("models").get(0));
    environment.put("LANG", "tr_TR.UTF-8");
    assertEquals("LC_ALL=", run("models").get(0));
    environment.put("LC_ALL", "C");
    assertEquals("LC_ALL=C.UTF-8", run("models").get(0));
  }

  @Test
  void imageJReadsAndWritesUtf8WhateverJavaTakesForUsual() throws Exception {
    assertTrue(run("models").contains("-Dfile.encoding=UTF-8"));
  }

  @Test
  void nativeLibrariesAreUnpackedWhereTheSystemKeepsTemporaryFiles() throws Exception {
    assertFalse(starts(run("models"), "-Djava.io.tmpdir"));
    Path scratch = home.resolve("scratch of mine");
    environment.put("TMPDIR", scratch.toString());
    assertFalse(starts(run("models"), "-Djava.io.tmpdir"), "Java would warn of it");
    Files.createDirectory(scratch);
    List<String> lines = run("models");
    assertTrue(lines.contains("-Djava.io.tmpdir=" + scratch), lines.toString());
  }

  @Test
  void laterJavasAreAskedNotToWarn() throws Exception {
    assertFalse(starts(run("models"), "--enable-native-access"));
    java("21.0.2");
    assertFalse(starts(run("models"), "--enable-native-access"));
    java("25");
    List<String> lines = run("models");
    assertTrue(starts(lines, "--enable-native-access"));
    assertTrue(starts(lines, "--sun-misc-unsafe-memory-access"));
  }

  @Test
  void anotherJavaHasItsOwnClasses() throws Exception {
    run("segment", "x.tif");
    java("21.0.2");
    run("segment", "x.tif");
    try (Stream<Path> kept = Files.list(home.resolve(".cache/spyhop"))) {
      assertEquals(2, kept.filter(f -> f.toString().endsWith(".jsa")).count());
    }
  }
}
