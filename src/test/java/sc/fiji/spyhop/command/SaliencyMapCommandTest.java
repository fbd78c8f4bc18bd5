package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import java.nio.file.Path;
import java.util.HashMap;
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
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Lamp;

class SaliencyMapCommandTest {

  @TempDir static Path folder;
  private static Context context;
  private static Path model;

  private ImagePlus image;

  @BeforeAll
  static void start() {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
    context.service(LogService.class).setLevel(LogLevel.NONE); // refusals are expected here
    model = Lamp.model(folder);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  @BeforeEach
  void prepare() {
    image = new ImagePlus("lamp", Lamp.plane(40, 30, 25, 10));
    image.getCalibration().setUnit("um");
  }

  /** As a macro would: values are texts. */
  private ImagePlus run(String... keysAndValues) throws InterruptedException {
    Map<String, Object> inputs = new HashMap<>();
    inputs.put("image", image);
    inputs.put("model", model.toString());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      inputs.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    try {
      var info = context.service(CommandService.class).getCommand(SaliencyMapCommand.class);
      return (ImagePlus)
          context.service(ModuleService.class).run(info, true, inputs).get().getOutput("saliency");
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  @Test
  void givesAMapAndAnOverlayThatReplacesTheLast() throws InterruptedException {
    image.setOverlay(new Overlay(new Roi(1, 1, 5, 5)));
    ImagePlus map = run("window", "4", "stride", "2");
    assertEquals("lamp_saliency", map.getTitle());
    assertEquals("µm", map.getCalibration().getUnit());
    assertTrue(map.getProcessor().getf(25, 10) > 0.1);
    assertEquals(0, map.getProcessor().getf(5, 25), 0.02);
    assertEquals(3, image.getOverlay().size(), "the user's outline, colours and contour");
    run("window", "4", "stride", "2");
    assertEquals(3, image.getOverlay().size());
  }

  /** The lamp is outside of the selection, so that nothing in there matters. */
  @Test
  void ofASelectionOnlyThatIsShown() throws InterruptedException {
    image.setRoi(0, 0, 20, 30);
    ImageProcessor map = run("category", "off").getProcessor();
    for (int i = 0; i < 1200; i++) assertEquals(0, map.getf(i), 1e-6);
    image.setRoi(20, 0, 20, 30);
    map = run("category", "on", "fill", "grey", "window", "3").getProcessor();
    assertEquals(40, map.getWidth());
    assertEquals(0, map.getf(10, 10));
    assertTrue(map.getf(25, 10) > 0.01, "" + map.getf(25, 10));
    image.setRoi(100, 100, 5, 5);
    assertRefused("Selection: ");
  }

  private void assertRefused(String start, String... keysAndValues) {
    String message = assertThrows(SpyhopException.class, () -> run(keysAndValues)).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void nonsenseIsRefused() {
    assertRefused("Class: model lamp knows no \"dim\"", "category", "dim");
    assertRefused("Window (pixels): ", "window", "-1");
    assertRefused("Stride: ", "window", "4", "stride", "5");
    assertRefused("Shown instead: ", "fill", "white");
    assertRefused("Method: expected occlusion, gradient,", "method", "magic");
    assertRefused("Layer: only method gradcam has this", "layer", "c1");
    assertRefused("Object at (x,y): ", "at", "7");
    assertRefused("Object at (x,y): model lamp says something about an image", "at", "7,7");
    assertRefused("Model: ", "model", " ");
    assertRefused("Channel: ", "channel", "x");
    image = new ImagePlus();
    assertRefused("Image: ");
  }
}
