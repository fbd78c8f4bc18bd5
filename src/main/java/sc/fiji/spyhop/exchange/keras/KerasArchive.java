package sc.fiji.spyhop.exchange.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * A {@code .keras} file of Keras 3: a zip file with the description of the model, the version of
 * Keras, and the weights, which are kept in a temporary file while the archive is open. Other
 * entries are not read.
 */
final class KerasArchive implements AutoCloseable {

  private static final byte[] SIGNATURE = {'P', 'K', 3, 4};
  private static final String CONFIG = "config.json";
  private static final String METADATA = "metadata.json";
  private static final String WEIGHTS = "model.weights.h5";
  private static final int MAX_TEXT = 1 << 26;

  /** Most times as many bytes of weights as the archive has; Keras itself stores them as is. */
  private static final long MAX_EXPANSION = 16;

  private final String config;
  private final String version;
  private final Path weights;

  private KerasArchive(String config, String version, Path weights) {
    this.config = config;
    this.version = version;
    this.weights = weights;
  }

  /** Whether a file begins as a zip file does. */
  static boolean isAt(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE);
    }
  }

  /**
   * Opens an archive.
   *
   * @throws SpyhopException if it is not sound or not of this kind
   */
  static KerasArchive open(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      String config = text(zip, CONFIG);
      String version = json(text(zip, METADATA), METADATA).path("keras_version").asText();
      return new KerasArchive(config, version, extracted(zip, file));
    } catch (ZipException e) {
      throw new SpyhopException(
          "is not a sound zip file (" + e.getMessage() + "). Get it again, in full.", e);
    }
  }

  private static InputStream entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new SpyhopException(
          Strings.format(
              "expected a model of Keras, a zip file with %s, %s and %s; there is no %s in it.",
              CONFIG, METADATA, WEIGHTS, name));
    }
    return zip.getInputStream(entry);
  }

  private static String text(ZipFile zip, String name) throws IOException {
    try (InputStream in = entry(zip, name)) {
      byte[] text = in.readNBytes(MAX_TEXT + 1);
      if (text.length > MAX_TEXT) {
        throw new SpyhopException(name + " holds more than 64 MB; it is not opened.");
      }
      return new String(text, StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(String text, String name) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new SpyhopException(name + " is not sound JSON.", e);
    }
  }

  private static Path extracted(ZipFile zip, Path file) throws IOException {
    long most = Math.multiplyExact(Files.size(file) + (1 << 20), MAX_EXPANSION);
    try (InputStream in = entry(zip, WEIGHTS)) {
      Path temporary = temporary(file);
      try (OutputStream out = Files.newOutputStream(temporary)) {
        byte[] buffer = new byte[1 << 16];
        long left = most;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          left -= n;
          if (left < 0) {
            throw new SpyhopException(
                Strings.format(
                    "its weights would take more than %d times what the file has; it is not opened.",
                    MAX_EXPANSION));
          }
          try {
            out.write(buffer, 0, n);
          } catch (IOException e) {
            throw Folders.cannotWriteTemporary("the weights of " + file, e);
          }
        }
        return temporary;
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(temporary);
        throw e;
      }
    }
  }

  private static Path temporary(Path file) {
    try {
      return Files.createTempFile("spyhop-keras", ".h5");
    } catch (IOException e) {
      throw Folders.cannotWriteTemporary("the weights of " + file, e);
    }
  }

  /** The architecture as JSON. */
  String config() {
    return config;
  }

  /** Version of Keras that wrote it. */
  String version() {
    return version;
  }

  /** The HDF5 file of weights. */
  Path weights() {
    return weights;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(weights);
  }
}
