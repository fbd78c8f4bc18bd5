package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import java.awt.Rectangle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
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
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.cli.Squares;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.preview.Seen;
import sc.fiji.spyhop.job.preview.View;

/** Trains for a moment, which is enough to see that what comes of it arrives in ImageJ. */
class DetectionCommandsTest {

  @TempDir static Path folder;
  private static Context context;
  private static Path boxes;
  private static Path points;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    boxes = folder.resolve("boxes.spyhop");
    points = folder.resolve("points.spyhop");
    train(TrainLocalizerCommand.class, Squares.write(folder.resolve("b"), 4, true), boxes);
    train(TrainKeypointsCommand.class, Squares.write(folder.resolve("k"), 4, false), points);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private static void train(Class<? extends Command> command, Path data, Path model)
      throws InterruptedException {
    train(command, data, model, Map.of());
  }

  private static void train(
      Class<? extends Command> command, Path data, Path model, Map<String, Object> more)
      throws InterruptedException {
    Map<String, Object> inputs =
        new HashMap<>(
            Map.of(
                "data",
                new File(data.toString()),
                "output",
                new File(model.toString()),
                "epochs",
                "1",
                "steps",
                "3",
                "batch",
                "2",
                "widths",
                "4,8",
                "validation",
                "25"));
    inputs.putAll(more);
    run(command, inputs);
  }

