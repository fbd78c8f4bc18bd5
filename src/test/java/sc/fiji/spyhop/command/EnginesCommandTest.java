package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.cli.Spyhop;

/** The same from the menu and from a shell. */
class EnginesCommandTest {

  private static void assertTells(String text) {
    assertTrue(text.contains("processor      "), text);
    assertTrue(text.contains(" predicts, predicts in eight bits\n"), text);
    assertTrue(text.contains("gives gradients, trains"), text);
    assertTrue(text.contains("  arithmetic   right, checked 2"), text);
    assertFalse(text.contains("arithmetic   wrong"), text);
  }

  @Test
  void theLogTells() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8)); // ImageJ's log, headless
    try (Context context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class)) {
      CommandInfo command = context.service(CommandService.class).getCommand(EnginesCommand.class);
      context.service(ModuleService.class).run(command, true, "check", true).get();
    } finally {
      System.setOut(before);
    }
    assertTells(said.toString(StandardCharsets.UTF_8).replace("\r", ""));
  }

  @Test
  void theShellTells() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertTrue(Spyhop.run(new PrintWriter(out), new PrintWriter(err), "engines") == 0);
    assertTells(out.toString().replace("\r", ""));
    assertTrue(err.toString().isEmpty(), err::toString);
  }
}
