package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.torch.TorchFile;
import sc.fiji.spyhop.exchange.torch.TorchNetworks;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.task.SemanticSegmentation;

/**
 * Small U-Nets with the names and the code of public families, whose weights PyTorch wrote.
 * Expected values are those of PyTorch; see {@code src/test/python/torch_files.py}.
 */
class TorchNetworksTest {

  @TempDir Path folder;

  private ForeignNetwork foreign(String file, String answer) throws IOException {
    return ForeignNetwork.of("torch/" + file, "torch/" + answer, folder);
  }

  @ParameterizedTest
  @CsvSource({
    "plain.pt, plain",
    "old.pth, plain",
    "checkpoint.pth, plain",
    "plain_script.pt, plain",
    "milesial.pt, milesial",
    "milesial_bilinear.pt, milesial_bilinear",
    "torch_em.pt, torch_em",
    "torch_em_batch.pt, torch_em_batch",
    "torch_em_group.pt, torch_em_group",
    "torch_em_bare.pt, torch_em_bare"
  })
  void saysTheSameAndLearnsFurther(String file, String answer) throws IOException {
    ForeignNetwork net = foreign(file, answer);
    Imported read = net.read();
    net.assertSaid(net.run(read, Engines.forTraining()));
    if (file.endsWith(".pt") && !file.contains("_")) net.assertLearns(read, 1e-3);
  }

  @Test
  void whatWeightsDoNotTellIsRefusedButAmongTheCandidates() throws IOException {
    ForeignNetwork net = foreign("wolny.pt", "wolny");
    String message = assertThrows(SpyhopException.class, net::read).getMessage();
    assertTrue(message.contains("pytorch-3dunet") && message.contains("ONNX"), message);
    Optional<Imported> fitting =
        TorchNetworks.candidates(TorchFile.read(net.file()), Optional.of(Function.IDENTITY))
            .stream()
            .filter(c -> said(net, c))
            .findFirst();
    assertTrue(
        fitting.orElseThrow().network().layers().stream()
            .anyMatch(l -> l.description().contains("elu")));
  }

  private static boolean said(ForeignNetwork net, Imported candidate) {
    try {
      net.assertSaid(net.run(candidate, Engines.forTraining()));
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }

  @Test
  void aScriptNamesItsLastFunction() throws IOException {
    Imported read = foreign("sigmoid_script.pt", "plain").read();
    assertTrue(new Extended(read).endsWith(Function.SIGMOID), read.network().outputs().toString());
  }

  @Test
  void becomesAModelThatSegmentsPixelsOnceItIsSaid() throws IOException {
    Source source = Source.of(foreign("plain.pt", "plain").file());
    NetworkImport.About about = NetworkImport.About.named("plain");
    Preprocessing raw = Preprocessing.parse("channels/1");
    String refused =
        assertThrows(
                SpyhopException.class,
                () -> new NetworkImport(about, source, raw, "").run(Progress.NONE))
            .getMessage();
    assertTrue(refused.contains("--task"), refused);
    Model model = new NetworkImport(about, source, raw, "back, cell").run(Progress.NONE).model();
    assertEquals(2, ((SemanticSegmentation) model.spec().task()).classes().size());
  }

  @Test
  void weightsAreLaidOntoANetworkThatIsNamed() throws IOException {
    ForeignNetwork net = foreign("plain.pt", "plain");
    Model model =
        new NetworkImport(
                NetworkImport.About.named("plain"),
                Source.of(net.file()),
                Preprocessing.parse("channels/1"),
                "back, cell")
            .run(Progress.NONE)
            .model();
    Path named = folder.resolve("named.spyhop");
    ModelFile.write(model, named);
    Imported read =
        new Source(net.file(), named.toString(), Optional.empty(), Optional.empty())
            .read(Optional.empty());
    assertArrayEquals(
        model.weights().get("head.weight").data(), read.weights().get("head.weight").data());
  }

  /** With batch norm multiplied into convolutions, and instance norm that has no weights. */
  @ParameterizedTest
  @CsvSource({"plain.pt, plain", "torch_em.pt, torch_em", "old.pth, plain"})
  void anOnnxFileTellsTheNetwork(String file, String name) throws IOException {
    ForeignNetwork net = foreign(file, name);
    Path onnx = folder.resolve("structure.onnx");
    try (InputStream in = getClass().getResourceAsStream("torch/" + name + ".onnx")) {
      Files.write(onnx, in.readAllBytes());
    }
    Source source = new Source(net.file(), onnx.toString(), Optional.empty(), Optional.empty());
    net.assertSaid(net.run(source.read(Optional.empty()), Engines.forTraining()));
    Path other = foreign("milesial.pt", "milesial").file();
    Source wrong = new Source(other, onnx.toString(), Optional.empty(), Optional.empty());
    assertThrows(SpyhopException.class, () -> wrong.read(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"kinds.pt", "kinds_old.pt"})
  void namesThatNoNetworkHasAreRefused(String file) throws IOException {
    ForeignNetwork net = foreign(file, "plain");
    String message = assertThrows(SpyhopException.class, net::read).getMessage();
    assertTrue(message.contains("--network") && message.contains("milesial"), message);
  }

  @Test
  void otherFilesOfTheNameAreRefused() throws IOException {
    Path file = folder.resolve("no.pt");
    Files.writeString(file, "hello, this is no file of PyTorch");
    String message =
        assertThrows(SpyhopException.class, () -> Source.of(file).read(Optional.empty()))
            .getMessage();
    assertTrue(message.startsWith(file + ": expected weights of PyTorch"), message);
  }
}
