package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.cli.Doubler;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.Lights;
import sc.fiji.spyhop.cli.Meter;
import sc.fiji.spyhop.cli.ShapeImages;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.cli.Spyhop;
import sc.fiji.spyhop.cli.Squares;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.model.GeneratorFile;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.PipelineFile;
import sc.fiji.spyhop.model.TestGenerators;
import sc.fiji.spyhop.model.TestModels;
import sc.fiji.spyhop.model.TestPipelines;
import sc.fiji.spyhop.util.Strings;

/**
 * What a person answers in the dialog of each command: more than the defaults, with blanks, empty
 * texts, decimals, and images that are not the active one. All networks are tiny.
 */
final class Replays {

  /** Looks like options of a macro, and holds what is special in a macro's text. */
  private static final String FOLDER = "epochs=2 seed=9 it's \\new";

  /**
   * One of them.
   *
   * @param made folder that it writes to
   * @param open images that are open; the last is the active one
   * @param answers by key; an image by its title, others keep their defaults
   */
  record Replay(String entry, Path made, List<Path> open, Map<String, Object> answers) {}

  private final Path root;
  private final Path models;
  private final List<Replay> all = new ArrayList<>();

  /** Writes all that is needed into a folder. */
  Replays(Path folder) throws IOException {
    root = Files.createDirectories(folder.resolve(FOLDER));
    models = Files.createDirectory(root.resolve("my models"));
    Files.move(Lamp.model(folder), models.resolve("lamp.spyhop"));
    Files.move(Discs.model(folder), models.resolve("my discs.spyhop"));
    Files.move(Meter.model(folder), models.resolve("meter.spyhop"));
    Files.move(Doubler.model(folder), models.resolve("doubler.spyhop"));
    Files.move(Discs.localizer(folder), models.resolve("disc boxes.spyhop"));
    Files.move(Discs.finder(folder), models.resolve("disc tops.spyhop"));
    TestPipelines.MODELS.forEach((n, m) -> ModelFile.write(m, models.resolve(n + ".spyhop")));
    PipelineFile.write(TestPipelines.whole(), models.resolve("whole chain.spyhop"));
    looking();
    teaching();
    rendering();
    generating();
    chaining();
    judging();
  }

  /** Folder of the models that are installed. */
  Path models() {
    return models;
  }

  List<Replay> all() {
    return all;
  }

  /** Folder that the next one writes to. */
  private Path made() {
    return root.resolve("made " + all.size());
  }

  private void add(String entry, List<Path> open, Object... keysAndValues) {
    Map<String, Object> answers = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      answers.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    all.add(new Replay(entry, made(), open, answers));
  }

  private Path save(String name, ImagePlus image) {
    Path file = root.resolve(name);
    IJ.saveAsTiff(image, file.toString());
    return file;
  }

  /** Three slices of lamps: on, off, half on; with two regions in the first. */
  private Path lamps() {
    ImageStack slices = new ImageStack(40, 30);
    for (double level : new double[] {1, 0, 0.5}) {
      ByteProcessor plane = Lamp.plane(40, 30, 25, 10);
      plane.multiply(level);
      slices.addSlice(plane);
    }
    ImagePlus image = new ImagePlus("my lamps", slices);
    Overlay overlay = new Overlay();
    for (Roi roi : new Roi[] {new Roi(2, 3, 9, 8), new Roi(20, 5, 12, 12)}) {
      roi.setPosition(1);
      roi.setName("cell");
      overlay.add(roi);
    }
    image.setOverlay(overlay);
    return save("my lamps.tif", image);
  }

  /** Mixtures of two stains. */
  private Path tissue() {
    ColorProcessor plane = new ColorProcessor(40, 30);
    for (int i = 0; i < 1200; i++) {
      int a = i * 37 % 101;
      int b = i * 53 % 97;
      plane.set(i, 220 - a - b / 3 << 16 | 220 - a - b << 8 | 225 - a / 3 - b / 2);
    }
    return save("my tissue.tif", new ImagePlus("my tissue", plane));
  }

