package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before a training begins, and trainings that go on. */
class TrainResumeTest {

  @TempDir Path folder;
  private Path data;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    data = ShapeImages.classes(folder.resolve("data"), 4, 1, "disc", "square");
    model = folder.resolve("m.spyhop");
  }

  private Shell train(Path output, Object... more) {
    Object[] fixed = {
      "train",
      "classify",
      "--data",
      data,
      "--output",
      output,
      "--network",
      "2C3 GAP FC",
      "--steps",
      2,
      "--batch",
      2
    };
    return Shell.run(Stream.concat(Arrays.stream(fixed), Arrays.stream(more)).toArray());
  }

  @Test
  void aTrainingThatHasEndedIsNotWrittenAgain() throws IOException {
    Shell first = train(model, "--epochs", 1);
    assertEquals(0, first.code(), first.err());
    assertTrue(first.out().contains("The one epoch is done."), first.out());
    byte[] written = Files.readAllBytes(model);
    Shell again = train(model, "--epochs", 1, "--resume");
    assertEquals(0, again.code(), again.err());
    assertTrue(again.err().contains("had ended before"), again.err());
    assertArrayEquals(written, Files.readAllBytes(model));
    Files.delete(model);
    assertEquals(0, train(model, "--epochs", 1, "--resume").code());
    assertTrue(Files.exists(model), "cut off before the model was written");
    Shell more = train(model, "--epochs", 2, "--resume");
    assertTrue(more.err().contains("Resumed after epoch 1."), more.err());
  }

  @Test
  void whatDiffersIsNamedAsItIsTyped() {
    assertEquals(0, train(model, "--epochs", 1).code());
    Shell other =
        Shell.run(
            "train",
            "classify",
            "--data",
            data,
            "--output",
            model,
            "--network",
            "2C3 GAP FC",
            "--steps",
            3,
            "--batch",
            2,
            "--epochs",
            2,
            "--resume");
    assertEquals(2, other.code());
    assertTrue(other.problem().contains("--steps: expected 2,"), other.err());
    Shell network =
        Shell.run(
            "train",
            "classify",
            "--data",
            data,
            "--output",
            model,
            "--network",
            "3C3 GAP FC",
            "--steps",
            2,
            "--batch",
            2,
            "--epochs",
            2,
            "--resume");
    assertEquals(1, network.code());
    assertTrue(network.problem().contains("the same network as before"), network.err());
    assertFalse(network.problem().contains("checksum"), network.err());
  }

  @Test
  void whereThereIsNothingToResumeNothingIsLeft() throws IOException {
    Shell shell = train(model, "--resume");
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("Nothing to resume"), shell.err());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(1, left.count(), "the data alone");
    }
  }

  @Test
  void namesThatNoModelCanHaveAreRefusedBeforeWorkStarts() {
    for (String name : new String[] {"my nuclei", "-x", ".x", "n".repeat(101)}) {
      Shell shell = train(model, "--name", name);
      assertEquals(2, shell.code(), name);
      assertTrue(shell.problem().contains("--name"), shell.err());
    }
    Shell shell = train(folder.resolve("Zellkerne für später.spyhop"));
    assertEquals(2, shell.code());
    assertTrue(shell.problem().contains("--output"), shell.err());
    assertEquals(0, train(folder.resolve("für.spyhop"), "--name", "fuer", "--epochs", 1).code());
    assertEquals(0, train(folder.resolve("my model.spyhop"), "--epochs", 1).code());
  }

  @Test
  void theRootFolderIsNoFileToWrite() {
    Shell shell = train(folder.getRoot());
    assertEquals(2, shell.code());
    assertFalse(shell.err().contains("Unexpected error"), shell.err());
  }

  @Test
  void layersThatMakeNoSenseAreNamedByTheirOption() {
    Shell shell =
        Shell.run("train", "classify", "--data", data, "--output", model, "--network", "20C5 XX");
    assertEquals(2, shell.code(), shell.err());
    assertTrue(shell.problem().contains("--network"), shell.err());
    Shell preprocess = Shell.run("models", "import", model, "--preprocess", "foo");
    assertEquals(2, preprocess.code(), preprocess.err());
    assertTrue(preprocess.problem().contains("--preprocess"), preprocess.err());
  }

  @Test
  void anImageThatCannotBeReadIsNamedWhereverItStands() throws IOException {
    Files.writeString(data.resolve("disc").resolve("aaa.png"), "a text");
    Shell shell = train(model, "--epochs", 1);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("Left out"), shell.err());
    assertTrue(shell.err().contains("aaa.png"), shell.err());
    assertFalse(shell.err().contains("Unexpected error"), shell.err());
  }
}
