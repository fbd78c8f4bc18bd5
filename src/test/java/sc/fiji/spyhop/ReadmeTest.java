package sc.fiji.spyhop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.IntegerType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Imgs;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;

/** What the README shows has to be true. */
class ReadmeTest {

  private static final Path SOURCE = Path.of("src/test/java/sc/fiji/spyhop/ReadmeTest.java");

  private static void example() {
    // README begins
    Frame image = new ImageFiles().readFrame(Path.of("test-images/nuclei/images/nuclei_000.tif"));
    try (Runner<Segmentation> nuclei = Runner.open("nuclei", TaskKind.SEGMENTATION)) {
      Segmentation found = nuclei.predict(image);
      for (Segment nucleus : found.segments()) {
        System.out.println(nucleus.x() + ", " + nucleus.y() + ": " + nucleus.area() + " pixels");
      }
      Img<? extends IntegerType<?>> labels = Imgs.labels(found);
      NumpyImages.write(labels, Path.of("target", "nuclei_000_labels.npy"));
    }
    // README ends
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("README.md"));
  }

  /** The first block of a language, or of none, that contains a text. */
  private static String block(String language, String containing) throws IOException {
    Matcher blocks =
        Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(readme());
    while (blocks.find()) {
      String text = blocks.group(2);
      if (blocks.group(1).equals(language) && text.contains(containing)) return text.strip();
    }
    throw new AssertionError("README has no block with " + containing);
  }

  @Test
  void theJavaExampleIsTheOneCompiledHere() throws IOException {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(
            source.indexOf("// README begins\n") + 17, source.indexOf("    // README e"));
    assertEquals(example.stripTrailing().stripIndent(), block("java", "Runner"));
  }

  @Test
  void theJavaExampleRuns() {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, false, StandardCharsets.UTF_8));
    try {
      example();
    } finally {
      System.setOut(console);
    }
    assertTrue(
        printed
            .toString(StandardCharsets.UTF_8)
            .lines()
            .allMatch(l -> l.matches("[\\d.]+, [\\d.]+: \\d+ pixels")));
    assertTrue(printed.toString(StandardCharsets.UTF_8).lines().count() > 20);
    assertTrue(Files.exists(Path.of("target", "nuclei_000_labels.npy")));
  }

  @Test
  void theMacroIsTheOneInTheFolder() throws IOException {
    List<String> shown = block("", "Spyhop Segment").lines().toList();
    List<String> lines =
        Files.readAllLines(Path.of("macros/Segment.ijm")).stream()
            .map(l -> l.replaceFirst(" *//.*", "").strip())
            .filter(shown::contains)
            .toList();
    assertEquals(shown, lines);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    Matcher links = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)").matcher(readme());
    while (links.find()) assertTrue(Files.exists(Path.of(links.group(1))), links.group(1));
  }
}
