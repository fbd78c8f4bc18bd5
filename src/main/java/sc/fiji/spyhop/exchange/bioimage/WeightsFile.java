package sc.fiji.spyhop.exchange.bioimage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.keras.KerasImport;
import sc.fiji.spyhop.exchange.onnx.OnnxImport;
import sc.fiji.spyhop.util.Strings;

/**
 * The network of a described model, of those of its weights that can be read.
 *
 * @param kind as the description calls it, such as {@code onnx}
 */
record WeightsFile(String kind, Imported imported) {

  private static final String ONNX = "onnx";

  /** In order of preference. */
  private static final List<String> READABLE = List.of(ONNX, "keras_hdf5", "keras_v3");

  /**
   * Reads weights.
   *
   * @param size height and width of the images it will be given, where the network leaves them open
   * @throws SpyhopException if there are none that can be read, naming which there are
   */
  static WeightsFile of(Fields root, BioimageFolder folder, Optional<List<Integer>> size) {
    Fields all = root.map("weights");
    String kind =
        READABLE.stream()
            .filter(all::has)
            .findFirst()
            .orElseThrow(
                () ->
                    new SpyhopException(
                        Strings.format(
                            "%s: expected weights as onnx (or keras_hdf5), received %s only. Convert the network to ONNX and name that file in the description, under weights: onnx: source:.",
                            root.file(),
                            all.names().isEmpty()
                                ? "none"
                                : Strings.visible(String.join(", ", all.names())))));
    Fields entry = all.map(kind);
    Path file = folder.file(entry);
    if (kind.equals(ONNX)) folder.unpackBeside(entry);
    Imported imported =
        kind.equals(ONNX) ? OnnxImport.read(file, size) : KerasImport.read(file, size);
    try {
      imported.whole().weights().requireFinite();
    } catch (SpyhopException e) {
      throw new SpyhopException(folder + ": " + e.getMessage(), e);
    }
    return new WeightsFile(kind, imported);
  }
}