  /** Regions with scores, as a model leaves them. */
  private Path scored() {
    ImagePlus image = new ImagePlus("my scored", Lamp.plane(40, 30, 25, 10));
    Overlay overlay = new Overlay();
    for (String score : new String[] {"0.9", "0.4", "0.7"}) {
      Roi roi = new Roi(2 + 8 * overlay.size(), 3, 6, 8);
      roi.setName(Strings.format("%04d-label", overlay.size() + 1));
      roi.setProperty("score", score);
      overlay.add(roi);
    }
    image.setOverlay(overlay);
    return save("my scored.tif", image);
  }

  /** Commands that look at an image. */
  private void looking() throws IOException {
    Path two = Discs.two(root.resolve("two discs.tif"));
    Path stack = Discs.stack(root.resolve("stack.tif"));
    Path lamps = lamps();
    add("Spyhop Segment", List.of(two, stack), "model", "my discs", "channel", "1");
    add(
        "Spyhop Segment",
        List.of(two, stack),
        "image",
        "two discs.tif",
        "model",
        "my discs",
        "table",
        false,
        "manager",
        false);
    Path kept = root.resolve("kept");
    Shell.run(
        "segment",
        "--model",
        models.resolve("my discs.spyhop"),
        "--probabilities",
        "--output",
        kept,
        two);
    Path maps = kept.resolve("two discs_probabilities.tif");
    add(
        "Spyhop Segment",
        List.of(stack, two),
        "model",
        "my discs",
        "probabilities",
        true,
        "threshold",
        "0.7");
    add("Spyhop Adjust", List.of(two, maps), "threshold", "0.9", "smallest", 12.5);
    add(
        "Spyhop Adjust",
        List.of(two, maps),
        "source",
        "two discs.tif",
        "split",
        "0.05",
        "fill",
        true,
        "manager",
        false);
    add(
        "Spyhop Adjust",
        List.of(two),
        "folder",
        kept,
        "output",
        made().resolve("adjusted"),
        "probability",
        "0.5");
    add(
        "Spyhop Classify",
        List.of(lamps, two),
        "image",
        "my lamps.tif",
        "model",
        "lamp",
        "channel",
        "grey",
        "regions",
        "overlay",
        "top",
        2);
    add("Spyhop Classify", List.of(lamps), "model", "lamp", "rename", false, "write", false);
    add("Spyhop Classify", List.of(lamps), "model", "lamp", "window", 7, "stride", 3);
    add("Spyhop Classify", List.of(lamps), "model", "lamp", "table", false);
    add("Spyhop Regress", List.of(lamps, two), "image", "my lamps.tif", "model", "meter");
    add(
        "Spyhop Regress",
        List.of(lamps),
        "model",
        "meter",
        "channel",
        "grey",
        "regions",
        "overlay");
    add("Spyhop Restore", List.of(lamps, two), "image", "my lamps.tif", "model", "doubler");
    add("Spyhop Restore", List.of(lamps), "model", "doubler", "type", "same");
    add(
        "Spyhop Saliency Map",
        List.of(lamps, two),
        "image",
        "my lamps.tif",
        "model",
        "lamp",
        "category",
        "on",
        "window",
        6,
        "stride",
        5,
        "fill",
        "blur",
        "channel",
        "1");
    add(
        "Spyhop Saliency Map",
        List.of(lamps),
        "model",
        "lamp",
        "method",
        "integrated",
        "fill",
        "black",
        "steps",
        20,
        "table",
        false);
    add(
        "Spyhop Check Saliency",
        List.of(lamps),
        "model",
        "lamp",
        "methods",
        "gradient,integrated",
        "stages",
        1,
        "seed",
        3);
    Path tissue = tissue();
    add(
        "Spyhop Normalize Stain",
        List.of(tissue, two),
        "image",
        "my tissue.tif",
        "reference",
        tissue,
        "method",
        "reinhard");
    add(
        "Spyhop Transfer Style",
        List.of(two, lamps),
        "image",
        "my lamps.tif",
        "style",
        "two discs.tif",
        "model",
        "my discs",
        "iterations",
        2,
        "contentlayers",
        "object",
        "stylelayers",
        "object:2, depth",
        "strength",
        12.5,
        "start",
        "noise",
        "steps",
        1,
        "seed",
        4);
    add(
        "Spyhop Transfer Style",
        List.of(lamps),
        "style",
        two,
        "model",
        "my discs",
        "iterations",
        1,
        "contentlayers",
        "depth",
        "stylelayers",
        "object");
    add(
        "Spyhop Show Network",
        List.of(),
        "network",
        "4C3 MP2 FC16 FC",
        "input",
        "1x28x28",
        "classes",
        3,
        "output",
        made().resolve("net work.png"));
    add("Spyhop Open Sample", List.of(), "sample", "digits", "seed", 7);
    add(
        "Spyhop Fool Model",
        List.of(),
        "model",
        "lamp",
        "method",
        "direct",
        "classes",
        "on",
        "generations",
        2,
        "batch",
        5,
        "size",
        9,
        "seed",
        3,
        "output",
        made());
    add("Spyhop Show Kernels", List.of(), "model", "my discs", "output", made());
    Path pair = Files.createDirectory(root.resolve("a pair"));
    Files.copy(two, pair.resolve("one.tif"));
    Files.copy(two, pair.resolve("other.tif"));
    add(
        "Spyhop Strongest Patches",
        List.of(),
        "model",
        "my discs",
        "data",
        pair,
        "layer",
        "object",
        "patches",
        2,
        "maps",
        1,
        "seed",
        4,
        "output",
        made());
    add(
        "Spyhop Localize",
        List.of(two, stack),
        "image",
        "two discs.tif",
        "model",
        "disc boxes",
        "score",
        "0.25",
        "manager",
        false);
    add("Spyhop Localize", List.of(stack), "model", "disc boxes", "table", false, "channel", "1");
    add(
        "Spyhop Keypoints",
        List.of(two, stack),
        "image",
        "two discs.tif",
        "model",
        "disc tops",
        "score",
        "0.75");
    add("Spyhop Keypoints", List.of(stack), "model", "disc tops", "table", false, "channel", "1");
    add(
        "Spyhop Suggest Slices",
        List.of(lamps, two),
        "image",
        "my lamps.tif",
        "model",
        "lamp",
        "channel",
        "grey",
        "measure",
        "margin",
        "count",
        1,
        "diverse",
        false);
    Path found = root.resolve("my boxes of discs");
    Shell.run("localize", "--model", models.resolve("disc boxes.spyhop"), "--output", found, two);
    add(
        "Spyhop Review Objects",
        List.of(scored(), two),
        "image",
        "my scored.tif",
        "regions",
        "overlay",
        "below",
        "0.75",
        "count",
        2);
    add(
        "Spyhop Review Objects",
        List.of(),
        "results",
        found,
        "output",
        made().resolve("my review"),
        "replace",
        true);
    Path images = ShapeImages.classes(root.resolve("my shapes"), 3, 5, "disc", "ring");
    add(
        "Spyhop Batch",
        List.of(),
        "input",
        images,
        "output",
        made().resolve("my results"),
        "model",
        "lamp",
        "channel",
        "grey",
        "recursive",
        true,
        "existing",
        "replace",
        "page",
        true,
        "top",
        2);
    Path folder = Files.createDirectory(root.resolve("discs"));
    Files.copy(two, folder.resolve("two.tif"));
    add(
        "Spyhop Batch",
        List.of(),
        "input",
        folder,
        "output",
        made().resolve("boxes"),
        "model",
        "disc boxes",
        "score",
        "0.25");
    add("Spyhop Suggest Slices", List.of(), "folder", images.resolve("disc"), "model", "lamp");
  }

