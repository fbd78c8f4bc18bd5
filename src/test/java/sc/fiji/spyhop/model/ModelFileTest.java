package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.stain.Macenko;
import sc.fiji.spyhop.image.stain.Reinhard;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class ModelFileTest {

  @TempDir Path folder;

  private static Model modelWithExample() {
    Model model = TestModels.nuclei("tiny");
    Random random = new Random(3);
    Tensor input = Tensor.zeros(Axes.NCHW, 1, 1, 8, 8);
    List<Tensor> outputs =
        model.spec().task().heads().stream()
            .map(h -> Tensor.zeros(Axes.NCHW, 1, h.channels(), 8, 8))
            .toList();
    for (int i = 0; i < input.length(); i++) input.data()[i] = random.nextInt(256);
    for (Tensor t : outputs) {
      for (int i = 0; i < t.length(); i++) t.data()[i] = random.nextFloat();
    }
    Model.Example example = new Model.Example(input, outputs);
    return new Model(model.spec(), model.network(), model.weights(), Optional.of(example));
  }

  private Path written() {
    Path file = folder.resolve("tiny.spyhop");
    ModelFile.write(modelWithExample(), file);
    return file;
  }

  private static void assertSame(Model expected, Model actual) {
    assertEquals(expected.spec(), actual.spec());
    assertEquals(expected.network(), actual.network());
    assertEquals(
        List.copyOf(expected.weights().tensors().keySet()),
        List.copyOf(actual.weights().tensors().keySet()));
    expected.weights().tensors().forEach((n, t) -> assertSame(t, actual.weights().get(n)));
    assertEquals(expected.example().isPresent(), actual.example().isPresent());
    if (expected.example().isPresent()) {
      assertSame(expected.example().get().input(), actual.example().get().input());
      for (int i = 0; i < expected.example().get().outputs().size(); i++) {
        assertSame(
            expected.example().get().outputs().get(i), actual.example().get().outputs().get(i));
      }
    }
  }

  private static void assertSame(Tensor expected, Tensor actual) {
    assertEquals(expected.toString(), actual.toString());
    assertArrayEquals(expected.data(), actual.data());
  }

  @Test
  void whatIsWrittenIsRead() {
    Model model = modelWithExample();
    assertSame(model, ModelFile.read(written()));
    assertEquals(model.spec(), ModelFile.readSpec(written()));
  }

  @Test
  void stainsAreWrittenAndRead() {
    Model model = TestModels.nuclei("tiny");
    ModelSpec.Input input = model.spec().input();
    for (StainLook look :
        List.of(
            new Macenko(List.of(0.6, 0.7, 0.3), List.of(0.3, 0.9, 0.3), List.of(1.2, 0.9)),
            new Reinhard(List.of(-0.4, -0.1, 0.01), List.of(0.2, 0.05, 0.01)))) {
      Normalization stained = new Normalization.Stained(look, input.normalization());
      Model made = model.withSpec(model.spec().withInput(input.withNormalization(stained)));
      Path file = folder.resolve("stained.spyhop");
      ModelFile.write(made, file);
      assertSame(made, ModelFile.read(file));
    }
  }

  @Test
  void aModelWithoutExampleIsWrittenAndRead() {
    Model model = TestModels.nuclei("tiny");
    Path file = folder.resolve("plain.spyhop");
    ModelFile.write(model, file);
    assertSame(model, ModelFile.read(file));
  }

  @Test
  void coverAndDocumentationAreWrittenAndRead() throws IOException {
    BufferedImage picture = new BufferedImage(600, 300, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < 600; x++) for (int y = 0; y < 300; y++) picture.setRGB(x, y, 0x336699);
    Cover cover = Cover.of(picture);
    assertEquals("256 x 128 pixels", cover.toString());
    assertEquals(0xFF336699, cover.image().orElseThrow().getRGB(100, 50));
    Presentation shown = new Presentation(Optional.of(cover), "# A\u001b[2Jmodel\r\nfor tests");
    assertEquals("# A [2Jmodel\nfor tests", shown.documentation());
    Path file = folder.resolve("shown.spyhop");
    ModelFile.write(TestModels.nuclei("tiny").withPresentation(shown), file);
    assertEquals(shown, ModelFile.read(file).presentation());
    assertEquals(Optional.of(cover), ModelFile.readCover(file));
    assertEquals(Optional.of(cover), ModelRegistry.standard().cover(file.toString()));
    assertEquals(Optional.empty(), ModelFile.readCover(written()));
  }

  @Test
  void coversThatAreNoSmallPicturesAreRefused() throws IOException {
    ByteArrayOutputStream large = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(600, 3, BufferedImage.TYPE_INT_RGB), "png", large);
    for (byte[] wrong : List.of(new byte[0], new byte[100], large.toByteArray())) {
      Map<String, byte[]> entries = new LinkedHashMap<>();
      try (ZipFile zip = new ZipFile(written().toFile())) {
        for (ZipEntry e : Collections.list(zip.entries())) {
          entries.put(e.getName(), zip.getInputStream(e).readAllBytes());
          if (entries.size() == 1) entries.put("cover.png", wrong);
        }
      }
      assertRefused(zip(entries), "cover.png", "expected a picture");
    }
  }

  @Test
  void theFileIsAZipOfTheDocumentedEntries() throws IOException {
    try (ZipFile zip = new ZipFile(written().toFile())) {
      assertEquals(
          List.of(
              "model.json",
              "test-input.safetensors",
              "test-output.safetensors",
              "weights.safetensors"),
          zip.stream().map(ZipEntry::getName).toList());
      String json = text(zip, "model.json");
      assertTrue(json.startsWith("{\n  \"formatVersion\" : 6,\n  \"name\" : \"tiny\""), json);
      assertTrue(json.contains("\"axes\" : \"NCHW\""), json);
      assertTrue(json.contains("\"unit\" : \"µm\""), json);
      assertTrue(json.contains("\"type\" : \"percentile\""), json);
      assertFalse(json.contains("sc.fiji"), json);
    }
  }

  private static String text(ZipFile zip, String entry) throws IOException {
    return new String(
        zip.getInputStream(zip.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void theSameModelGivesTheSameBytes() throws Exception {
    byte[] first = Files.readAllBytes(written());
    Thread.sleep(5);
    ModelFile.write(ModelFile.read(written()), folder.resolve("again.spyhop"));
    assertArrayEquals(first, Files.readAllBytes(folder.resolve("again.spyhop")));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(first);
    assertEquals(HexFormat.of().formatHex(digest), modelWithExample().sha256());
  }

  // -- Bad files --

  private static String refusal(Path file) {
    SpyhopException e = assertThrows(SpyhopException.class, () -> ModelFile.read(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
    assertTrue(e.getMessage().endsWith("."), e.getMessage());
    return e.getMessage();
  }

  private void assertRefused(Path file, String... words) {
    String message = refusal(file);
    for (String word : words) assertTrue(message.contains(word), message);
  }

  @Test
  void missingFile() {
    assertRefused(folder.resolve("no.spyhop"), "no such file");
  }

  @Test
  void folderInPlaceOfFile() {
    assertRefused(folder, "found a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PK", "This is a text.", "\u0089PNG\r\n\u001a\n"})
  void notAZip(String content) throws IOException {
    Path file = folder.resolve("foreign.spyhop");
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file, "found something else");
  }

  @Test
  void foreignZip() throws IOException {
    Path file =
        zip(
            Map.of(
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\n".getBytes(StandardCharsets.UTF_8)));
    assertRefused(file, "begins with model.json", "META-INF/MANIFEST.MF");
  }

  @Test
  void emptyZip() throws IOException {
    Path file = folder.resolve("empty.spyhop");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.finish();
    }
    assertRefused(file, "found something else");
  }

  @Test
  void cutShortAnywhere() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path file = folder.resolve("cut.spyhop");
    for (int length = 4; length < whole.length; length += 1 + whole.length / 41) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertRefused(file, "cut short");
    }
  }

  @Test
  void changedAnywhereIsRefusedOrMeansTheSame() throws IOException {
    byte[] whole = Files.readAllBytes(written());
    Path file = folder.resolve("changed.spyhop");
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 120; i++) {
      byte[] changed = whole.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, changed);
      try {
        assertSame(modelWithExample(), ModelFile.read(file));
      } catch (SpyhopException e) {
        refused++;
      }
    }
    assertTrue(refused > 100, refused + " of 120 refused");
  }

  @Test
  void filesOfTheFirstVersionKnowNoSizesOfObjects() throws IOException {
    Path file =
        changedJson(
            json -> {
              String first =
                  json.replace("\"formatVersion\" : 6", "\"formatVersion\" : 1")
                      .replaceAll(",\\s*\"objects\" : \\{[^}]*}", "")
                      .replaceAll(",\\s*\"sized\" : false", "")
                      .replaceAll(",\\s*\"minScore\" : 0.0", "")
                      .replaceAll(",\\s*\"scoring\" : \\{[^}]*}", "");
              assertEquals(json.lines().count() - 11, first.lines().count());
              return first;
            });
    assertSame(modelWithExample(), ModelFile.read(file));
  }

  private static Quantization quantization() {
    return new Quantization(
        Map.of("up1_conv1_relu", new Quantization.Range(-0.25, 1.5)), List.of("up1_conv2"));
  }

  @Test
  void quantizedModelsKeepRangesToTheLastBit() throws IOException {
    Model plain = modelWithExample();
    Model model =
        new Model(plain.spec(), plain.network(), plain.weights(), plain.example(), quantization());
    Path file = folder.resolve("quantized.spyhop");
    ModelFile.write(model, file);
    Model read = ModelFile.read(file);
    assertSame(model, read);
    assertEquals(quantization(), read.quantization());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String json = text(zip, "model.json");
      assertTrue(json.startsWith("{\n  \"formatVersion\" : 6,"), json);
      assertTrue(json.contains("\"low\" : -0.25,"), json);
    }
    assertEquals(Quantization.NONE, ModelFile.read(written()).quantization());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"maps\": {}, \"layers\": [\"elsewhere\"]} | elsewhere",
        "{\"maps\": {\"down1_conv1\": {\"low\": 1, \"high\": 2}}, \"layers\": []} | 1.0 to 2.0",
        "{\"maps\": {\"down1_conv1\": {\"low\": 0, \"high\": 1e999}}, \"layers\": []} | Infinity",
        "{\"maps\": {\"down1_conv1\": null}, \"layers\": []} | down1_conv1",
        "{\"maps\": {}, \"layers\": [null]} | empty entry",
        "{\"maps\": {}} | layers is missing",
      })
  void quantizationThatMakesNoSenseIsRefused(String quantization, String why) throws IOException {
    assertRefused(
        changedJson(
            json ->
                json.replaceFirst(
                    "\"architecture\"",
                    "\"quantization\" : " + quantization + ", \"architecture\"")),
        why);
  }

  @Test
  void newerVersion() throws IOException {
    assertRefused(
        changedJson(json -> json.replace("\"formatVersion\" : 6", "\"formatVersion\" : 7")),
        "newer Spyhop",
        "version 7",
        "up to version 6",
        "Update Spyhop");
  }

  @Test
  void newerVersionWithFieldsAndEntriesOfItsOwn() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        "model.json", "{\"formatVersion\": 9, \"novel\": {}}".getBytes(StandardCharsets.UTF_8));
    entries.put("novel.bin", new byte[9]);
    assertRefused(zip(entries), "newer Spyhop", "version 9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"formatVersion\" : 6 | \"formatVersion\" : 0 | formatVersion",
        "\"formatVersion\" : 6, | '' | formatVersion",
        "\"author\" | \"autor\" | field author is missing",
        "\"license\" : \"CC0-1.0\", | '' | license",
        "\"license\" : \"CC0-1.0\" | \"license\" : null | field license is missing",
        "\"type\" : \"percentile\" | \"type\" : \"java.lang.Runtime\" | java.lang.Runtime",
        "\"type\" : \"instance-segmentation\" | \"type\" : \"magic\" | magic",
        "\"low\" : 1.0 | \"low\" : 120.0 | percentile",
        "\"type\" : \"percentile\", | \"type\" : \"fixed\", \"offset\" : [0], \"scale\" : [1e999], | [0.0] and [Infinity]",
        "\"type\" : \"percentile\", | \"type\" : \"fixed\", \"offset\" : [1e999], \"scale\" : [1], | [Infinity] and [1.0]",
        "\"height\" : 0.5, | \"height\" : 1e999, | 0.5 x Infinity",
        "\"tile\" : 64 | \"tile\" : -64 | tile",
        "\"tile\" : 64 | \"tile\" : \"64\" | tile",
        "\"channels\" : 1, | \"channels\" : 1.5, | channels",
        "\"architecture\" | \"architektur\" | architecture",
        "\"type\" : \"convolution\" | \"type\" : \"javax.script\" | javax.script",
        "\"name\" : \"tiny\" | \"name\" : \"../tiny\" | name",
        "\"name\" : \"tiny\" | \"name\" : \"tiny\", \"name\" : \"tony\" | uplicate",
        "\"name\" : \"tiny\" | \"name\" : \"tiny\", \"novel\" : 1 | unknown field novel",
        "{ | [ | model.json",
      })
  void badDescription(String good, String bad, String word) throws IOException {
    Path file =
        changedJson(
            json -> {
              assertTrue(json.contains(good), good);
              return json.replaceFirst(
                  java.util.regex.Pattern.quote(good),
                  java.util.regex.Matcher.quoteReplacement(bad));
            });
    assertRefused(file, word);
  }

  @Test
  void weightsOfAnotherArchitecture() throws IOException {
    Map<String, byte[]> entries = entries(written());
    entries.put("weights.safetensors", safetensors("fc.weight", new float[3]));
    assertRefused(zip(entries), "is missing", "down1_conv1", "fc.weight");
  }

  @Test
  void weightsOfAnotherShape() throws IOException {
    Map<String, byte[]> entries = entries(written());
    byte[] weights = entries.get("weights.safetensors");
    String header = new String(weights, StandardCharsets.ISO_8859_1);
    entries.put(
        "weights.safetensors",
        header.replaceFirst("\\[4,1,3,3]", "[1,4,3,3]").getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(zip(entries), "weight", "[4, 1, 3, 3]", "[1, 4, 3, 3]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightsThatAreNoNumbers(float value) {
    Model model = modelWithExample();
    model.weights().get("down1_conv1.weight").data()[3] = value;
    Path file = folder.resolve("broken.spyhop");
    ModelFile.write(model, file);
    assertRefused(file, "broken.spyhop", "layer down1_conv1 are no numbers (" + value);
    assertEquals("tiny", ModelFile.readSpec(file).name());
  }

  @Test
  void weightsThatAreNoTensors() throws IOException {
    Map<String, byte[]> entries = entries(written());
    entries.put("weights.safetensors", new byte[5]);
    assertRefused(zip(entries), "weights.safetensors");
  }

  /** The header announces a terabyte, which must not be allocated. */
  @Test
  void weightsThatClaimToBeHuge() throws IOException {
    Map<String, byte[]> entries = entries(written());
    String header =
        "{\"down1_conv1.weight\":{\"dtype\":\"F32\",\"shape\":[500000,500000],\"data_offsets\":[0,1000000000000]}}";
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    entries.put("weights.safetensors", bytes.array());
    assertRefused(zip(entries), "weights.safetensors");
  }

  @Test
  void entryThatInflatesWithoutBound() throws IOException {
    for (String entry : List.of("model.json", "test-input.safetensors")) {
      Path file = folder.resolve("bomb.spyhop");
      Map<String, byte[]> entries = entries(written());
      try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
        for (Map.Entry<String, byte[]> e : entries.entrySet()) {
          zip.putNextEntry(new ZipEntry(e.getKey()));
          if (e.getKey().equals(entry)) {
            byte[] blank = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 100; i++) zip.write(blank);
          } else {
            zip.write(e.getValue());
          }
          zip.closeEntry();
        }
      }
      assertTrue(Files.size(file) < 1 << 20, "the bomb should be small");
      assertRefused(file, entry);
    }
  }

  /** An entry that goes on after what its own header says. */
  @Test
  void entryLongerThanItsContent() throws IOException {
    Map<String, byte[]> entries = entries(written());
    byte[] weights = entries.get("weights.safetensors");
    entries.put("weights.safetensors", java.util.Arrays.copyOf(weights, weights.length + 1));
    assertRefused(zip(entries), "weights.safetensors", "more bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/etc/passwd", "a/../../b", "..\\evil", "C:\\evil", "C:evil"})
  void entryThatEscapes(String name) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(name, new byte[1]);
    assertRefused(zip(entries), "points out of the model file");
    entries = entries(written());
    entries.put(name, new byte[1]);
    assertRefused(zip(entries), "points out of the model file");
  }

  @Test
  void entryOfNoMeaning() throws IOException {
    Map<String, byte[]> entries = entries(written());
    entries.put("run.class", new byte[1]);
    assertRefused(zip(entries), "no entry", "run.class");
  }

  @Test
  void entryTwice() throws IOException {
    Map<String, byte[]> entries = entries(written());
    entries.put("weights.safetensorz", entries.get("weights.safetensors"));
    Path file = zip(entries);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Files.write(
        file, text.replace("safetensorz", "safetensors").getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file, "twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"weights.safetensors", "test-input.safetensors", "test-output.safetensors"})
  void entryMissing(String name) throws IOException {
    Map<String, byte[]> entries = entries(written());
    entries.remove(name);
    assertRefused(zip(entries), "lacks " + name);
  }

  @Test
  void aFileZippedAgainByOthersIsRead() throws IOException {
    assertSame(modelWithExample(), ModelFile.read(zip(entries(written()))));
  }

  // -- Writing --

  @Test
  void whatWasThereStaysIfWritingFails() throws IOException {
    Path inTheWay = folder.resolve("busy.spyhop");
    Files.createDirectories(inTheWay.resolve("inside"));
    SpyhopException e =
        assertThrows(
            SpyhopException.class, () -> ModelFile.write(TestModels.nuclei("tiny"), inTheWay));
    assertTrue(
        e.getMessage().startsWith("busy.spyhop cannot be written to " + folder), e.getMessage());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(inTheWay), left.toList());
    }
  }

  @Test
  void folderThatDoesNotExist() {
    Path file = folder.resolve("none").resolve("a.spyhop");
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> ModelFile.write(TestModels.nuclei("tiny"), file));
    assertTrue(e.getMessage().contains("there is no such folder"), e.getMessage());
  }

  @Test
  void anEarlierFileIsReplacedAndNothingIsLeftBeside() throws IOException {
    Path file = written();
    Model plain = TestModels.nuclei("other");
    ModelFile.write(plain, file);
    assertSame(plain, ModelFile.read(file));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  // -- Files made by other means --

  private Path changedJson(UnaryOperator<String> change) throws IOException {
    Map<String, byte[]> entries = entries(written());
    String json = new String(entries.get("model.json"), StandardCharsets.UTF_8);
    entries.put("model.json", change.apply(json).getBytes(StandardCharsets.UTF_8));
    return zip(entries);
  }

  private static Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry e : Collections.list(zip.entries())) {
        entries.put(e.getName(), zip.getInputStream(e).readAllBytes());
      }
    }
    return entries;
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("made.spyhop");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
        zip.closeEntry();
      }
    }
    return file;
  }

  private static byte[] safetensors(String name, float[] values) {
    String header =
        "{\""
            + name
            + "\":{\"dtype\":\"F32\",\"shape\":["
            + values.length
            + "],\"data_offsets\":[0,"
            + 4 * values.length
            + "]}}";
    ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 4 * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length());
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    for (float v : values) bytes.putFloat(v);
    return bytes.array();
  }
}
