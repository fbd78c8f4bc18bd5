package sc.fiji.spyhop.model.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.bioimage.BioimageImport;

/** Packages from a server on this machine, which gives files in full, in part, or others. */
class BioimageZooTest {

  @TempDir Path folder;

  private HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();

  /** Bytes after which the connection for a file breaks, once. */
  private final Map<String, Integer> breaks = new ConcurrentHashMap<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::serve);
    server.start();
    put("/zoo/funny-fish/", "state_dict_05");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void put(String at, String name) throws IOException {
    String resource = "/sc/fiji/spyhop/exchange/bioimage/" + name + ".zip";
    try (InputStream in = BioimageZooTest.class.getResourceAsStream(resource);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        zip.transferTo(out);
        files.put(at + e.getName(), out.toByteArray());
      }
    }
  }

  private void serve(HttpExchange e) throws IOException {
    String path = e.getRequestURI().getPath();
    String range = e.getRequestHeaders().getFirst("Range");
    synchronized (asked) {
      asked.add(path + (range == null ? "" : " " + range));
    }
    byte[] content = files.get(path);
    if (content == null) {
      e.sendResponseHeaders(404, -1);
      e.close();
      return;
    }
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from > 0) {
      e.getResponseHeaders()
          .add(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }
    e.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    Integer broken = breaks.remove(path);
    int until = broken == null ? content.length : broken;
    e.getResponseBody().write(content, from, Math.max(0, until - from));
    e.getResponseBody().flush();
    e.close();
  }

  private String root() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private BioimageZoo zoo() {
    return new BioimageZoo(
        new Downloads(folder.resolve("cache"), new HttpSource(Duration.ofSeconds(2))),
        root() + "/zoo/{id}/rdf.yaml",
        Optional.of(root() + "/id_map.json"));
  }

  private Path cached(String name) {
    return folder.resolve("cache/zoo/funny-fish/" + name);
  }

  private void edit(UnaryOperator<String> change) {
    String path = "/zoo/funny-fish/rdf.yaml";
    String text = new String(files.get(path), StandardCharsets.UTF_8);
    String edited = change.apply(text);
    assertFalse(edited.equals(text), text);
    files.put(path, edited.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> imported(BioimageZoo.Fetched fetched) {
    NetworkImport.About about = NetworkImport.About.named("fish");
    NetworkImport.Result result =
        new BioimageImport(fetched.folder(), about, "").run(Progress.NONE);
    assertTrue(result.model().presentation().cover().isPresent());
    return result.notes();
  }

  private String refused(String name) {
    return assertThrows(SpyhopException.class, () -> zoo().fetch(name, Progress.NONE)).getMessage();
  }

  @Test
  void whatIsNeededIsFetchedOnceAndImported() {
    BioimageZoo.Fetched fetched = zoo().fetch("funny-fish", Progress.NONE);
    assertTrue(
        imported(fetched).contains("The test of the model was run, and gave what it should."));
    assertTrue(asked.contains("/zoo/funny-fish/weights.pt"), asked.toString());
    assertFalse(asked.contains("/zoo/funny-fish/unet.py"), asked.toString());
    asked.clear();
    zoo().fetch("funny-fish", Progress.NONE);
    assertEquals(List.of("/zoo/funny-fish/rdf.yaml"), asked);
  }

  @Test
  void addressesAreTakenToo() {
    BioimageZoo.Fetched fetched = zoo().fetch(root() + "/zoo/funny-fish/rdf.yaml", Progress.NONE);
    assertTrue(fetched.folder().endsWith("zoo-funny-fish"), fetched.toString());
    imported(fetched);
  }

  @Test
  void nicknamesThatAreNotThereAreLookedForInTheListOfAll() throws IOException {
    put("/elsewhere/", "onnx_04");
    String list = "{\"late-lynx\": {\"source\": \"" + root() + "/elsewhere/rdf.yaml\"}}";
    files.put("/id_map.json", list.getBytes(StandardCharsets.UTF_8));
    imported(zoo().fetch("late-lynx", Progress.NONE));
    String message = refused("no-such");
    assertTrue(message.startsWith("no-such cannot be downloaded"), message);
    assertTrue(message.contains("(it answered 404)"), message);
  }

  @Test
  void aBrokenConnectionIsTakenUpWhereItBroke() {
    breaks.put("/zoo/funny-fish/weights.pt", 3000);
    imported(zoo().fetch("funny-fish", Progress.NONE));
    assertTrue(asked.contains("/zoo/funny-fish/weights.pt bytes=3000-"), asked.toString());
  }

  @Test
  void whatArrivedBeforeIsGoneOnWith() throws IOException {
    Files.createDirectories(cached("."));
    Files.write(
        cached("weights.pt.part"), Arrays.copyOf(files.get("/zoo/funny-fish/weights.pt"), 500));
    imported(zoo().fetch("funny-fish", Progress.NONE));
    assertTrue(asked.contains("/zoo/funny-fish/weights.pt bytes=500-"), asked.toString());
  }

  @Test
  void theBeginningOfAnotherVersionIsFetchedAnew() throws IOException {
    Files.createDirectories(cached("."));
    Files.write(cached("weights.pt.part"), new byte[500]);
    imported(zoo().fetch("funny-fish", Progress.NONE));
    assertTrue(asked.contains("/zoo/funny-fish/weights.pt"), asked.toString());
  }

  @Test
  void aFileWithAnotherChecksumIsDeleted() {
    files.get("/zoo/funny-fish/weights.pt")[5000]++;
    String message = refused("funny-fish");
    assertTrue(message.contains("sent another file than expected"), message);
    assertFalse(Files.exists(cached("weights.pt")));
    assertFalse(Files.exists(cached("rdf.yaml")));
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    files.remove("/zoo/funny-fish/weights.pt");
    String message = refused("funny-fish");
    assertTrue(message.contains("/zoo/funny-fish/weights.pt"), message);
    assertTrue(message.contains("404"), message);
  }

  @Test
  void nothingIsLeftOfADownloadThatBroughtNothing() {
    refused("no-such");
    files.remove("/zoo/funny-fish/weights.pt");
    refused("funny-fish");
    assertFalse(Files.exists(folder.resolve("cache")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.org/a/rdf.yaml",
        "http://127.0.0.1.example.org/rdf.yaml",
        "http://user@127.0.0.1/rdf.yaml"
      })
  void addressesOfPlainHttpAreRefused(String address) {
    String message = refused(address);
    assertTrue(message.contains("expected an address of https"), message);
    assertTrue(message.contains(address), message);
  }

  @Test
  void aCoverThatIsMissingDoesNotMatter() {
    files.remove("/zoo/funny-fish/cover.png");
    zoo().fetch("funny-fish", Progress.NONE);
    assertTrue(Files.exists(cached("rdf.yaml")));
  }

  @Test
  void withoutANetworkWhatIsThereIsUsedOrItIsSaidWhatToDo() {
    zoo().fetch("funny-fish", Progress.NONE);
    BioimageZoo offline = zoo();
    server.stop(0);
    BioimageZoo.Fetched fetched = offline.fetch("funny-fish", Progress.NONE);
    assertTrue(fetched.notes().get(0).contains("cannot be reached"), fetched.toString());
    imported(fetched);
    String message =
        assertThrows(SpyhopException.class, () -> offline.fetch("other-fish", Progress.NONE))
            .getMessage();
    assertTrue(message.contains("cannot be reached") && message.contains("zip"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../other/weights.pt",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://127.0.0.1/w.pt",
        "http://127.0.0.2/w.pt",
        "//127.0.0.2/w.pt",
        "a\\\\b.pt"
      })
  void filesElsewhereAreRefused(String source) {
    edit(t -> t.replace("source: weights.pt", "source: \"" + source + "\""));
    assertTrue(
        refused("funny-fish").contains("elsewhere")
            || refused("funny-fish").contains("expected an address of https"));
    assertFalse(asked.stream().anyMatch(a -> a.contains("passwd") || a.contains("other")));
  }

  @Test
  void weightsThatCannotBeReadAreRefusedBeforeTheyAreFetched() {
    edit(t -> t.replace("pytorch_state_dict:", "tensorflow_js:"));
    assertTrue(refused("funny-fish").contains("received tensorflow_js only"));
    assertEquals(List.of("/zoo/funny-fish/rdf.yaml"), asked);
  }

  @Test
  void aDescriptionWithoutEndIsRefused() {
    files.put("/zoo/funny-fish/rdf.yaml", new byte[2 << 20]);
    assertTrue(refused("funny-fish").contains("is not downloaded"));
  }

  @ParameterizedTest
  @CsvSource({
    "affable-shark, affable-shark",
    "10.5281/zenodo.5764892, zenodo-5764892",
    "10.5281/zenodo.5764892/6647674, zenodo-6647674",
    "https://doi.org/10.5281/zenodo.5764892, zenodo-5764892",
    "https://example.org/a/b/rdf.yaml, a-b",
    "https://example.org/rdf.yaml, zoo-model"
  })
  void whatCanBeAskedFor(String asked, String name) {
    assertTrue(BioimageZoo.takes(asked));
    assertEquals(name, BioimageZoo.nameOf(asked));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shark", "Affable-Shark", "net.onnx", "a-b.zip", "../a-b", "10.1234/x.5"})
  void whatCannot(String asked) {
    assertFalse(BioimageZoo.takes(asked));
  }
}
