package sc.fiji.spyhop.exchange;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.graph.NoLayerException;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Resizing;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A file of another program that is to become a model. A network that ends with probabilities of
 * classes classifies whole images or, if they are a map, pixels; for others it has to be said what
 * comes out.
 *
 * @param about name and the like of the model
 * @param source what to read
 * @param preprocessing how the network wants its images
 * @param classes names or a file of them; empty: they are numbered
 * @param way whether it is translated or kept as it is
 * @param boxes what the outputs are, of a detector, which is kept as it is; empty: it is none
 * @param meaning of what comes out; empty: as the network tells, or the names of classes
 * @param several whether classes do not exclude each other; a network that ends with sigmoids of
 *     several channels tells it itself
 */
public record NetworkImport(
    About about,
    Source source,
    Preprocessing preprocessing,
    String classes,
    Way way,
    String boxes,
    Optional<Meaning> meaning,
    boolean several) {

  /** Whether a network becomes layers of ours. */
  public enum Way {
    /** If that is possible; else it is kept as it is, if it is an ONNX file. */
    AUTO,
    /** Always, or it is refused. */
    TRANSLATE,
    /** Never: an ONNX file is kept as it is, for prediction only. */
    AS_IS
  }

  /** Of classes that exclude each other, unless the network tells otherwise. */
  public NetworkImport(
      About about,
      Source source,
      Preprocessing preprocessing,
      String classes,
      Way way,
      String boxes,
      Optional<Meaning> meaning) {
    this(about, source, preprocessing, classes, way, boxes, meaning, false);
  }

  /** Translated if that is possible. */
  public NetworkImport(About about, Source source, Preprocessing preprocessing, String classes) {
    this(about, source, preprocessing, classes, Way.AUTO, "", Optional.empty(), false);
  }

  private static final String SOFTWARE = "Spyhop";

  /**
   * What is told of a model.
   *
   * @param origin where the network comes from, in words
   */
  public record About(
      String name,
      String description,
      String origin,
      String author,
      String license,
      String citation) {

    /** A name and nothing else. */
    public static About named(String name) {
      return new About(name, "", "", "", "", "");
    }
  }

  /**
   * A model, and what a user should know of how it came to be.
   *
   * @param notes sentences
   */
  public record Result(Model model, List<String> notes) {}

  /**
   * Reads the network, and runs it once on an example that goes into the model.
   *
   * @throws SpyhopException if it cannot be brought over; all reasons at once
   */
  public Result run(Progress progress) {
    try {
      return imported(progress);
    } catch (OutOfMemoryError e) {
      throw SpyhopException.outOfMemory(source.file(), e);
    }
  }

  private Result imported(Progress progress) {
    progress.update("Reading " + FileNames.last(source.file()), 0, 3);
    List<String> named = names();
    List<String> notes = new ArrayList<>();
    Optional<AsIs.Detector> detector = detector(named);
    Optional<ModelSpec> own = detector.isPresent() ? Optional.empty() : own();
    Translated translated =
        detector
            .map(d -> new Translated(Optional.empty(), d.imported()))
            .orElseGet(() -> read(own.isPresent(), notes));
    detector.ifPresent(d -> notes.addAll(d.imported().notes()));
    progress.checkCancelled();
    Imported imported = translated.whole();
    ModelSpec spec =
        own.isPresent()
            ? own(own.get(), imported.network(), notes)
            : spec(
                imported.network(),
                detector.isPresent()
                    ? detector.get().task()
                    : meant(imported.network(), named, notes));
    Model model = new Model(spec, imported.network(), imported.weights());
    ofParts(spec, imported.network()).ifPresent(notes::add);
    progress.update("Comparing " + about.name() + " with ONNX Runtime", 1, 3);
    Normalization range = spec.input().normalization();
    translated.original().ifPresent(o -> notes.add(source.check(o, range, progress)));
    progress.update("Running " + about.name() + " once", 2, 3);
    progress.checkCancelled();
    Model whole = withExample(model);
    progress.update("Imported " + about.name(), 3, 3);
    return new Result(whole, notes);
  }

  private List<String> names() {
    return classes.isBlank() ? List.of() : ClassNames.read(classes);
  }

  private Optional<AsIs.Detector> detector(List<String> named) {
    if (boxes.isBlank()) return Optional.empty();
    if (way == Way.TRANSLATE) {
      throw new SpyhopException(
          "Outputs: a detector of another program is kept as it is; leave translate or the outputs"
              + " out.");
    }
    return Optional.of(
        source.detector(preprocessing.heightAndWidth(), BoxOutputs.parse(boxes), named));
  }

  /**
   * A network with what it ends with.
   *
   * @param original as it was read, if it was translated
   */
  private record Translated(Optional<Imported> original, Imported whole) {}

  /** What Spyhop once wrote of a model of its own; nothing if the user says otherwise. */
  private Optional<ModelSpec> own() {
    return meaning.isPresent() || !classes.isBlank() || several
        ? Optional.empty()
        : source.record();
  }

  private ModelSpec own(ModelSpec record, Network network, List<String> notes) {
    notes.add(
        "Task and preparation of images are those of the model of Spyhop from which the file was"
            + " exported.");
    return new ModelSpec(
        about.name(),
        about.description().isBlank() ? record.description() : about.description(),
        record.task(),
        record.input(),
        ModelSpec.Inference.of(network),
        record.training(),
        about.author().isBlank() ? record.author() : about.author(),
        about.license().isBlank() ? record.license() : about.license(),
        about.citation().isBlank() ? record.citation() : about.citation());
  }

  private Task<?, ?> meant(Network network, List<String> named, List<String> notes) {
    if (meaning.equals(Optional.of(Meaning.MEASURE))) return measured(network, named);
    return meaning.equals(Optional.of(Meaning.RESTORE))
        ? restored(network, named, notes)
        : task(network, named, notes);
  }

  /**
   * What a network is for whose output is an image: with as many channels as go in, its values are
   * brought back as those of the image were prepared; else they stay as the network tells them.
   *
   * @param network ends with a map as large as the image
   * @param named channels; empty: they are numbered
   * @param notes is told what becomes of values
   * @throws SpyhopException if there are not as many names as channels
   */
  public static Restoration restored(Network network, List<String> named, List<String> notes) {
    int n = Shapes.of(network).get(network.outputs().get(0)).channels();
    if (!named.isEmpty() && named.size() != n) {
      throw new SpyhopException(
          Strings.format(
              "Classes: expected %d names, as many as the network makes channels, received %d.",
              n, named.size()));
    }
    Restoration task = Restoration.of(n);
    if (!named.isEmpty()) task = task.withChannels(named);
    boolean undone = n == network.inputs().get(0).shape().channels();
    notes.add(
        undone
            ? "Values of restored images are brought back as those of images are prepared."
            : "Values of restored images are those that the network tells.");
    return undone ? task : task.withUnits(Restoration.Units.asTold(n));
  }

  private ModelSpec spec(Network network, Task<?, ?> task) {
    Shape input = network.inputs().get(0).shape();
    checkChannels(input);
    if (saysOfPixels(network)) preprocessing.requireNoResizing();
    Resize fit = saysOfPixels(network) ? new Resize.AnySize() : preprocessing.fit(input);
    return new ModelSpec(
        about.name(),
        about.description().isBlank()
            ? "Imported from " + FileNames.last(source.file()) + "."
            : about.description(),
        task,
        new ModelSpec.Input(
            Axes.NCHW,
            input.channels(),
            preprocessing.colors(),
            fit,
            preprocessing.normalization(),
            PixelSize.UNCALIBRATED),
        ModelSpec.Inference.of(network),
        training(about.origin().isBlank() ? source.describe() : about.origin()),
        about.author(),
        about.license(),
        about.citation());
  }

  /**
   * What a network is for that ends with a vector of numbers.
   *
   * @param named numbers; empty: they are numbered
   * @throws SpyhopException if there are not as many names as numbers
   */
  public static Task<?, ?> measured(Network network, List<String> named) {
    int n = Shapes.of(network).get(network.outputs().get(0)).channels();
    if (!named.isEmpty() && named.size() != n) {
      throw new SpyhopException(
          Strings.format(
              "Classes: expected %d names, as many as the network measures values, received %d.",
              n, named.size()));
    }
    List<String> names =
        named.isEmpty() ? IntStream.range(0, n).mapToObj(i -> "value " + i).toList() : named;
    return Regression.standard(names, Collections.nCopies(n, ""));
  }

  /**
   * With what belongs at its end.
   *
   * @param isOwn whether it ends as a model of Spyhop does
   */
  private Translated read(boolean isOwn, List<String> notes) {
    if (way == Way.AS_IS) return new Translated(Optional.empty(), asIs(List.of(), isOwn, notes));
    try {
      Imported imported = source.read(preprocessing.heightAndWidth());
      requireFinite(imported);
      return new Translated(Optional.of(imported), ended(imported, isOwn, notes));
    } catch (NoLayerException e) {
      if (way == Way.TRANSLATE || !source.isOnnx()) throw e;
      return new Translated(Optional.empty(), asIs(e, isOwn, notes));
    }
  }

  private Imported asIs(NoLayerException untranslated, boolean isOwn, List<String> notes) {
    try {
      return asIs(untranslated.types(), isOwn, notes);
    } catch (SpyhopException e) {
      throw new SpyhopException(untranslated.getMessage() + " " + e.getMessage(), e);
    }
  }

  private Imported asIs(List<String> missing, boolean isOwn, List<String> notes) {
    return ended(source.asIs(preprocessing.heightAndWidth(), missing), isOwn, notes);
  }

  private Imported ended(Imported imported, boolean isOwn, List<String> notes) {
    if (isOwn) {
      notes.addAll(imported.notes());
      return imported;
    }
    String file = source.file().toString();
    List<String> told = new ArrayList<>(imported.notes());
    Imported whole = imported;
    if (meaning.filter(m -> m == Meaning.MEASURE || m == Meaning.RESTORE).isPresent()) {
      Extended.requireOneOutput(imported, file);
    } else {
      boolean isTold = meaning.isPresent() || !classes.isBlank() || several;
      if (!isTold) Extended.requireProbabilities(imported, file);
      whole =
          several
              ? Extended.withSigmoids(imported, file, told)
              : Extended.withProbabilities(imported, file, told);
    }
    requireMeaning(whole.network());
    requireMapsAsLargeAsImages(whole.network());
    notes.addAll(told);
    if (whole.network().layers().stream()
        .anyMatch(l -> l instanceof Resizing r && r.alignCorners())) {
      notes.add(
          "Maps are resized with their corners aligned, so that what it says of a part of an image"
              + " differs a little from what it says of the same part of the whole.");
    }
    return OnnxGraph.fileIn(whole.network()).isPresent()
        ? whole
        : SizeOfImages.fitting(whole, preprocessing.heightAndWidth(), notes);
  }

  /** What is said of pixels has to be said of all of them. */
  private void requireMapsAsLargeAsImages(Network network) {
    Network.Input input = network.inputs().get(0);
    if (Shapes.of(network).get(network.outputs().get(0)).rank() != 2) return;
    int side = input.shape().isFixed() ? 0 : ExampleSize.side(network);
    List<Integer> image = side == 0 ? input.shape().space() : List.of(side, side);
    List<Integer> map =
        Shapes.of(network, Map.of(input.name(), new Shape(input.shape().channels(), image)))
            .get(network.outputs().get(0))
            .space();
    if (map.equals(image)) return;
    throw new SpyhopException(
        Strings.format(
            "%s: makes a map of %s pixels of an image of %s (rows x columns), expected one as large as the image. Export it with padding, or with what enlarges its map at the end%s.",
            source.file(),
            Shape.sizes(map),
            Shape.sizes(image),
            source.isOnnx() ? "; a coarser map of an ONNX file is enlarged with --as-is" : ""));
  }

  /** Maps are segmented, vectors are not. */
  private void requireMeaning(Network network) {
    boolean isMap = Shapes.of(network).get(network.outputs().get(0)).rank() > 0;
    if (meaning.isEmpty()) return;
    if (isMap == (meaning.get() == Meaning.SEGMENT || meaning.get() == Meaning.RESTORE)) return;
    throw new SpyhopException(
        Strings.format(
            "%s: ends with %s, so that its task cannot be %s.",
            source.file(),
            isMap ? "a map, which says something of each place" : "one vector for each image",
            meaning.get().word()));
  }

  /** Whether it makes a map, so that images are shown to it as they are, if need be in parts. */
  private static boolean saysOfPixels(Network network) {
    return Shapes.of(network).get(network.outputs().get(0)).rank() == 2;
  }

  /** What a user should know of a network whose values hang on how an image is divided. */
  private static Optional<String> ofParts(ModelSpec spec, Network network) {
    if (!spec.task().mapped() || !ReceptiveField.of(network).isOfParts()) return Optional.empty();
    int side = spec.inference().tile() + 2 * spec.inference().halo();
    return Optional.of(
        Strings.format(
            "What this network says of a place depends on all of what it is shown: larger images"
                + " are shown to it in parts of %d x %d pixels that overlap, and what it says may"
                + " differ a little where they meet.",
            side, side));
  }

  private void requireFinite(Imported imported) {
    try {
      imported.weights().requireFinite();
    } catch (SpyhopException e) {
      throw new SpyhopException(source.file() + ": " + e.getMessage(), e);
    }
  }

  private void checkChannels(Shape input) {
    if (preprocessing.channels().isPresent()
        && preprocessing.channels().get() != input.channels()) {
      throw new SpyhopException(
          Strings.format(
              "Preprocessing: expected %d channels as the network reads them, received %d (%s).",
              input.channels(),
              preprocessing.channels().get(),
              preprocessing.colors().toString().toLowerCase(Locale.ROOT)));
    }
  }

  /**
   * Where the weights of a network come from that is imported today.
   *
   * @param origin in words
   */
  public static ModelSpec.Training training(String origin) {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    return new ModelSpec.Training("", SOFTWARE, origin, today, "", 0, 0, 0, Map.of());
  }

  /**
   * What a network is for.
   *
   * @param network ends with probabilities
   * @param named classes; empty: they are numbered
   * @param notes is told what a user should know of the classes
   * @throws SpyhopException if there are not as many names as classes
   */
  public static Task<?, ?> task(Network network, List<String> named, List<String> notes) {
    Shape end = Shapes.of(network).get(network.outputs().get(0));
    int n = end.channels();
    boolean several =
        network.layer(network.outputs().get(0)) instanceof Activation a
            && a.function() == Layer.Function.SIGMOID;
    List<String> names = named;
    if (names.isEmpty()) {
      names = IntStream.range(0, n).mapToObj(i -> "class " + i).toList();
      notes.add("No names of classes were given: they are numbered from 0.");
    } else if (names.size() == n - 1 && !several) {
      names = new ArrayList<>(List.of("background"));
      names.addAll(named);
      notes.add("The network has one class more than there are names: the first is background.");
    } else if (names.size() != n) {
      throw new SpyhopException(
          Strings.format(
              "Classes: expected %d names, as many as the network has classes, received %d.",
              n, names.size()));
    }
    if (several) {
      return end.rank() == 0
          ? MultiLabelClassification.of(names)
          : MultiLabelSegmentation.of(names);
    }
    if (end.rank() == 0) return Classification.of(names);
    return new SemanticSegmentation(names, List.of(), -1, 1);
  }

  /** Gives a model a small picture of noise as its example, the same every time. */
  public static Model withExample(Model model) {
    Engine engine = Engines.forPrediction(model.network());
    Shape input = model.network().inputs().get(0).shape();
    int side =
        model.spec().input().fit().isFixed() ? ExampleSize.SIDE : ExampleSize.side(model.network());
    boolean tile = !model.spec().input().fit().isFixed() && input.isFixed();
    int height = tile ? input.space().get(0) : side;
    int width = tile ? input.space().get(1) : side;
    int channels = input.channels();
    float[] pixels = new float[channels * height * width];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < pixels.length; i++) pixels[i] = random.nextInt(256);
    Tensor example = new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, pixels);
    try (Predictor predictor =
        engine.predictor(model.network(), model.weights(), engine.devices().get(0))) {
      String name = model.network().inputs().get(0).name();
      return model.withExample(example, tensor -> predictor.predict(Map.of(name, tensor)));
    }
  }

  /** Name for a model after a file: what names may not have is replaced. */
  public static String nameAfter(Path file) {
    String name = FileNames.last(file).replaceFirst("\\.[^.]*$", "");
    name = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    return name.isEmpty() ? "network" : name.substring(0, Math.min(100, name.length()));
  }
}
