package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;

class SegmentCommandTest {

  @TempDir static Path folder;
  private static Context context;
  private static Path model;

  private ImagePlus image;

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
    image = new ImagePlus("two", Discs.plane(70, 50, new int[] {20, 20}, new int[] {50, 30}));
  }

  /** As a macro would: values are texts. */
  private Module run(String... keysAndValues) throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    inputs.put("image", image);
    inputs.put("model", model.toString());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      inputs.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    try {
      var info = context.service(CommandService.class).getCommand(SegmentCommand.class);
      return context.service(ModuleService.class).run(info, true, inputs).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  @Test
  void givesLabelsOverlayAndTable() throws InterruptedException {
    image.setOverlay(new Overlay(new Roi(1, 1, 5, 5)));
    ImagePlus labels = (ImagePlus) run().getOutput("labels");
    assertEquals("two_labels", labels.getTitle());
    assertTrue(labels.getProcessor().get(20, 20) > 0);
    assertTrue(labels.getProcessor().get(50, 30) > 0);
    assertEquals(0, labels.getProcessor().get(0, 0));
    assertEquals(3, image.getOverlay().size(), "the user's outline and two of ours");
    assertEquals(2, ResultsTable.getResultsTable().size());
    run();
    assertEquals(3, image.getOverlay().size(), "ours are replaced");
    assertEquals(4, ResultsTable.getResultsTable().size(), "rows are added");
  }

  /** A selection limits what is segmented unless all is asked for. */
  @Test
  void aSelectionIsLookedAt() throws InterruptedException {
    image.setRoi(new Roi(0, 0, 35, 50));
    ImagePlus labels = (ImagePlus) run().getOutput("labels");
    assertTrue(labels.getProcessor().get(20, 20) > 0);
    assertEquals(0, labels.getProcessor().get(50, 30), "outside of the selection");
    assertEquals(1, ResultsTable.getResultsTable().size());
    run("within", "all");
    assertEquals(3, ResultsTable.getResultsTable().size());
    image.deleteRoi();
    image.setOverlay(new Overlay(new Roi(44, 20, 20, 10)));
    run("within", "overlay", "edge", "cut");
    assertEquals(4, ResultsTable.getResultsTable().size());
    assertEquals(
        30,
        ResultsTable.getResultsTable().getValue("box_y", 3)
            + ResultsTable.getResultsTable().getValue("box_height", 3),
        "its lower half is cut off");
  }

  @Test
  void anAreaThatIsNotThereIsRefused() {
    for (String within : List.of("selection", "overlay", "nowhere.tif")) {
      SpyhopException refused = assertThrows(SpyhopException.class, () -> run("within", within));
      assertTrue(refused.getMessage().contains("expected"), refused.getMessage());
    }
  }

  /** Without a display they are an output, as labels are. */
  @Test
  void probabilitiesAreKeptIfAsked() throws InterruptedException {
    assertNull(run().getOutput("maps"));
    ImagePlus maps = (ImagePlus) run("probabilities", "true").getOutput("maps");
    assertEquals("two_probabilities", maps.getTitle());
    assertEquals(2, maps.getNChannels());
    // the logistic of 20 v / 200 - 10, and v / 200
    double v = image.getProcessor().get(24, 21) / 200.0;
    assertEquals(1 / (1 + Math.exp(10 - 20 * v)), maps.getStack().getVoxel(24, 21, 0), 1e-2);
    assertEquals(v, maps.getStack().getVoxel(24, 21, 1), 1e-2);
  }

  @Test
  void theTableCanBeLeftOut() throws InterruptedException {
    run("table", "false", "manager", "false");
    assertEquals(0, ResultsTable.getResultsTable().size());
  }

  @Test
  void anUnknownTitleIsRefused() {
    image = new ImagePlus();
    assertTrue(assertThrows(SpyhopException.class, this::run).getMessage().startsWith("Image: "));
  }

  @Test
  void nonsenseIsRefused() {
    assertTrue(
        assertThrows(SpyhopException.class, () -> run("channel", "abc"))
            .getMessage()
            .startsWith("Channel: "));
    assertTrue(
        assertThrows(SpyhopException.class, () -> run("model", "nuklei"))
            .getMessage()
            .startsWith("There is no model named \"nuklei\""));
    assertThrows(SpyhopException.class, () -> run("model", " "));
    assertThrows(SpyhopException.class, () -> run("channel", "2"));
    image = new ImagePlus("rgb", new ByteProcessor(8, 8).convertToRGB());
    image.getProcessor().set(3, 3, 0xFF0000);
    assertTrue(assertThrows(SpyhopException.class, this::run).getMessage().contains("channel"));
  }
}