  /** As a macro would: values are texts. */
  private static void run(Class<? extends Command> command, Map<String, Object> inputs)
      throws InterruptedException {
    try {
      var info = context.service(CommandService.class).getCommand(command);
      context.service(ModuleService.class).run(info, true, new HashMap<>(inputs)).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  /** By hand: boxes of 24 x 24 pixels about the middles of the pixels (20, 20) and (50, 30). */
  @Test
  void boxesArriveInOverlayAndTable() throws InterruptedException {
    ImagePlus image =
        new ImagePlus("two", Discs.plane(70, 50, new int[] {20, 20}, new int[] {50, 30}));
    image.setOverlay(new Overlay(new Roi(1, 1, 5, 5)));
    ResultsTable table = ResultsTable.getResultsTable();
    table.reset();
    Map<String, Object> inputs =
        Map.of("image", image, "model", Discs.localizer(folder).toString(), "manager", "false");
    run(LocalizeCommand.class, inputs);
    assertEquals(3, image.getOverlay().size());
    assertEquals(2, table.size());
    assertEquals("disc", table.getStringValue("class", 0));
    for (int i = 0; i < 2; i++) {
      assertEquals(i == 0 ? 8.5 : 38.5, table.getValue("x", i), 1e-3);
      assertEquals(i == 0 ? 8.5 : 18.5, table.getValue("y", i), 1e-3);
      assertEquals(24, table.getValue("width", i), 1e-3);
      assertEquals(1 / (1 + Math.exp(-4)), table.getValue("score", i), 1e-3);
    }
    run(LocalizeCommand.class, inputs);
    assertEquals(3, image.getOverlay().size(), "replaced, and the user's own is kept");
  }

  /** By hand: the threshold of the model is 0.5, as its maker says. */
  @Test
  void theModelsThresholdIsShownWhereNoneIsGiven() {
    Map<String, Object> settings = Map.of("model", Discs.localizer(folder).toString());
    assertEquals(Map.of("score", "0.5"), new LocalizeCommand().hints(settings));
    assertEquals(Map.of("score", "0.5"), new BatchCommand().hints(settings));
    assertEquals(Map.of(), new LocalizeCommand().hints(Map.of("model", "none of that name")));
  }

  @Test
  void whatWasTrainedDraws() throws InterruptedException {
    ImagePlus image = ImageFiles.open(folder.resolve("b/s00.tif"));
    ResultsTable.getResultsTable().reset();
    run(
        LocalizeCommand.class,
        Map.of("image", image, "model", boxes.toString(), "score", "0", "manager", "false"));
    assertTrue(image.getOverlay().size() > 0);
    assertEquals(image.getOverlay().size(), ResultsTable.getResultsTable().size());
  }

  @Test
  void pointsArriveInOverlayAndTable() throws InterruptedException {
    ImagePlus image = ImageFiles.open(folder.resolve("k/s01.tif"));
    ResultsTable.getResultsTable().reset();
    run(
        KeypointsCommand.class,
        Map.of("image", image, "model", points.toString(), "score", "0", "manager", "false"));
    assertEquals(2, image.getOverlay().size());
    assertEquals(2, ResultsTable.getResultsTable().size());
    assertEquals("bright", ResultsTable.getResultsTable().getStringValue("keypoint", 0));
  }

  /** Of each area there, as of the boxes that Spyhop Localize draws. */
  @Test
  void pointsAreFoundInTheBoxesOfTheOverlay() throws IOException, InterruptedException {
    Path model = folder.resolve("corners.spyhop");
    Path data = Squares.writeWithCorners(folder.resolve("c"), 4);
    train(TrainKeypointsCommand.class, data, model, Map.of("objects", "true", "picture", "32"));
    ImagePlus image = ImageFiles.open(folder.resolve("c/s01.tif"));
    image.setOverlay(new Overlay(new Roi(3, 3, 20, 20)));
    image.getOverlay().add(new Roi(40, 5, 15, 12));
    ResultsTable table = ResultsTable.getResultsTable();
    table.reset();
    Map<String, Object> inputs =
        new HashMap<>(
            Map.of("image", image, "model", model.toString(), "score", "0", "manager", "false"));
    assertRefused("Look at: ", KeypointsCommand.class, inputs);
    inputs.put("regions", "overlay");
    Seen all = seen(inputs, new Rectangle(0, 0, 72, 48));
    Seen second = seen(inputs, new Rectangle(38, 0, 20, 20));
    assertEquals(2, image.getOverlay().size(), "a preview leaves the overlay as it is");
    run(KeypointsCommand.class, inputs);
    assertEquals(4, table.size());
    assertEquals(drawn(image.getOverlay(), 2), drawn(all.rois(), 0));
    assertEquals("4 keypoints in view", all.told());
    assertEquals(
        drawn(all.rois(), 0).stream().filter(r -> !r.startsWith("1 ")).toList(),
        drawn(second.rois(), 0),
        "those of the box in view, numbered among all");
    assertEquals("2", table.getStringValue("object", 3));
    // a margin of 0.15 on each side of the second box
    assertTrue(table.getValue("x", 3) > 37 && table.getValue("x", 3) < 58);
  }

  /** What the dialog would show. */
  private static Seen seen(Map<String, Object> inputs, Rectangle part) {
    KeypointsCommand command = new KeypointsCommand();
    command.settings().stream()
        .filter(s -> inputs.containsKey(s.key()) && s.type() != boolean.class)
        .forEach(s -> s.set(inputs.get(s.key())));
    try (Previewer previewer = command.previewer().orElseThrow()) {
      return previewer.asked().look(new View(1, 1, part), Progress.NONE);
    }
  }

  /** Names and places of regions, but for some at the beginning. */
  private static List<String> drawn(Iterable<Roi> rois, int skipped) {
    return StreamSupport.stream(rois.spliterator(), false)
        .skip(skipped)
        .map(r -> r.getName() + " " + r.getFloatBounds() + " " + r.getStrokeColor())
        .toList();
  }

  private static void assertRefused(
      String start, Class<? extends Command> command, Map<String, Object> inputs) {
    String message = assertThrows(SpyhopException.class, () -> run(command, inputs)).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void nonsenseIsRefused() {
    ImagePlus image = ImageFiles.open(folder.resolve("b/s00.tif"));
    assertRefused(
        "Score threshold: ",
        LocalizeCommand.class,
        Map.of("image", image, "model", boxes.toString(), "score", "2"));
    assertRefused("Model: ", KeypointsCommand.class, Map.of("image", image, "model", " "));
    assertRefused(
        "Image: ",
        KeypointsCommand.class,
        Map.of("image", new ImagePlus(), "model", points.toString()));
    assertRefused(
        "Model boxes is for localization",
        KeypointsCommand.class,
        Map.of("image", image, "model", boxes.toString()));
    File data = folder.resolve("k").toFile();
    assertRefused(
        "Nothing to learn: the annotations hold no boxes",
        TrainLocalizerCommand.class,
        Map.of("data", data, "output", folder.resolve("new.spyhop").toFile()));
    assertRefused(
        "Scale: ",
        TrainKeypointsCommand.class,
        Map.of("data", data, "output", folder.resolve("new.spyhop").toFile(), "zoom", "half"));
  }
}
