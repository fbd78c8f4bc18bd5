package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models are said to tell. */
class ModelsShowTest {

  @TempDir Path folder;

  private static String line(String name, Object model) {
    Shell shell = Shell.run("models", "show", model);
    assertEquals(0, shell.code(), shell.err());
    return shell.out().lines().filter(l -> l.startsWith(name)).findFirst().orElse("");
  }

  @Test
  void scoresAndKnownImagesAreToldInWords() {
    assertTrue(line("scores", "nuclei").contains("calibrated: of objects"));
    String images = line("known images", "nuclei");
    assertTrue(images.contains("structures of") && images.contains("noise up to"), images);
    assertTrue(line("scores", "digits").endsWith("none"));
  }

  @Test
  void whatIsNotKnownIsToldToo() {
    Path model = Discs.localizer(folder);
    assertTrue(line("scores", model).contains("not calibrated"));
    assertTrue(line("known images", model).contains("not known"));
    assertTrue(line("names", Discs.classed(folder)).endsWith("dim, bright"));
  }
}
