package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.ShapeImages;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.task.TaskKind;

/** The commands that train on whole images, and those that use what comes of it. */
class TrainImagesCommandTest {

  private static final String NETWORK = "4C3 BN MP2 8C3 GAP";

  @TempDir static Path folder;
  private static Context context;

  @BeforeAll
  static void start() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  /** As a macro would: values are texts, but for images. */
  private static Module run(Class<? extends Command> command, Object... keysAndValues)
      throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object value = keysAndValues[i + 1];
      inputs.put(
          (String) keysAndValues[i], value instanceof ImagePlus ? value : String.valueOf(value));
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

  private static void assertRefused(
      String part, Class<? extends Command> command, Object... keysAndValues) {
    String message =
        assertThrows(SpyhopException.class, () -> run(command, keysAndValues)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void classesAreLearnedAndThenOthers() throws Exception {
    Path two = ShapeImages.classes(folder.resolve("two"), 6, 1, "disc", "square");
    Path base = folder.resolve("base.spyhop");
    run(
        TrainClassifierCommand.class,
        "data",
        two,
        "output",
        base,
        "network",
        NETWORK,
        "epochs",
        1,
        "batch",
        4,
        "seed",
        7);
    var spec = ModelFile.read(base).spec();
    assertEquals(List.of("disc", "square"), spec.names());
    assertEquals(7, spec.training().seed());
    assertTrue(spec.training().command().contains("network=[" + NETWORK + "]"));
    assertRefused("exists already", TrainClassifierCommand.class, "data", two, "output", base);

    Path three = ShapeImages.classes(folder.resolve("three"), 6, 2, "disc", "ring", "square");
    Path tuned = folder.resolve("tuned.spyhop");
    run(
        FineTuneCommand.class,
        "model",
        base,
        "data",
        three,
        "output",
        tuned,
        "epochs",
        1,
        "factors",
        "fc1_new:0.5",
        "head",
        "true");
    assertEquals(List.of("disc", "ring", "square"), ModelFile.read(tuned).spec().names());
    assertRefused(
        "has no layer nowhere",
        FineTuneCommand.class,
        "model",
        base,
        "data",
        three,
        "output",
        folder.resolve("no.spyhop"),
        "layers",
        "nowhere");
    assertFalse(Files.exists(folder.resolve("no.spyhop")));
  }

  @Test
  void numbersAreLearned() throws Exception {
    Path data = ShapeImages.radii(folder.resolve("radii"), 20, 3);
    Path file = folder.resolve("radius.spyhop");
    run(
        TrainRegressorCommand.class,
        "data",
        data,
        "output",
        file,
        "network",
        NETWORK,
        "epochs",
        1,
        "batch",
        4,
        "numbers",
        "radius");
    Regression task = (Regression) ModelFile.read(file).spec().task();
    assertEquals(List.of("µm"), task.units());
    assertTrue(task.means().get(0) > 2 && task.means().get(0) < 5, "in units");

    ResultsTable results = ResultsTable.getResultsTable();
    results.reset();
    ImagePlus image = IJ.openImage(data.resolve("disc3.tif").toString());
    run(RegressCommand.class, "image", image, "model", file);
    assertEquals(1, results.size());
    try (Runner<RealValues> regressor = Runner.open(file.toString(), TaskKind.REGRESSION)) {
      double value = regressor.predict(Frames.of(image).get(1, 1)).values().get(0);
      assertEquals(value, results.getValue("value", 0), 1e-4, "in units");
    }
    results.reset();
  }

  @Test
  void regionsAndSlicesAreClassified() throws Exception {
    Path model = Lamp.model(folder);
    ImagePlus image = new ImagePlus("lamps", Lamp.plane(40, 30, 25, 10));
    Overlay overlay = new Overlay(new Roi(0, 0, 10, 10));
    overlay.add(new Roi(20, 5, 12, 12));
    image.setOverlay(overlay);
    ResultsTable results = ResultsTable.getResultsTable();
    results.reset();
    run(ClassifyCommand.class, "image", image, "model", model, "regions", "overlay");
    assertEquals(2, results.size());
    assertEquals("off", results.getStringValue("class", 0));
    assertEquals("on", results.getStringValue("class", 1));
    // The logit of "on" is 8 - 4 where there is light, so 1 / (1 + exp(-4)).
    assertEquals(0.98201, results.getValue("probability", 1), 1e-4);
    assertEquals("on", image.getOverlay().get(1).getName());
    assertEquals(4, image.getOverlay().size(), "two regions, two texts");
    run(
        ClassifyCommand.class,
        "image",
        image,
        "model",
        model,
        "regions",
        "overlay",
        "table",
        "false");
    assertEquals(4, image.getOverlay().size(), "texts are replaced, and are no regions");
    assertEquals(2, results.size(), "no rows were asked for");

    run(ClassifyCommand.class, "image", image, "model", model, "top", 2, "write", "false");
    assertEquals(4, results.size(), "rows are appended");
    assertEquals("off", results.getStringValue("class", 3));
    assertEquals(2, results.getValue("rank", 3));
    results.reset();
    assertRefused(
        "Classes to list", ClassifyCommand.class, "image", image, "model", model, "top", 0);
    assertRefused(
        "expected slices, selection",
        ClassifyCommand.class,
        "image",
        image,
        "model",
        model,
        "regions",
        "all");
  }

  /** Windows of 6 pixels every 2: those that reach the lamp, columns 24 to 26, rows 9 to 11. */
  @Test
  void aSlidingWindowGivesMaps() throws Exception {
    ImagePlus image = new ImagePlus("lamp", Lamp.plane(40, 30, 25, 10));
    image.getCalibration().setUnit("um");
    image.getCalibration().pixelWidth = 0.25;
    image.getCalibration().pixelHeight = 0.25;
    Module done =
        run(
            ClassifyCommand.class,
            "image",
            image,
            "model",
            Lamp.model(folder),
            "window",
            6,
            "stride",
            2);
    ImagePlus maps = (ImagePlus) done.getOutput("maps");
    assertEquals(
        List.of(20, 15, 2), List.of(maps.getWidth(), maps.getHeight(), maps.getStackSize()));
    assertEquals(0.5, maps.getCalibration().pixelWidth, 1e-9);
    assertEquals("µm", maps.getCalibration().getUnit());
    for (int y = 0; y < 15; y++) {
      for (int x = 0; x < 20; x++) {
        float off = maps.getStack().getProcessor(1).getf(x, y);
        float on = maps.getStack().getProcessor(2).getf(x, y);
        assertEquals(1, off + on, 1e-6);
        int left = 2 * x + 1 - 3;
        int top = 2 * y + 1 - 3;
        boolean reaches = left <= 26 && left + 5 >= 24 && top <= 11 && top + 5 >= 9;
        assertEquals(reaches, on > 0.5, x + ", " + y);
      }
    }
  }

  @Test
  void aWindowThatIsLargerThanTheImageIsRefused() throws Exception {
    ImagePlus image = new ImagePlus("lamp", Lamp.plane(40, 30, 25, 10));
    String model = Lamp.model(folder).toString();
    assertRefused(
        "lamp is 40 x 30 pixels, which a sliding window of 31 pixels does not fit into: expected a"
            + " window of at most 30.",
        ClassifyCommand.class,
        "image",
        image,
        "model",
        model,
        "window",
        31);
    Module all =
        run(ClassifyCommand.class, "image", image, "model", model, "window", 30, "stride", 30);
    assertEquals(2, ((ImagePlus) all.getOutput("maps")).getWidth());
  }

  /** What a macro names no model for does not hang on what is installed. */
  @Test
  void aModelHasToBeNamed() throws Exception {
    String before = System.getProperty("spyhop.models");
    Path installed = Files.createDirectories(folder.resolve("installed"));
    Files.copy(Lamp.model(folder), installed.resolve("lamp.spyhop"));
    System.setProperty("spyhop.models", installed.toString());
    try {
      Path data = ShapeImages.classes(folder.resolve("named"), 2, 4, "disc", "square");
      Path never = folder.resolve("unnamed.spyhop");
      assertRefused(
          "expected one of nuclei, nuclei-tissue, blood-cells, digits, lamp",
          FineTuneCommand.class,
          "data",
          data,
          "output",
          never);
      ImagePlus image = new ImagePlus("lamps", Lamp.plane(40, 30, 25, 10));
      assertRefused("expected one of digits, lamp,", ClassifyCommand.class, "image", image);
      assertRefused(
          "expected one of nuclei, nuclei-tissue, blood-cells, digits, lamp,",
          SaliencyMapCommand.class,
          "image",
          image);
      assertRefused("the path of a .spyhop file", RegressCommand.class, "image", image);
      assertRefused("the path of a .spyhop file", KeypointsCommand.class, "image", image);
      for (var command :
          List.of(
              ClassifyCommand.class,
              RegressCommand.class,
              SaliencyMapCommand.class,
              SegmentCommand.class,
              LocalizeCommand.class,
              KeypointsCommand.class)) {
        assertRefused("no model named \"lmap\"", command, "image", image, "model", "lmap");
      }
    } finally {
      if (before == null) System.clearProperty("spyhop.models");
      else System.setProperty("spyhop.models", before);
    }
  }

  @Test
  void nonsenseIsRefused() throws Exception {
    Path data = ShapeImages.classes(folder.resolve("n"), 2, 4, "disc", "square");
    Path never = folder.resolve("never.spyhop");
    for (var command : List.of(TrainClassifierCommand.class, TrainRegressorCommand.class)) {
      assertRefused("Annotated images: ", command, "output", never);
      assertRefused("Model to write: ", command, "data", data);
      assertRefused("from 0 to 99.99", command, "data", data, "output", never, "validation", 100);
      assertRefused("Epochs: ", command, "data", data, "output", never, "epochs", -1);
      assertRefused("Size (pixels): ", command, "data", data, "output", never, "size", -1);
      assertRefused("expected a folder", command, "data", folder + "/no", "output", never);
    }
    assertRefused("index.csv", TrainRegressorCommand.class, "data", data, "output", never);
    Path model = Lamp.model(folder);
    assertRefused(
        "Task: ",
        FineTuneCommand.class,
        "model",
        model,
        "data",
        data,
        "output",
        never,
        "purpose",
        "paint");
    assertRefused(
        "LAYER:FACTOR",
        FineTuneCommand.class,
        "model",
        model,
        "data",
        data,
        "output",
        never,
        "factors",
        "fast");
    assertFalse(Files.exists(never));
  }
}
