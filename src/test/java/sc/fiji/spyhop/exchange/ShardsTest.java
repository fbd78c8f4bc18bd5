package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

class ShardsTest {

  @TempDir Path folder;

  private Path part(String name, String tensor, float value) throws IOException {
    Path file = folder.resolve(name);
    Tensor one = new Tensor(Axes.C, new int[] {1}, new float[] {value});
    Safetensors.write(file, new Weights(Map.of(tensor, one)), Map.of());
    return file;
  }

  private Path index(String second) throws IOException {
    String text =
        "{\"weight_map\": {\"a\": \"net-00001-of-00002.safetensors\", \"b\": \"" + second + "\"}}";
    return Files.writeString(folder.resolve("net.safetensors.index.json"), text);
  }

  @Test
  void partsAreJoinedByTheirIndex() throws IOException {
    Path first = part("net-00001-of-00002.safetensors", "a", 1);
    part("net-00002-of-00002.safetensors", "b", 2);
    Path index = index("net-00002-of-00002.safetensors");
    for (Path file : new Path[] {first, index}) {
      Weights all = Shards.weights(file);
      assertEquals(1, all.get("a").data()[0]);
      assertEquals(2, all.get("b").data()[0]);
    }
  }

  @Test
  void whatIsMissingOrElsewhereIsNamed() throws IOException {
    Path first = part("net-00001-of-00002.safetensors", "a", 1);
    assertTrue(message(first).contains("net.safetensors.index.json"), message(first));
    Path index = index("net-00002-of-00002.safetensors");
    assertTrue(message(index).contains("is missing"), message(index));
    index("net-00001-of-00002.safetensors");
    assertTrue(message(index).contains("tensor b is not in"), message(index));
    index("../net-00002-of-00002.safetensors");
    assertTrue(message(index).contains("beside it"), message(index));
  }

  private static String message(Path file) {
    return assertThrows(SpyhopException.class, () -> Shards.weights(file)).getMessage();
  }
}
