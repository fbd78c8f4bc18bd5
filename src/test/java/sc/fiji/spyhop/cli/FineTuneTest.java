package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.util.Strings;

/** Any backbone starts any task, through the shell: a step or two each, on images of discs. */
class FineTuneTest {

  private static final int SIDE = 32;

  private enum Kind {
    CLASSIFY(Classification.class),
    REGRESS(Regression.class),
    SEGMENT(SegmentationTask.class),
    LOCALIZE(Localization.class),
    KEYPOINTS(KeypointDetection.class);

    private final Class<?> task;

    Kind(Class<?> task) {
      this.task = task;
    }

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @TempDir static Path folder;
  private static final Map<Kind, Path> DATA = new EnumMap<>(Kind.class);
  private static final Map<Kind, Path> BASES = new EnumMap<>(Kind.class);

  /** Eight images of a disc, and all that can be said about them. */
  @BeforeAll
  static void start() throws IOException {
    DATA.put(Kind.CLASSIFY, ShapeImages.classes(folder.resolve("classes"), 4, 1, "disc", "square"));
    DATA.put(Kind.REGRESS, ShapeImages.radii(folder.resolve("radii"), 8, 2));
    Path masks = folder.resolve("scenes");
    Path boxes = Files.createDirectories(folder.resolve("cells"));
    Path points = Files.createDirectories(folder.resolve("mice"));
    StringBuilder boxRows = new StringBuilder("image,class,x,y,width,height\n");
    StringBuilder pointRows = new StringBuilder("image,keypoint,x,y\n");
    for (int i = 0; i < 6; i++) {
      int x = 4 + 2 * i;
      int y = 15 - i;
      ByteProcessor image = new ByteProcessor(SIDE, SIDE);
      for (int p = 0; p < SIDE * SIDE; p++) image.set(p, 30 + p * 7 % 11);
      image.setValue(200);
      image.fill(new OvalRoi(x, y, 12, 12));
      ShortProcessor labels = new ShortProcessor(SIDE, SIDE);
      labels.setValue(1);
      labels.fill(new OvalRoi(x, y, 12, 12));
      String name = "s" + i + ".tif";
      for (Path to : List.of(masks.resolve("images"), boxes, points)) {
        LabelImages.save(new ImagePlus("i", image), Files.createDirectories(to).resolve(name));
      }
      Path to = Files.createDirectories(masks.resolve("labels")).resolve(name);
      LabelImages.save(new ImagePlus("l", labels), to);
      boxRows.append(Strings.format("%s,disc,%d,%d,12,12%n", name, x, y));
      pointRows.append(
          Strings.format("%s,top,%d,%d%n%s,bottom,%d,%d%n", name, x + 6, y, name, x + 6, y + 12));
    }
    Files.writeString(boxes.resolve("boxes.csv"), boxRows);
    Files.writeString(points.resolve("keypoints.csv"), pointRows);
    DATA.put(Kind.SEGMENT, masks);
    DATA.put(Kind.LOCALIZE, boxes);
    DATA.put(Kind.KEYPOINTS, points);
    for (Kind kind : Kind.values()) {
      Path file = folder.resolve(kind.text() + ".spyhop");
      Object[] network =
          switch (kind) {
            case CLASSIFY, REGRESS -> new Object[] {"--network", "4C3 BN MP2 8C3 BN MP2 GAP"};
            case SEGMENT -> new Object[] {"--widths", "4,8", "--crop", 16};
            case LOCALIZE, KEYPOINTS -> new Object[] {"--widths", "4,8", "--picture", SIDE};
          };
      run(
          join(
              new Object[] {"train", kind.text(), "--data", DATA.get(kind), "--output", file},
              network,
              SHORT));
      BASES.put(kind, file);
    }
  }

  private static final Object[] SHORT = {
    "--epochs", 1, "--steps", 1, "--batch", 2, "--validation", 0
  };

  private static Object[] join(Object[]... parts) {
    return Arrays.stream(parts).flatMap(Arrays::stream).toArray();
  }

  private static Shell run(Object... arguments) {
    Shell shell = Shell.run(arguments);
    assertEquals(0, shell.code(), Arrays.toString(arguments) + shell.err());
    return shell;
  }

  private static Shell tune(Kind from, Path data, Path output, Object... more) {
    return Shell.run(
        join(
            new Object[] {
              "finetune", "--model", BASES.get(from), "--data", data, "--output", output, "--force"
            },
            SHORT,
            more));
  }

