package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.engine.onednn.OneDnnEngine;

/** The setting in the shell. */
class PrecisionTest {

  @TempDir Path folder;

  private static void assumeNone() {
    Assumptions.assumeTrue(
        new OneDnnEngine().bfloat16().isEmpty(), "this processor has arithmetic of 16 bits");
  }

  @Test
  void sixteenBitsThatAreNotThereAreRefusedBeforeAnythingIsWritten() throws IOException {
    assumeNone();
    Path image = Discs.two(folder.resolve("two.tif"));
    Path output = folder.resolve("output");
    Shell shell =
        Shell.run(
            "segment", "--model", "nuclei", "--precision", "bfloat16", "--output", output, image);
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.problem().contains("no arithmetic of 16 bits (bfloat16)"), shell.problem());
    assertFalse(Files.exists(output.resolve("results.csv")));
  }

  @Test
  void autoAndThirtyTwoBitsWorkEverywhere() throws IOException {
    Path image = Discs.two(folder.resolve("two.tif"));
    Path model = Discs.model(folder);
    for (String precision : new String[] {"auto", "float32"}) {
      Shell shell =
          Shell.run(
              "segment",
              "--model",
              model,
              "--precision",
              precision,
              "--output",
              folder.resolve(precision),
              image);
      assertEquals(0, shell.code(), shell.err());
      assertTrue(shell.out().startsWith("1 image, 2 objects"), shell.out());
    }
  }

  @Test
  void otherWordsAreRefused() throws IOException {
    Path image = Discs.two(folder.resolve("two.tif"));
    Path output = folder.resolve("output");
    Shell shell =
        Shell.run("segment", "--model", "nuclei", "--precision", "half", "--output", output, image);
    assertEquals(2, shell.code());
    assertTrue(shell.problem().contains("bfloat16"), shell.problem());
    Shell benchmark = Shell.run("benchmark", "--precision", "half");
    assertEquals(2, benchmark.code());
    assertTrue(
        benchmark.problem().contains("--precision: expected one of auto, float32, bfloat16"),
        benchmark.problem());
  }

  @Test
  void aTrainingInSixteenBitsThatAreNotThereIsRefused() throws IOException {
    assumeNone();
    Path data = ShapeImages.classes(folder.resolve("data"), 4, 1, "disc", "square");
    Path output = folder.resolve("m.spyhop");
    Shell shell =
        Shell.run(
            "train", "classify", "--data", data, "--output", output, "--precision", "bfloat16");
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.problem().contains("no arithmetic of 16 bits (bfloat16)"), shell.problem());
    assertFalse(Files.exists(output));
  }
}
