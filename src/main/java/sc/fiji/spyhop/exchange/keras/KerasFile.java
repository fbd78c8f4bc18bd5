package sc.fiji.spyhop.exchange.keras;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;

/**
 * An HDF5 file of Keras, or a {@link KerasArchive}: the description of the model, where there is
 * one, and the weights of each layer. Data sets are read when asked for. Links, which could lead
 * out of the file, are refused.
 */
final class KerasFile implements AutoCloseable {

  private static final int MAX_LAYERS = 20_000;

  /** Most times as many bytes of values as the file has, for compressed data sets. */
  private static final long MAX_EXPANSION = 64;

  /**
   * A tensor of a layer.
   *
   * @param name its own, such as {@code kernel}, without scope and {@code :0}
   */
  record Weight(String name, List<Integer> shape, Dataset data) {}

  private final Path path;
  private final Optional<KerasArchive> archive;
  private final HdfFile file;
  private final Group root;
  private final long mostBytes;

  private KerasFile(Path path, Optional<KerasArchive> archive, HdfFile file, long size) {
    this.path = path;
    this.archive = archive;
    this.file = file;
    Node weights = file.getChildren().get("model_weights");
    this.root = weights instanceof Group g && !weights.isLink() ? g : file;
    this.mostBytes = Math.multiplyExact(size + (1 << 20), MAX_EXPANSION);
  }

  /** Something is done with a file while it is open. */
  interface Use<T> {
    T with(KerasFile file);
  }

