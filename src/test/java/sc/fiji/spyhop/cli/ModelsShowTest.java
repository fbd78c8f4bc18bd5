package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.model.ModelFile;

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
  void pictureAndDocumentationAreShown() throws IOException {
    assertTrue(line("picture", "nuclei").endsWith("160 x 160 pixels"));
    Path model = folder.resolve("zoo.spyhop");
    try (InputStream in =
        ModelFile.class.getResourceAsStream("/sc/fiji/spyhop/exchange/bioimage/onnx_05.zip")) {
      Files.copy(in, folder.resolve("zoo.zip"));
    }
    Shell made = Shell.run("models", "import", folder.resolve("zoo.zip"), "--output", model);
    assertEquals(0, made.code(), made.err());
    Shell shown = Shell.run("models", "show", model);
    assertTrue(shown.out().contains("\npicture          256 x 192 pixels\n"), shown.out());
    assertTrue(shown.out().contains("\n# Example\n\nFinds what is bright."), shown.out());
    assertTrue(line("author", model).endsWith("Ada Example, Ben Sample"));
    assertTrue(line("license", model).endsWith("CC-BY-4.0"));
    assertTrue(line("citation", model).contains("10.1234/example"));
  }

  @Test
  void whatIsNotKnownIsToldToo() {
    Path model = Discs.localizer(folder);
    assertTrue(line("scores", model).contains("not calibrated"));
    assertTrue(line("known images", model).contains("not known"));
    assertTrue(line("names", Discs.classed(folder)).endsWith("dim, bright"));
  }
}
