package sc.fiji.spyhop.model.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import com.sun.net.httpserver.HttpServer;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.onnx.proto.ModelProto;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;

class CatalogueTest {

  @TempDir Path folder;

  @Test
  void listsTheNetworksOfTheTutorial() {
    Catalogue catalogue = Catalogue.standard();
    assertEquals(
        List.of("vgg19", "vgg16", "resnet50", "mobilenetv2", "squeezenet"),
        catalogue.entries().stream().map(Catalogue.Entry::name).toList());
    for (Catalogue.Network e : WellKnownNetworks.networks()) {
      assertEquals("https", e.network().url().getScheme());
      assertEquals("https", e.classes().url().getScheme());
      assertTrue(!e.license().isBlank() && !e.citation().isBlank(), e.name());
      Preprocessing.parse(e.preprocess());
    }
    assertEquals(
        catalogue.entries().size(),
        WellKnownNetworks.networks().stream()
            .map(e -> e.network().name())
            .collect(Collectors.toSet())
            .size());
    String message = assertThrows(SpyhopException.class, () -> catalogue.find("vgg")).getMessage();
    assertTrue(message.contains("vgg19"), message);
  }

  /** A network that averages the two channels of colour and calls the larger one. */
  static byte[] smallNetwork() throws IOException {
    String graph =
        """
        ir_version: 8
        opset_import { version: 13 }
        graph {
          node { op_type: "GlobalAveragePool" input: "x" output: "m" }
          node { op_type: "Flatten" input: "m" output: "f" }
          node { op_type: "Gemm" input: "f" input: "w" output: "y" }
          initializer { name: "w" data_type: 1 dims: 3 dims: 2 float_data: [1, 0, 0, 1, 0, 0] }
          input { name: "x" type { tensor_type { elem_type: 1 shape {
            dim { dim_param: "N" } dim { dim_value: 3 } dim { dim_value: 28 } dim { dim_value: 28 }
          } } } }
          output { name: "y" }
        }
        """;
    return TextFormat.parse(graph, ModelProto.class).toByteArray();
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
          new Catalogue.Network(
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
          new Resize.CenterCrop(32, 28, 28, Interpolation.ANTIALIASED_ROUNDED),
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
