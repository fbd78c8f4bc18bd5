package sc.fiji.spyhop.exchange.bioimage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.YamlFile;

/** The files that a description names, as far as an import has need of them. */
public final class DescribedFiles {

  private static final Set<String> NAMING =
      Set.of("source", "test_tensor", "test_inputs", "test_outputs", "covers", "documentation");

  private final Fields root;

  private DescribedFiles(Fields root) {
    this.root = root;
  }

  /**
   * A file.
   *
   * @param source its name beside the description, or an address
   * @param sha256 its checksum, if that is told
   * @param needed whether there is no import without it
   */
  public record Named(String source, Optional<String> sha256, boolean needed) {}

  /**
   * Reads a description.
   *
   * @param label names it in messages
   * @param yaml in UTF-8
   * @throws SpyhopException if it is none of a model
   */
  public static DescribedFiles of(String label, byte[] yaml) {
    String text = new String(yaml, StandardCharsets.UTF_8);
    Fields root =
        Fields.of(
            label, "", YamlFile.read(label, text.startsWith("\uFEFF") ? text.substring(1) : text));
    String type = root.text("type").orElse("model");
    if (!type.equals("model")) throw root.wrong("type", "model", type);
    return new DescribedFiles(root);
  }

  /**
   * One kind of weights, the test, the first cover and the documentation.
   *
   * @throws SpyhopException if there are no weights that can be read
   */
  public List<Named> files() {
    List<Named> files = new ArrayList<>();
    Fields weights = root.map("weights").map(WeightsFile.kind(root));
    add(files, weights, weights.values(), true);
    if (weights.has("external_data")) {
      add(files, weights, weights.values().get("external_data"), true);
    }
    for (String side : List.of("inputs", "outputs")) {
      for (Fields tensor : root.maps(side)) {
        add(files, tensor, tensor.values().get("test_tensor"), true);
      }
      for (Object test : root.list("test_" + side)) add(files, root, test, true);
    }
    root.list("covers").stream().limit(1).forEach(c -> add(files, root, c, false));
    add(files, root, root.values().get("documentation"), false);
    return files;
  }

  private static void add(List<Named> files, Fields at, Object named, boolean needed) {
    if (named == null || named.equals("")) return;
    Fields file =
        Fields.of(at.file(), at.path(), named instanceof String s ? Map.of("source", s) : named);
    files.add(new Named(file.required("source"), file.text("sha256"), needed));
  }

  /**
   * The description with other names of files.
   *
   * @param names by those in the description; others stay
   */
  public String with(Map<String, String> names) {
    try {
      return new YAMLMapper().writeValueAsString(renamed(root.values(), false, names));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static Object renamed(Object value, boolean names, Map<String, String> local) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((k, v) -> copy.put(String.valueOf(k), renamed(v, NAMING.contains(k), local)));
      return copy;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(v -> renamed(v, names, local)).toList();
    }
    return names && value instanceof String text ? local.getOrDefault(text, text) : value;
  }
}
