package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoolTest {

  @TempDir Path folder;

  private static List<CSVRecord> rows(Path file) throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(file),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  /** Saved images, classified by the same model, are what the table says. */
  private static void assertKept(Object model, Path fooled, Path again) throws IOException {
    Shell shell =
        Shell.run(
            "classify", "--model", model, "--top", 10, "--output", again, fooled.resolve("images"));
    assertEquals(0, shell.code(), shell.err());
    Map<String, Double> said = new HashMap<>();
    for (CSVRecord row : rows(again.resolve("results.csv"))) {
      said.put(
          row.get("image") + "=" + row.get("class"), Double.parseDouble(row.get("probability")));
    }
    for (CSVRecord row : rows(fooled.resolve("results.csv"))) {
      assertEquals(
          Double.parseDouble(row.get("probability")),
          said.get(row.get("image") + "=" + row.get("class")),
          2e-5,
          row.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "cppn", "gradient"})
  void whatIsSavedFoolsTheModel(String method) throws IOException {
    Path out = folder.resolve("out");
    Shell shell =
        Shell.run(
            "fool",
            "--model",
            "digits",
            "--method",
            method,
            "--classes",
            "8,2",
            "--generations",
            3,
            "--output",
            out);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().startsWith("Model digits: for "), shell.out());
    List<CSVRecord> rows = rows(out.resolve("results.csv"));
    assertEquals(
        List.of("image", "class", "probability", "generation", "reached", "warning"),
        rows.get(0).getParser().getHeaderNames());
    assertEquals(List.of("2", "8"), rows.stream().map(r -> r.get("class")).toList());
    if (method.equals("direct")) {
      assertTrue(rows.get(0).get("warning").startsWith("it is noisier"), rows.toString());
    }
    assertTrue(ImageIO.read(out.resolve("fooling.png").toFile()).getWidth() > 200);
    assertEquals(28, ImageIO.read(out.resolve("images/fool_2.png").toFile()).getWidth());
    assertKept("digits", out, folder.resolve("again"));
  }

  @Test
  void aModelOfImagesOfAnySizeAndOfOtherWhites() throws IOException {
    Path lamp = Lamp.model(folder);
    Path out = folder.resolve("sixteen");
    Shell shell =
        Shell.run(
            "fool",
            "--model",
            lamp,
            "--size",
            12,
            "--white",
            1000,
            "--generations",
            2,
            "--batch",
            10,
            "--output",
            out);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(Files.exists(out.resolve("images/fool_on.tif")));
    assertEquals("not known", rows(out.resolve("results.csv")).get(0).get("warning"));
    assertKept(lamp, out, folder.resolve("again"));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Path out = folder.resolve("out");
    Shell first = Shell.run("fool", "--model", "digits", "--classes", "eleven", "--output", out);
    assertEquals(2, first.code());
    assertTrue(first.problem().contains("--classes: expected all, a number"), first.problem());
    assertFalse(Files.exists(out));
    Shell decay = Shell.run("fool", "--model", "digits", "--decay", "0.5");
    assertEquals(2, decay.code());
    assertTrue(decay.problem().contains("only method gradient"), decay.problem());
    Shell batch = Shell.run("fool", "--model", "digits", "--method", "gradient", "--batch", 5);
    assertTrue(batch.problem().contains("only method direct or cppn"), batch.problem());
    Shell size = Shell.run("fool", "--model", "digits", "--size", 30, "--output", out);
    assertEquals(1, size.code());
    assertTrue(size.problem().contains("images of 28 x 28 pixels"), size.problem());
    Shell nuclei = Shell.run("fool", "--model", "nuclei", "--output", out);
    assertTrue(nuclei.problem().contains("expected a model for classification"), nuclei.problem());
  }
}
