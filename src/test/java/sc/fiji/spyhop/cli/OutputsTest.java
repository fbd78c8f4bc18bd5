package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;

/** Where results go: files that are there, streams that take nothing, terminals. */
class OutputsTest {

  @TempDir Path folder;

  /** Takes nothing, as a full disk. */
  private static final class Full extends Writer {
    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void figuresReplaceNoFileUnasked() throws IOException {
    Path labels = Files.createDirectory(folder.resolve("labels"));
    ByteProcessor one = new ByteProcessor(8, 8);
    one.set(3, 4, 1);
    LabelImages.save(new ImagePlus("a", one), labels.resolve("a.tif"));
    Path json = Files.writeString(folder.resolve("f.json"), "precious");
    Object[] line = {
      "evaluate", "segment", "--predicted", labels, "--truth", labels, "--json", json
    };
    Shell refused = Shell.run(line);
    assertEquals(1, refused.code());
    assertTrue(refused.problem().contains("--force"), refused.err());
    assertEquals("", refused.out(), "refused before any work");
    assertEquals("precious", Files.readString(json));
    Object[] forced = java.util.Arrays.copyOf(line, line.length + 1);
    forced[line.length] = "--force";
    assertEquals(0, Shell.run(forced).code());
    assertTrue(Files.readString(json).contains("missing_predictions"));
  }

  @Test
  void resultsThatDoNotArriveAreAFailure() {
    StringWriter err = new StringWriter();
    int code = Spyhop.run(new PrintWriter(new Full()), new PrintWriter(err), "models");
    assertEquals(1, code);
    assertTrue(err.toString().contains("cannot be written to standard output"), err.toString());
  }

  @Test
  void strangersTextsDoNotControlATerminal() {
    Path file = Discs.model(folder);
    Model model = ModelFile.read(file);
    ModelSpec s = model.spec();
    String text = "nice\u001b]0;title\u0007\u009b2J \u202Eevil";
    ModelSpec evil =
        new ModelSpec(
            s.name(), text, s.task(), s.input(), s.inference(), s.training(), text, "", "");
    ModelFile.write(model.withSpec(evil), file);
    for (List<Object> line :
        List.<List<Object>>of(List.of("models", "show", file), List.of("models", "check", file))) {
      Shell shell = Shell.run(line.toArray());
      String said = shell.out() + shell.err();
      assertFalse(
          said.chars()
              .anyMatch(c -> c != '\n' && c != '\r' && c != '\t' && Character.isISOControl(c)),
          said);
      assertFalse(said.contains("\u202E"), said);
    }
  }

  @Test
  void lineBreaksAndTabsStay() {
    assertEquals("a\n\tb\r\nc?d", SafeWriter.safe("a\n\tb\r\nc\rd"));
  }

  @Test
  void picturesThatCannotBeWrittenAreAFailure() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Discs.two(data.resolve("a.tif"));
    Files.writeString(
        data.resolve("boxes.csv"), "image,class,x,y,width,height\na.tif,disc,1,1,5,5\n");
    Path output = folder.resolve("output");
    Files.createDirectories(output.resolve("a_overlay.png").resolve("in the way"));
    Shell shell = Shell.run("annotations", "--data", data, "--overlays", "--output", output);
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains("a_overlay.png"), shell.err());
  }

  @Test
  void aModelIsWrittenUnderTheNameThatIsPromised() {
    Shell shell = Shell.run("models", "download", "vgg16", "--output", folder.resolve("z"));
    assertEquals(2, shell.code());
    assertTrue(shell.problem().contains(".spyhop"), shell.err());
  }

  /** An output that is an input of the same line is never written, whatever is said of it. */
  @Test
  void whatIsReadIsNotReplacedEvenIfForced() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Discs.two(data.resolve("a.tif"));
    String rows = "image,class,x,y,width,height\na.tif,disc,1,1,5,5\n";
    Path truth = Files.writeString(data.resolve("boxes.csv"), rows);
    Path predicted = Files.writeString(folder.resolve("found.csv"), rows);
    Path index = Files.writeString(data.resolve("index.csv"), "name,subset\na,test\n");
    Path coco = Files.createDirectory(folder.resolve("coco"));
    Shell made = Shell.run("annotations", "--data", data, "--to", "coco", "--output", coco);
    assertEquals(0, made.code(), made.err());
    Path json = coco.resolve("annotations.json");
    for (Path place : List.of(truth, data, coco)) {
      for (Path input : List.of(truth, predicted, index, json)) {
        if (input.equals(truth) && place.equals(coco)) continue;
        if (input.equals(json) && !place.equals(coco)) continue;
        String before = Files.readString(input);
        Shell shell =
            Shell.run(
                "evaluate",
                "localize",
                "--truth",
                place,
                "--predicted",
                predicted,
                "--index",
                index,
                "--subset",
                "test",
                "--json",
                input,
                "--force");
        assertEquals(1, shell.code(), input + " of " + place);
        assertTrue(shell.problem().contains("in use as "), shell.err());
        assertEquals(before, Files.readString(input));
      }
    }
    Object[] again = {
      "evaluate",
      "localize",
      "--truth",
      data,
      "--predicted",
      predicted,
      "--json",
      data.resolve("figures.json"),
      "--force"
    };
    assertEquals(0, Shell.run(again).code());
    assertEquals(0, Shell.run(again).code(), "figures among the data are replaced");
    Shell check = Shell.run("annotations", "--data", data);
    assertEquals(0, check.code(), "figures are no annotations: " + check.err());
  }

  @Test
  void aLinkThatLeadsNowhereIsThere() throws IOException {
    Path target = folder.resolve("elsewhere.json");
    Path link = folder.resolve("figures.json");
    try {
      Files.createSymbolicLink(link, target);
    } catch (IOException | UnsupportedOperationException e) {
      Assumptions.abort("no links here: " + e);
    }
    Path rows =
        Files.writeString(
            folder.resolve("b.csv"), "image,class,x,y,width,height\na.tif,disc,1,1,5,5\n");
    Shell shell =
        Shell.run("evaluate", "localize", "--truth", rows, "--predicted", rows, "--json", link);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("exists already"), shell.err());
    assertFalse(Files.exists(target));
  }
}
