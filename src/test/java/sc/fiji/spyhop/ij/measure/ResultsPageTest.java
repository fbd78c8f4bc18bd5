package sc.fiji.spyhop.ij.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.util.Strings;

/** The page about results lists every measurement; {@code -Dspyhop.docs.write=true} writes it. */
class ResultsPageTest {

  private static final Path PAGE = Path.of("docs", "results.md");
  private static final String START = "|---|---|---|---|\n";
  private static final String END = "<!-- end -->";

  @Test
  void listsEveryMeasurement() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(START, page.indexOf("<!-- measurements -->")) + START.length();
    String rows =
        Arrays.stream(Measurement.values())
            .map(
                m ->
                    Strings.format(
                        "| `%s` | %s | %s | %s |\n",
                        m.column(),
                        m.description(),
                        m.unit().text(),
                        MeasurerTest.IMAGEJ.getOrDefault(m, "")))
            .collect(Collectors.joining());
    String right = page.substring(0, from) + rows + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("spyhop.docs.write")) Files.writeString(PAGE, right);
    else assertEquals(right, page);
  }
}
