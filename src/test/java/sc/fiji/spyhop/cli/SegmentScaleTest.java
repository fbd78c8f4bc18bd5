package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentScaleTest {

  @TempDir Path folder;

  private Shell segment(Path model, Object... more) {
    Path image = folder.resolve("two.tif");
    Discs.two(image);
    Object[] fixed = {
      "segment", "--model", model, "--output", folder.resolve("out"), "--force", image
    };
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private List<Map<String, String>> rows() throws IOException {
    try (CSVParser table =
        CSVParser.parse(
            folder.resolve("out/results.csv"),
            StandardCharsets.UTF_8,
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return table.getRecords().stream().map(r -> r.toMap()).toList();
    }
  }

  @Test
  void theScaleIsToldAndResultsAreInPixelsOfTheImage() throws IOException {
    Path model = Discs.model(folder);
    assertEquals(0, segment(model).code());
    List<Map<String, String>> as = rows();
    assertEquals("1", as.get(0).get("scale"));
    Shell half = segment(model, "--scale", "0.5");
    assertEquals(0, half.code());
    assertTrue(half.err().contains("in a scale of 0.5"), half.err());
    List<Map<String, String>> shown = rows();
    assertEquals(as.size(), shown.size());
    for (int i = 0; i < as.size(); i++) {
      assertEquals("0.5", shown.get(i).get("scale"));
      assertEquals(number(as, i, "x"), number(shown, i, "x"), 0.5);
      assertEquals(number(as, i, "area"), number(shown, i, "area"), 0.1 * number(as, i, "area"));
    }
    assertEquals(0, segment(Discs.sized(folder), "--diameter", "48 px").code());
    assertEquals("0.5", rows().get(0).get("scale"));
  }

  private static double number(List<Map<String, String>> rows, int row, String column) {
    return Double.parseDouble(rows.get(row).get(column));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Path model = Discs.model(folder);
    assertRefused(segment(model, "--scale", "99"), "--scale", "0.015625 to 16");
    assertRefused(segment(model, "--diameter", "12 furlongs"), "--diameter", "12 um");
    assertRefused(segment(model, "--diameter", "12", "--scale", "2"), "--scale", "exclude");
    Shell unknown = segment(model, "--diameter", "12");
    assertEquals(1, unknown.code());
    assertTrue(unknown.err().contains("Give a scale instead"), unknown.err());
  }

  private static void assertRefused(Shell shell, String... parts) {
    assertEquals(2, shell.code(), shell.err());
    for (String part : parts) assertTrue(shell.err().contains(part), shell.err());
  }
}
