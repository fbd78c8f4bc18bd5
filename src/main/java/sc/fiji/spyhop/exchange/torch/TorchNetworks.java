package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
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
      List.of("module.", "model.", "net.", "unet.", "network.", "_orig_mod.", "0.");

  private static final Map<String, Function> FUNCTIONS =
      Map.of("sigmoid", Function.SIGMOID, "softmax", Function.SOFTMAX);

  private static final String EXPORT = "Export the network to ONNX (torch.onnx.export).";

  private TorchNetworks() {}

  /**
   * The network of weights that stand alone. Of a TorchScript archive the code tells what comes
   * behind the last convolution; of weights alone that is not known, taken for nothing, and said.
   *
   * @throws SpyhopException if nothing tells which it is, or the code does what is not understood;
   *     says what to do
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
    Optional<String> unclear = file.script().flatMap(ScriptEnd::unclear);
    if (unclear.isPresent()) {
      throw new SpyhopException(
          Strings.format(
              "names of its weights are those of %s, but its code has what is not understood: %s. %s",
              family.label(), unclear.get(), EXPORT));
    }
    Function last = last(file).orElse(Function.IDENTITY);
    Imported read = built(family, file, family.variants().get(0), last);
    List<String> notes = new ArrayList<>(read.notes());
    notes.add(
        file.script().isEmpty()
            ? "What comes behind the last convolution is not in the weights, and was taken for"
                + " nothing: compare what the model says with PyTorch."
            : Strings.format(
                "Behind the last convolution its code has %s.",
                last == Function.IDENTITY
                    ? "nothing"
                    : "a " + last.name().toLowerCase(Locale.ROOT)));
    return new Imported(read.network(), read.weights(), notes);
  }

  /**
   * The function that code ends with; nothing if there is no code, or code that is not understood.
   *
   * @throws SpyhopException naming another than the layers that a model ends with
   */
  private static Optional<Function> last(TorchFile file) {
    Optional<ScriptEnd> clear = file.script().filter(s -> s.unclear().isEmpty());
    if (clear.isEmpty()) return Optional.empty();
    List<String> functions = clear.get().functions();
    if (functions.isEmpty()) return Optional.of(Function.IDENTITY);
    if (functions.size() == 1 && FUNCTIONS.containsKey(functions.get(0))) {
      return Optional.of(FUNCTIONS.get(functions.get(0)));
    }
    throw new SpyhopException(
        Strings.format(
            "behind the last convolution its code has %s, where a sigmoid, a softmax or nothing is expected. %s",
            functions.stream().map(Strings::visible).collect(Collectors.joining(", then ")),
            EXPORT));
  }

  /**
   * All networks that weights may be those of, likely ones first.
   *
   * @param described function that the network is said to end with; what its code says counts
   *     instead, and code that is not understood leaves all open
   * @throws SpyhopException if no family has such names and shapes
   */
  public static List<Imported> candidates(TorchFile file, Optional<Function> described) {
    UNetFamily family = family(file);
    boolean isUnclear = file.script().flatMap(ScriptEnd::unclear).isPresent();
    List<Function> ends =
        last(file)
            .or(() -> isUnclear ? Optional.empty() : described)
            .map(List::of)
            .orElseGet(() -> List.of(Function.IDENTITY, Function.SIGMOID, Function.SOFTMAX));
    List<Imported> all = new ArrayList<>();
    for (UNetFamily.Variant variant : family.variants()) {
      for (Function end : ends) all.add(built(family, file, variant, end));
    }
    return all;
  }

  private static Imported built(
      UNetFamily family, TorchFile file, UNetFamily.Variant variant, Function last) {
    try {
      Imported built = family.build(bare(file.weights()), variant, last);
      requireLast(built.network(), file);
      return file.told(built);
    } catch (SpyhopException e) {
      throw new SpyhopException(
          Strings.format(
              "names of its weights are like those of %s, but %s. Export the network to ONNX (torch.onnx.export), or say which it is with --network.",
              family.label(), e.getMessage().replaceAll("\\.$", "")),
          e);
    }
  }

  /** Refuses code that ends with another convolution. */
  private static void requireLast(Network network, TorchFile file) {
    Optional<String> theirs =
        file.script().filter(s -> s.unclear().isEmpty()).map(ScriptEnd::convolution);
    String ours =
        network.layers().stream()
            .filter(Convolution.class::isInstance)
            .map(Layer::name)
            .reduce("", (before, name) -> name);
    if (theirs.isEmpty() || ("." + theirs.get()).endsWith("." + ours)) return;
    throw new SpyhopException(
        "its code ends with " + Strings.visible(theirs.get()) + " rather than " + ours);
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
