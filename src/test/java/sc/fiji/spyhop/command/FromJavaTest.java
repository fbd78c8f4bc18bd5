package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.cli.Discs;

/** How other Java code runs commands, as {@code docs/fiji.md} shows it. */
class FromJavaTest {

  private static final Path SOURCE =
      Path.of("src/test/java/sc/fiji/spyhop/command/FromJavaTest.java");

  @TempDir Path folder;

  private final Context context =
      new Context(CommandService.class, StatusService.class, TaskService.class);

  @AfterEach
  void stop() {
    context.dispose();
    ResultsTable.getResultsTable().reset();
  }

  private static ImagePlus segment(Context context, ImagePlus image, String model)
      throws InterruptedException, ExecutionException {
    // page begins
    CommandInfo command = context.service(CommandService.class).getCommand(SegmentCommand.class);
    Module done =
        context
            .service(ModuleService.class)
            .run(command, true, "image", image, "model", model, "manager", false)
            .get();
    ImagePlus labels = (ImagePlus) done.getOutput("labels");
    // page ends
    return labels;
  }

  @Test
  void aModuleGivesTheOutputs() throws Exception {
    ImagePlus image = new ImagePlus("two", Discs.plane(70, 50, new int[] {20, 20}));
    assertTrue(segment(context, image, Discs.model(folder).toString()).getProcessor().getMax() > 0);
  }

  /** A limit of SciJava, for commands that change their parameters, such as choices of models. */
  @Test
  void theCommandServiceDoesNot() {
    context.service(LogService.class).setLevel(LogLevel.NONE); // it says so, and the image is empty
    assertNull(
        context
            .service(CommandService.class)
            .run(SegmentCommand.class, false, "image", new ImagePlus(), "model", "none"));
  }

  @Test
  void thePageShowsWhatIsTriedHere() throws IOException {
    String source = Files.readString(SOURCE);
    String tried =
        source.substring(
            source.indexOf("// page begins\n") + 15, source.indexOf("    // page ends\n"));
    String page = Files.readString(Path.of("docs/fiji.md"));
    String shown = page.substring(page.indexOf("```java\n") + 8);
    assertEquals(
        tried.stripTrailing().stripIndent(), shown.substring(0, shown.indexOf("```")).strip());
  }
}
