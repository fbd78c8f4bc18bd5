package sc.fiji.spyhop.job.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.generate.Seeds;
import sc.fiji.spyhop.model.TestGenerators;

class GeneratedFolderTest {

  /** Whoever stops it after the first portion has a whole folder of as many images. */
  @Test
  void whatWasMadeUntilItIsStoppedHasItsTable(@TempDir Path folder) throws IOException {
    Map<String, float[]> codes = new LinkedHashMap<>();
    for (int i = 0; i < 600; i++) codes.put("i" + i, Seeds.code(5, i));
    boolean[] stopped = {false};
    Progress stop =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {
            stopped[0] = done > 0;
          }

          @Override
          public boolean isCancelled() {
            return stopped[0];
          }
        };
    int written;
    try (ImageMaker maker = ImageMaker.open(TestGenerators.noise("spots"))) {
      written = GeneratedFolder.write(maker, codes, folder, false, stop);
    }
    assertTrue(written > 0 && written < 600, written + " images");
    assertEquals(written + 1, Files.readAllLines(folder.resolve("index.csv")).size());
    assertTrue(Files.exists(folder.resolve("sheet.png")));
    for (String part : new String[] {"images", "labels"}) {
      try (Stream<Path> files = Files.list(folder.resolve(part))) {
        assertEquals(written, files.count(), part);
      }
    }
  }
}
