package sc.fiji.spyhop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class ModelRegistryTest {

  @TempDir Path folder;
  private Path user;
  private ModelRegistry registry;

  @BeforeEach
  void fillTheUsersFolder() throws IOException {
    user = Files.createDirectories(folder.resolve("models"));
    ModelFile.write(TestModels.nuclei("mine"), user.resolve("mine.spyhop"));
    Files.writeString(user.resolve("broken.spyhop"), "not a model");
    Files.writeString(user.resolve("notes.txt"), "not meant to be a model");
    registry = new ModelRegistry(user);
  }

  private Map<String, ModelRegistry.Listing> ofUser() {
    return registry.list().stream()
        .filter(l -> l.source() == ModelRegistry.Source.USER)
        .collect(Collectors.toMap(ModelRegistry.Listing::name, l -> l));
  }

  @Test
  void listsWhatIsThereAndSaysWhatIsBroken() {
    Map<String, ModelRegistry.Listing> listed = ofUser();
    assertEquals(2, listed.size());
    assertEquals("For tests: knows nothing.", listed.get("mine").spec().get().description());
    assertTrue(listed.get("mine").problem().isEmpty());
    assertTrue(listed.get("broken").spec().isEmpty());
    assertTrue(listed.get("broken").problem().get().contains("expected a Spyhop model"));
  }

  /** A stranger's description cannot look like more lines, or run on without end. */
  @Test
  void whatAModelIsForIsOneLine() {
    Model tiny = TestModels.nuclei("loud");
    String text = "finds\nnuclei: all\u001b[2J of\r\nthem " + "and more ".repeat(100);
    ModelFile.write(
        tiny.withSpec(tiny.spec().withAbout(text, "", "", "")), user.resolve("loud.spyhop"));
    String line = ofUser().get("loud").description().orElseThrow();
    assertTrue(line.startsWith("finds nuclei: all [2J of them and more"), line);
    assertTrue(line.length() <= 303 && line.endsWith("..."), line);
  }

  @Test
  void shippedModelsHaveAPicture() {
    for (ModelRegistry.Listing l : ModelRegistry.standard().list()) {
      if (l.source() != ModelRegistry.Source.SHIPPED) continue;
      Cover cover = ModelRegistry.standard().cover(l.name()).orElseThrow();
      assertEquals("160 x 160 pixels", cover.toString());
      assertTrue(cover.image().isPresent(), l.name());
      assertTrue(cover.png().length < 32_000, l.name());
    }
  }

  @Test
  void findsByNameAndByPath() throws IOException {
    assertEquals("mine", registry.find("mine").spec().name());
    Path elsewhere = folder.resolve("elsewhere.spyhop");
    Files.copy(user.resolve("mine.spyhop"), elsewhere);
    assertEquals("mine", registry.find(elsewhere.toString()).spec().name());
    Path odd = Files.copy(elsewhere, folder.resolve("odd name"));
    assertEquals("mine", registry.find(odd.toString()).spec().name());
  }

  @Test
  void unknownNameListsTheKnown() {
    SpyhopException e = assertThrows(SpyhopException.class, () -> registry.find("nucleii"));
    assertTrue(e.getMessage().startsWith("There is no model named \"nucleii\""), e.getMessage());
    assertTrue(e.getMessage().contains("broken, mine"), e.getMessage());
  }

  @Test
  void missingFileIsNamed() {
    for (String path : List.of("no/such.spyhop", "such.spyhop", "bad\0name")) {
      SpyhopException e = assertThrows(SpyhopException.class, () -> registry.find(path));
      assertTrue(e.getMessage().contains(path), e.getMessage());
    }
  }

  @Test
  void brokenModelSaysWhy() {
    SpyhopException e = assertThrows(SpyhopException.class, () -> registry.find("broken"));
    assertTrue(e.getMessage().contains("expected a Spyhop model"), e.getMessage());
  }

  @Test
  void noUserFolderIsNoProblem() {
    ModelRegistry none = new ModelRegistry(folder.resolve("none"));
    assertTrue(none.list().stream().allMatch(l -> l.source() == ModelRegistry.Source.SHIPPED));
  }

  @Test
  void everyShippedModelIsSound() {
    for (ModelRegistry.Listing l : new ModelRegistry(folder.resolve("none")).list()) {
      assertTrue(l.problem().isEmpty(), () -> l.name() + ": " + l.problem().get());
      String name =
          l.pipeline().isPresent()
              ? registry.findPipeline(l.name()).spec().name()
              : registry.find(l.name()).spec().name();
      assertEquals(l.name(), name);
    }
  }

  @Test
  void theStandardFolderIsWhereThePropertySays() {
    String before = System.setProperty("spyhop.models", user.toString());
    try {
      assertEquals(user, ModelRegistry.standard().userFolder());
    } finally {
      if (before == null) System.clearProperty("spyhop.models");
      else System.setProperty("spyhop.models", before);
    }
  }
}
