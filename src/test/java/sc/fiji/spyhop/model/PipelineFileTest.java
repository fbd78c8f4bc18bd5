package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class PipelineFileTest {

  @TempDir private Path folder;

  private static String problem(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(SpyhopException.class, action).getMessage();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Pipeline pipeline = TestPipelines.whole();
    Path file = folder.resolve("a.spyhop");
    PipelineFile.write(pipeline, file);
    Pipeline read = PipelineFile.read(file);
    assertEquals(pipeline.spec(), read.spec());
    assertEquals(pipeline.spec(), PipelineFile.readSpec(file));
    assertEquals(List.of("heads", "points", "who"), List.copyOf(read.models().keySet()));
    read.models()
        .forEach((name, m) -> assertEquals(pipeline.model(name).sha256(), m.sha256(), name));
    Path again = folder.resolve("b.spyhop");
    PipelineFile.write(read, again);
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(again));
  }

  @Test
  void stepsThatDoNotFitAreRefusedNamingTheJoint() {
    assertEquals(
        "Pipeline test does not fit between step 1 (localize) and step 2 (classify): expected"
            + " pictures, received objects.",
        problem(() -> TestPipelines.spec(TestPipelines.LOCALIZE, TestPipelines.CLASSIFY)));
    assertTrue(
        problem(() -> TestPipelines.spec(TestPipelines.CROP))
            .startsWith("Pipeline test does not fit between the image and step 1 (crop)"));
    assertTrue(
        problem(
                () ->
                    TestPipelines.spec(
                        TestPipelines.LOCALIZE, TestPipelines.CROP, TestPipelines.ALIGN))
            .contains("between step 2 (crop) and step 3 (align): expected poses"));
  }

  @Test
  void modelsThatDoNotSuitAStepAreRefused() {
    Map<String, Model> swapped = Map.of("who", TestPipelines.MODELS.get("heads"));
    assertTrue(
        problem(() -> new Pipeline(TestPipelines.spec(TestPipelines.CLASSIFY), swapped))
            .startsWith("Pipeline test, step 1 (classify): Model heads is for localization"));
    PipelineStep.Localize fish = new PipelineStep.Localize("heads", List.of("fish"), 0.1, 1);
    assertTrue(
        problem(
                () ->
                    new Pipeline(
                        TestPipelines.spec(fish),
                        Map.of("heads", TestPipelines.MODELS.get("heads"))))
            .contains("received fish"));
    assertTrue(
        problem(() -> new Pipeline(TestPipelines.spec(TestPipelines.CLASSIFY), Map.of()))
            .contains("expected the models [who], received []"));
  }

  @Test
  void whatTheFormatDoesNotKnowIsRefused() {
    String json = PipelineFile.json(TestPipelines.whole().spec());
    assertEquals(TestPipelines.whole().spec(), PipelineFile.parse(json));
    assertTrue(
        problem(() -> PipelineFile.parse(json.replace("\"margin\"", "\"edge\" : 1, \"margin\"")))
            .contains("unknown field edge"));
    assertTrue(
        problem(() -> PipelineFile.parse(json.replace("\"crop\"", "\"java.lang.Runtime\"")))
            .contains("unknown type java.lang.Runtime"));
    assertTrue(
        problem(
                () ->
                    PipelineFile.parse(
                        json.replace("\"formatVersion\" : 1", "\"formatVersion\" : 9")))
            .contains("newer Spyhop"));
    assertTrue(
        problem(() -> PipelineFile.parse(json.replace("\"margin\" : 0.5", "\"margin\" : -1")))
            .contains("expected a margin from 0 to 10"));
  }

  @Test
  void whatWouldEscapeOrTakeAllMemoryIsRefused() {
    String json = PipelineFile.json(TestPipelines.whole().spec());
    for (String name : List.of("../who", "/tmp/who", "a/b", "..\\\\who", "C:who", "")) {
      String model = json.replace("\"model\" : \"who\"", "\"model\" : \"" + name + "\"");
      assertTrue(problem(() -> PipelineFile.parse(model)).contains("expected a name of"), name);
      String own = json.replace("\"name\" : \"test\"", "\"name\" : \"" + name + "\"");
      assertTrue(problem(() -> PipelineFile.parse(own)).contains("expected a name of"), name);
    }
    for (String[] huge :
        new String[][] {
          {"width", "1000000000"},
          {"width", "99999999999"},
          {"height", "2147483647"},
          {"maxObjects", "2147483647"},
          {"margin", "1e999"},
          {"margin", "11"},
          {"x", "1e300"},
          {"minScore", "2"}
        }) {
      String changed =
          json.replaceFirst("\"" + huge[0] + "\" : [-0-9.eE]+", "\"" + huge[0] + "\" : " + huge[1]);
      assertTrue(!changed.equals(json), huge[0]);
      problem(() -> PipelineFile.parse(changed));
    }
    String deep = "{\"formatVersion\" : 1, \"steps\" : " + "[".repeat(100_000);
    problem(() -> PipelineFile.parse(deep));
    int step = json.indexOf("\"type\" : \"keypoints\"");
    String keypoints = json.substring(json.lastIndexOf('{', step), json.indexOf('}', step) + 1);
    String many = json.replace(keypoints, (keypoints + ", ").repeat(30) + keypoints);
    problem(() -> PipelineFile.parse(many));
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

  private static Map<String, byte[]> with(String entry, byte[] content) {
    Map<String, byte[]> entries = new java.util.LinkedHashMap<>();
    entries.put(
        "pipeline.json",
        PipelineFile.json(TestPipelines.spec(TestPipelines.CLASSIFY))
            .getBytes(StandardCharsets.UTF_8));
    if (!entry.isEmpty()) entries.put(entry, content);
    return entries;
  }

  @Test
  void filesOfStrangersAreDataOnly() throws IOException {
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    ModelFile.write(TestPipelines.MODELS.get("who"), model);
    byte[] sound = model.toByteArray();
    assertEquals("test", PipelineFile.read(zip(with("models/who.spyhop", sound))).spec().name());
    for (String entry :
        List.of("models/other.spyhop", "models/a/b.spyhop", "models/../who.spyhop", "run.class")) {
      Path file = zip(with(entry, sound));
      assertTrue(problem(() -> PipelineFile.read(file)).contains("it is not opened"), entry);
    }
    Path lacking = zip(with("", sound));
    assertTrue(problem(() -> PipelineFile.read(lacking)).contains("lacks models/who.spyhop"));
    ByteArrayOutputStream nested = new ByteArrayOutputStream();
    PipelineFile.write(TestPipelines.whole(), nested);
    Path recursive = zip(with("models/who.spyhop", nested.toByteArray()));
    assertTrue(problem(() -> PipelineFile.read(recursive)).contains("begins with model.json"));
    byte[] padded = java.util.Arrays.copyOf(sound, sound.length + (2 << 20));
    Path long_ = zip(with("models/who.spyhop", padded));
    assertTrue(problem(() -> PipelineFile.read(long_)).contains("longer than"));
    byte[] cut = java.util.Arrays.copyOf(sound, sound.length / 2);
    Path shortened = zip(with("models/who.spyhop", cut));
    problem(() -> PipelineFile.read(shortened));
  }

  @Test
  void theRegistryTellsPipelinesFromModels() {
    PipelineFile.write(TestPipelines.whole(), folder.resolve("chain.spyhop"));
    ModelFile.write(TestPipelines.MODELS.get("who"), folder.resolve("who.spyhop"));
    ModelRegistry registry = new ModelRegistry(folder);
    assertEquals("test", registry.findPipeline("chain").spec().name());
    assertEquals("who", registry.find("who").spec().name());
    assertTrue(problem(() -> registry.find("chain")).startsWith("chain is a pipeline"));
    assertTrue(problem(() -> registry.findPipeline("who")).startsWith("who is a model"));
    for (ModelRegistry.Listing one : registry.list()) {
      if (one.source() == ModelRegistry.Source.SHIPPED) continue;
      assertEquals(one.name().equals("chain"), one.pipeline().isPresent());
      assertEquals(one.name().equals("who"), one.spec().isPresent());
    }
  }
}
