package sc.fiji.spyhop.exchange.bioimage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.ClassNames;
import sc.fiji.spyhop.exchange.Extended;
import sc.fiji.spyhop.exchange.Meaning;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.SizeOfImages;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Presentation;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A model as the <a href="https://github.com/bioimage-io/spec-bioimage-io">model RDF</a> describes
 * it, versions 0.4 and 0.5, that is to become one of Spyhop: planes in, classes of an image or of
 * its pixels out. What the description tells of pixel values and outputs is done as it says, and
 * tried on its test; what a model cannot hold is refused by name.
 *
 * @param path a folder with rdf.yaml (or bioimageio.yaml), that file, or a zip file of the folder
 * @param about name of the model; what else is not blank counts instead of what the description
 *     says
 * @param wanted what is said of its outputs besides
 */
public record BioimageImport(Path path, NetworkImport.About about, Wanted wanted) {

  /**
   * What is wanted of outputs.
   *
   * @param classes names or a file of them; empty: as described
   * @param keep of several outputs the name of the one that is kept; empty: the only one
   * @param several whether a single channel is a class that is there or not, rather than the second
   *     of two; several channels behind a sigmoid are such classes in any case
   * @param meaning of what comes out; empty: as the description and the network tell
   */
  public record Wanted(String classes, String keep, boolean several, Optional<Meaning> meaning) {

    /** All as it is described. */
    public static final Wanted AS_DESCRIBED = new Wanted("", "", false, Optional.empty());

    /** The same with names of classes. */
    public Wanted withClasses(String names) {
      return new Wanted(names, keep, several, meaning);
    }

    /** The same with one of several outputs. */
    public Wanted keeping(String output) {
      return new Wanted(classes, output, several, meaning);
    }

    /** The same for classes that do not exclude each other. */
    public Wanted severally() {
      return new Wanted(classes, keep, true, meaning);
    }

    /** The same for values of some meaning. */
    public Wanted meaning(Meaning other) {
      return new Wanted(classes, keep, several, Optional.of(other));
    }
  }

  /** Of a model with one output, with names of classes or none. */
  public BioimageImport(Path path, NetworkImport.About about, String classes) {
    this(path, about, Wanted.AS_DESCRIBED.withClasses(classes));
  }

  /** Field of {@code config.spyhop} with what Spyhop knows of a model of its own. */
  static final String RECORD = "record";

  /** Tags of the zoo that say that an image comes out. */
  private static final Set<String> RESTORING =
      Set.of(
          "denoising",
          "image-denoising",
          "restoration",
          "image-restoration",
          "deblurring",
          "deconvolution",
          "super-resolution",
          "virtual-staining",
          "noise2void",
          "care");

  private static final List<String> NO_CLASSES = List.of("background", "foreground");

  /** Whether a path is such a model rather than a network, by its kind and name. */
  public static boolean takes(Path path) {
    return BioimageFolder.looksLike(path);
  }

  /** Name for a model after a path; a description is called after its folder. */
  public static String nameAfter(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    boolean isDescription = FileNames.last(whole).matches("(?i).*\\.ya?ml");
    Path folder = FileNames.folder(whole);
    return NetworkImport.nameAfter(isDescription && folder.getNameCount() > 0 ? folder : whole);
  }

  /**
   * Reads the model, and runs it on its test.
   *
   * @throws SpyhopException if it cannot be brought over, or does not do what its test says
   */
  public NetworkImport.Result run(Progress progress) {
    progress.update("Reading " + FileNames.last(path), 0, 3);
    try (BioimageFolder folder = BioimageFolder.open(path)) {
      return new Run(folder, progress).result();
    }
  }

  /** One import. */
  private final class Run {

    private final BioimageFolder folder;
    private final Progress progress;
    private final Outputs outputs;
    private final Fields root;
    private final List<String> notes = new ArrayList<>();

    Run(BioimageFolder folder, Progress progress) {
      this.folder = folder;
      this.progress = progress;
      Fields described = folder.description();
      check(described);
      this.outputs = Outputs.of(described, wanted.keep());
      this.root = outputs.root();
    }

    private static void check(Fields root) {
      String type = root.text("type").orElse("model");
      if (!type.equals("model")) throw root.wrong("type", "model", type);
      String version = root.required("format_version");
      if (!version.matches("0\\.[45](\\..*)?")) {
        throw root.wrong("format_version", "0.4 or 0.5", version);
      }
      if (root.has("run_mode")) {
        throw root.wrong(
            "run_mode", "none, as Spyhop runs the network alone", root.values().get("run_mode"));
      }
    }