  /** Commands that write data sets and models. */
  private void teaching() throws IOException {
    Path lamps = lamps();
    Path two = Discs.two(root.resolve("two discs.tif"));
    add(
        "Spyhop Annotations To Dataset",
        List.of(lamps, two),
        "image",
        "my lamps.tif",
        "output",
        made().resolve("data set"),
        "kind",
        "pixels",
        "regions",
        "overlay",
        "naming",
        "name",
        "classes",
        "back ground, cell",
        "complete",
        true,
        "add",
        true,
        "table",
        false);
    add("Spyhop Annotations To Dataset", List.of(lamps), "output", "", "kind", "boxes");

    add(
        "Spyhop Train Segmenter",
        List.of(two, lamps),
        "data",
        segmentations(),
        "output",
        made().resolve("my.spyhop"),
        "validation",
        49.5,
        "subset",
        "train",
        "network",
        "unet-half",
        "epochs",
        1,
        "seed",
        3L,
        "replace",
        true,
        "steps",
        2,
        "batch",
        2,
        "crop",
        64,
        "widths",
        "8, 16");
    add(
        "Spyhop Train Segmenter",
        List.of(lamps, two),
        "image",
        "my lamps.tif",
        "complete",
        true,
        "classes",
        "back ground, cell",
        "output",
        made().resolve("my.spyhop"),
        "validation",
        0.0,
        "epochs",
        1,
        "steps",
        2,
        "batch",
        2,
        "crop",
        32,
        "widths",
        "8, 16");
    add(
        "Spyhop Train Restorer",
        List.of(),
        "data",
        exposures(),
        "output",
        made().resolve("d.spyhop"),
        "error",
        "l1:0.5,ssim",
        "validation",
        25.0,
        "epochs",
        1,
        "steps",
        2,
        "batch",
        2,
        "crop",
        16,
        "widths",
        "4,8");
    add(
        "Spyhop Train Restorer",
        List.of(lamps, two),
        "image",
        "my lamps.tif",
        "method",
        "blindspots",
        "output",
        made().resolve("d.spyhop"),
        "validation",
        0.0,
        "epochs",
        1,
        "steps",
        2,
        "batch",
        2,
        "crop",
        24,
        "widths",
        "4,8");
    Path classes = ShapeImages.classes(root.resolve("my classes"), 6, 5, "disc", "ring");
    for (long seed : new long[] {1, 4}) {
      add(
          "Spyhop Train Classifier",
          List.of(),
          "data",
          classes,
          "output",
          made().resolve("a b.spyhop"),
          "validation",
          33.3,
          "network",
          "8C3 BN MP2 8C3 GAP D20",
          "size",
          20,
          "epochs",
          1,
          "seed",
          seed,
          "batch",
          4,
          "rate",
          0.00125);
    }
    add(
        "Spyhop Train Regressor",
        List.of(),
        "data",
        ShapeImages.radii(root.resolve("my radii"), 12, 6),
        "output",
        made().resolve("r.spyhop"),
        "network",
        "8C3 MP2 GAP",
        "epochs",
        1,
        "batch",
        4,
        "numbers",
        "radius (µm)");
    add(
        "Spyhop Fine-Tune",
        List.of(),
        "model",
        "lamp",
        "data",
        ShapeImages.classes(root.resolve("three"), 4, 5, "disc", "ring", "square"),
        "output",
        made().resolve("tuned.spyhop"),
        "purpose",
        "classify",
        "validation",
        25.5,
        "epochs",
        1,
        "seed",
        2L,
        "rate",
        1e-4,
        "factors",
        "classes_logits_new:0.5",
        "head",
        true);
    add(
        "Spyhop Fine-Tune",
        List.of(lamps, two),
        "model",
        "my discs",
        "image",
        "my lamps.tif",
        "complete",
        true,
        "output",
        made().resolve("tuned.spyhop"),
        "validation",
        0.0,
        "epochs",
        1);
    add(
        "Spyhop Train Localizer",
        List.of(),
        "data",
        Squares.write(root.resolve("my boxes"), 4, true),
        "output",
        made().resolve("b.spyhop"),
        "validation",
        25.0,
        "zoom",
        "0.75",
        "augment",
        "none",
        "epochs",
        1,
        "steps",
        2,
        "batch",
        2,
        "widths",
        "8, 16",
        "picture",
        32);
    add(
        "Spyhop Train Keypoints",
        List.of(),
        "data",
        Squares.writeWithCorners(root.resolve("my corners"), 4),
        "output",
        made().resolve("k.spyhop"),
        "validation",
        25.0,
        "epochs",
        1,
        "seed",
        -5L,
        "steps",
        2,
        "batch",
        2,
        "widths",
        "8, 16",
        "picture",
        32,
        "objects",
        true,
        "margin",
        0.2);
  }

