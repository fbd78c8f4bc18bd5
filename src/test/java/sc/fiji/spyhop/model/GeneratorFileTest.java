package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Initialization;

class GeneratorFileTest {

  @TempDir Path folder;

  private static String problem(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(SpyhopException.class, action).getMessage();
  }

  private Path written(Generator generator) {
    Path file = folder.resolve(generator.spec().name() + ".spyhop");
    GeneratorFile.write(generator, file);
    return file;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (Generator made : List.of(TestGenerators.table("table"), TestGenerators.noise("noise"))) {
      Path file = written(made);
      Generator read = GeneratorFile.read(file);
      assertEquals(made.spec(), read.spec());
      assertEquals(made.spec(), GeneratorFile.readSpec(file));
      assertEquals(made.network(), read.network());
      made.weights()
          .tensors()
          .forEach((n, t) -> assertArrayEquals(t.data(), read.weights().get(n).data(), n));
      assertArrayEquals(
          made.example().orElseThrow().input().data(), read.example().orElseThrow().input().data());
      assertEquals(
          made.example().orElseThrow().output().toString(),
          read.example().orElseThrow().output().toString());
      assertEquals(made.sha256(), read.sha256());
      assertTrue(GeneratorFile.isGenerator(file));
      assertEquals(8, read.width());
    }
    Generator plain =
        new Generator(
            TestGenerators.table("plain").spec(),
            TestGenerators.table("plain").network(),
            TestGenerators.table("plain").weights());
    assertTrue(GeneratorFile.read(written(plain)).example().isEmpty());
  }

