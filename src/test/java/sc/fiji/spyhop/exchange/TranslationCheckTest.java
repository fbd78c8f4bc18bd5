package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.PRelu;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class TranslationCheckTest {

  @TempDir Path folder;

  private Path copy(String name) throws IOException {
    Path to = folder.resolve(name.replaceFirst(".*/", "").replaceFirst("[.]gz$", ""));
    try (InputStream in = TranslationCheckTest.class.getResourceAsStream(name)) {
      Files.copy(name.endsWith(".gz") ? new GZIPInputStream(in) : in, to);
    }
    return to;
  }

  private static String check(Path file, Imported read) {
    return TranslationCheck.ofFile(file, read, Optional.empty(), Progress.NONE);
  }

  private static Imported read(Path file) {
    return Source.of(file).read(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blocks",
        "decoder",
        "old",
        "constants",
        "shapes",
        "reductions",
        "nnunet-17",
        "resunet-18",
        "resunet-21",
        "convnext-11",
        "convnext-17",
        "decompositions",
        "tensorflow",
        "groups-18"
      })
  void networksThatAreBroughtOverRightPass(String name) throws IOException {
    Path file = copy("onnx/" + name + ".onnx");
    String found = check(file, read(file));
    assertTrue(found.startsWith("Checked"), found);
  }

  /** The same with one weight changed, as if it had been brought over wrong. */
  private static Imported changed(Imported read, String name) {
    Map<String, Tensor> weights = new LinkedHashMap<>(read.weights().tensors());
    Tensor was = weights.get(name);
    float[] values = was.data().clone();
    values[0] *= 1.01f;
    weights.put(name, new Tensor(was.axes(), was.shape(), values));
    return new Imported(
        read.network(), new Weights(weights), read.notes(), read.values(), read.cut());
  }

  /** The layer is in the middle of the network, and feeds several others. */
  @Test
  void theFirstNodeBehindWhichValuesDifferIsNamed() throws IOException {
    Path file = copy("onnx/blocks.onnx");
    Imported read = read(file);
    String slopes =
        read.network().layers().stream()
            .filter(l -> l instanceof PRelu)
            .findFirst()
            .orElseThrow()
            .name();
    Imported wrong = changed(read, slopes + ".weight");
    String message = assertThrows(SpyhopException.class, () -> check(file, wrong)).getMessage();
    assertTrue(message.startsWith(file + ": was not brought over right"), message);
    assertTrue(message.contains("from node /slopes/PRelu (PRelu) on"), message);
  }

  @Test
  void otherFormatsAreHeldAgainstTheirOwnExport() throws IOException {
    Path file = copy("keras/map.h5.gz");
    Imported read = read(file);
    String found = TranslationCheck.ofExport(file, read, Optional.empty(), Progress.NONE);
    assertTrue(found.startsWith("Checked"), found);
  }
}
