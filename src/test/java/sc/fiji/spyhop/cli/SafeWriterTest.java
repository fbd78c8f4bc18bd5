package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Texts of strangers, in errors and results, do nothing to a terminal. */
class SafeWriterTest {

  private static final String ESC = "\u001B";
  private static final String RED = ESC + "[31mred" + ESC + "]0;title\u0007";

  @TempDir Path folder;

  private static void assertSafe(Shell shell, String word) {
    String all = shell.out() + shell.err();
    assertTrue(all.contains(word), all);
    assertFalse(
        all.chars().anyMatch(c -> c != '\n' && c != '\t' && Character.isISOControl(c)), all);
  }

  @Test
  void lineBreaksAndTabsStay() {
    assertEquals("a\tb\r\nc\n?[31m?", SafeWriter.safe("a\tb\r\nc\n" + ESC + "[31m\u202E"));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no such names there")
  void namesOfFilesAndModels() throws IOException {
    Path image = Files.writeString(folder.resolve(RED + ".tif"), "no image");
    Path model = Files.writeString(folder.resolve(RED + ".spyhop"), "no model");
    Object output = folder.resolve("out");
    assertSafe(Shell.run("segment", "--model", "nuclei", "--output", output, image), "red");
    assertSafe(Shell.run("segment", "--model", model, "--output", output, image), "red");
    assertSafe(Shell.run("segment", "--model", RED, "--output", output, image), "red");
    Path broken = Files.writeString(folder.resolve("one\ntwo.tif"), "no image");
    Shell shell = Shell.run("segment", "--model", "nuclei", "--output", output, broken.getParent());
    String all = shell.out() + shell.err();
    assertTrue(all.contains("one?two.tif: failed"), all);
    assertFalse(all.contains("one\n"), all);
    assertSafe(Shell.run("models", "show", model), "red");
    assertSafe(Shell.run("segment", "--" + RED, 1), "red");
  }

  @Test
  void namesOfClasses() throws IOException {
    Path data = ShapeImages.classes(folder.resolve("two"), 2, 1, "disc", "square");
    Files.write(
        data.resolve("index.csv"),
        List.of("image,class", "disc/disc0.tif," + RED, "square/square0.tif,blue"));
    assertSafe(
        Shell.run("train", "classify", "--data", data, "--output", folder.resolve("m")), "m");
    Files.write(
        data.resolve("boxes.csv"), List.of("image,class,x,y,width,height", RED + ",a,1,1,x,4"));
    assertSafe(Shell.run("annotations", "--data", data), "red");
  }
}
