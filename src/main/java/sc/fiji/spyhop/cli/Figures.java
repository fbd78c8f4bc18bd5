package sc.fiji.spyhop.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;

/** Runs programs that print a line of JSON for each thing they timed. */
final class Figures {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Figures() {}

  /** A command of the system's shell. */
  static List<String> shell(String command) {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return windows ? List.of("cmd", "/c", command) : List.of("sh", "-c", command);
  }

  /**
   * Runs a program to its end. What it says on standard error goes to ours.
   *
   * @param what it is called in messages
   * @return {@code median_ms} by {@code name}, in the order printed; other lines are passed over
   * @throws SpyhopException if it cannot be run, fails, or prints no figures
   * @throws CancellationException if the user asks to stop; the program is ended too
   */
  static Map<String, Double> of(String what, List<String> program, Console console) {
    Path output = temporaryFile();
    Process process = null;
    try {
      process =
          new ProcessBuilder(program)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
        if (console.isStopRequested()) throw new CancellationException("Cancelled.");
      }
      if (process.exitValue() != 0) {
        throw new SpyhopException(
            what
                + " ended with code "
                + process.exitValue()
                + ", expected 0. Run it by itself to see why.");
      }
      Map<String, Double> figures = parse(Files.readString(output, StandardCharsets.UTF_8));
      if (figures.isEmpty()) {
        throw new SpyhopException(
            what
                + " printed no figures: expected lines such as {\"name\": \"lenet infer b128\","
                + " \"median_ms\": 6.3}.");
      }
      return figures;
    } catch (IOException e) {
      throw new SpyhopException(what + " cannot be run: " + AtomicFile.reason(e) + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Cancelled.");
    } finally {
      if (process != null && process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
      }
      output.toFile().delete();
    }
  }

  private static Path temporaryFile() {
    try {
      return Files.createTempFile("spyhop-figures", ".txt");
    } catch (IOException e) {
      throw Folders.cannotWriteTemporary("What the program prints", e);
    }
  }

  private static Map<String, Double> parse(String text) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      if (!line.strip().startsWith("{")) continue;
      try {
        JsonNode figure = JSON.readTree(line);
        JsonNode ms = figure.path("median_ms");
        if (figure.path("name").isTextual() && ms.isNumber() && ms.asDouble() > 0) {
          figures.put(figure.get("name").asText(), ms.asDouble());
        }
      } catch (JsonProcessingException e) {
        // not one of the lines that matter
      }
    }
    return figures;
  }
}
