package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.gui.Overlay;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import ij.plugin.ImagesToStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.TaskKind;

/** What a biologist does: annotate, train, apply, correct, train further, apply again. */
class AnnotateTrainApplyTest {

  private static final Path NUCLEI = Path.of("test-images", "nuclei");
  private static final String TITLE = "nuclei.tif";

  @TempDir Path folder;
  private Context context;

  @BeforeEach
  void start() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    Interpreter.batchMode = true; // images are open, though they have no window
    ResultsTable.getResultsTable().reset();
  }

  @AfterEach
  void stop() {
    while (Interpreter.getBatchModeImageCount() > 0) {
      Interpreter.removeBatchModeImage(Interpreter.getLastBatchModeImage());
    }
    WindowManager.setTempCurrentImage(null);
    Interpreter.batchMode = false;
    context.dispose();
  }

  private Module run(Class<? extends Command> command, Object... keysAndValues)
      throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      inputs.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    try {
      var info = context.service(CommandService.class).getCommand(command);
      return context.service(ModuleService.class).run(info, true, inputs).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  private static LabelMap truth(int number) {
    return new ImageFiles().readLabels(NUCLEI.resolve("labels/nuclei_00" + number + ".tif"));
  }

  /** The five images of nuclei as slices of one stack. */
  private static ImagePlus stack() {
    ImageStack slices = new ImageStack();
    for (int i = 0; i < 5; i++) {
      slices.addSlice(
          ImageFiles.open(NUCLEI.resolve("images/nuclei_00" + i + ".tif")).getProcessor());
    }
    ImagePlus stack = new ImagePlus(TITLE, slices);
    stack.setOverlay(new Overlay());
    Interpreter.addBatchModeImage(stack);
    return stack;
  }

  private static void annotate(ImagePlus stack, int slice) {
    for (Roi roi : Rois.trace(truth(slice - 1)).values()) {
      roi.setPosition(slice);
      roi.setName("nucleus");
      stack.getOverlay().add(roi);
    }
  }

  /** Labels of an image that was not trained on. */
  private void apply(Path model) throws InterruptedException {
    ImagePlus unseen = ImageFiles.open(NUCLEI.resolve("images/nuclei_004.tif"));
    Module done =
        run(
            SegmentCommand.class,
            "image",
            unseen,
            "model",
            model.toString(),
            "table",
            "false",
            "manager",
            "false");
    ImagePlus labels = (ImagePlus) done.getOutput("labels");
    assertEquals("nuclei_004_labels", labels.getTitle().replace(".tif", ""));
    assertEquals(unseen.getWidth(), labels.getWidth());
    assertEquals(unseen.getHeight(), labels.getHeight());
  }

  @Test
  void annotateTrainApplyCorrectFineTune() throws Exception {
    ImagePlus stack = stack();
    annotate(stack, 1);
    annotate(stack, 2);

    // check and write; the shell could train on that folder
    Path data = folder.resolve("data");
    run(
        AnnotationsToDatasetCommand.class,
        "image",
        stack,
        "output",
        data.toString(),
        "complete",
        "true");
    ResultsTable table = ResultsTable.getResultsTable();
    assertEquals(2, table.size());
    assertEquals(truth(1).max(), table.getValue("nucleus", 1));
    var written =
        SegmentationFolder.read(
            data, Optional.empty(), Optional.empty(), new ImageFiles(), -1, note -> {});
    assertEquals(List.of("nuclei_z001", "nuclei_z002"), written.names());
    assertEquals(truth(1), written.get(1).truth());

    // train on the open image
    long before = temporary();
    Path first = folder.resolve("first.spyhop");
    run(
        TrainSegmenterCommand.class,
        "image",
        TITLE,
        "complete",
        "true",
        "output",
        first.toString(),
        "classes",
        "background,nucleus",
        "epochs",
        "1",
        "validation",
        "0",
        "steps",
        "10",
        "batch",
        "4",
        "network",
        "unet-half",
        "crop",
        "64",
        "widths",
        "8,16");
    ModelSpec.Training training = ModelFile.readSpec(first).training();
    assertTrue(training.data().startsWith(TITLE + ";"), training.data());
    assertTrue(training.data().endsWith("2 images, 0 more for validation"), training.data());
    assertEquals(before, temporary(), "the temporary folder is gone");
    apply(first);

    // which slice next
    table.reset();
    run(SuggestSlicesCommand.class, "image", stack, "model", first.toString(), "count", "2");
    assertEquals(2, table.size());
    int next = (int) table.getValue("slice", 0);
    assertTrue(next >= 3 && next <= 5, "slice " + next);
    assertEquals(next, stack.getCurrentSlice());

    // correct: what the network drew is replaced by what is there
    Overlay drawn = stack.getOverlay();
    run(
        SegmentCommand.class,
        "image",
        stack,
        "model",
        first.toString(),
        "table",
        "false",
        "manager",
        "false");
    List<Roi> kept = new ArrayList<>();
    for (Roi roi : drawn) if (roi.getProperty("spyhop") == null) kept.add(roi);
    drawn.clear();
    kept.forEach(drawn::add);
    annotate(stack, 3);

    Path second = folder.resolve("second.spyhop");
    run(
        FineTuneCommand.class,
        "image",
        TITLE,
        "complete",
        "true",
        "model",
        first.toString(),
        "output",
        second.toString(),
        "epochs",
        "1",
        "validation",
        "0",
        "rate",
        "0.003");
    training = ModelFile.readSpec(second).training();
    assertTrue(training.data().endsWith("3 images, 0 more for validation"), training.data());
    Model base = ModelFile.read(first);
    Model tuned = ModelFile.read(second);
    assertEquals(base.network(), tuned.network());
    for (String name : base.weights().tensors().keySet()) {
      if (base.weights().get(name).rank() != 4) continue; // kernels at least decay
      assertFalse(
          Arrays.equals(base.weights().get(name).data(), tuned.weights().get(name).data()), name);
    }
    apply(second);
  }

  /**
   * Slices are annotated with just what a model draws in them. As its weights stay as they are,
   * what it draws in the slice that is held out is then right in every pixel.
   */
  @Test
  void areasAreTaughtWhereTheyAreDrawn() throws Exception {
    ImageStack slices = new ImageStack();
    for (int x : new int[] {20, 30, 45}) {
      slices.addSlice(Discs.plane(70, 50, new int[] {x, 15}, new int[] {x - 5, 36}));
    }
    ImagePlus stack = new ImagePlus("discs.tif", slices);
    stack.setOverlay(new Overlay());
    Interpreter.addBatchModeImage(stack);
    String model = Discs.model(folder).toString();
    try (Runner<Segmentation> segmenter = Runner.open(model, TaskKind.SEGMENTATION)) {
      for (int slice = 1; slice <= 3; slice++) {
        LabelMap drawn = segmenter.predict(Frames.of(stack).get(slice, 1)).labels();
        assertEquals(2, drawn.max());
        for (Roi roi : Rois.trace(drawn).values()) {
          roi.setPosition(slice);
          stack.getOverlay().add(roi);
        }
      }
    }
    Path taught = folder.resolve("taught.spyhop");
    run(
        FineTuneCommand.class,
        "image",
        "discs.tif",
        "complete",
        "true",
        "model",
        model,
        "output",
        taught.toString(),
        "epochs",
        "1",
        "validation",
        "34",
        "rate",
        "1e-30");
    ModelSpec.Training training = ModelFile.readSpec(taught).training();
    assertTrue(training.data().endsWith("2 images, 1 more for validation"), training.data());
    assertEquals(1, training.figures().get("validation F1"), 1e-9);
    assertEquals(1, training.figures().get("validation mean AP"), 1e-9);
  }

  private static long temporary() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().startsWith("spyhop-annotations")).count();
    }
  }

  private String refusal(Class<? extends Command> command, Object... keysAndValues) {
    return assertThrows(SpyhopException.class, () -> run(command, keysAndValues)).getMessage();
  }

  @Test
  void nonsenseIsRefused() throws IOException {
    ImagePlus stack = stack();
    String out = folder.resolve("never.spyhop").toString();
    Class<? extends Command> train = TrainSegmenterCommand.class;
    assertTrue(refusal(train, "image", "no.tif", "output", out).contains("\"no.tif\""));
    assertTrue(
        refusal(train, "image", TITLE, "data", folder.toString(), "output", out)
            .contains("exclude each other"));
    assertTrue(refusal(train, "image", TITLE, "output", out).contains("outlined objects"));
    annotate(stack, 1);
    assertTrue(refusal(train, "image", TITLE, "output", out).contains("background"));
    assertTrue(
        refusal(TrainClassifierCommand.class, "image", TITLE, "output", out)
            .contains("classes of slices"));
    Class<? extends Command> write = AnnotationsToDatasetCommand.class;
    assertTrue(refusal(write, "image", new ImagePlus()).contains("the title of one that is not"));
    assertTrue(refusal(write, "image", stack, "naming", "colour").contains("auto, name or group"));
    assertTrue(
        refusal(write, "image", stack, "kind", "slices", "output", folder + "/none")
            .contains("no slice"));
    Class<? extends Command> suggest = SuggestSlicesCommand.class;
    assertTrue(refusal(suggest, "image", stack, "model", "nuclei", "count", "0").contains("1"));
    assertTrue(
        refusal(suggest, "image", stack, "model", "nuclei", "measure", "x").contains("margin"));
    for (int i = 2; i <= 5; i++) annotate(stack, i);
    assertTrue(refusal(suggest, "image", stack, "model", "nuclei").contains("annotated already"));
  }

  /**
   * Images to Stack labels slices with the names of their files, which say nothing of objects; for
   * a classifier a label counts if it is a class that it knows.
   */
  @Test
  void labelsOfSlicesCountForClassifiersAlone() throws Exception {
    ImagePlus[] files = new ImagePlus[3];
    for (int i = 0; i < files.length; i++) {
      files[i] = new ImagePlus("cell_" + i + ".tif", Lamp.plane(20, 20, 10, 10));
      files[i].setProperty("Info", "first line\nanother");
    }
    ImagePlus stack = ImagesToStack.run(files);
    assertTrue(stack.getStack().getSliceLabel(2).startsWith("cell_1.tif"));
    Object[] segmenter = {"image", stack, "model", "nuclei", "count", 9};
    Object[] classifier = {"image", stack, "model", Lamp.model(folder).toString(), "count", 9};
    assertEquals(List.of(1, 2, 3), suggested(segmenter));
    assertEquals(List.of(1, 2, 3), suggested(classifier));

    stack.getStack().setSliceLabel("on", 2);
    assertEquals(List.of(1, 2, 3), suggested(segmenter));
    assertEquals(List.of(1, 3), suggested(classifier));

    for (int i = 1; i <= 3; i++) stack.getStack().setSliceLabel("off", i);
    assertTrue(
        refusal(SuggestSlicesCommand.class, classifier)
            .contains("annotated already (0 with regions, 3 with a class as label)"));
  }

  private List<Integer> suggested(Object... keysAndValues) throws Exception {
    ResultsTable.getResultsTable().reset();
    run(SuggestSlicesCommand.class, keysAndValues);
    ResultsTable results = ResultsTable.getResultsTable();
    return IntStream.range(0, results.size())
        .mapToObj(i -> (int) results.getValue("slice", i))
        .sorted()
        .toList();
  }

  @Test
  void aFolderThatIsLabelledAlreadyIsToldApartFromAnEmptyOne() throws Exception {
    String model = Lamp.model(folder).toString();
    Path images = Files.createDirectories(folder.resolve("set/images"));
    Path labels = Files.createDirectories(folder.resolve("set/labels"));
    Object[] line = {"folder", images.toFile(), "model", model};
    assertEquals(
        "There are no images in " + images + ".", refusal(SuggestSlicesCommand.class, line));
    for (String name : List.of("a.tif", "b.tif")) {
      IJ.saveAsTiff(new ImagePlus(name, Lamp.plane(20, 20, 9, 9)), images.resolve(name).toString());
      IJ.saveAsTiff(new ImagePlus(name, Lamp.plane(20, 20, 9, 9)), labels.resolve(name).toString());
    }
    assertEquals(
        "All 2 images in " + images + " have label images already, so there is none to suggest.",
        refusal(SuggestSlicesCommand.class, line));
  }

  /** The lamp's logits are 8 times the brightest pixel, less 4: it is least sure at a half. */
  @Test
  void theSliceTheNetworkIsLeastSureOfIsSuggestedFirst() throws Exception {
    ImageStack slices = new ImageStack(20, 20);
    for (int level : new int[] {0, 255, 128, 90}) {
      var plane = Lamp.plane(20, 20, 10, 10);
      plane.multiply(level / 255.0);
      slices.addSlice(plane);
    }
    ImagePlus stack = new ImagePlus("lamps.tif", slices);
    String model = Lamp.model(folder).toString();
    run(
        SuggestSlicesCommand.class,
        "image",
        stack,
        "model",
        model,
        "measure",
        "margin",
        "diverse",
        "false");
    ResultsTable table = ResultsTable.getResultsTable();
    assertEquals(4, table.size());
    assertEquals(
        List.of(3.0, 4.0), List.of(table.getValue("slice", 0), table.getValue("slice", 1)));
    // logit 8 x 90 / 255 - 4 = -1.176, its logistic 0.2357, twice the lesser of both 0.4714
    assertEquals(0.4714, table.getValue("score", 1), 1e-3);
    assertEquals(3, stack.getCurrentSlice());
  }

  @Test
  void classesAndBoxesAreLearntFromTheOpenImage() throws Exception {
    ImageStack slices = new ImageStack(24, 24);
    for (int i = 0; i < 6; i++) {
      slices.addSlice(i % 2 == 0 ? "on" : "off", Lamp.plane(24, 24, 4 + 3 * i, 10));
      if (i % 2 == 1) slices.getProcessor(i + 1).multiply(0.3);
    }
    ImagePlus stack = new ImagePlus("lamps.tif", slices);
    stack.setOverlay(new Overlay());
    for (int i = 0; i < 6; i++) {
      Roi box = new Roi(3 + 3 * i, 9, 3, 3);
      box.setName(i == 0 ? "lamp" : "lamp-" + i); // as ImageJ tells them apart
      box.setPosition(i + 1);
      stack.getOverlay().add(box);
    }
    Interpreter.addBatchModeImage(stack);
    Path classes = folder.resolve("classes.spyhop");
    run(
        TrainClassifierCommand.class,
        "image",
        "lamps.tif",
        "output",
        classes.toString(),
        "network",
        "4C3 MP2",
        "epochs",
        "1",
        "validation",
        "34");
    assertEquals(List.of("off", "on"), ModelFile.read(classes).spec().names());
    Path boxes = folder.resolve("boxes.spyhop");
    run(
        TrainLocalizerCommand.class,
        "image",
        "lamps.tif",
        "output",
        boxes.toString(),
        "epochs",
        "1",
        "steps",
        "2",
        "batch",
        "2",
        "widths",
        "4,8");
    assertEquals(List.of("lamp"), ModelFile.read(boxes).spec().names());
  }

  private static final Object[] QUICKLY = {
    "epochs", "1", "steps", "2", "batch", "2", "widths", "4,8", "validation", "0"
  };

  /** Lamps in four slices, each with a box, and two points on it. */
  private static ImagePlus lamps() {
    ImageStack slices = new ImageStack(24, 24);
    for (int i = 0; i < 4; i++) slices.addSlice(Lamp.plane(24, 24, 6 + 3 * i, 10));
    ImagePlus stack = new ImagePlus("lamps.tif", slices);
    stack.setOverlay(new Overlay());
    Interpreter.addBatchModeImage(stack);
    return stack;
  }

  private static void mark(ImagePlus stack, int slice, Roi roi, String name) {
    roi.setName(name);
    roi.setPosition(slice);
    stack.getOverlay().add(roi);
  }

  private static Roi box(int slice) {
    return new Roi(3 * slice, 7, 6, 6);
  }

  private static Roi point(int slice, int down) {
    return new PointRoi(3 * slice + 3, 8 + down);
  }

  private Path train(Class<? extends Command> command, String name, Object... more)
      throws InterruptedException {
    Path model = folder.resolve(name + ".spyhop");
    List<Object> inputs =
        new ArrayList<>(List.of("image", "lamps.tif", "output", model.toString()));
    inputs.addAll(List.of(more));
    run(command, inputs.toArray());
    return model;
  }

  /** The same network and task go on: at a rate of nearly nothing they are what they were. */
  private void assertGoesOn(Path base, Object... more) throws InterruptedException {
    String name = "on-" + base.getFileName().toString().replace(".spyhop", "");
    List<Object> inputs =
        new ArrayList<>(
            List.of("model", base.toString(), "epochs", "1", "validation", "0", "rate", "1e-9"));
    inputs.addAll(List.of(more));
    Path further = train(FineTuneCommand.class, name, inputs.toArray());
    Model before = ModelFile.read(base);
    Model after = ModelFile.read(further);
    assertEquals(before.spec().names(), after.spec().names());
    assertEquals(before.network(), after.network());
    before
        .weights()
        .tensors()
        .forEach(
            (parameter, tensor) ->
                assertArrayEquals(
                    tensor.data(), after.weights().get(parameter).data(), 1e-3f, parameter));
  }

  /** Slices that are corrected need not show all that the model knows, nor in its order. */
  @Test
  void boxesGoOnFromTheOpenImage() throws Exception {
    ImagePlus stack = lamps();
    for (int i = 1; i <= 4; i++) mark(stack, i, box(i), i % 2 == 0 ? "lamp" : "moon");
    Path boxes = train(TrainLocalizerCommand.class, "boxes", QUICKLY);
    stack.getOverlay().clear();
    mark(stack, 2, box(2), "moon");
    assertGoesOn(boxes);
    Path one =
        train(
            TrainLocalizerCommand.class,
            "one",
            Stream.concat(Stream.of(QUICKLY), Stream.of("single", "true", "picture", "16"))
                .toArray());
    mark(stack, 3, box(3), "moon");
    assertGoesOn(one);
    // another class needs another decoder
    mark(stack, 3, box(3), "sun");
    Path other =
        train(
            FineTuneCommand.class,
            "other",
            "model",
            boxes.toString(),
            "epochs",
            "1",
            "validation",
            "0");
    assertEquals(List.of("moon", "sun"), ModelFile.read(other).spec().names());
    Path some =
        train(
            FineTuneCommand.class,
            "some",
            "model",
            boxes.toString(),
            "epochs",
            "1",
            "validation",
            "0",
            "classes",
            "sun");
    assertEquals(List.of("sun"), ModelFile.read(some).spec().names());
  }

  @Test
  void pointsGoOnFromTheOpenImage() throws Exception {
    ImagePlus stack = lamps();
    for (int i = 1; i <= 4; i++) {
      mark(stack, i, point(i, 0), "tip");
      mark(stack, i, point(i, 4), "base");
    }
    Path points = train(TrainKeypointsCommand.class, "points", QUICKLY);
    for (int i = 1; i <= 4; i++) mark(stack, i, box(i), "lamp");
    Path inBoxes =
        train(
            TrainKeypointsCommand.class,
            "in-boxes",
            Stream.concat(Stream.of(QUICKLY), Stream.of("objects", "true", "picture", "16"))
                .toArray());
    stack.getOverlay().clear();
    mark(stack, 2, point(2, 4), "base");
    assertGoesOn(points);
    mark(stack, 2, box(2), "lamp");
    assertGoesOn(inBoxes);
    mark(stack, 3, point(3, 2), "middle");
    Path other =
        train(
            FineTuneCommand.class,
            "other",
            "model",
            points.toString(),
            "epochs",
            "1",
            "validation",
            "0");
    assertEquals(List.of("base", "middle"), ModelFile.read(other).spec().names());
  }

  @Test
  void labelsOfSlicesGoOnFromTheOpenImage() throws Exception {
    ImagePlus stack = lamps();
    Object[] quickly = {"network", "4C3 MP2", "epochs", "1", "validation", "0"};
    List<String> labels = List.of("on", "off", "dim", "on");
    for (int i = 1; i <= 4; i++) stack.getStack().setSliceLabel(labels.get(i - 1), i);
    Path classes = train(TrainClassifierCommand.class, "classes", quickly);
    stack.getStack().setSliceLabel("", 2);
    assertGoesOn(classes);
    for (int i = 1; i <= 4; i++) stack.getStack().setSliceLabel(String.valueOf(3 * i), i);
    Path numbers =
        train(
            TrainRegressorCommand.class,
            "numbers",
            Stream.concat(Stream.of(quickly), Stream.of("numbers", "place")).toArray());
    assertEquals(List.of("place"), ModelFile.read(numbers).spec().names());
    assertGoesOn(numbers);
    // boxes are drawn, and slices have no label: the model learns boxes
    for (int i = 1; i <= 4; i++) stack.getStack().setSliceLabel(null, i);
    for (int i = 1; i <= 4; i++) mark(stack, i, box(i), "lamp");
    Path boxes =
        train(
            FineTuneCommand.class,
            "boxes",
            "model",
            classes.toString(),
            "epochs",
            "1",
            "validation",
            "0");
    assertEquals(List.of("lamp"), ModelFile.read(boxes).spec().names());
    assertInstanceOf(Localization.class, ModelFile.read(boxes).spec().task());
  }

  @Test
  void pixelsGoOnFromTheOpenImage() throws Exception {
    ImagePlus stack = lamps();
    for (int i = 1; i <= 4; i++) mark(stack, i, box(i), i % 2 == 0 ? "lamp" : "moon");
    Object[] quickly = {
      "complete",
      "true",
      "epochs",
      "1",
      "validation",
      "0",
      "steps",
      "1",
      "batch",
      "2",
      "crop",
      "32",
      "widths",
      "4,8"
    };
    Path pixels = train(TrainSegmenterCommand.class, "pixels", quickly);
    assertEquals(List.of("background", "lamp", "moon"), ModelFile.read(pixels).spec().names());
    stack.getOverlay().clear();
    mark(stack, 2, box(2), "moon");
    assertGoesOn(pixels, "complete", "true");
    assertGoesOn(
        Files.copy(pixels, folder.resolve("again.spyhop")),
        "complete",
        "true",
        "classes",
        "background,lamp,moon");
    Path objects = train(TrainSegmenterCommand.class, "objects", quickly);
    mark(stack, 2, new Roi(14, 14, 4, 4), "lamp");
    assertGoesOn(objects, "complete", "true");
  }
}
