package sc.fiji.spyhop.model.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.onnx.ElementType;
import sc.fiji.spyhop.exchange.onnx.OnnxGraph;
import sc.fiji.spyhop.exchange.onnx.OnnxModel;
import sc.fiji.spyhop.exchange.onnx.OnnxNode;
import sc.fiji.spyhop.exchange.onnx.OnnxTensor;
import sc.fiji.spyhop.exchange.onnx.OnnxValue;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.image.Fit;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.model.Model;

class CatalogueTest {

  @TempDir Path folder;

  @Test
  void listsTheNetworksOfTheTutorial() {
    Catalogue catalogue = Catalogue.standard();
    assertEquals(
        List.of("vgg19", "vgg16", "resnet50", "mobilenetv2", "squeezenet"),
        catalogue.networks().stream().map(Catalogue.Entry::name).toList());
    for (Catalogue.Entry e : catalogue.networks()) {
      assertEquals("https", e.network().url().getScheme());
      assertEquals("https", e.classes().url().getScheme());
      assertTrue(!e.license().isBlank() && !e.citation().isBlank(), e.name());
      Preprocessing.parse(e.preprocess());
    }
    assertEquals(
        catalogue.networks().size(),
        catalogue.networks().stream()
            .map(e -> e.network().name())
            .collect(Collectors.toSet())
            .size());
    String message = assertThrows(SpyhopException.class, () -> catalogue.find("vgg")).getMessage();
    assertTrue(message.contains("vgg19"), message);
  }

  /** A network that averages the two channels of colour and calls the larger one. */
  static byte[] smallNetwork() throws IOException {
    OnnxGraph graph =
        new OnnxGraph(
            "small",
            List.of(
                new OnnxNode("", "", "GlobalAveragePool", List.of("x"), List.of("m"), Map.of()),
                new OnnxNode("", "", "Flatten", List.of("m"), List.of("f"), Map.of()),
                new OnnxNode("", "", "Gemm", List.of("f", "w"), List.of("y"), Map.of())),
            List.of(
                new OnnxTensor(
                    "w",
                    ElementType.FLOAT,
                    List.of(3L, 2L),
                    new OnnxTensor.Floats(new float[] {1, 0, 0, 1, 0, 0}))),
            List.of(
                new OnnxValue(
                    "x",
                    ElementType.FLOAT,
                    Optional.of(
                        List.of(
                            OnnxValue.Dimension.open("N"),
                            OnnxValue.Dimension.of(3),
                            OnnxValue.Dimension.of(28),
                            OnnxValue.Dimension.of(28))))),
            List.of(new OnnxValue("y", ElementType.FLOAT, Optional.empty())),
            List.of());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    OnnxWriter.write(new OnnxModel(8, Map.of("", 13L), "", "", "", Map.of(), graph), bytes);
    return bytes.toByteArray();
  }

  @Test
  void whatIsDownloadedBecomesAModel() throws Exception {
    byte[] net = smallNetwork();
    byte[] names = "red\ngreen\n".getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (Map.Entry<String, byte[]> e : Map.of("/net.onnx", net, "/names.txt", names).entrySet()) {
      server.createContext(
          e.getKey(),
          exchange -> {
            exchange.sendResponseHeaders(200, e.getValue().length);
            exchange.getResponseBody().write(e.getValue());
            exchange.close();
          });
    }
    server.start();
    try {
      Catalogue.Entry entry =
          new Catalogue.Entry(
              "small",
              "A small network.",
              file(server, "net.onnx", net),
              file(server, "names.txt", names),
              "torchvision",
              "us",
              "CC0-1.0",
              "");
      Model model = entry.fetch(new Downloads(folder), Progress.NONE).model();
      assertEquals(List.of("red", "green"), model.spec().names());
      assertEquals("CC0-1.0", model.spec().license());
      assertTrue(model.example().isPresent());
      assertEquals(
          new Fit.CenterCrop(32, 28, 28, Interpolation.ANTIALIASED_ROUNDED),
          model.spec().input().fit());
    } finally {
      server.stop(0);
    }
  }

  private static RemoteFile file(HttpServer server, String name, byte[] content)
      throws java.security.NoSuchAlgorithmException {
    return new RemoteFile(
        name,
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name),
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
        content.length);
  }
}
