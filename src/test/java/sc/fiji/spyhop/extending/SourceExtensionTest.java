package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** A source of pretrained models that a jar brings, on a server of this machine. */
class SourceExtensionTest {

  @TempDir private Path folder;
  private HttpServer server;
  private byte[] sent;
  private String index;

  @BeforeEach
  void serve() throws Exception {
    sent = Files.readAllBytes(Lamp.model(folder));
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(sent));
    index = "lamp\t" + sent.length + "\t" + sum + "\tSays whether a lamp is on.\n";
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/lamp.spyhop", e -> send(e, sent));
    server.createContext("/index.txt", e -> send(e, index.getBytes(StandardCharsets.UTF_8)));
    server.start();
    System.setProperty("group.models", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    System.setProperty("spyhop.downloads", folder.resolve("downloads").toString());
  }

  private static void send(com.sun.net.httpserver.HttpExchange e, byte[] content)
      throws IOException {
    e.sendResponseHeaders(200, content.length);
    e.getResponseBody().write(content);
    e.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    System.clearProperty("group.models");
    System.clearProperty("spyhop.downloads");
  }

  @Test
  void aJarBringsASourceOfModels() throws Throwable {
    Path model = folder.resolve("mine.spyhop");
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "GroupModels")),
        () -> {
          Shell list = Shell.run("models", "download");
          assertEquals(0, list.code(), list.err());
          assertTrue(list.out().contains("Says whether a lamp is on. (CC-BY-4.0)"), list.out());
          assertTrue(list.out().startsWith("vgg19 "), list.out());
          Shell got = Shell.run("models", "download", "lamp", "--output", model);
          assertEquals(0, got.code(), got.err());
          assertEquals(List.of("off", "on"), ModelFile.read(model).spec().names());
          assertArrayEquals(sent, Files.readAllBytes(folder.resolve("downloads/lamp.spyhop")));
        });
    assertFalse(Shell.run("models", "download").out().contains("lamp"));
  }

  @Test
  void whatIsNotWhatItsPublisherSaysIsRefused() throws Throwable {
    sent[sent.length / 2] ^= 1;
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "GroupModels")),
        () -> {
          Path model = folder.resolve("mine.spyhop");
          Shell got = Shell.run("models", "download", "lamp", "--output", model);
          assertEquals(1, got.code());
          assertTrue(got.err().contains("another file than expected for lamp.spyhop"), got.err());
          assertFalse(Files.exists(model));
        });
  }

  @Test
  void aSourceThatFailsLeavesTheOthers() throws Throwable {
    server.stop(0);
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "GroupModels")),
        () -> {
          Shell list = Shell.run("models", "download");
          assertEquals(0, list.code(), list.err());
          assertEquals(5, list.out().lines().count(), list.out());
        });
  }
}
