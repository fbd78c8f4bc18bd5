package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.task.SemanticSegmentation;

/**
 * Networks built as those of StarDist and Cellpose, which have two outputs; one is kept. Expected
 * values are those of Keras and PyTorch; see {@code src/test/python/biology_networks.py}.
 */
class BiologyNetworksTest {

  @TempDir Path folder;

  private Source source(String file, String output) throws IOException {
    String answer = file.startsWith("stardist") ? "stardist_prob" : "cellpose_flows";
    Path path = ForeignNetwork.of("biology/" + file, "biology/" + answer, folder).file();
    return new Source(path, "", Optional.empty(), Optional.of(output).filter(o -> !o.isEmpty()));
  }

  @ParameterizedTest
  @CsvSource({
    "stardist.keras, prob, stardist_prob",
    "stardist.keras, dist, stardist_dist",
    "cellpose_older.onnx, flows, cellpose_flows",
    "cellpose_older.onnx, style, cellpose_style",
    "cellpose_newer.onnx, flows, cellpose_flows"
  })
  void saysTheSameAndLearnsFurther(String file, String output, String expected) throws IOException {
    ForeignNetwork foreign = ForeignNetwork.of("biology/" + file, "biology/" + expected, folder);
    Imported net = source(file, output).read(Optional.empty());
    assertEquals(1, net.network().outputs().size());
    foreign.assertSaid(foreign.run(net, Engines.forTraining()));
    foreign.assertLearns(net, 1e-4);
  }

  @Test
  void becomesAModelThatSegmentsPixels() throws IOException {
    Model model =
        new NetworkImport(
                NetworkImport.About.named("stardist"),
                source("stardist.keras", "prob"),
                Preprocessing.parse("grey/255"),
                "")
            .run(Progress.NONE)
            .model();
    assertEquals(2, ((SemanticSegmentation) model.spec().task()).classes().size());
  }

  @ParameterizedTest
  @CsvSource({"stardist.keras, prob, dist", "cellpose_older.onnx, flows, style"})
  void outputsAreNamedWhereOneHasToBeChosen(String file, String one, String other)
      throws IOException {
    String message =
        assertThrows(SpyhopException.class, () -> source(file, "map").read(Optional.empty()))
            .getMessage();
    assertTrue(message.contains("one of " + one + ", " + other + ", received map"), message);
    String all =
        assertThrows(
                SpyhopException.class,
                () ->
                    new NetworkImport(
                            NetworkImport.About.named("net"),
                            source(file, ""),
                            Preprocessing.parse("channels/255"),
                            "")
                        .run(Progress.NONE))
            .getMessage();
    assertTrue(all.contains("--keep"), all);
  }
}