  /**
   * The task is that of the data, whatever the base was for; what was learned stays in phase one.
   */
  @ParameterizedTest
  @EnumSource
  void aBackboneStartsEveryTask(Kind from) {
    for (Kind to : Kind.values()) {
      Path file = folder.resolve(from.text() + "-" + to.text() + ".spyhop");
      boolean ambiguous =
          to == Kind.REGRESS && from == Kind.CLASSIFY
              || to == Kind.CLASSIFY && from == Kind.REGRESS
              || from == Kind.LOCALIZE
              || from == Kind.KEYPOINTS;
      Object[] named = ambiguous ? new Object[] {"--task", to.text()} : new Object[0];
      Object[] alone = from == to ? new Object[0] : new Object[] {"--head-only"};
      Shell shell = tune(from, DATA.get(to), file, join(named, alone));
      String what = from + " to " + to;
      assertEquals(0, shell.code(), what + shell.err());
      Model base = ModelFile.read(BASES.get(from));
      Model made = ModelFile.read(file);
      assertTrue(to.task.isInstance(made.spec().task()), what + made.spec().task());
      if (from != to) {
        int kept = 0;
        for (String name : backbone(base)) {
          assertArrayEquals(
              base.weights().get(name).data(), made.weights().get(name).data(), what + name);
          kept++;
        }
        assertTrue(kept >= 5, what + " keeps " + kept);
      }
      Path results = folder.resolve("seen-" + file.getFileName());
      run(
          to.text(),
          "--model",
          file,
          "--output",
          results,
          DATA.get(to == Kind.CLASSIFY ? Kind.REGRESS : to));
      assertTrue(results.toFile().list((f, name) -> name.endsWith(".csv")).length > 0, what);
    }
  }

  private static Set<String> backbone(Model base) {
    var spec = base.spec();
    Set<String> names = new HashSet<>();
    var network =
        spec.task() instanceof ImageTask<?>
            ? Surgery.cutAfter(
                base.network(), Surgery.scales(base.network()).lastEntry().getValue())
            : Decoder.Backbone.of(base.network(), spec.input().channels()).network();
    Parameters.of(network).forEach(p -> names.add(p.name()));
    return names;
  }

  /** Then all of it is trained. */
  @Test
  void inTheSecondPhaseAllLayersMove() {
    for (Kind to : List.of(Kind.CLASSIFY, Kind.LOCALIZE)) {
      Path file = folder.resolve("both-" + to.text() + ".spyhop");
      Shell shell = tune(Kind.SEGMENT, DATA.get(to), file, "--averaging", 0);
      assertEquals(0, shell.code(), shell.err());
      Model base = ModelFile.read(BASES.get(Kind.SEGMENT));
      Model made = ModelFile.read(file);
      for (String name : backbone(base)) {
        if (!name.endsWith(".weight") || base.weights().get(name).rank() != 4) continue;
        assertFalse(
            Arrays.equals(base.weights().get(name).data(), made.weights().get(name).data()), name);
      }
    }
  }

  /** What is classified learns faster in the end, unless a rate or no validation is asked for. */
  @Test
  void aRateThatIsAskedForIsTheOnlyOne() {
    Path data = DATA.get(Kind.CLASSIFY);
    Object[][] asked = {
      {"--validation", 25}, {"--validation", 25, "--rate", 0.002}, {"--validation", 0}
    };
    List<Boolean> faster = new ArrayList<>();
    for (Object[] options : asked) {
      Object[] line = {
        "finetune", "--model", BASES.get(Kind.CLASSIFY), "--data", data, "--epochs", 1, "--steps", 1
      };
      Path file = folder.resolve("rounds.spyhop");
      Shell shell = run(join(line, options, new Object[] {"--output", file, "--force"}));
      faster.add((shell.out() + shell.err()).contains("All layers learn faster"));
    }
    assertEquals(List.of(true, false, false), faster);
  }

  /** All discs are ovals of 12 pixels; of boxes around them it is the side that counts. */
  @Test
  void aModelKnowsTheSizeOfWhatItLearnedFrom() {
    double pixels = new OvalRoi(0, 0, 12, 12).getStatistics().pixelCount;
    double disc = 2 * Math.sqrt(pixels / Math.PI);
    Path decoder = folder.resolve("sized-decoder.spyhop");
    assertEquals(0, tune(Kind.CLASSIFY, DATA.get(Kind.SEGMENT), decoder).code());
    assertEquals(disc, ModelFile.readSpec(decoder).input().objects().median(), 1e-9);
    Path further = folder.resolve("sized-further.spyhop");
    Shell shell = tune(Kind.SEGMENT, DATA.get(Kind.SEGMENT), further);
    assertTrue((shell.out() + shell.err()).contains("as large as those that the model knows"));
    assertEquals(disc, ModelFile.readSpec(further).input().objects().median(), 1e-9);
  }