  /** Commands about models that make images. */
  private void rendering() throws IOException {
    GeneratorFile.write(TestGenerators.table("chairs"), models.resolve("my chairs.spyhop"));
    Path lights = Lights.write(root.resolve("my lights"), 6);
    add(
        "Spyhop Train Renderer",
        List.of(),
        "data",
        lights,
        "index",
        lights.resolve("index.csv"),
        "output",
        made().resolve("my lights.spyhop"),
        "columns",
        "level, side",
        "angles",
        "level",
        "network",
        "4C1 1T16v tanh",
        "size",
        "16x16",
        "validation",
        33.5,
        "epochs",
        1,
        "seed",
        4L,
        "steps",
        2,
        "batch",
        3,
        "replace",
        true);
    Path rows =
        Files.writeString(
            root.resolve("my rows.csv"), "style,azimuth,height\narms,10,3\nplain,90,5\n");
    add(
        "Spyhop Render Images",
        List.of(),
        "model",
        "my chairs",
        "rows",
        rows,
        "output",
        made().resolve("my images"),
        "replace",
        true);
    add(
        "Spyhop Render Images",
        List.of(),
        "model",
        "my chairs",
        "rows",
        rows,
        "along",
        "height",
        "from",
        "2.5",
        "to",
        "4",
        "steps",
        3);
    add(
        "Spyhop Render Images",
        List.of(),
        "model",
        "my chairs",
        "rows",
        rows,
        "from",
        "2",
        "to",
        "1");
    Path seen = Files.createDirectory(root.resolve("my seen"));
    for (String name : new String[] {"a", "b"}) {
      IJ.saveAsTiff(
          new ImagePlus(name, new ByteProcessor(8, 8).convertToColorProcessor()),
          seen.resolve(name + ".tif").toString());
    }
    Files.writeString(
        seen.resolve("index.csv"),
        "image,subset,style,azimuth,height\na.tif,one,arms,0,3\nb.tif,two,plain,90,4\n");
    add(
        "Spyhop Evaluate Renderer",
        List.of(),
        "model",
        "my chairs",
        "data",
        seen,
        "subset",
        "two",
        "known",
        seen,
        "trained",
        "one",
        "images",
        made().resolve("my images.csv"),
        "replace",
        true);
  }

