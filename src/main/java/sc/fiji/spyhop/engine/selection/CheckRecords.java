package sc.fiji.spyhop.engine.selection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CacheFolder;
import sc.fiji.spyhop.util.Version;

/**
 * Verdicts on engines, kept from one start to the next: a small JSON file for each, named by all
 * that the numbers may depend on, which is written into it as well. What cannot be read is as good
 * as not there, and where nothing can be written each start checks anew.
 */
final class CheckRecords {

  /** To be raised when {@link ArithmeticCheck} changes. */
  private static final int CHECK = 1;

  private static final long MAX_BYTES = 1 << 16;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> folder;
  private final Processor processor;

  /**
   * @param folder for the files, which need not exist; none: nothing is kept
   */
  CheckRecords(Optional<Path> folder, Processor processor) {
    this.folder = folder;
    this.processor = processor;
  }

  static CheckRecords ofUser() {
    return new CheckRecords(CacheFolder.path().map(p -> p.resolve("engines")), Processor.here());
  }

  Processor processor() {
    return processor;
  }

  Optional<Verdict> find(Engine engine, Device device) {
    Map<String, String> conditions = conditions(engine, device);
    return folder.map(f -> file(f, engine, conditions)).flatMap(f -> read(f, conditions));
  }

  void keep(Engine engine, Device device, Verdict verdict) {
    if (folder.isEmpty()) return;
    Map<String, String> conditions = conditions(engine, device);
    ObjectNode node = JSON.createObjectNode();
    node.put("checked", verdict.when().toString());
    verdict.fault().ifPresent(fault -> node.put("fault", fault));
    node.set("conditions", JSON.valueToTree(conditions));
    try {
      Files.createDirectories(folder.get());
      byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
      AtomicFile.write(file(folder.get(), engine, conditions), out -> out.write(text));
    } catch (IOException | SpyhopException e) {
      // then the next start checks anew, which takes a tenth of a second
    }
  }

  private Map<String, String> conditions(Engine engine, Device device) {
    Map<String, String> all = new TreeMap<>(processor.properties());
    Library library = engine.library();
    all.put("Spyhop", Version.number());
    all.put("check", Integer.toString(CHECK));
    all.put("device", device.toString());
    all.put("library", library.name());
    all.put("instructions", library.instructions());
    all.put("threads", Integer.toString(library.threads()));
    all.put("details", library.details());
    if (engine instanceof GuardedEngine g) all.put("jar", Plugins.version(g.engine()));
    System.getenv()
        .forEach(
            (key, value) -> {
              if (key.matches("(ONEDNN|DNNL|OPENBLAS|ORT|MKL)_.*")) all.put(key, value);
            });
    return all;
  }

  private static Path file(Path folder, Engine engine, Map<String, String> conditions) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] hash = sha.digest(JSON.writeValueAsBytes(conditions));
      return folder.resolve(engine.name() + "-" + HexFormat.of().formatHex(hash, 0, 8) + ".json");
    } catch (NoSuchAlgorithmException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Verdict> read(Path file, Map<String, String> conditions) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) return Optional.empty();
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (!JSON.valueToTree(conditions).equals(node.path("conditions"))) return Optional.empty();
      Instant when = Instant.parse(node.path("checked").asText());
      return Optional.of(new Verdict(Optional.ofNullable(node.path("fault").asText(null)), when));
    } catch (IOException | DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
