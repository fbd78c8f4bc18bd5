package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {

  @TempDir Path folder;

  @Test
  void aSpreadsheetRunsNothingOfIt() throws IOException {
    Path file = folder.resolve("a.csv");
    CsvFile.write(
        file,
        csv -> {
          csv.row(List.of("class", "=x"));
          csv.row(List.of("=cmd|' /C calc'!A0", -1.5, "-2.5e-3", "+1", "-", "@sum", "a=b"));
        });
    assertEquals(
        "class,'=x\n'=cmd|' /C calc'!A0,-1.5,-2.5e-3,+1,'-,'@sum,a=b\n".replace("'-,", "-,"),
        Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "=1+1",
        "'=1+1",
        "''@a",
        "+x",
        "-x",
        "-1",
        "1e5",
        "'",
        "'a",
        "-",
        "--1",
        "\t=x",
        "-Infinity",
        "NaN",
        "=\nb"
      })
  void whatIsWrittenIsReadBack(String text) {
    assertEquals(text, CsvFile.original(CsvFile.harmless(text)));
  }
}
