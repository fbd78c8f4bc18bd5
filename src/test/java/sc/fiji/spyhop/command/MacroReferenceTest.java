package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.host.Help;

/**
 * The reference of macro keys says what the commands say. To write it anew:
 *
 * <pre>mvn test -Dtest=MacroReferenceTest -Dspyhop.docs.write=true</pre>
 */
class MacroReferenceTest {

  private static final Path PAGE = Path.of("docs", "macro-reference.md");

  @Test
  void isUpToDate() throws IOException {
    try (Context context =
        new Context(CommandService.class, StatusService.class, TaskService.class)) {
      List<CommandInfo> commands =
          context.service(CommandService.class).getCommands().stream()
              .filter(c -> c.getDelegateClassName().startsWith("sc.fiji.spyhop."))
              .filter(c -> !c.getMenuPath().isEmpty())
              .sorted(Comparator.comparing(MacroReference::entry))
              .toList();
      String page = MacroReference.page(context, commands);
      if (Boolean.getBoolean("spyhop.docs.write")) Files.writeString(PAGE, page);
      assertEquals(
          page,
          Files.exists(PAGE) ? Files.readString(PAGE) : "",
          PAGE + " is out of date: mvn test -Dtest=MacroReferenceTest -Dspyhop.docs.write=true");
      for (CommandInfo command : commands) {
        String anchor = Help.address(MacroReference.entry(command)).replaceAll(".*#", "");
        assertTrue(
            page.lines()
                .filter(l -> l.startsWith("## "))
                .anyMatch(
                    l -> l.substring(3).toLowerCase(Locale.ROOT).replace(' ', '-').equals(anchor)),
            anchor);
      }
    }
  }
}
