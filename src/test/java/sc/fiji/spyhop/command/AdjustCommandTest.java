package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Line;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.FloatStack;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.maps.KeptMaps;
import sc.fiji.spyhop.job.maps.MapsWriter;
import sc.fiji.spyhop.job.maps.Segmenting;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;

class AdjustCommandTest {

  @TempDir static Path folder;
  private static Context context;
  private static Path model;

  private ImagePlus image;
  private ImagePlus maps;

  @BeforeAll
  static void start() {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    model = Discs.model(folder);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  @BeforeEach
  void prepare() {
    ResultsTable.getResultsTable().reset();
    image = new ImagePlus("two", Discs.plane(70, 50, new int[] {20, 20}, new int[] {31, 27}));
    Runner.Options options = Runner.Options.DEFAULT.withPrecision(Precision.FLOAT32);
    try (Runner<Segmentation> runner =
        Runner.open(model.toString(), TaskKind.SEGMENTATION, options)) {
      Frames frames = Frames.of(image);
      MapsWriter.toImage(
          "maps",
          runner,
          frames,
          ShownScale.SAME,
          writer ->
              Segmenting.by(runner, frames, ShownScale.SAME, writer)
                  .planes()
                  .at(1, 1, frames.get(1, 1), sc.fiji.spyhop.Progress.NONE),
          m -> maps = m);
    }
  }

  @AfterEach
  void forget() {
    WindowManager.setTempCurrentImage(null);
    while (WindowManager.getImageCount() > 0) {
      int[] open = WindowManager.getIDList();
      Interpreter.removeBatchModeImage(WindowManager.getImage(open[0]));
    }
    Interpreter.batchMode = false;
  }

  private ImagePlus run(Class<? extends JobCommand> command, Object... keysAndValues)
      throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      inputs.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    try {
      var info = context.service(CommandService.class).getCommand(command);
      return (ImagePlus)
          context.service(ModuleService.class).run(info, true, inputs).get().getOutput("labels");
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  private ImagePlus adjust(Object... keysAndValues) throws InterruptedException {
    Object[] all = new Object[keysAndValues.length + 2];
    all[0] = "image";
    all[1] = maps;
    System.arraycopy(keysAndValues, 0, all, 2, keysAndValues.length);
    return run(AdjustCommand.class, all);
  }

  @Test
  void labelsAreThoseOfTheSameSettings() throws InterruptedException {
    short[] before = null;
    for (String threshold : new String[] {"", "0.2", "0.9"}) {
      ImagePlus again =
          run(
              SegmentCommand.class,
              "image",
              image,
              "model",
              model.toString(),
              "threshold",
              threshold,
              "within",
              "all");
      ImagePlus adjusted = adjust("threshold", threshold);
      short[] pixels = (short[]) adjusted.getProcessor().getPixels();
      assertArrayEquals((short[]) again.getProcessor().getPixels(), pixels);
      assertFalse(java.util.Arrays.equals(before, pixels), "the threshold matters");
      assertEquals("two_labels", adjusted.getTitle());
      before = pixels;
    }
  }

  /** Where the image is not open, what can be told is told of its probabilities. */
  @Test
  void withoutTheImageShapesAreMeasured() throws InterruptedException {
    adjust();
    ResultsTable table = ResultsTable.getResultsTable();
    assertEquals(2, table.size());
    assertTrue(table.columnExists("perimeter"));
    assertFalse(table.columnExists("mean"));
    assertEquals("two", table.getLabel(0));
    assertEquals(2, maps.getOverlay().size());
    adjust("probability", "0.99999");
    assertEquals(0, maps.getOverlay().size(), "outlines are replaced");
  }

  /** Rows say with which settings they were found, if these were given. */
  @Test
  void rowsOfSeveralSettingsCanBeToldApart() throws InterruptedException {
    adjust();
    ResultsTable table = ResultsTable.getResultsTable();
    assertFalse(table.columnExists("threshold"));
    adjust("threshold", "0.2");
    adjust("threshold", "0.9", "probability", "0.5", "whole", true);
    run(SegmentCommand.class, "image", image, "model", model.toString(), "split", "0.02");
    assertEquals(Double.NaN, table.getValue("threshold", 0));
    assertEquals(0.2, table.getValue("threshold", 2));
    assertEquals(Double.NaN, table.getValue("min_probability", 2));
    int third = 2;
    while (table.getValue("threshold", third) != 0.9) third++;
    assertEquals(0.5, table.getValue("min_probability", third));
    assertEquals("true", table.getStringValue("whole", third));
    int last = table.size() - 1;
    assertEquals(0.02, table.getValue("split", last));
    assertEquals(Double.NaN, table.getValue("threshold", last));
  }

  /** What is looked at is told, and a selection that has no part in it. */
  @Test
  void aSelectionIsLookedAtAndTold() throws InterruptedException {
    maps.setRoi(0, 0, 25, 50);
    String log = logOf();
    assertEquals(1, ResultsTable.getResultsTable().size());
    assertTrue(log.contains("Spyhop: maps: looked at within selection."), log);
    maps.setRoi(new Line(0, 0, 25, 50));
    log = logOf();
    assertEquals(3, ResultsTable.getResultsTable().size());
    assertTrue(log.contains("looked at as a whole, as the selection is no area but a"), log);
    maps.setRoi(0, 0, 25, 50);
    Interpreter.batchMode = true;
    Interpreter.addBatchModeImage(image);
    image.setRoi(0, 0, 70, 50);
    log = logOf();
    assertEquals(5, ResultsTable.getResultsTable().size());
    assertTrue(log.contains("Spyhop: two: looked at within selection."), log);
    String untold = "The selection on maps is not looked at, as two is open: draw it there.";
    assertTrue(log.contains(untold), log);
  }

  /** What ImageJ logs, which without a display is the standard output. */
  private String logOf(Object... keysAndValues) throws InterruptedException {
    PrintStream out = System.out;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      adjust(keysAndValues);
    } finally {
      System.setOut(out);
    }
    return log.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNotKeptOrMakesNoSenseIsRefused() {
    String none = refused("image", image);
    assertTrue(none.contains("Spyhop Segment has kept"), none);
    String title = refused("source", "nowhere");
    assertTrue(title.contains("expected the title of an open image"), title);
    assertNotEquals("", refused("threshold", "1"));
    String output = refused("folder", new java.io.File("somewhere"));
    assertTrue(output.contains("output=FOLDER"), output);
    assertNotEquals("", refused("largest", 1.0, "smallest", 2.0));
    image.setProcessor(image.getProcessor().convertToFloat());
    String foreign = refused("image", image);
    assertTrue(foreign.contains("Spyhop Segment has kept"), foreign);
    assertTrue(refused("image", new ImagePlus()).startsWith("Image: "));
  }

  private String refused(Object... keysAndValues) {
    return assertThrows(SpyhopException.class, () -> adjust(keysAndValues)).getMessage();
  }

  /** One channel for each map that decoding takes, and no more, from 0 to 1. */
  @Test
  void mapsAreAsTheImageIs() {
    assertEquals(2, maps.getNChannels());
    assertEquals(1, maps.getDisplayRangeMax());
    try (KeptMaps kept = KeptMaps.of(FloatStack.of(maps))) {
      assertEquals("discs", kept.record().model());
      assertEquals("two", kept.record().image());
      assertEquals(0.55, kept.record().task().adjustment().threshold().orElseThrow());
    }
  }
}
