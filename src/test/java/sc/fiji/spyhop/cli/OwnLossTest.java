package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Losses that make no sense are refused before anything is read or written. */
class OwnLossTest {

  @TempDir Path folder;

  private Shell train(String what, Path data, String loss, Object... more) {
    Object[] fixed = {
      "train", what, "--data", data, "--output", folder.resolve("own.spyhop"), "--loss", loss
    };
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private void checkRefused(Shell shell, String why) throws IOException {
    assertTrue(shell.problem().startsWith("spyhop: --loss: "), shell.problem());
    assertTrue(shell.problem().contains(why), shell.problem());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of(),
          left.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("own")).toList());
    }
  }

  @Test
  void channelsAreThoseOfTheClasses() throws IOException {
    Path data = ShapeImages.classes(folder.resolve("two"), 2, 1, "disc", "square");
    checkRefused(
        train("classify", data, "sum(p[7]-t)"), "expected channels from 0 to 1, received 7");
    // an image that cannot be read would be told of where images were looked at
    Files.writeString(data.resolve("disc").resolve("broken.png"), "none");
    Shell shell = train("classify", data, "sum(p[7]-t)");
    assertTrue(!shell.err().contains("broken"), shell.err());
  }

  @Test
  void channelsAreThoseOfTheValues() throws IOException {
    Path data = ShapeImages.radii(folder.resolve("radii"), 4, 1);
    checkRefused(
        train("regress", data, "mean((p[1]-t)^2)"), "expected channels from 0 to 0, received 1");
  }

  /** The data is not there, which would be told of next. */
  @Test
  void tasksOfSeveralOutputsHaveNoLossOfOnesOwn() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    checkRefused(train("localize", nowhere, "mean((p-t)^2)"), "is for networks with one output");
    checkRefused(
        train("segment", nowhere, "mean((p-t)^2)", "--object", "cell"),
        "is for networks with one output");
    checkRefused(
        train("segment", nowhere, "mean(p[5])", "--classes", "ground,cell"),
        "expected channels from 0 to 1, received 5");
  }
}