    NetworkImport.Result result() {
      Optional<ModelSpec> record = record();
      Fields input = single("inputs");
      List<Fields> outputs = root.maps("outputs");
      List<Axis> axes = Axis.of(input);
      outputs.forEach(Axis::of);
      WeightsFile weights = WeightsFile.of(root, folder, size(axes, outputs));
      Model whole = tried(weights, record, input, axes);
      Presentation shown = PresentationFiles.of(folder, root, notes);
      progress.update("Imported " + about.name(), 3, 3);
      return new NetworkImport.Result(whole.withPresentation(shown), notes);
    }

    /** The first of the networks that the weights may be those of which passes the test. */
    private Model tried(
        WeightsFile weights, Optional<ModelSpec> record, Fields input, List<Axis> axes) {
      List<Imported> all = weights.candidates();
      if (all.size() > 1 && !TestTensors.isThere(root, input)) {
        throw new SpyhopException(
            Strings.format(
                "%s: weights of the kind %s do not tell all of the network, and the model has no test input with an output to find out by. Convert the network to ONNX and name that file in the description, under weights: onnx: source:.",
                folder, weights.kind()));
      }
      Optional<SpyhopException> first = Optional.empty();
      int told = notes.size();
      for (Imported candidate : all) {
        try {
          return run(candidate, weights, record, input, axes);
        } catch (SpyhopException e) {
          notes.subList(told, notes.size()).clear();
          if (first.isEmpty()) first = Optional.of(e);
        }
      }
      throw first.orElseThrow();
    }

    private Model run(
        Imported candidate,
        WeightsFile weights,
        Optional<ModelSpec> record,
        Fields input,
        List<Axis> axes) {
      Imported imported = outputs.kept(candidate);
      notes.addAll(imported.notes());
      imported = SizeOfImages.fitting(imported, Optional.empty(), notes);
      checkChannels(input, axes, imported.network());
      progress.checkCancelled();
      Imported read = imported;
      Optional<Imported> own = record.flatMap(r -> Portable.without(r, read));
      TestRun.Described described =
          own.isPresent()
              ? own(own.get(), record.get())
              : others(imported, input, single("outputs"), axes, weights);
      Halo.note(root.maps("outputs").get(0), described.model().network()).ifPresent(notes::add);
      progress.update("Running " + about.name() + " on its test", 1, 3);
      Model whole =
          new TestRun(folder, root, described, progress, notes)
              .run(input, root.maps("outputs"), weights.kind());
      return own.isPresent() ? asItWas(whole, record.get()) : whole;
    }

    /** What Spyhop wrote of a model of its own, as long as the description still says the same. */
    private Optional<ModelSpec> record() {
      Optional<String> text = root.map("config").map("spyhop").text(RECORD);
      if (text.isEmpty()) return Optional.empty();
      ModelSpec record;
      try {
        record = ModelFile.ofRecord(text.get());
      } catch (SpyhopException e) {
        throw new SpyhopException(root.file() + ": config.spyhop: " + e.getMessage(), e);
      }
      boolean same =
          Portable.preprocessing(record.input())
              .map(steps -> texts(steps).equals(single("inputs").values().get("preprocessing")))
              .orElse(false);
      Object behind = texts(Portable.postprocessing(record));
      boolean alike =
          root.maps("outputs").stream()
              .allMatch(
                  o ->
                      behind.equals(
                          o.has("postprocessing") ? o.values().get("postprocessing") : List.of()));
      if (same && alike && wanted.classes().isBlank()) return Optional.of(record);
      notes.add(
          "What Spyhop once wrote into config.spyhop is left aside: preprocessing, postprocessing or"
              + " classes are others now.");
      return Optional.empty();
    }

    /** As it is when read from YAML. */
    private static Object texts(Object value) {
      if (value instanceof Map<?, ?> map) {
        return map.entrySet().stream()
            .collect(Collectors.toMap(e -> String.valueOf(e.getKey()), e -> texts(e.getValue())));
      }
      if (value instanceof List<?> list) return list.stream().map(Run::texts).toList();
      return String.valueOf(value);
    }

    /** The only input or output. */
    private Fields single(String name) {
      List<Fields> tensors = root.maps(name);
      if (tensors.size() == 1) return tensors.get(0);
      String expected =
          name.equals("outputs") && tensors.size() > 1
              ? "one, as models of Spyhop have, or to be told which is kept (--keep, in a macro keep=)"
              : "one, as models of Spyhop have";
      throw root.wrong(name, expected, tensors.size() + " (" + Outputs.shown(tensors) + ")");
    }