  @Test
  void theFileIsAZipOfTheDocumentedEntries() throws IOException {
    try (ZipFile zip = new ZipFile(written(TestGenerators.table("table")).toFile())) {
      assertEquals(
          List.of(
              "generator.json",
              "test-input.safetensors",
              "test-output.safetensors",
              "weights.safetensors"),
          zip.stream().map(ZipEntry::getName).toList());
      String json = text(zip.getInputStream(zip.getEntry("generator.json")).readAllBytes());
      assertTrue(json.startsWith("{\n  \"formatVersion\" : 1,\n  \"name\" : \"table\""), json);
      for (String part :
          List.of(
              "\"type\" : \"columns\"",
              "\"type\" : \"number\"",
              "\"unit\" : \"µm\"",
              "\"low\" : 2.0",
              "\"type\" : \"angle\"",
              "\"values\" : [ \"plain\", \"arms\", \"stool\" ]",
              "\"colors\" : \"rgb\"",
              "\"bits\" : 8",
              "\"objects\" : \"\"")) {
        assertTrue(json.contains(part), part + " in " + json);
      }
      assertFalse(json.contains("sc.fiji"), json);
      assertFalse(json.contains("size()"), json);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  // -- Files of strangers --

  private Map<String, byte[]> entries(Path file) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry e : zip.stream().toList()) {
        entries.put(e.getName(), zip.getInputStream(e).readAllBytes());
      }
    }
    return entries;
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("strange.spyhop");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    }
    return file;
  }

  private void assertRefused(Path file, String words) {
    String message = problem(() -> GeneratorFile.read(file));
    assertTrue(message.startsWith(file.toString()), message);
    assertTrue(message.contains(words), message);
    assertFalse(message.contains("\n"), message);
    assertTrue(message.endsWith("."), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"formatVersion\" : 1 | \"formatVersion\" : 2 | made by a newer Spyhop",
        "\"formatVersion\" : 1 | \"formatVersion\" : 0 | expected a formatVersion of 1 or more",
        "\"bits\" : 8 | \"bits\" : 9 | images of 8, 16 or 32 bits",
        "\"bits\" : 8 | \"bits\" : 8.5 | bits",
        "\"bits\" : 8 | \"size\" : 1, \"bits\" : 8 | unknown field size",
        "\"bits\" : 8, | '' | the field bits is missing",
        "\"channels\" : 3, | \"channels\" : 2000000000, | 1 to 100 channels",
        "\"type\" : \"columns\" | \"type\" : \"java.lang.Runtime\" | unknown type java.lang.Runtime",
        "\"type\" : \"angle\" | \"type\" : \"sc.fiji.spyhop.model.RowColumn\" | unknown type",
        "\"low\" : 2.0 | \"low\" : 6.0 | a low number and a higher one",
        "\"low\" : 2.0 | \"low\" : 1e999 | a low number and a higher one",
        "\"stool\" | \"arms\" | values of which none comes twice",
        "\"azimuth\" | \"height\" | column height is there twice",
        "\"name\" : \"table\" | \"name\" : \"../table\" | a name of letters",
        "\"colors\" : \"rgb\" | \"colors\" : \"bgr\" | colours red, green and blue",
        "\"architecture\" | \"building\" | the field architecture is missing",
      })
  void wrongDescriptionsAreRefused(String what, String instead, String words) throws IOException {
    Map<String, byte[]> entries = entries(written(TestGenerators.table("table")));
    String json = text(entries.get("generator.json"));
    String changed = json.replaceFirst(java.util.regex.Pattern.quote(what), instead);
    assertNotEquals(json, changed, what);
    entries.put("generator.json", changed.getBytes(StandardCharsets.UTF_8));
    assertRefused(zip(entries), words);
  }

  @Test
  void wrongEntriesAreRefused() throws IOException {
    Map<String, byte[]> sound = entries(written(TestGenerators.table("table")));
    for (String more : List.of("run.class", "../up", "model.json", "models/a.spyhop")) {
      Map<String, byte[]> entries = new LinkedHashMap<>(sound);
      entries.put(more, new byte[1]);
      assertRefused(zip(entries), "it is not opened");
    }
    for (String lacking : List.of("weights.safetensors", "test-input.safetensors")) {
      Map<String, byte[]> entries = new LinkedHashMap<>(sound);
      entries.remove(lacking);
      assertRefused(zip(entries), "lacks " + lacking);
    }
    Map<String, byte[]> entries = new LinkedHashMap<>(sound);
    entries.put("weights.safetensors", new byte[2 << 20]);
    problem(() -> GeneratorFile.read(zip(entries)));
    byte[] json = Arrays.copyOf(sound.get("generator.json"), (16 << 20) + 1);
    entries.put("generator.json", json);
    assertRefused(zip(entries), "holds more than 16 MB");
    entries.remove("generator.json");
    assertRefused(zip(entries), "begins with generator.json");
    Path cut = folder.resolve("cut.spyhop");
    byte[] whole = Files.readAllBytes(folder.resolve("table.spyhop"));
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(cut, "cut short");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    Generator table = TestGenerators.table("table");
    Network other = TestGenerators.network(7, 3);
    assertEquals(
        "Generating model: expected a network that takes 6 x 1 x 1, received 7 x 1 x 1.",
        problem(() -> new Generator(table.spec(), other, Initialization.of(other, 1))));
    Network grey = TestGenerators.network(6, 1);
    assertEquals(
        "Generating model: expected a network that makes 3 channels, received 1 x 8 x 8.",
        problem(() -> new Generator(table.spec(), grey, Initialization.of(grey, 1))));
    Generator noise = TestGenerators.noise("noise");
    assertTrue(
        problem(
                () ->
                    new Generator(table.spec(), table.network(), table.weights(), noise.example()))
            .contains("a test input [1, 6, 1, 1]"));
  }

  @Test
  void theRegistryTellsKindsApart() {
    written(TestGenerators.table("chairs"));
    ModelFile.write(TestModels.nuclei("cells"), folder.resolve("cells.spyhop"));
    PipelineFile.write(TestPipelines.whole(), folder.resolve("chain.spyhop"));
    ModelRegistry registry = new ModelRegistry(folder);
    assertEquals("chairs", registry.findGenerator("chairs").spec().name());
    assertEquals(
        "chairs is a generating model: expected a model. It makes images: with spyhop render from a"
            + " table, with spyhop generate from numbers drawn at random.",
        problem(() -> registry.find("chairs")));
    assertTrue(
        problem(() -> registry.findPipeline("chairs"))
            .startsWith("chairs is a generating model: expected a pipeline."));
    assertEquals(
        "cells is a model: expected a generating model. Name one of the generating models that"
            + " spyhop models lists, or train one with spyhop train render or spyhop train"
            + " generate.",
        problem(() -> registry.findGenerator("cells")));
    assertTrue(
        problem(() -> registry.findGenerator("chain"))
            .startsWith("chain is a pipeline: expected a generating model. Run it with"));
    assertTrue(
        problem(() -> registry.findGenerator("nuclei"))
            .startsWith("nuclei is a model: expected a generating model."));
    ModelRegistry.Listing listing = registry.listed("chairs").orElseThrow();
    assertTrue(listing.spec().isEmpty() && listing.pipeline().isEmpty());
    assertEquals("For tests: paints nothing.", listing.description().orElseThrow());
    Path copy =
        new ModelRegistry(folder.resolve("mine"))
            .add(folder.resolve("chairs.spyhop"), "seats", false);
    assertEquals(Colors.RGB, GeneratorFile.read(copy).spec().output().colors());
  }
}
