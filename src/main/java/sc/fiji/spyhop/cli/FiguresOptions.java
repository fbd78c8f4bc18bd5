package sc.fiji.spyhop.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.util.AtomicFile;

/** Figures that an evaluation also writes to a file. */
final class FiguresOptions {

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--force", description = "Replace files that exist.")
  private boolean force;

  /**
   * Refuses to replace what is there unasked, or what is read; before any work.
   *
   * @param more other files to write
   */
  @SafeVarargs
  final void check(Job job, Optional<Path>... more) {
    json.ifPresent(file -> job.requireFree(file, force));
    for (Optional<Path> other : more) other.ifPresent(file -> job.requireFree(file, force));
  }

  void write(Map<String, Object> figures) {
    json.ifPresent(file -> write(file, figures));
  }

  private static void write(Path file, Map<String, Object> figures) {
    byte[] text;
    try {
      text =
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(figures);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    AtomicFile.write(file, out -> out.write(text));
  }
}
