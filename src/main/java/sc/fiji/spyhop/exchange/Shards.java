package sc.fiji.spyhop.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/**
 * Weights in one file of safetensors or several, of which an index tells which tensor is where, as
 * <a href="https://huggingface.co/docs/safetensors">Hugging Face</a> writes them.
 */
final class Shards {

  /** Ending of the name of an index. */
  static final String INDEX = ".safetensors.index.json";

  private static final Pattern PART = Pattern.compile("(.*)-[0-9]+-of-[0-9]+\\.safetensors");

  private static final long MAX_INDEX = 64 << 20;

  private Shards() {}

  /**
   * All weights that belong together.
   *
   * @param file one with all of them, an index, or one of the parts with the index beside it
   * @throws SpyhopException if a part or the index is missing or not sound
   * @throws IOException if one cannot be read
   */
  static Weights weights(Path file) throws IOException {
    Optional<Path> index = index(file);
    return index.isPresent() ? joined(index.get()) : Safetensors.read(file).weights();
  }

  private static Optional<Path> index(Path file) {
    String name = FileNames.last(file);
    if (name.endsWith(INDEX)) return Optional.of(file);
    Matcher part = PART.matcher(name);
    if (!part.matches()) return Optional.empty();
    Path index = FileNames.folder(file).resolve(part.group(1) + INDEX);
    if (Files.isRegularFile(index)) return Optional.of(index);
    throw new SpyhopException(
        Strings.format(
            "%s: is one of several files. Put the others and their index, %s, beside it.",
            file, FileNames.last(index)));
  }

  private static Weights joined(Path index) throws IOException {
    if (Files.size(index) > MAX_INDEX) throw new SpyhopException(index + ": is too large.");
    JsonNode where = JsonMapper.builder().build().readTree(index.toFile()).path("weight_map");
    Map<String, Map<String, Tensor>> parts = new HashMap<>();
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> i = where.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = i.next();
      String part = entry.getValue().asText();
      if (!part.matches("[\\w.-]+\\.safetensors")) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected names of safetensors files beside it, received \"%s\".",
                index, Strings.visible(part)));
      }
      if (!parts.containsKey(part)) {
        Path file = FileNames.folder(index).resolve(part);
        if (!Files.isRegularFile(file)) {
          throw new SpyhopException(file + ": is missing, of the files that " + index + " names.");
        }
        parts.put(part, Safetensors.read(file).weights().tensors());
      }
      Tensor tensor = parts.get(part).get(entry.getKey());
      if (tensor == null) {
        throw new SpyhopException(
            Strings.format("%s: tensor %s is not in %s.", index, entry.getKey(), part));
      }
      all.put(entry.getKey(), tensor);
    }
    if (all.isEmpty()) {
      throw new SpyhopException(
          index
              + ": expected a weight_map that tells which tensor is in which file, received none.");
    }
    return new Weights(all);
  }
}