  /** Commands about models that make images of noise. */
  private void generating() throws IOException {
    GeneratorFile.write(TestGenerators.noise("spots"), models.resolve("my spots.spyhop"));
    Path seen = Files.createDirectory(root.resolve("my examples"));
    for (int i = 0; i < 4; i++) {
      IJ.saveAsTiff(
          new ImagePlus("" + i, Lamp.plane(16, 16, 2 + 2 * i, 8)),
          seen.resolve(i + ".tif").toString());
    }
    add(
        "Spyhop Train Generator",
        List.of(),
        "data",
        seen,
        "output",
        made().resolve("my generator.spyhop"),
        "size",
        8,
        "crops",
        true,
        "symmetry",
        "mirror",
        "epochs",
        1,
        "seed",
        3L,
        "steps",
        2,
        "batch",
        4,
        "noise",
        5,
        "width",
        4,
        "smoothing",
        0.2,
        "averaging",
        0.5,
        "replace",
        true);
    add(
        "Spyhop Generate Images",
        List.of(),
        "model",
        "my spots",
        "count",
        3,
        "seed",
        7L,
        "output",
        made().resolve("my images"),
        "replace",
        true);
    add("Spyhop Generate Images", List.of(), "model", "my spots", "between", "3, 17", "steps", 2);
    add(
        "Spyhop Generate Images",
        List.of(),
        "model",
        "my spots",
        "sums",
        Files.writeString(
            root.resolve("my sums.csv"), "image,seed,weight\na,1,0.5\na,2,-0.5\nb,3,1\n"));
    add(
        "Spyhop Evaluate Generator",
        List.of(),
        "model",
        "lamp",
        "made",
        seen,
        "data",
        seen,
        "json",
        made().resolve("my figures.json"),
        "replace",
        true);
  }

