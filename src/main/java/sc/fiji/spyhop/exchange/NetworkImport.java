package sc.fiji.spyhop.exchange;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A file of another program that is to become a model. A network that ends with a vector classifies
 * whole images, one that ends with a map classifies pixels.
 *
 * @param about name and the like of the model
 * @param source what to read
 * @param preprocessing how the network wants its images
 * @param classes names or a file of them; empty: they are numbered
 */
public record NetworkImport(
    About about, Source source, Preprocessing preprocessing, String classes) {

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
    List<String> named = classes.isBlank() ? List.of() : ClassNames.read(classes);
    Imported imported = source.read(preprocessing.heightAndWidth());
    requireFinite(imported);
    progress.checkCancelled();
    List<String> notes = new ArrayList<>(imported.notes());
    Imported read = imported;
    imported = Extended.withProbabilities(imported, source.file().toString(), notes);
    Network network = imported.network();
    Shape input = network.inputs().get(0).shape();
    checkChannels(input);
    Resize fit = preprocessing.fit(input);
    ModelSpec spec =
        new ModelSpec(
            about.name(),
            about.description().isBlank()
                ? "Imported from " + FileNames.last(source.file()) + "."
                : about.description(),
            task(network, source.file().toString(), named, notes),
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
    Model model = new Model(spec, network, imported.weights());
    progress.update("Comparing with ONNX Runtime", 1, 3);
    notes.add(source.check(read, preprocessing.normalization(), progress));
    progress.update("Running " + about.name() + " once", 2, 3);
    progress.checkCancelled();
    Model whole = withExample(model);
    progress.update("Imported " + about.name(), 3, 3);
    return new Result(whole, notes);
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
   * @param source names it in messages
   * @param named classes; empty: they are numbered
   * @param notes is told what a user should know of the classes
   * @throws SpyhopException if there are not as many names as classes, or it takes pictures of one
   *     size and says something about each pixel
   */
  public static Task<?, ?> task(
      Network network, String source, List<String> named, List<String> notes) {
    Shape end = Shapes.of(network).get(network.outputs().get(0));
    int n = end.channels();
    List<String> names = named;
    if (names.isEmpty()) {
      names = IntStream.range(0, n).mapToObj(i -> "class " + i).toList();
      notes.add("No names of classes were given: they are numbered from 0.");
    } else if (names.size() == n - 1) {
      names = new ArrayList<>(List.of("background"));
      names.addAll(named);
      notes.add("The network has one class more than there are names: the first is background.");
    } else if (names.size() != n) {
      throw new SpyhopException(
          Strings.format(
              "Classes: expected %d names, as many as the network has classes, received %d.",
              n, names.size()));
    }
    if (end.rank() == 0) return Classification.of(names);
    Shape input = network.inputs().get(0).shape();
    if (input.isFixed()) {
      throw new SpyhopException(
          Strings.format(
              "%s: says something about each pixel, but takes images of %d x %d pixels (rows x columns) only; expected one that takes any size. Export it with height and width left open (dynamic axes).",
              source, input.space().get(0), input.space().get(1)));
    }
    return new SemanticSegmentation(names, List.of(), -1, 1);
  }

  /** Gives a model a small picture of noise as its example, the same every time. */
  public static Model withExample(Model model) {
    Engine engine = Engines.forPrediction(model.network());
    Shape input = model.network().inputs().get(0).shape();
    int side =
        model.spec().input().fit().isFixed() ? ExampleSize.SIDE : ExampleSize.side(model.network());
    int channels = input.channels();
    float[] pixels = new float[channels * side * side];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < pixels.length; i++) pixels[i] = random.nextInt(256);
    Tensor example = new Tensor(Axes.NCHW, new int[] {1, channels, side, side}, pixels);
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
