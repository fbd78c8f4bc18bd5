package sc.fiji.spyhop.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.caffe.CaffeImport;
import sc.fiji.spyhop.exchange.dl4j.Dl4jImport;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.NoLayerException;
import sc.fiji.spyhop.exchange.graph.WeightsOnly;
import sc.fiji.spyhop.exchange.keras.KerasImport;
import sc.fiji.spyhop.exchange.onnx.OnnxFile;
import sc.fiji.spyhop.exchange.onnx.OnnxImport;
import sc.fiji.spyhop.exchange.onnx.OnnxValues;
import sc.fiji.spyhop.exchange.torch.OntoNetwork;
import sc.fiji.spyhop.exchange.torch.TorchFile;
import sc.fiji.spyhop.exchange.torch.TorchNetworks;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Architectures;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.WrongDownload;

/**
 * A file of another program with a network or the weights of one.
 *
 * @param file {@code .onnx}, {@code .h5}, {@code .keras}, {@code .caffemodel}, {@code .prototxt},
 *     {@code .safetensors}, of PyTorch {@code .pt} or {@code .pth}, or, of Deeplearning4j, {@code
 *     .zip}
 * @param architecture for files with weights only: a prototxt, a model of Spyhop, or a preset;
 *     empty: what the file says itself, or the prototxt beside it
 * @param names for safetensors and PyTorch: a file with a pair of names a line, theirs and ours
 * @param output name of the only output that is wanted; empty: all
 */