  /**
   * Opens a file, and closes it.
   *
   * @throws SpyhopException if it cannot be read or is no such file
   */
  static <T> T read(Path path, Use<T> use) {
    try {
      if (!KerasArchive.isAt(path)) return read(path, path, Optional.empty(), use);
      try (KerasArchive archive = KerasArchive.open(path)) {
        return read(path, archive.weights(), Optional.of(archive), use);
      }
    } catch (SpyhopException e) {
      throw e.getMessage().startsWith(path.toString())
          ? e
          : new SpyhopException(path + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new SpyhopException(path + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw unsound(path, e);
    } catch (OutOfMemoryError e) {
      // a damaged file may say that a part of it is larger than all of it
      if (path.toFile().length() > Runtime.getRuntime().maxMemory() / 8) throw e;
      throw unsound(path, e);
    }
  }

  private static <T> T read(Path path, Path weights, Optional<KerasArchive> archive, Use<T> use)
      throws IOException {
    if (!HdfSignature.isAt(weights)) {
      throw new SpyhopException(
          archive.isPresent()
              ? "its weights are not an HDF5 file. Is it whole, and of Keras?"
              : "is not an HDF5 file. Is it whole, and of Keras?");
    }
    try (KerasFile file = new KerasFile(path, archive, new HdfFile(weights), Files.size(weights))) {
      return use.with(file);
    }
  }

  private static SpyhopException unsound(Path path, Throwable e) {
    return new SpyhopException(path + ": is not a sound file of Keras, or is cut off.", e);
  }

  private Optional<String> configuration() {
    return archive.map(KerasArchive::config).or(() -> text(file, "model_config"));
  }

  /** The architecture; empty if the file has weights only. */
  Optional<JsonNode> architecture() {
    return configuration().map(KerasFile::json);
  }

  private static JsonNode json(String text) {
    try {
      return JsonMapper.builder().build().readTree(text);
    } catch (JsonProcessingException e) {
      throw new SpyhopException("the description of the model is not sound JSON.", e);
    }
  }

  /** Version of Keras that wrote it; empty if it does not say. */
  String version() {
    return archive
        .map(KerasArchive::version)
        .or(() -> text(root, "keras_version"))
        .or(() -> text(file, "keras_version"))
        .orElse("");
  }

  private static Optional<String> text(Node node, String name) {
    Attribute attribute = node.getAttribute(name);
    if (attribute == null) return Optional.empty();
    return attribute.getData() instanceof String s ? Optional.of(s) : Optional.empty();
  }

  /** Whether it has weights only, as Keras 3 keeps them, by type of layer. */
  boolean isThird() {
    return root.getAttribute("layer_names") == null && ThirdWeights.isIn(root);
  }

  /** Weights by layer, in the order of the file; layers without any are left out. */
  Map<String, List<Weight>> weights() {
    Map<String, List<Weight>> all = new LinkedHashMap<>();
    if (archive.isPresent()) {
      ThirdWeights.byLayer(root, architecture().orElseThrow())
          .forEach(
              (layer, names) -> all.put(layer, names.stream().map(n -> weight(root, n)).toList()));
      return all;
    }
    if (isThird()) {
      for (String layer : layers()) {
        if (all.size() > MAX_LAYERS) throw new SpyhopException("has too many layers.");
        all.put(
            layer, ThirdWeights.values(root, layer).stream().map(n -> weight(root, n)).toList());
      }
      return all;
    }
    for (String layer : names(root, "layer_names")) {
      if (all.size() > MAX_LAYERS) throw new SpyhopException("has too many layers.");
      Group group = group(root, layer);
      List<Weight> own = new ArrayList<>();
      for (String name : names(group, "weight_names")) {
        Weight weight = weight(group, name);
        own.add(weight);
        String[] scopes = name.split("/");
        // of a layer within a model that is itself a layer
        if (scopes.length > 1 && !scopes[scopes.length - 2].equals(layer)) {
          all.computeIfAbsent(scopes[scopes.length - 2], k -> new ArrayList<>()).add(weight);
        }
      }
      if (!own.isEmpty()) all.put(layer, own);
    }
    if (all.isEmpty()) throw new SpyhopException("expected layers with weights, found none.");
    return all;
  }

  /** The names of top layers that have weights, in the order of the file. */
  List<String> layers() {
    if (isThird()) return ThirdWeights.layers(root);
    return names(root, "layer_names").stream()
        .filter(n -> !names(group(root, n), "weight_names").isEmpty())
        .toList();
  }

  private static List<String> names(Node node, String attribute) {
    Attribute names = node.getAttribute(attribute);
    List<String> all = new ArrayList<>();
    for (int i = 0; names == null && node.getAttribute(attribute + i) != null; i++) {
      all.addAll(strings(node.getAttribute(attribute + i).getData()));
    }
    return names == null ? all : strings(names.getData());
  }

  private static List<String> strings(Object data) {
    if (data instanceof String s) return List.of(s);
    if (data instanceof String[] s) return Arrays.stream(s).map(String::strip).toList();
    return List.of();
  }

  private static Group group(Group parent, String name) {
    Group group = parent;
    for (String part : name.split("/")) {
      if (!(group.getChildren().get(part) instanceof Group child) || child.isLink()) {
        throw new SpyhopException("there is no group " + name + " for a layer of that name.");
      }
      group = child;
    }
    return group;
  }

  private Weight weight(Group group, String name) {
    Node node = group;
    for (String part : name.split("/")) {
      node = node instanceof Group g ? g.getChildren().get(part) : null;
      if (node == null || node.isLink()) {
        throw new SpyhopException("the weights " + name + " are not in the file.");
      }
    }
    if (!(node instanceof Dataset data)) {
      throw new SpyhopException("expected values as " + name + ", received something else.");
    }
    List<Integer> shape = Arrays.stream(data.getDimensions()).boxed().toList();
    long count = 1;
    for (int size : shape) count = Math.multiplyExact(count, (long) size);
    if (count > Integer.MAX_VALUE || 4 * count > mostBytes) {
      throw new SpyhopException("the weights " + name + " say they are larger than the file.");
    }
    String own = name.substring(name.lastIndexOf('/') + 1).replaceFirst(":\\d+$", "");
    return new Weight(own, shape, data);
  }

  /** The values, row-major. */
  static float[] values(Weight weight) {
    Object flat = weight.data().getDataFlat();
    if (flat instanceof float[] f) return f;
    if (flat instanceof Float f) return new float[] {f};
    if (flat instanceof double[] d) {
      float[] f = new float[d.length];
      for (int i = 0; i < f.length; i++) f[i] = (float) d[i];
      return f;
    }
    throw new SpyhopException("expected real numbers as weights, received others.");
  }

  @Override
  public void close() {
    file.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
