package sc.fiji.spyhop.model.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;

/** Downloads from a server on this machine that behaves well or badly. */
class DownloadsTest {

  private static final byte[] CONTENT = new byte[300_000];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  @TempDir Path folder;

  private HttpServer server;
  private final List<String> ranges = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/good", e -> send(e, true, CONTENT.length));
    server.createContext("/plain", e -> send(e, false, CONTENT.length));
    server.createContext("/moved", e -> redirect(e, "/good"));
    server.createContext("/loop", e -> redirect(e, "/loop"));
    server.createContext("/missing", e -> end(e, 404));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void end(HttpExchange e, int status) throws IOException {
    e.sendResponseHeaders(status, -1);
    e.close();
  }

  private static void redirect(HttpExchange e, String to) throws IOException {
    e.getResponseHeaders().add("Location", to);
    end(e, 302);
  }

  /**
   * @param resumes whether the server knows ranges
   * @param until position at which the connection breaks
   */
  private void send(HttpExchange e, boolean resumes, int until) throws IOException {
    String range = e.getRequestHeaders().getFirst("Range");
    synchronized (ranges) {
      ranges.add(String.valueOf(range));
    }
    int from = 0;
    if (range != null && resumes) {
      from = Integer.parseInt(range.replaceAll("\\D", ""));
      if (from >= CONTENT.length) {
        end(e, 416);
        return;
      }
      e.getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (CONTENT.length - 1) + "/*");
    }
    e.sendResponseHeaders(from > 0 ? 206 : 200, CONTENT.length - from);
    e.getResponseBody().write(CONTENT, from, Math.max(0, Math.min(until, CONTENT.length) - from));
    e.getResponseBody().flush();
    e.close();
  }

  private RemoteFile file(String path) {
    return new RemoteFile("net.onnx", address(path), sha256(CONTENT), CONTENT.length);
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Downloads downloads() {
    return new Downloads(folder.resolve("cache"), new HttpSource(Duration.ofSeconds(2)));
  }

  private Path partial() throws IOException {
    Files.createDirectories(folder.resolve("cache"));
    return folder.resolve("cache/net.onnx.part");
  }

  private String refused(RemoteFile file) {
    return assertThrows(SpyhopException.class, () -> downloads().fetch(file, Progress.NONE))
        .getMessage();
  }

  @Test
  void fetchesOnceAndTellsHowFarItIs() throws IOException {
    List<Long> seen = new ArrayList<>();
    Path there = downloads().fetch(file("/good"), (message, done, total) -> seen.add(done));
    assertArrayEquals(CONTENT, Files.readAllBytes(there));
    assertTrue(seen.contains((long) CONTENT.length));
    assertFalse(Files.exists(partial()));

    assertEquals(there, downloads().fetch(file("/good"), Progress.NONE));
    assertEquals(List.of("null"), ranges);
  }

  @Test
  void goesOnWhereItStopped() throws IOException {
    Files.write(partial(), Arrays.copyOf(CONTENT, 123_456));
    Path there = downloads().fetch(file("/good"), Progress.NONE);
    assertArrayEquals(CONTENT, Files.readAllBytes(there));
    assertEquals(List.of("bytes=123456-"), ranges);
  }

  @Test
  void startsOverWhereTheServerCannotResume() throws IOException {
    Files.write(partial(), new byte[1000]);
    Path there = downloads().fetch(file("/plain"), Progress.NONE);
    assertArrayEquals(CONTENT, Files.readAllBytes(there));
  }

  @Test
  void startsOverAfterTooLongAPart() throws IOException {
    Files.write(partial(), new byte[CONTENT.length + 5]);
    assertArrayEquals(CONTENT, Files.readAllBytes(downloads().fetch(file("/good"), Progress.NONE)));
  }

  @Test
  void goesOnByItselfAfterABrokenConnection() throws IOException {
    int[] until = {100_000};
    server.createContext("/breaks", e -> send(e, true, until[0] += 100_000));
    Path there = downloads().fetch(file("/breaks"), Progress.NONE);
    assertArrayEquals(CONTENT, Files.readAllBytes(there));
    assertTrue(ranges.size() > 1, ranges.toString());
  }

  @Test
  void keepsWhatCameFromATruncatedAnswer() throws IOException {
    server.createContext("/short", e -> send(e, true, 200_000));
    String message = refused(file("/short"));
    assertTrue(message.contains("broke off"), message);
    assertTrue(message.contains(address("/short").toString()), message);
    assertTrue(Files.size(partial()) > 0);
    assertFalse(Files.exists(folder.resolve("cache/net.onnx")));
  }

  @Test
  void deletesWhatHasAnotherChecksum() throws IOException {
    byte[] other = CONTENT.clone();
    other[5]++;
    RemoteFile file = new RemoteFile("net.onnx", address("/good"), sha256(other), CONTENT.length);
    String message = refused(file);
    assertTrue(message.contains("SHA-256") && message.contains("deleted"), message);
    try (var left = Files.list(folder.resolve("cache"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void takesNoMoreThanTheFileIsLong() throws IOException {
    byte[] head = Arrays.copyOf(CONTENT, 1000);
    RemoteFile file = new RemoteFile("net.onnx", address("/good"), sha256(head), head.length);
    assertArrayEquals(head, Files.readAllBytes(downloads().fetch(file, Progress.NONE)));
  }

  @Test
  void followsARedirectButNotForEver() throws IOException {
    assertArrayEquals(
        CONTENT, Files.readAllBytes(downloads().fetch(file("/moved"), Progress.NONE)));
    Files.delete(folder.resolve("cache/net.onnx"));
    String message = refused(file("/loop"));
    assertTrue(message.contains("without end"), message);
  }

  @Test
  void namesTheServerThatDoesNotHaveIt() {
    String message = refused(file("/missing"));
    assertTrue(message.contains("127.0.0.1") && message.contains("404"), message);
  }

  @Test
  void saysWhatToDoOffline() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    URI url = URI.create("http://127.0.0.1:" + port + "/net");
    RemoteFile file = new RemoteFile("net.onnx", url, sha256(CONTENT), CONTENT.length);
    String message = refused(file);
    assertTrue(message.contains("cannot be reached"), message);
    assertTrue(message.contains(url.toString()), message);
    assertTrue(message.contains(folder.resolve("cache").toString()), message);
    assertTrue(message.contains("as net.onnx"), message);

    Files.write(folder.resolve("cache/net.onnx"), CONTENT);
    assertArrayEquals(CONTENT, Files.readAllBytes(downloads().fetch(file, Progress.NONE)));
  }

  @Test
  void refusesAWrongFilePutThereByHand() throws IOException {
    Files.createDirectories(folder.resolve("cache"));
    Files.write(folder.resolve("cache/net.onnx"), new byte[10]);
    assertTrue(refused(file("/good")).contains("Delete it"));
    assertTrue(Files.exists(folder.resolve("cache/net.onnx")));
  }

  @Test
  void cancelKeepsThePart() throws IOException {
    Progress afterSome =
        new Progress() {
          private long done;

          @Override
          public void update(String message, long now, long total) {
            done = now;
          }

          @Override
          public boolean isCancelled() {
            return done > 0;
          }
        };
    assertThrows(CancellationException.class, () -> downloads().fetch(file("/good"), afterSome));
    assertTrue(Files.size(partial()) > 0);
    assertArrayEquals(CONTENT, Files.readAllBytes(downloads().fetch(file("/good"), Progress.NONE)));
  }

  @Test
  void cancelDoesNotWaitForASilentServer() {
    CountDownLatch end = new CountDownLatch(1);
    server.createContext(
        "/silent",
        e -> {
          try {
            end.await();
          } catch (InterruptedException i) {
            Thread.currentThread().interrupt();
          }
          e.close();
        });
    long until = System.nanoTime() + Duration.ofMillis(300).toNanos();
    Progress soon =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return System.nanoTime() > until;
          }
        };
    assertThrows(CancellationException.class, () -> downloads().fetch(file("/silent"), soon));
    end.countDown();
  }

  @Test
  void refusesWhatTheDiskHasNoRoomFor() {
    RemoteFile huge =
        new RemoteFile("net.onnx", address("/good"), sha256(CONTENT), Long.MAX_VALUE / 2);
    String message = refused(huge);
    assertTrue(message.contains("room"), message);
    assertEquals(List.of(), ranges);
  }

  @Test
  void refusesAFolderThatIsAFile() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[1]);
    String message =
        assertThrows(
                SpyhopException.class,
                () -> new Downloads(file).fetch(file("/good"), Progress.NONE))
            .getMessage();
    assertTrue(message.contains("SPYHOP_DOWNLOADS"), message);
  }

  @Test
  void aNameCannotLeaveTheFolder() {
    for (String name : List.of("../net.onnx", "a/b", "", ".hidden", "a\\b")) {
      assertThrows(
          SpyhopException.class,
          () -> new RemoteFile(name, address("/good"), sha256(CONTENT), 1),
          name);
    }
  }
}