  private Path segmentations() throws IOException {
    Path data = Files.createDirectory(root.resolve("my segmentations"));
    for (String name : new String[] {"a", "b", "c"}) {
      ByteProcessor image = Discs.plane(70, 70, new int[] {20, 25}, new int[] {45, 35});
      IJ.saveAsTiff(new ImagePlus(name, image), data.resolve(name + ".tif").toString());
      ByteProcessor labels = new ByteProcessor(70, 70);
      for (int i = 0; i < 70 * 70; i++) if (image.get(i) > 100) labels.set(i, i % 70 < 33 ? 1 : 2);
      IJ.saveAsTiff(new ImagePlus(name, labels), data.resolve(name + "_labels.tif").toString());
    }
    Files.writeString(data.resolve("index.csv"), "name,subset\na,train\nb,train\nc,test\n");
    return data;
  }

  /** Pipelines, and a network of another program. */
  private void chaining() throws IOException {
    Path two = root.resolve("two discs.tif");
    Path lamps = root.resolve("my lamps.tif");
    add(
        "Spyhop Run Pipeline",
        List.of(two, lamps),
        "image",
        "two discs.tif",
        "pipeline",
        "whole chain",
        "channel",
        "1",
        "top",
        2,
        "manager",
        false);
    add("Spyhop Run Pipeline", List.of(two), "pipeline", "whole chain", "table", false);
    add(
        "Spyhop Build Pipeline",
        List.of(),
        "localizer",
        "heads",
        "score",
        0.125,
        "margin",
        0.3,
        "side",
        32,
        "points",
        models.resolve("points.spyhop").toString(),
        "anchors",
        "snout:16:6, tail:16:26.5",
        "classifier",
        "who",
        "output",
        made().resolve("built.spyhop"),
        "replace",
        true);
    add(
        "Spyhop Train Pipeline",
        List.of(),
        "data",
        whales(),
        "output",
        made().resolve("whales.spyhop"),
        "held",
        24.5,
        "side",
        32,
        "zoom",
        "0.5",
        "copies",
        1,
        "seed",
        8L,
        "rounds",
        "1, 1, 1",
        "widths",
        "8, 16",
        "network",
        "8C3 MP2 GAP",
        "batch",
        4);
    Model lamp = ModelFile.read(models.resolve("lamp.spyhop"));
    Path onnx = root.resolve("lamp net.onnx");
    try (OutputStream out = Files.newOutputStream(onnx)) {
      OnnxWriter.write(OnnxExport.of(lamp.network(), lamp.weights()), out);
    }
    add(
        "Spyhop Import Network",
        List.of(),
        "file",
        onnx,
        "classes",
        "dark, bright",
        "preprocess",
        "grey/255 any",
        "output",
        made().resolve("imported.spyhop"),
        "replace",
        true);
    Path tiny = root.resolve("tiny.spyhop");
    ModelFile.write(TestModels.nuclei("tiny"), tiny);
    add(
        "Spyhop Quantise Model",
        List.of(),
        "model",
        tiny.toString(),
        "data",
        root.resolve("two discs.tif"),
        "output",
        made().resolve("eight.spyhop"),
        "replace",
        true);
    add(
        "Spyhop Calibrate Model",
        List.of(),
        "model",
        tiny.toString(),
        "data",
        root.resolve("my segmentations"),
        "output",
        made().resolve("calibrated.spyhop"),
        "replace",
        true);
  }

