package sc.fiji.spyhop.job.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaliencyChecksTest {

  @TempDir Path folder;

  /** Where a map is the same everywhere there is no correlation; the others are averaged. */
  @Test
  void meansOverImagesInWords() throws IOException {
    String numbers = ",0.25,0.5,0.75,0.5,";
    Files.write(
        folder.resolve("results.csv"),
        List.of(
            "image,method,deletion,deletion_random,insertion,insertion_random,random_c2,random_c1",
            "a.tif,gradient" + numbers + "0.9,0.25",
            "b.tif,gradient" + numbers + ",0.75",
            "a.tif,gradcam" + numbers + "0.5,",
            "b.tif,gradcam" + numbers + "0.5,"));
    List<String> lines = SaliencyChecks.of(folder).lines().toList();
    assertEquals(
        List.of(
            "gradient   deletion 0.250 (at random 0.500)  insertion 0.750 (at random 0.500)"
                + "  with random weights 0.50",
            "gradcam    deletion 0.250 (at random 0.500)  insertion 0.750 (at random 0.500)"
                + "  with random weights none (a map is the same everywhere)"),
        lines);
    assertTrue(Files.exists(folder.resolve("check.png")));
  }
}
