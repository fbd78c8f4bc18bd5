package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandModule;
import org.scijava.command.CommandService;
import org.scijava.log.LogLevel;
import org.scijava.log.LogService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
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
    CommandModule done =
        context
            .service(CommandService.class)
            .run(SegmentCommand.class, true, "image", image, "model", model, "manager", false)
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

  /** By the name of the class, as scripts do, and by what makes modules. */
  @Test
  void namesAndModulesDoAsWell() throws Exception {
    String model = Discs.model(folder).toString();
    ImagePlus image = new ImagePlus("two", Discs.plane(70, 50, new int[] {20, 20}));
    Map<String, Object> inputs = Map.of("image", image, "model", model, "manager", false);
    CommandService commands = context.service(CommandService.class);
    assertNotNull(
        commands.run(SegmentCommand.class.getName(), true, inputs).get().getOutput("labels"));
    assertNotNull(
        context
            .service(ModuleService.class)
            .run(commands.getCommand(SegmentCommand.class), true, inputs)
            .get()
            .getOutput("labels"));
  }

  /** Who waits for the end is told what went wrong. */
  @Test
  void whatGoesWrongIsThrown() {
    context.service(LogService.class).setLevel(LogLevel.NONE); // it says so too
    ExecutionException told =
        assertThrows(
            ExecutionException.class,
            () -> segment(context, new ImagePlus("two", Discs.plane(70, 50)), "none"));
    Throwable cause = told;
    while (cause.getCause() != null) cause = cause.getCause();
    assertInstanceOf(SpyhopException.class, cause);
    assertTrue(cause.getMessage().contains("none"), cause.getMessage());
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
