package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.network.Layer;

/**
 * Networks of element-wise operations, as PyTorch's exporters write them; {@code
 * src/test/python/element_networks.py} made the files.
 */
class ElementNetworksTest {

  @TempDir Path folder;

  private Imported read(String name) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    try (InputStream in = getClass().getResourceAsStream("onnx/" + name + ".onnx")) {
      Files.copy(in, file);
    }
    Imported read = Source.of(file).read(Optional.empty());
    for (Layer l : read.network().layers()) System.out.println(name + " " + l);
    String found = TranslationCheck.ofFile(file, read, Optional.empty(), Progress.NONE);
    assertTrue(found.startsWith("Checked"), found);
    return read;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "functions_older",
        "functions_newer",
        "spread_older",
        "spread_newer",
        "attention_older",
        "attention_newer",
        "operators"
      })
  void areTranslated(String name) throws IOException {
    read(name);
  }
}