    /** Height and width if an image of that size alone is described, and classified as a whole. */
    private Optional<List<Integer>> size(List<Axis> axes, List<Fields> outputs) {
      boolean whole = outputs.stream().map(Axis::of).noneMatch(o -> Axis.indexOf(o, 'y') >= 0);
      Optional<Integer> height = fixed(axes, 'y');
      Optional<Integer> width = fixed(axes, 'x');
      return whole && height.isPresent() && width.isPresent()
          ? Optional.of(List.of(height.get(), width.get()))
          : Optional.empty();
    }

    private static Optional<Integer> fixed(List<Axis> axes, char letter) {
      int at = Axis.indexOf(axes, letter);
      if (at < 0) return Optional.empty();
      return axes.get(at).fixed().filter(s -> s.matches("[1-9]\\d{0,5}")).map(Integer::parseInt);
    }

    private void checkChannels(Fields input, List<Axis> axes, Network network) {
      if (network.inputs().size() != 1 || network.inputs().get(0).shape().rank() != 2) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected a network with one image as input, received %s.",
                folder, network.inputs()));
      }
      int expected = network.inputs().get(0).shape().channels();
      int at = Axis.indexOf(axes, 'c');
      int described =
          at < 0
              ? 1
              : axes.get(at).names().isEmpty()
                  ? fixed(axes, 'c').orElse(expected)
                  : axes.get(at).names().size();
      if (described != expected) {
        throw input.wrong("axes", "the network's " + expected + " channels", described);
      }
    }

    /** Shown images as the record says, of which the test knows nothing. */
    private Model asItWas(Model tested, ModelSpec record) {
      Resize fit = record.input().fit();
      if (tested.spec().input().fit().equals(fit)) return tested;
      ModelSpec spec = tested.spec().withInput(tested.spec().input().withFit(fit));
      return NetworkImport.withExample(new Model(spec, tested.network(), tested.weights()));
    }

    private TestRun.Described own(Imported imported, ModelSpec record) {
      Shape shape = imported.network().inputs().get(0).shape();
      Resize shown = BioimageArchive.shown(record.input().fit(), shape);
      ModelSpec spec =
          new ModelSpec(
              about.name(),
              description(record.description()),
              record.task(),
              record.input().withFit(shown),
              ModelSpec.Inference.of(imported.network()),
              record.training(),
              author(),
              license(),
              citation());
      return new TestRun.Described(
          new Model(spec, imported.network(), imported.weights()), Optional.empty());
    }

    private TestRun.Described others(
        Imported imported, Fields input, Fields output, List<Axis> axes, WeightsFile weights) {
      if (imported.network().outputs().size() != 1) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected a network with one output, as described, received %s.",
                folder, String.join(", ", imported.network().outputs())));
      }
      Extended network = new Extended(imported);
      int channels = imported.network().inputs().get(0).shape().channels();
      int given = network.channels();
      Normalization normalization =
          Preparation.of(
              folder.toString(), Step.of(input, "preprocessing", channels, notes), network);
      Ending.Ended ended =
          Ending.of(
              folder.toString(),
              Step.of(output, "postprocessing", given, notes),
              network,
              wanted,
              isOfValues(),
              notes);
      Ending ending = ended.kind();
      Imported complete = network.imported(notes);
      Shape shape = complete.network().inputs().get(0).shape();
      ModelSpec spec =
          new ModelSpec(
              about.name(),
              description(""),
              Severally.with(task(complete.network(), ending, output), ended.thresholds()),
              new ModelSpec.Input(
                  Axes.NCHW,
                  channels,
                  colors(axes, channels),
                  ending == Ending.VALUES && network.isMap() ? new Resize.AnySize() : fit(shape),
                  normalization,
                  PixelSize.UNCALIBRATED),
              ModelSpec.Inference.of(complete.network()),
              NetworkImport.training(
                  Strings.format(
                      "imported from the bioimage.io model \"%s\" (%s)",
                      Strings.visible(root.text("name").orElse("")), weights.kind())),
              author(),
              license(),
              citation());
      return new TestRun.Described(
          new Model(spec, complete.network(), complete.weights()), Optional.of(ending));
    }

    private Resize fit(Shape input) {
      if (!input.isFixed()) return new Resize.AnySize();
      notes.add(
          Strings.format(
              "The middle of each image is brought to the network's %d x %d pixels (rows x columns).",
              input.space().get(0), input.space().get(1)));
      return new Resize.Cover(
          input.space().get(1), input.space().get(0), Interpolation.ANTIALIASED_ROUNDED);
    }

    /** Whether it is said, here or by the description, that no classes come out. */
    private boolean isOfValues() {
      if (wanted.meaning().isPresent()) {
        return wanted.meaning().get() == Meaning.RESTORE
            || wanted.meaning().get() == Meaning.MEASURE;
      }
      return wanted.classes().isBlank()
          && root.list("tags").stream()
              .map(t -> String.valueOf(t).toLowerCase(Locale.ROOT))
              .anyMatch(RESTORING::contains);
    }

    private Task<?, ?> task(Network network, Ending ending, Fields output) {
      if (ending == Ending.VALUES) return values(network, Axis.of(output));
      List<String> named =
          wanted.classes().isBlank() ? List.of() : ClassNames.read(wanted.classes());
      if (named.isEmpty()) {
        boolean one = ending == Ending.FOREGROUND || ending == Ending.MASK;
        named = one ? NO_CLASSES : channelNames(Axis.of(output));
      }
      int count = Shapes.of(network).get(network.outputs().get(0)).channels();
      if (wanted.classes().isBlank() && named.size() != count) named = List.of();
      return NetworkImport.task(network, named, notes);
    }

    /**
     * An image, whose values are those that the description gives, or numbers that are measured.
     */
    private Task<?, ?> values(Network network, List<Axis> axes) {
      Shape end = Shapes.of(network).get(network.outputs().get(0));
      List<String> named =
          wanted.classes().isBlank() ? channelNames(axes) : ClassNames.read(wanted.classes());
      if (wanted.classes().isBlank() && named.size() != end.channels()) named = List.of();
      boolean isMap = end.rank() > 0;
      Optional<Meaning> other =
          wanted.meaning().filter(m -> isMap ? m == Meaning.MEASURE : m == Meaning.RESTORE);
      if (other.isPresent()) {
        throw new SpyhopException(
            Strings.format(
                "%s: ends with %s, so that its task cannot be %s.",
                folder,
                isMap ? "a map, which says something of each place" : "one vector for each image",
                other.get().word()));
      }
      notes.add(
          isMap
              ? "What comes out is taken for an image, as it is no probabilities."
              : "What comes out is taken for measured numbers, as it is no probabilities.");
      if (!isMap) return NetworkImport.measured(network, named);
      return NetworkImport.restored(network, named, new ArrayList<>())
          .withUnits(Restoration.Units.asTold(end.channels()));
    }

    /** Empty if there are none, or not one for each. */
    private static List<String> channelNames(List<Axis> axes) {
      int at = Axis.indexOf(axes, 'c');
      List<String> names =
          at < 0
              ? List.of()
              : axes.get(at).names().stream().map(n -> Strings.visible(n).strip()).toList();
      boolean distinct = names.stream().distinct().count() == names.size();
      return distinct && names.stream().noneMatch(String::isEmpty) ? names : List.of();
    }

    private static Colors colors(List<Axis> axes, int channels) {
      List<String> names =
          channelNames(axes).stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
      boolean rgb =
          names.equals(List.of("red", "green", "blue")) || names.equals(List.of("r", "g", "b"));
      return rgb && channels == 3 ? Colors.RGB : Colors.NONE;
    }

    private String description(String otherwise) {
      if (!about.description().isBlank()) return about.description();
      return root.text("description").filter(d -> !d.isBlank()).orElse(otherwise);
    }

    private String license() {
      return about.license().isBlank() ? root.text("license").orElse("") : about.license();
    }

    private String author() {
      if (!about.author().isBlank()) return about.author();
      return root.list("authors").stream()
          .map(a -> a instanceof Map<?, ?> fields ? fields.get("name") : a)
          .filter(String.class::isInstance)
          .map(a -> Strings.visible((String) a).strip())
          .collect(Collectors.joining(", "));
    }

    private String citation() {
      if (!about.citation().isBlank()) return about.citation();
      return root.maps("cite").stream().map(Run::cited).collect(Collectors.joining("; "));
    }

    private static String cited(Fields entry) {
      String text = entry.text("text").orElse("").strip();
      Optional<String> where =
          entry.text("doi").or(() -> entry.text("url")).filter(w -> !text.contains(w));
      return where.map(w -> text.isEmpty() ? w : text + ", " + w).orElse(text);
    }
  }
}
