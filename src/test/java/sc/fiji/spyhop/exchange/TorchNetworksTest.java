package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
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
import sc.fiji.spyhop.util.ZipEntries;

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
    "ends_sigmoid.pt, ends_sigmoid",
    "ends_softmax.pt, ends_softmax",
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
  void oneSigmoidBehindAScriptIsTwoClasses() throws IOException {
    NetworkImport.Result result = imported(foreign("ends_sigmoid.pt", "ends_sigmoid").file());
    assertEquals(2, ((SemanticSegmentation) result.model().spec().task()).classes().size());
    assertTrue(
        result.notes().contains("Behind the last convolution its code has a sigmoid."),
        result.notes().toString());
    assertFalse(result.notes().toString().contains("softmax"), result.notes().toString());
  }

  private static NetworkImport.Result imported(Path file) {
    return new NetworkImport(
            NetworkImport.About.named("net"),
            Source.of(file),
            Preprocessing.parse("channels/1"),
            "")
        .run(Progress.NONE);
  }

  @Test
  void otherFunctionsBehindAScriptAreRefusedByName() throws IOException {
    ForeignNetwork net = foreign("ends_log.pt", "ends_softmax");
    String message = assertThrows(SpyhopException.class, net::read).getMessage();
    assertTrue(message.contains("its code has log_softmax, where"), message);
    assertTrue(message.contains("ONNX"), message);
  }

  /** What is done to the image or to what is said, and may not be left out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return torch.tanh(N) | its code has tanh, where",
        "return torch.sigmoid(torch.relu(N)) | its code has relu, then sigmoid, where",
        "return torch.softmax(N, 2) | not understood: \"torch.softmax(",
        "return torch.rsub(torch.sigmoid(N), 1) | not understood: \"torch.rsub(",
        "y = N;return torch.mul(y, y) | not understood: \"torch.mul(y, y)\"",
        "y = N;z = torch.sigmoid_(y);return y | y, which is used more than once",
        "y = N;if torch.gt(y, 0):;  z = torch.sigmoid(y);else:;  z = y;return z | z, which is used more than once",
        "if self.training:;  return x;return N | not understood: \"return x\"",
        "z = torch.mul(x, 2);return (net).forward(z, ) | not understood: \"(net).forward(z",
        "return (net).forward(torch.neg(x), ) | not understood: \"(net).forward(torch.neg",
        "z = torch.mul_(x, 2);return N | not understood: \"mul_(x, 2)\"",
        "return (other).forward(x, ) | not understood: \"other\""
      })
  void codeThatDoesSomethingElseIsRefused(String code, String told) throws IOException {
    Path file = recoded(code);
    String message =
        assertThrows(SpyhopException.class, () -> Source.of(file).read(Optional.empty()))
            .getMessage();
    assertTrue(message.contains(told), message);
    assertTrue(message.contains("ONNX"), message);
  }

  @Test
  void codeThatDoesNothingBehindTheLastConvolutionIsUnderstood() throws IOException {
    Imported read = Source.of(recoded("y = N;return y")).read(Optional.empty());
    assertFalse(new Extended(read).endsWith(Function.SIGMOID));
    assertTrue(read.notes().contains("Behind the last convolution its code has nothing."));
  }

  /**
   * The archive with a sigmoid behind it, which does something else; N is what the network says.
   */
  private Path recoded(String code) throws IOException {
    Path from = foreign("ends_sigmoid.pt", "ends_sigmoid").file();
    String lines =
        code.replace("N", "(net).forward(x, )")
            .lines()
            .map(l -> "    " + l.replace(";", "\n    "))
            .collect(Collectors.joining("\n"));
    Path to = folder.resolve("other.pt");
    try (ZipFile zip = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : zip.stream().toList()) {
        byte[] bytes = zip.getInputStream(entry).readAllBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        Matcher end = Pattern.compile("    return torch\\.sigmoid\\(\\(net\\).*").matcher(text);
        boolean isCode = entry.getName().endsWith(".py") && end.find();
        out.putNextEntry(ZipEntries.undated(entry.getName()));
        out.write(
            isCode
                ? end.replaceFirst(Matcher.quoteReplacement(lines)).getBytes(StandardCharsets.UTF_8)
                : bytes);
      }
    }
    assertFalse(Arrays.equals(Files.readAllBytes(from), Files.readAllBytes(to)));
    return to;
  }

  @Test
  void whatWeightsAloneDoNotTellIsSaid() throws IOException {
    List<String> notes = foreign("milesial.pt", "milesial").read().notes();
    assertTrue(notes.get(0).endsWith("(enlarging: transposed convolutions)."), notes.toString());
    assertTrue(
        notes.get(1).startsWith("What comes behind the last convolution is not in the weights"),
        notes.toString());
    String bilinear = foreign("milesial_bilinear.pt", "milesial").read().notes().get(0);
    assertTrue(bilinear.endsWith("(enlarging: bilinear, corners aligned)."), bilinear);
  }

  @Test
  void kernelsOfOtherSizesAreRefused() throws IOException {
    ForeignNetwork net = foreign("milesial5.pt", "milesial");
    String message = assertThrows(SpyhopException.class, net::read).getMessage();
    assertTrue(
        message.contains(
            "down1.maxpool_conv.1.double_conv.0 has a kernel of 5 x 5, where the public code has 3 x 3"),
        message);
  }

  @Test
  void ofSeveralSetsOfWeightsTheOneThatIsTakenIsSaid() throws IOException {
    TorchFile file = TorchFile.read(foreign("sets.pt", "plain").file());
    assertEquals(1, file.weights().get("a.weight").data()[0]);
    assertEquals(
        List.of("Of the sets of weights in the file (model, ema) that of \"model\" was taken."),
        file.notes());
    assertEquals(List.of(), TorchFile.read(foreign("checkpoint.pth", "plain").file()).notes());
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
    assertEquals(List.of(), read.notes());
    Path script = foreign("plain_script.pt", "plain").file();
    List<String> notes =
        new Source(script, named.toString(), Optional.empty(), Optional.empty())
            .read(Optional.empty())
            .notes();
    assertTrue(
        notes.get(0).startsWith("Of the TorchScript archive the weights alone"), notes.toString());
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