  /** Commands that hold predictions against the truth. */
  private void judging() throws IOException {
    Path labels = root.resolve("my segmentations");
    add(
        "Spyhop Evaluate Segmenter",
        List.of(),
        "predicted",
        labels,
        "truth",
        labels,
        "against",
        labels,
        "classes",
        "back ground, left, right",
        "tolerance",
        1.5,
        "images",
        made().resolve("the worst.csv"),
        "json",
        made().resolve("figures.json"));
    Path boxes = root.resolve("my boxes");
    add(
        "Spyhop Evaluate Localizer",
        List.of(),
        "predicted",
        boxes,
        "truth",
        boxes,
        "score",
        "0.25",
        "plot",
        true,
        "reliability",
        made().resolve("my curve.png"),
        "maxdetections",
        50,
        "images",
        made().resolve("worst.csv"));
    Path corners = root.resolve("my corners");
    add(
        "Spyhop Evaluate Keypoints",
        List.of(),
        "predicted",
        corners,
        "truth",
        corners,
        "pck",
        "2.5, 4",
        "json",
        made().resolve("figures.json"));
    Path data = Lamp.classes(root.resolve("on and off"));
    Files.delete(data.resolve("on/d.tif")); // which is no image
    add(
        "Spyhop Evaluate Classifier",
        List.of(),
        "model",
        "lamp",
        "data",
        data,
        "against",
        "lamp",
        "channel",
        "grey",
        "confusion",
        made().resolve("confusion.csv"),
        "picture",
        made().resolve("my picture.png"),
        "images",
        made().resolve("worst.csv"));
    add(
        "Spyhop Evaluate Regressor",
        List.of(),
        "model",
        "meter",
        "data",
        Meter.images(root.resolve("my greys")),
        "replace",
        true,
        "json",
        made().resolve("figures.json"));
    add(
        "Spyhop Evaluate Restorer",
        List.of(),
        "model",
        "doubler",
        "data",
        exposures(),
        "range",
        "255",
        "images",
        made().resolve("worst.csv"));
  }

  /** Noisy pictures beside those that they were made of. */
  private Path exposures() {
    Path data = root.resolve("my exposures");
    if (Files.exists(data)) return data;
    PrintWriter said = new PrintWriter(new StringWriter());
    String painted = root.resolve("my painted").toString();
    List<String> paint =
        List.of("sample", "nuclei", "--count", "4", "--size", "32x32", "--output", painted);
    assertEquals(0, Spyhop.run(said, said, paint.toArray(String[]::new)));
    List<String> noise = List.of("sample", "noise", "--data", painted, "--output", data.toString());
    assertEquals(0, Spyhop.run(said, said, noise.toArray(String[]::new)));
    return data;
  }

  private Path whales() {
    Path data = root.resolve("my whales");
    PrintWriter said = new PrintWriter(new StringWriter());
    String arguments = "sample whales --seed 3 --count 5 --individuals 2 --size 96x96 --output";
    List<String> line = new ArrayList<>(List.of(arguments.split(" ")));
    line.add(data.toString());
    assertEquals(0, Spyhop.run(said, said, line.toArray(String[]::new)));
    return data;
  }
}
