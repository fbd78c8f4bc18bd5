package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.StoppedException;

/** Commands as ImageJ's menu starts them; without a display they have the values of the dialog. */
class HostTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  @BeforeEach
  void listen() {
    Host.instance();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(out);
    System.setErr(err);
    WindowManager.setTempCurrentImage(null);
  }

  @Test
  void aCommandThatIsCancelledEndsWithoutAWord() throws Exception {
    // so many slices that Esc is pressed before the last, however busy the machine is
    ImagePlus image = IJ.createImage("x", "8-bit black", 40, 30, 1000);
    WindowManager.setTempCurrentImage(image);
    try (Impatience someone = Impatience.start()) {
      Host.instance().run("Spyhop Segment");
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
    assertInstanceOf(StoppedException.class, Host.instance().takeFailure().orElseThrow());
    assertNull(image.getOverlay(), "nothing was changed");
  }

  @Test
  void whatACommandRefusesIsKeptInItsWords() {
    Host.instance().run("Spyhop Train Classifier");
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
    RuntimeException failure = Host.instance().takeFailure().orElseThrow();
    assertEquals(SpyhopException.class, failure.getClass());
    assertEquals(
        "Annotated images: expected a path, received nothing. In macros: data=[/path/to/it].",
        failure.getMessage());
  }
}
