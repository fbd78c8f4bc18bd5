package sc.fiji.spyhop.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sc.fiji.spyhop.engine.Unpacking;
import sc.fiji.spyhop.util.FileNames;

/**
 * ONNX Runtime's native libraries in a folder that says whose it is. ONNX Runtime itself would
 * unpack them into one that stays behind when a process is killed; this one goes as soon as they
 * are loaded, or, where files in use cannot be deleted, with the process or at the next start.
 */
final class NativeFiles {

  private static final String PROPERTY = "onnxruntime.native.path";
  private static final String PREFIX = "spyhop-onnxruntime-";
  private static final Pattern OWNED = Pattern.compile(Pattern.quote(PREFIX) + "([0-9]{1,18})-.*");
  private static final String RESOURCES = "/ai/onnxruntime/native/";

  /**
   * A library of builds for GPUs, which look for it in the same folder, and for others beside it.
   */
  private static final String PROVIDERS = "onnxruntime_providers_cuda";

  private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

  private final Path folder;

  private NativeFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks the libraries, and tells ONNX Runtime where; removes what killed processes left.
   *
   * @param temporary folder for temporary files
   * @param bytes how many the libraries are
   * @return nothing if ONNX Runtime is to do it
   * @throws Unpacking.Failure if they cannot be written
   */
  static Optional<NativeFiles> unpack(Path temporary, long bytes) {
    removeLeftovers(temporary);
    String place = RESOURCES + platform() + "/";
    boolean plain =
        System.getProperty(PROPERTY) == null
            && NativeFiles.class.getResource(place + file(PROVIDERS)) == null
            && LIBRARIES.stream()
                .allMatch(l -> OrtEnvironment.class.getResource(place + file(l)) != null);
    if (!plain) return Optional.empty();
    NativeFiles files = null;
    try {
      files =
          new NativeFiles(
              Files.createTempDirectory(temporary, PREFIX + ProcessHandle.current().pid() + "-"));
      files.folder.toFile().deleteOnExit();
      for (String library : LIBRARIES) {
        Path to = files.folder.resolve(file(library));
        try (InputStream in = OrtEnvironment.class.getResourceAsStream(place + file(library))) {
          Files.copy(in, to);
        }
        to.toFile().deleteOnExit();
      }
      System.setProperty(PROPERTY, files.folder.toString());
      return Optional.of(files);
    } catch (IOException e) {
      if (files != null) files.delete();
      throw Unpacking.notWritten("ONNX Runtime", temporary, Unpacking.Place.TEMPORARY, bytes, e);
    }
  }

  /** They are loaded, or cannot be. */
  void loaded() {
    System.clearProperty(PROPERTY);
    if (File.separatorChar == '/') delete();
  }

  private void delete() {
    delete(folder);
  }

  private static String file(String library) {
    return System.mapLibraryName(library);
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String system = os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : "linux";
    boolean x64 = List.of("amd64", "x86_64").contains(arch);
    return system + "-" + (x64 ? "x64" : arch);
  }

  /** Of processes that are no more. */
  static void removeLeftovers(Path temporary) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(temporary, PREFIX + "*")) {
      for (Path folder : all) {
        Matcher owned = OWNED.matcher(FileNames.last(folder));
        if (owned.matches() && ProcessHandle.of(Long.parseLong(owned.group(1))).isEmpty()) {
          delete(folder);
        }
      }
    } catch (IOException e) {
      // then they stay
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // in use, or of another user
    }
  }
}
