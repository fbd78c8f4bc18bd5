package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Networks found out by names and shapes of their weights: U-Nets of families whose code is public
 * ({@link UNetFamily}). Where weights do not tell all, there are several candidates, between which
 * only a test decides.
 */
public final class TorchNetworks {

  /** Put in front of all names by what wraps a network. */
  private static final List<String> WRAPPERS =
      List.of("module.", "model.", "net.", "unet.", "network.", "_orig_mod.");

  private TorchNetworks() {}

  /**
   * The network of weights that stand alone. Its output is that of its last convolution, or of the
   * function that a TorchScript archive names.
   *
   * @throws SpyhopException if nothing tells which it is; says what to do
   */
  public static Imported only(TorchFile file) {
    UNetFamily family = family(file);
    if (family.open()) {
      throw new SpyhopException(
          "names and shapes of its weights are those of "
              + family.label()
              + ", but do not tell which functions it has and how it makes maps larger. Export the"
              + " network to ONNX (torch.onnx.export), or import it as a bioimage.io package with"
              + " its test, which decides.");
    }
    Weights weights = bare(file.weights());
    Function last = file.lastFunction().orElse(Function.IDENTITY);
    return built(family, weights, family.variants().get(0), last);
  }

  /**
   * All networks that weights may be those of, likely ones first.
   *
   * @param last function that the network is known to end with
   * @throws SpyhopException if no family has such names and shapes
   */
  public static List<Imported> candidates(TorchFile file, Optional<Function> last) {
    UNetFamily family = family(file);
    Weights weights = bare(file.weights());
    List<Function> ends =
        last.or(file::lastFunction)
            .map(List::of)
            .orElseGet(() -> List.of(Function.IDENTITY, Function.SIGMOID, Function.SOFTMAX));
    List<Imported> all = new ArrayList<>();
    for (UNetFamily.Variant variant : family.variants()) {
      for (Function end : ends) all.add(built(family, weights, variant, end));
    }
    return all;
  }

  private static Imported built(
      UNetFamily family, Weights weights, UNetFamily.Variant variant, Function last) {
    try {
      return family.build(weights, variant, last);
    } catch (SpyhopException e) {
      throw new SpyhopException(
          Strings.format(
              "names of its weights are like those of %s, but %s. Export the network to ONNX (torch.onnx.export), or say which it is with --network.",
              family.label(), e.getMessage().replaceAll("\\.$", "")),
          e);
    }
  }

  private static UNetFamily family(TorchFile file) {
    Weights weights = bare(file.weights());
    return Stream.of(UNetFamily.values())
        .filter(f -> f.takes(weights))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "has weights only (%s, ...), and their names are those of no network that Spyhop knows (%s). Say whose they are with --network: a preset, layers in notation, or a model of Spyhop; or export the network to ONNX (torch.onnx.export).",
                        weights.tensors().keySet().stream()
                            .limit(3)
                            .map(Strings::visible)
                            .collect(Collectors.joining(", ")),
                        Stream.of(UNetFamily.values())
                            .map(UNetFamily::label)
                            .collect(Collectors.joining("; ")))));
  }

  /** Without what wrappers put in front of all names. */
  private static Weights bare(Weights weights) {
    Map<String, Tensor> tensors = weights.tensors();
    while (true) {
      Map<String, Tensor> now = tensors;
      Optional<String> wrapper =
          WRAPPERS.stream()
              .filter(w -> now.keySet().stream().allMatch(n -> n.startsWith(w)))
              .findFirst();
      if (wrapper.isEmpty()) return new Weights(tensors);
      Map<String, Tensor> shorter = new LinkedHashMap<>();
      now.forEach((name, tensor) -> shorter.put(name.substring(wrapper.get().length()), tensor));
      tensors = shorter;
    }
  }
}
