package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelRegistry;

/** A model that is added goes by its name; what is no model, or would hide one, is not added. */
class AddModelCommandTest {

  @TempDir Path folder;

  private String refusal(ModelRegistry registry, Path file, String name) {
    return assertThrows(SpyhopException.class, () -> registry.add(file, name, false)).getMessage();
  }

  @Test
  void anAddedModelGoesByItsName() throws IOException {
    Path lamp = Lamp.model(folder);
    ModelRegistry registry = new ModelRegistry(folder.resolve("mine"));
    Path copy = registry.add(lamp, "bulb", false);
    assertArrayEquals(Files.readAllBytes(lamp), Files.readAllBytes(copy));
    assertEquals("lamp", registry.find("bulb").spec().name());
    assertTrue(refusal(registry, lamp, "bulb").contains("bulb.spyhop exists already"));
    assertEquals(copy, registry.add(lamp, "bulb", true));
  }

  @Test
  void whatIsNoModelOrWouldHideOneIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text.spyhop"), "not a model");
    ModelRegistry registry = new ModelRegistry(folder.resolve("mine"));
    assertTrue(refusal(registry, text, "text").contains("text.spyhop"));
    assertTrue(refusal(registry, Lamp.model(folder), "nuclei").contains("ships with Spyhop"));
    assertTrue(registry.names().stream().noneMatch(n -> n.equals("text")));
  }

  @Test
  void whatIsNotCalledLikeAModelIsNamed() {
    Path root = folder.toAbsolutePath().getRoot();
    for (String file : List.of(root.toString(), "cells.zip", ".spyhop")) {
      SettingException e =
          assertThrows(
              SettingException.class, () -> ModelTarget.requireName("file", Path.of(file)));
      assertEquals("expected a name that ends in .spyhop, received " + file + ".", e.sentence());
    }
    ModelTarget.requireName("file", folder.resolve("cells.spyhop"));
  }
}
