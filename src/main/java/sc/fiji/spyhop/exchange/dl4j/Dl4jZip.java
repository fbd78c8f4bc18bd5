package sc.fiji.spyhop.exchange.dl4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.ZipEntries;

/**
 * A zip file as Deeplearning4j's ModelSerializer writes it. Of its entries, the description of the
 * network and its parameters are read and nothing else; what may be in others (the state of an
 * updater, a normalizer, serialized objects) is not opened.
 */
final class Dl4jZip {

  private static final String CONFIGURATION = "configuration.json";
  private static final String COEFFICIENTS = "coefficients.bin";
  private static final int MAX_CONFIGURATION = 1 << 26;

  private Dl4jZip() {}

  /** What is made of a network. */
  interface Use<T> {
    T with(JsonNode configuration, Coefficients.Reader coefficients) throws IOException;
  }

  /** Whether a file is a zip file with such a description. */
  static boolean isAt(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
      return zip.getEntry(CONFIGURATION) != null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Opens a file, and closes it.
   *
   * @throws SpyhopException if it is not sound or not of this kind; names the file
   */
  static <T> T read(Path file, Use<T> use) {
    try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8);
        InputStream configuration = entry(zip, CONFIGURATION);
        InputStream coefficients = entry(zip, COEFFICIENTS)) {
      byte[] text = configuration.readNBytes(MAX_CONFIGURATION + 1);
      if (text.length > MAX_CONFIGURATION) {
        throw new SpyhopException(CONFIGURATION + " holds more than 64 MB; it is not opened.");
      }
      return use.with(
          JsonMapper.builder().build().readTree(text), new Coefficients.Reader(coefficients));
    } catch (SpyhopException e) {
      throw new SpyhopException(file + ": " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      throw new SpyhopException(file + ": " + CONFIGURATION + " is not sound JSON.", e);
    } catch (EOFException e) {
      throw new SpyhopException(
          file + ": " + COEFFICIENTS + " is cut off. Get the file again, in full.", e);
    } catch (ZipException e) {
      throw new SpyhopException(
          file + ": is not a sound zip file (" + e.getMessage() + "). Get it again, in full.", e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
  }

  private static InputStream entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new SpyhopException(
          "expected a network of Deeplearning4j, a zip file with "
              + CONFIGURATION
              + " and "
              + COEFFICIENTS
              + " as ModelSerializer writes it; there is no "
              + name
              + " in it.");
    }
    return zip.getInputStream(entry);
  }

  /** Writes a network. */
  static void write(JsonNode configuration, Coefficients.Writer coefficients, OutputStream out)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    zip.putNextEntry(ZipEntries.undated(CONFIGURATION));
    zip.write(
        JsonMapper.builder()
            .build()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(configuration));
    zip.putNextEntry(ZipEntries.undated(COEFFICIENTS));
    coefficients.write(zip);
    zip.finish();
  }
}
