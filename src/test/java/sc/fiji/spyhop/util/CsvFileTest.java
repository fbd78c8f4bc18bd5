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

  /** What OWASP lists of cells that a spreadsheet runs. */
  @Test
  void formulasAreKeptFromSpreadsheets() throws IOException {
    Path file = folder.resolve("t.csv");
    CsvFile.write(
        file,
        csv ->
            csv.row(
                List.of(
                    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "-1.5", "+2e3", 7, "a=b")));
    assertEquals(
        "'=1+1,'+cmd|' /C calc'!A0,'-2+3,'@SUM(A1),-1.5,+2e3,7,a=b\n", Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1", "'=1", "''=1", "-a", "-1", "'", "'a", "", "@", "\t=", "plain"})
  void andReadBackAsTheyWere(String cell) {
    assertEquals(cell, CsvFile.unguarded(String.valueOf(CsvFile.guarded(cell))));
  }
}
