package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.GraphicsEnvironment;
import org.junit.jupiter.api.Test;

class GuiTest {

  @Test
  void withoutADisplayThatIsSaidInOneSentence() {
    assumeTrue(GraphicsEnvironment.isHeadless(), "there is a display");
    Shell shell = Shell.run("gui");
    assertEquals(1, shell.code());
    assertEquals(1, shell.err().lines().count(), shell.err());
    assertTrue(shell.problem().contains("expected a display"), shell.err());
  }
}