public record Source(
    Path file, String architecture, Optional<Path> names, Optional<String> output) {

  /** A file that says all itself. */
  public static Source of(Path file) {
    return new Source(file, "", Optional.empty(), Optional.empty());
  }

  /** Formats by the ending of names. */
  enum Format {
    ONNX(".onnx"),
    KERAS(".h5", ".hdf5", ".keras"),
    CAFFE(".caffemodel", ".prototxt"),
    DL4J(".zip"),
    SAFETENSORS(".safetensors", Shards.INDEX),
    TORCH(".pt", ".pth", ".torchscript");

    private final List<String> endings;

    Format(String... endings) {
      this.endings = List.of(endings);
    }

    static Optional<Format> of(Path file) {
      String name = FileNames.last(file).toLowerCase(Locale.ROOT);
      return Stream.of(values())
          .filter(f -> f.endings.stream().anyMatch(name::endsWith))
          .findFirst();
    }
  }

  /** Whether a zip file is a network of Deeplearning4j, rather than a bioimage.io model. */
  public static boolean isOfDl4j(Path file) {
    return Format.of(file).equals(Optional.of(Format.DL4J)) && Dl4jImport.takes(file);
  }

  /** Whether it is a file that can be kept as it is. */
  boolean isOnnx() {
    return Format.of(file).equals(Optional.of(Format.ONNX));
  }

  /**
   * Takes the network as it is.
   *
   * @param size as for {@link #read}
   * @param missing types of operators that have no layer; empty: as was asked for
   * @throws SpyhopException if it is no ONNX file, or one that ONNX Runtime does not run by itself
   */
  Imported asIs(Optional<List<Integer>> size, List<String> missing) {
    requireOnnx();
    return AsIs.read(file, size, output, missing);
  }

  /** The same of a detector, see {@link AsIs#detector}. */
  AsIs.Detector detector(Optional<List<Integer>> size, BoxOutputs outputs, List<String> named) {
    if (Format.of(file).equals(Optional.of(Format.CAFFE))) {
      Caffe caffe = caffe();
      byte[] onnx = CaffeImport.detector(caffe.prototxt(), caffe.caffemodel(), size);
      return AsIs.detector(file, OnnxFile.of(onnx), size, outputs, named);
    }
    requireOnnx();
    return AsIs.detector(file, OnnxFile.read(file), size, outputs, named);
  }

  private void requireOnnx() {
    if (!isOnnx()) {
      throw new SpyhopException(
          file + ": expected an ONNX file (.onnx), which alone can be kept as it is.");
    }
    refuseArchitecture();
  }

  /** What it is, for the model's description. */
  String describe() {
    return "imported from "
        + FileNames.last(file)
        + " ("
        + Format.of(file).map(f -> f.name().toLowerCase(Locale.ROOT)).orElse("unknown format")
        + ")";
  }

  /**
   * Reads the network.
   *
   * @param size height and width of the images it will be given, where it leaves them open
   * @throws SpyhopException if the file cannot be brought over
   */
  Imported read(Optional<List<Integer>> size) {
    if (!Files.isRegularFile(file)) {
      throw new SpyhopException(file + ": there is no such file.");
    }
    Format format =
        Format.of(file)
            .orElseThrow(
                () ->
                    new SpyhopException(
                        file
                            + ": expected an ONNX (.onnx), Keras (.h5, .keras), Caffe (.caffemodel with"
                            + " .prototxt), Deeplearning4j (.zip), PyTorch (.pt, .pth) or"
                            + " safetensors file."));
    if (names.isPresent() && format != Format.SAFETENSORS && format != Format.TORCH) {
      throw new SpyhopException("A file of names goes with a safetensors or PyTorch file only.");
    }
    WrongDownload.look(file)
        .ifPresent(
            what -> {
              throw new SpyhopException(file + ": " + what);
            });
    try {
      return read(format, size).whole();
    } catch (SpyhopException e) {
      String message = e.getMessage();
      throw message.startsWith(file.toString()) ? e : NoLayerException.named(file, e);
    }
  }

  private Imported read(Format format, Optional<List<Integer>> size) {
    return switch (format) {
      case ONNX -> {
        refuseArchitecture();
        yield SizeOfImages.read(asked -> OnnxImport.read(file, asked, output), size);
      }
      case KERAS ->
          architecture.isBlank()
              ? KerasImport.read(file, size, output)
              : KerasImport.onto(file, network(size));
      case CAFFE -> {
        Caffe caffe = caffe();
        yield CaffeImport.read(caffe.prototxt(), caffe.caffemodel(), size, output);
      }
      case DL4J -> {
        refuseArchitecture();
        yield Dl4jImport.read(file, size, output);
      }
      case SAFETENSORS -> safetensors(size);
      case TORCH -> {
        TorchFile torch = TorchFile.read(file);
        boolean isAlone = architecture.isBlank() && names.isEmpty();
        if (isAlone) yield TorchNetworks.only(torch);
        boolean isOnnx = architecture.toLowerCase(Locale.ROOT).endsWith(".onnx");
        yield torch.laid(
            isOnnx && names.isEmpty()
                ? OntoNetwork.of(
                    OnnxImport.read(Path.of(architecture), size, Optional.empty()), torch.weights())
                : WeightsOnly.onto(network(size), torch.weights(), pairs()));
      }
    };
  }

  /**
   * Holds what was read against another program.
   *
   * @param normalization of the values of pixels
   * @return what was found, or why nothing was checked; a sentence
   * @throws SpyhopException if they differ
   */
  String check(Imported imported, Normalization normalization, Progress progress) {
    Optional<Normalization.Fixed> range =
        Optional.of(normalization)
            .filter(n -> n instanceof Normalization.Fixed)
            .map(n -> (Normalization.Fixed) n);
    return isOnnx()
        ? TranslationCheck.ofFile(file, imported, range, progress)
        : TranslationCheck.ofExport(file, imported, range, progress);
  }

  /**
   * What Spyhop wrote into a file of the model that it exported.
   *
   * @throws SpyhopException if the file is not sound, or was written by a later version
   */
  Optional<ModelSpec> record() {
    if (!isOnnx() || !Files.isRegularFile(file) || WrongDownload.look(file).isPresent()) {
      return Optional.empty();
    }
    return OnnxValues.of(file).record().map(ModelFile::ofRecord);
  }

  /** A preset, layers in notation, or the network of a model of Spyhop. */
  private Network network(Optional<List<Integer>> size) {
    if (architecture.isBlank()) {
      throw new SpyhopException(
          file
              + ": has weights only. Say whose (--network): a preset such as vgg19, the input and"
              + " layers such as \"1x28x28 20C5 MP2 FC10\", a model of Spyhop, or the network as ONNX.");
    }
    if (architecture.endsWith(ModelFile.EXTENSION)) {
      return ModelFile.read(Path.of(architecture)).network();
    }
    if (architecture.toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      return OnnxImport.read(Path.of(architecture), size, Optional.empty()).network();
    }
    Optional<Shape> input = size.map(s -> Shape.of(3, s.get(0), s.get(1)));
    return Architectures.of(architecture, input, OptionalInt.empty());
  }

  private Imported safetensors(Optional<List<Integer>> size) {
    Network network = network(size);
    try {
      return WeightsOnly.onto(network, Shards.weights(file), pairs());
    } catch (SpyhopException e) {
      if (e.getMessage().contains(file.toString())) throw e;
      throw new SpyhopException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
  }

  /** Ours by theirs, from lines of two names. */
  private Map<String, String> pairs() {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (names.isEmpty()) return pairs;
    int line = 0;
    for (String text : lines(names.get())) {
      line++;
      String[] words = text.strip().split("[\\s=,]+");
      if (text.isBlank() || text.startsWith("#")) continue;
      if (words.length != 2 || pairs.put(words[0], words[1]) != null) {
        throw new SpyhopException(
            Strings.format(
                "%s: line %d: expected two names, theirs and ours, each once, received \"%s\".",
                names.get(), line, text.strip()));
      }
    }
    return pairs;
  }

  private static List<String> lines(Path list) {
    try {
      return Files.readAllLines(list);
    } catch (IOException e) {
      throw new SpyhopException(list + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
  }

  private void refuseArchitecture() {
    if (!architecture.isBlank()) {
      throw new SpyhopException(
          file + ": says itself what the network is; leave out \"" + architecture + "\".");
    }
  }

  /** The two files of a network of Caffe. */
  private record Caffe(Path prototxt, Path caffemodel) {}

  private Caffe caffe() {
    boolean isText = file.toString().toLowerCase(Locale.ROOT).endsWith(".prototxt");
    if (isText) {
      refuseArchitecture();
      return new Caffe(file, beside(".caffemodel"));
    }
    Path prototxt = architecture.isBlank() ? beside(".prototxt") : Path.of(architecture);
    if (!Files.isRegularFile(prototxt)) {
      throw new SpyhopException(
          prototxt + ": there is no such file. Expected the prototxt of " + file + ".");
    }
    return new Caffe(prototxt, file);
  }

  /** The file of the same name with another ending, or else the only one in the folder. */
  private Path beside(String ending) {
    String name = FileNames.last(file).replaceFirst("\\.[^.]*$", "");
    Path folder = FileNames.folder(file);
    Path same = folder.resolve(name + ending);
    if (Files.isRegularFile(same)) return same;
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all =
          files.filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(ending)).toList();
      if (all.size() == 1) return all.get(0);
    } catch (IOException e) {
      throw new SpyhopException(folder + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
    throw new SpyhopException(
        Strings.format(
            "%s: a network of Caffe is two files: expected %s beside it (or name the prototxt with --network).",
            file, name + ending));
  }
}
