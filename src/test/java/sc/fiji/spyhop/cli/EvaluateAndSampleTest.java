package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;

class EvaluateAndSampleTest {

  @TempDir Path folder;
  private Path truth;
  private Path predicted;

  @BeforeEach
  void prepare() throws IOException {
    truth = Files.createDirectory(folder.resolve("truth"));
    predicted = Files.createDirectory(folder.resolve("predicted"));
  }

  /** Rows of 10 pixels; each digit is a label. */
  private static void write(Path file, String... rows) {
    ByteProcessor pixels = new ByteProcessor(10, rows.length);
    for (int i = 0; i < 10 * rows.length; i++) {
      pixels.set(i, rows[i / 10].charAt(i % 10) - '0');
    }
    LabelImages.save(new ImagePlus("x", pixels), file);
  }

  private Shell evaluate(Object... more) {
    Object[] all = new Object[6 + more.length];
    List.of("evaluate", "segment", "--predicted", predicted, "--truth", truth).toArray(all);
    System.arraycopy(more, 0, all, 6, more.length);
    return Shell.run(all);
  }

  @Test
  void figuresAreThoseCountedByHand() throws IOException {
    // object 1: 6 of 8 pixels shared, IoU 0.75; object 2 missed; one predicted object too many
    write(truth.resolve("a.tif"), "1111111000", "1000000222");
    write(predicted.resolve("a_labels.tif"), "3333330000", "0000040000");
    write(truth.resolve("b.tif"), "0000000000");
    Path json = folder.resolve("figures.json");
    Shell shell = evaluate("--json", json);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("1 image without a prediction"), shell.err());
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertEquals(2, figures.get("images").asInt());
    assertEquals("b", figures.get("missing_predictions").get(0).asText());
    JsonNode at = figures.get("at").get("0.75");
    assertEquals(1, at.get("TP").asInt());
    assertEquals(1, at.get("FP").asInt());
    assertEquals(1, at.get("FN").asInt());
    assertEquals(1 / 3.0, at.get("AP").asDouble(), 1e-12);
    assertEquals(0.75 * 0.5, at.get("PQ").asDouble(), 1e-12);
    assertEquals(0, figures.get("at").get("0.80").get("TP").asInt());
  }

  @Test
  void onlyASubset() throws IOException {
    write(truth.resolve("a.tif"), "1100000000");
    write(truth.resolve("b.tif"), "1100000000");
    write(predicted.resolve("a.tif"), "1100000000");
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "name,kind,subset\na,x,test\nb,x,train\n");
    Shell shell = evaluate("--index", index, "--subset", "test");
    assertTrue(shell.out().startsWith("1 image, 1 true and 1 predicted"), shell.out());
    assertEquals(2, evaluate("--index", index).code());
    assertEquals(1, evaluate("--index", index, "--subset", "tset").code());
  }

  @Test
  void sizesThatDifferAreRefused() {
    write(truth.resolve("a.tif"), "1100000000");
    write(predicted.resolve("a.tif"), "1100000000", "0000000000");
    Shell shell = evaluate();
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains("expected 10 x 1 pixels"), shell.err());
    assertTrue(shell.problem().contains("nothing is evaluated"), shell.err());
  }

  @Test
  void missingFoldersAreRefused() {
    truth = folder.resolve("nowhere");
    assertEquals(1, evaluate().code());
    assertTrue(evaluate().problem().contains("no such folder"));
    truth = predicted;
    assertTrue(evaluate().problem().contains("no label images here"));
  }

  @Test
  void samplesAreADataSetAndTheSameForTheSameSeed() throws IOException {
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    for (Path to : List.of(a, b)) {
      Shell shell =
          Shell.run(
              "sample", "nuclei", "--seed", 4, "--count", 5, "--size", "64x48", "--output", to);
      assertEquals(0, shell.code(), shell.err());
    }
    List<String> index = Files.readAllLines(a.resolve("index.csv"));
    assertEquals("name,subset", index.get(0));
    assertEquals(6, index.size());
    for (String row : index.subList(1, 6)) {
      String name = row.split(",")[0] + ".tif";
      for (String part : List.of("images", "labels")) {
        assertArrayEquals(
            Files.readAllBytes(a.resolve(part).resolve(name)),
            Files.readAllBytes(b.resolve(part).resolve(name)));
      }
    }
    assertTrue(
        Shell.run("evaluate", "segment", "--predicted", a.resolve("labels"), "--truth", b)
            .out()
            .contains("1.0000 pooled"));
    assertEquals(1, Shell.run("sample", "nuclei", "--output", a).code());
    assertEquals(2, Shell.run("sample", "nuclei", "--size", "64", "--output", a).code());
    assertEquals(2, Shell.run("sample", "nuclei", "--bits", "12", "--output", a).code());
  }

  /** The true boxes, labels and classes that a generator writes are read as a data set. */
  @Test
  void samplesOfEveryKindAreDataSets() throws IOException {
    record Kind(String name, String size, String found) {}
    for (Kind kind :
        List.of(
            new Kind("tissue", "96x80", "object"),
            new Kind("blood", "320x240", "RBC"),
            new Kind("digits", "", ""))) {
      Path to = folder.resolve(kind.name());
      List<Object> line =
          new ArrayList<>(List.of("sample", kind.name(), "--count", 3, "--output", to));
      if (!kind.size().isEmpty()) line.addAll(List.of("--size", kind.size()));
      Shell shell = Shell.run(line.toArray());
      assertEquals(0, shell.code(), shell.err());
      Shell again = Shell.run(line.toArray());
      assertEquals(1, again.code());
      assertTrue(again.problem().contains("--force"), again.problem());
      if (kind.name().equals("digits")) {
        assertEquals(
            List.of("image,class", "digit_000.png,0", "digit_001.png,1", "digit_002.png,2"),
            Files.readAllLines(to.resolve("index.csv")));
        continue;
      }
      Shell read = Shell.run("annotations", "--data", to);
      assertEquals(0, read.code(), read.err());
      assertTrue(read.out().contains("3 images"), read.out());
      assertTrue(read.out().contains(kind.found()), read.out());
    }
  }

  @Test
  void namesMayDifferInUpperAndLowerCase() throws IOException {
    write(truth.resolve("Image.tif"), "1100000000");
    write(predicted.resolve("IMAGE_labels.tif"), "1100000000");
    Shell shell = evaluate();
    assertTrue(shell.out().startsWith("1 image, 1 true and 1 predicted"), shell.out());
    assertEquals("", shell.err());
  }
}