  @Test
  void newLayersAloneAreNotTrainedWhereThereAreNone() {
    Path never = folder.resolve("never-alone.spyhop");
    for (Kind kind : List.of(Kind.CLASSIFY, Kind.SEGMENT, Kind.LOCALIZE)) {
      Shell shell = tune(kind, DATA.get(kind), never, "--head-only");
      assertEquals(1, shell.code(), kind + shell.err());
      assertTrue(shell.problem().contains("gets no new layers"), shell.err());
    }
    assertFalse(Files.exists(never));
  }

  @Test
  void anotherSegmentationGetsAnotherDecoder() {
    Path file = folder.resolve("pixels.spyhop");
    Shell shell = tune(Kind.SEGMENT, DATA.get(Kind.SEGMENT), file, "--classes", "ground,disc");
    assertEquals(0, shell.code(), shell.err());
    assertEquals(List.of("ground", "disc"), ModelFile.readSpec(file).names());
  }

  @Test
  void whatIsNotThereIsRefused() {
    Path never = folder.resolve("never.spyhop");
    for (Object[] wrong :
        new Object[][] {
          {Kind.CLASSIFY, DATA.get(Kind.LOCALIZE), "keypoints", "hold no keypoints"},
          {Kind.CLASSIFY, DATA.get(Kind.KEYPOINTS), "localize", "hold no boxes"},
          {Kind.SEGMENT, folder.resolve("nowhere"), "classify", "no such folder"},
        }) {
      Shell shell = tune((Kind) wrong[0], (Path) wrong[1], never, "--task", wrong[2]);
      assertEquals(1, shell.code(), shell.err());
      assertTrue(shell.problem().contains((String) wrong[3]), shell.err());
    }
    assertFalse(Files.exists(never));
  }

  /** A square of ten pixels in each of six images, as COCO and as YOLO have it. */
  private static Path outlined(String format) throws IOException {
    Path data = Files.createDirectories(folder.resolve("outlined-" + format));
    StringBuilder images = new StringBuilder();
    StringBuilder outlines = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      int x = 3 + 2 * i;
      int y = 14 - 2 * i;
      ByteProcessor image = new ByteProcessor(SIDE, SIDE);
      image.setValue(200);
      image.fill(new Roi(x, y, 10, 10));
      Path to = format.equals("yolo") ? data.resolve("images") : data;
      LabelImages.save(
          new ImagePlus("i", image), Files.createDirectories(to).resolve("q" + i + ".tif"));
      int[] corners = {x, y, x + 10, y, x + 10, y + 10, x, y + 10};
      if (format.equals("yolo")) {
        StringBuilder line = new StringBuilder("0");
        for (int c : corners) line.append(' ').append(c / (double) SIDE);
        Files.writeString(
            Files.createDirectories(data.resolve("labels")).resolve("q" + i + ".txt"), line);
        continue;
      }
      String comma = i == 0 ? "" : ",";
      images.append(
          Strings.format(
              "%s{\"id\":%d,\"file_name\":\"q%d.tif\",\"width\":%d,\"height\":%d}",
              comma, i, i, SIDE, SIDE));
      outlines.append(
          Strings.format(
              "%s{\"id\":%d,\"image_id\":%d,\"category_id\":1,\"iscrowd\":0,\"area\":100,"
                  + "\"bbox\":[%d,%d,10,10],\"segmentation\":[%s]}",
              comma, i, i, x, y, Arrays.toString(corners)));
    }
    if (format.equals("yolo")) {
      Files.writeString(data.resolve("data.yaml"), "names: [square]\n");
    } else {
      Files.writeString(
          data.resolve("annotations.json"),
          Strings.format(
              "{\"images\":[%s],\"annotations\":[%s],\"categories\":[{\"id\":1,\"name\":\"square\"}]}",
              images, outlines));
    }
    return data;
  }

  /** What training reads, fine-tuning reads; outlines are to be segmented. */
  @ParameterizedTest
  @ValueSource(strings = {"coco", "yolo"})
  void outlinesOfAnyFormatAreSegmented(String format) throws IOException {
    for (Kind from : List.of(Kind.SEGMENT, Kind.CLASSIFY)) {
      Path file = folder.resolve(format + from + ".spyhop");
      Shell shell = tune(from, outlined(format), file);
      assertEquals(0, shell.code(), shell.err());
      assertTrue(ModelFile.readSpec(file).task() instanceof SegmentationTask, from.text());
      assertTrue(shell.err().contains("Training on 6 images"), shell.err());
    }
  }

