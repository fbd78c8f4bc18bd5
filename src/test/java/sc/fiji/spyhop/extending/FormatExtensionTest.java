package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** An annotation format that a jar brings, in the shell. */
class FormatExtensionTest {

  private static final String SPOTS =
      "images/a.png\tcell\t10.5\t20.0\nimages/a.png\tdust\t30.0\t12.0\nimages/b.png\tcell\t7.0\t8.0\n";

  @TempDir private Path folder;
  private Path data;

  @BeforeEach
  void images() throws IOException {
    data = folder.resolve("data");
    Files.createDirectories(data.resolve("images"));
    for (String name : List.of("a", "b")) {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, "png", data.resolve("images/" + name + ".png").toFile());
    }
    Files.writeString(data.resolve("spots.txt"), SPOTS);
  }

  private static List<String> boxes(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("boxes.csv")).stream().skip(1).sorted().toList();
  }

  @Test
  void aJarBringsAFormatThatIsReadAndWrittenByItsName() throws Throwable {
    Path csv = folder.resolve("csv");
    Path back = folder.resolve("back");
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "SpotsFormat")),
        () -> {
          Shell read =
              Shell.run(
                  "annotations",
                  "--data",
                  data,
                  "--to",
                  "csv",
                  "--output",
                  csv,
                  "--images",
                  "copy");
          assertEquals(0, read.code(), read.err());
          List<String> rows = boxes(csv);
          // nine pixels around the middle, by hand
          assertTrue(rows.get(0).startsWith("images/a.png,cell,6,15.5,9,9"), rows::toString);
          assertTrue(rows.get(1).startsWith("images/a.png,dust,25.5,7.5,9,9"), rows::toString);
          assertTrue(rows.get(2).startsWith("images/b.png,cell,2.5,3.5,9,9"), rows::toString);
          Shell written =
              Shell.run("annotations", "--data", csv, "--to", "spots", "--output", back);
          assertEquals(0, written.code(), written.err());
          assertEquals(SPOTS, Files.readString(back.resolve("spots.txt")));
          assertTrue(Shell.run("annotations", "--help").out().contains("spots"));
        });
  }

  @Test
  void aNetworkIsTrainedOnIt() throws Throwable {
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "SpotsFormat")),
        () -> {
          Path model = folder.resolve("spots.spyhop");
          Shell shell =
              Shell.run(
                  "train",
                  "localize",
                  "--data",
                  data,
                  "--output",
                  model,
                  "--epochs",
                  1,
                  "--steps",
                  1,
                  "--batch",
                  1,
                  "--widths",
                  "4,4,4",
                  "--validation",
                  50);
          assertEquals(0, shell.code(), shell.err());
          assertEquals(List.of("cell", "dust"), ModelFile.read(model).spec().names());
        });
  }

  @Test
  void withoutTheJarItsFilesAreNotKnown() {
    Shell shell = Shell.run("annotations", "--data", data);
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains("no annotations in a known format"), shell.err());
    assertFalse(Shell.run("annotations", "--help").out().contains("spots"));
    shell = Shell.run("annotations", "--data", data, "--to", "spots", "--output", folder);
    assertTrue(shell.err().contains("No annotation format is called spots"), shell.err());
  }

  /** One that fails stands in nobody's way. */
  @Test
  void aFormatThatFailsIsLeftOut() throws Throwable {
    String source =
        Files.readString(ExtensionJar.SOURCES.resolve("SpotsFormat.java"))
            .replace("SpotsFormat", "Broken")
            .replace("\"spots\"", "\"broken\"")
            .replace(
                "Path file = place",
                "if (true) throw new IllegalStateException(); Path file = place");
    Files.writeString(
        data.resolve("boxes.csv"), "image,class,x,y,width,height\na.png,cell,1,2,3,4\n");
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "Broken", source, "broken.jar")),
        () -> {
          Shell shell = Shell.run("annotations", "--data", data);
          assertEquals(0, shell.code(), shell.err());
          assertTrue(shell.out().startsWith("1 image, 1 box"), shell.out());
        });
  }

  @Test
  void aFormatThatFailsAtReadingIsNamed() throws Throwable {
    Files.writeString(data.resolve("spots.txt"), "images/a.png\tcell\n");
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "SpotsFormat")),
        () -> {
          Shell shell = Shell.run("annotations", "--data", data);
          assertEquals(1, shell.code());
          assertTrue(
              shell.err().contains("The plugin spots(), from SpotsFormat.jar, failed: java.lang"),
              shell.err());
        });
  }
}
