package sc.fiji.spyhop.exchange.bioimage;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.keras.KerasImport;
import sc.fiji.spyhop.exchange.onnx.OnnxImport;
import sc.fiji.spyhop.exchange.torch.TorchFile;
import sc.fiji.spyhop.exchange.torch.TorchNetworks;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * The network of a described model, of those of its weights that can be read.
 *
 * @param kind as the description calls it, such as {@code onnx}
 * @param candidates one if the file tells what the network is; several where weights of PyTorch
 *     leave something open, likely ones first, between which the test decides
 */
record WeightsFile(String kind, List<Imported> candidates) {

  private static final String ONNX = "onnx";

  private static final List<String> TORCH =
      List.of("torchscript", "pytorch_script", "pytorch_state_dict");

  /** In order of preference. */
  private static final List<String> READABLE =
      List.of(
          ONNX, "keras_hdf5", "keras_v3", "torchscript", "pytorch_script", "pytorch_state_dict");

  private static final Map<String, Function> FUNCTIONS =
      Map.of("sigmoid", Function.SIGMOID, "softmax", Function.SOFTMAX);

  /** Copies the list. */
  WeightsFile {
    candidates = List.copyOf(candidates);
  }

  /**
   * Reads weights.
   *
   * @param size height and width of the images it will be given, where the network leaves them open
   * @throws SpyhopException if there are none that can be read, naming which there are
   */
  static WeightsFile of(Fields root, BioimageFolder folder, Optional<List<Integer>> size) {
    String kind = kind(root);
    Fields entry = root.map("weights").map(kind);
    Path file = folder.file(entry);
    if (kind.equals(ONNX)) folder.unpackBeside(entry);
    List<Imported> candidates =
        TORCH.contains(kind)
            ? torch(folder, entry, file)
            : List.of(
                kind.equals(ONNX) ? OnnxImport.read(file, size) : KerasImport.read(file, size));
    try {
      candidates.get(0).whole().weights().requireFinite();
    } catch (SpyhopException e) {
      throw new SpyhopException(folder + ": " + e.getMessage(), e);
    }
    return new WeightsFile(kind, candidates);
  }

  /**
   * The kind of weights that is read.
   *
   * @throws SpyhopException if there is none, naming which there are
   */
  static String kind(Fields root) {
    Fields all = root.map("weights");
    return READABLE.stream()
        .filter(all::has)
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "%s: expected weights as onnx, keras_hdf5, torchscript or pytorch_state_dict, received %s only. Convert the network to ONNX and name that file in the description, under weights: onnx: source:.",
                        root.file(),
                        all.names().isEmpty()
                            ? "none"
                            : Strings.visible(String.join(", ", all.names())))));
  }

  /** Code that a description names is not looked at; what its settings say of the end counts. */
  private static List<Imported> torch(BioimageFolder folder, Fields entry, Path file) {
    Fields settings = entry.map("kwargs");
    if (entry.values().get("architecture") instanceof Map<?, ?>) {
      settings = entry.map("architecture").map("kwargs");
    }
    Optional<Function> last =
        settings.text("final_activation").map(name -> FUNCTIONS.get(name.toLowerCase(Locale.ROOT)));
    TorchFile read = TorchFile.read(file);
    try {
      return TorchNetworks.candidates(read, last);
    } catch (SpyhopException e) {
      throw new SpyhopException(folder + ": " + FileNames.last(file) + ": " + e.getMessage(), e);
    }
  }
}