  /** Label 7 is no class; as what nobody has labelled it need not be one. */
  @Test
  void labelsThatAreNoneAreIgnored() throws IOException {
    Path data = folder.resolve("unsure");
    for (int i = 0; i < 6; i++) {
      String name = "s" + i + ".tif";
      Files.createDirectories(data.resolve("images"));
      Files.createDirectories(data.resolve("labels"));
      Files.copy(
          DATA.get(Kind.SEGMENT).resolve("images").resolve(name),
          data.resolve("images").resolve(name));
      ShortProcessor labels = new ShortProcessor(SIDE, SIDE);
      labels.setValue(7);
      labels.fill(new OvalRoi(2, 2, 20, 20));
      labels.setValue(1);
      labels.fill(new OvalRoi(4, 4, 12, 12));
      LabelImages.save(new ImagePlus("l", labels), data.resolve("labels").resolve(name));
    }
    Path file = folder.resolve("unsure.spyhop");
    Object[] classes = {"--classes", "background,disc"};
    Shell without = tune(Kind.SEGMENT, data, file, classes);
    assertEquals(1, without.code());
    assertTrue(without.problem().contains("label 7"), without.problem());
    Shell with = tune(Kind.SEGMENT, data, file, join(classes, new Object[] {"--ignore", 7}));
    assertEquals(0, with.code(), with.err());
    assertTrue(with.err().contains("Training on 6 images"), with.err());
    for (String label : List.of("1,2", "-1", "0.5", "x")) {
      assertEquals(2, tune(Kind.SEGMENT, data, file, "--ignore=" + label).code(), label);
    }
    Shell classified = tune(Kind.CLASSIFY, DATA.get(Kind.CLASSIFY), file, "--ignore", 7);
    assertEquals(1, classified.code());
    assertTrue(classified.problem().contains("label to ignore (7)"), classified.problem());
  }

  /** The defaults it tells are its own. */
  @Test
  void theHelpTellsItsOwnDefaults() {
    String help = run("finetune", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("for 15 epochs; for label images, boxes and keypoints, 30."), help);
    String other = run("train", "segment", "--help").out().replaceAll("\\s+", " ");
    assertTrue(other.contains("0 for the default. (default: 60)"), other);
  }

  private static Path stack(String name, long seed, int... kinds) throws IOException {
    Random random = new Random(seed);
    ImageStack stack = new ImageStack(ShapeImages.SIDE, ShapeImages.SIDE);
    for (int kind : kinds) {
      String shape = kind == 1 ? "square" : "disc";
      stack.addSlice(kind < 0 ? null : shape, ShapeImages.shape(shape, random));
    }
    ImagePlus image = new ImagePlus(name, stack);
    image.setDimensions(1, kinds.length, 1);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    IJ.saveAsTiff(image, file.toString());
    return file;
  }

  @Test
  void slicesOfOneStackAreClassesByTheirLabels() throws IOException {
    Path file = stack("one/stack.tif", 1, 0, 1, 1, 0, -1, 0, 1, 1);
    Path model = folder.resolve("slices.spyhop");
    Shell shell =
        run(
            join(
                new Object[] {
                  "train", "classify", "--data", file, "--output", model, "--network", "4C3 GAP"
                },
                SHORT));
    assertEquals(List.of("disc", "square"), ModelFile.readSpec(model).names());
    assertTrue(shell.err().contains("1 of 8 slices without a label"), shell.err());
    assertTrue(
        run("evaluate", "classify", "--model", model, "--data", file.getParent())
            .out()
            .startsWith("7 images"));
    Path tuned = folder.resolve("tuned-slices.spyhop");
    assertEquals(0, tune(Kind.SEGMENT, file, tuned).code());
    assertEquals(List.of("disc", "square"), ModelFile.readSpec(tuned).names());

    Shell refused =
        Shell.run(
            "train",
            "classify",
            "--output",
            folder.resolve("x.spyhop"),
            "--data",
            DATA.get(Kind.SEGMENT).resolve("images/s0.tif"));
    assertTrue(refused.problem().contains("without labels"), refused.err());
  }

  /** Classes as Spyhop Classify writes them into a stack are what a training reads. */
  @Test
  void slicesWithNumbersAreMeasured() throws IOException {
    ImageStack stack = new ImageStack(ShapeImages.SIDE, ShapeImages.SIDE);
    for (int i = 0; i < 6; i++) {
      ByteProcessor image = new ByteProcessor(ShapeImages.SIDE, ShapeImages.SIDE);
      image.setValue(200);
      image.fill(new OvalRoi(2, 2, 8 + i, 8 + i));
      stack.addSlice("" + (8 + i) / 2.0, image);
    }
    Path file = folder.resolve("numbers.tif");
    IJ.saveAsTiff(new ImagePlus("numbers", stack), file.toString());
    Path model = folder.resolve("numbers.spyhop");
    run(
        join(
            new Object[] {
              "train", "regress", "--data", file, "--output", model, "--network", "4C3 GAP"
            },
            SHORT));
    Regression task = (Regression) ModelFile.readSpec(model).task();
    assertEquals(List.of("value"), task.names());
    assertTrue(task.means().get(0) > 4 && task.means().get(0) < 6.5);
  }
}
