package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.plugin.frame.Recorder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;

/**
 * What a dialog's answer is recorded as. The expected lines follow from the rules of
 * imagej-legacy's MacroRecorderPostprocessor and ActiveImagePlusPreprocessor: keys are names of
 * fields, in order, without those that are invisible and without a single image, which is the
 * active one.
 */
class RecordedLineTest {

  private static Context context;

  @BeforeAll
  static void start() {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  @AfterEach
  void forgetImage() {
    WindowManager.setTempCurrentImage(null);
  }

  private static Module module(String entry) throws Exception {
    for (CommandInfo info : context.service(CommandService.class).getCommands()) {
      if (!info.getMenuPath().isEmpty() && info.getMenuPath().getLeaf().getName().equals(entry)) {
        Module module = context.service(ModuleService.class).createModule(info);
        module.initialize();
        return module;
      }
    }
    throw new AssertionError("no command " + entry);
  }

  /** What ImageJ's recorder writes. */
  private static String line(String entry, Map<String, Object> changes) throws Exception {
    Module module = module(entry);
    Map<String, Object> values = new HashMap<>(Host.defaults(module));
    values.putAll(changes);
    MacroOptions options = new MacroOptions(module);
    values.forEach(module::setInput); // as the dialog does, which checks them
    Recorder.resetCommandOptions();
    Recorder.record = true;
    try {
      Host.record(options, values);
      return Recorder.getCommandOptions();
    } finally {
      Recorder.record = false;
    }
  }

  @Test
  void linesAreThoseOfFiji() throws Exception {
    ImagePlus image = IJ.createImage("my cells.tif", "8-bit black", 4, 4, 1);
    WindowManager.setTempCurrentImage(image);
    assertEquals(
        "model=nuclei channel=2 diameter=auto measure=all within=auto table=true manager=false",
        line("Spyhop Segment", Map.of("image", image, "channel", "2", "manager", false)));
    assertEquals(
        "data= image= output= validation=10.0 epochs=7 seed=3 replace=false resume=false"
            + " complete=false object= classes=",
        line("Spyhop Train Segmenter", Map.of("epochs", 7, "seed", 3L)));
  }

  @Test
  void anotherImageAndAdvancedSettingsAreNamed() throws Exception {
    ImagePlus image = IJ.createImage("my cells.tif", "8-bit black", 4, 4, 1);
    assertTrue(
        line("Spyhop Segment", Map.of("image", image)).startsWith("image=[my cells.tif] model="));
    assertTrue(line("Spyhop Train Segmenter", Map.of("crop", 64)).endsWith("classes= crop=64"));
  }

  /** They go between the quotes of a macro's text. */
  @Test
  void backslashesAndQuotesAreEscaped() throws Exception {
    assertTrue(
        line("Spyhop Segment", Map.of("model", "C:\\new models\\\"a\".spyhop"))
            .startsWith("model=[C:\\\\new models\\\\\\\"a\\\".spyhop] channel=auto"));
  }

  @Test
  void noImageIsNotNamed() throws Exception {
    assertTrue(
        line("Spyhop Suggest Slices", Map.of("image", new ImagePlus())).startsWith("folder= "));
  }
}
