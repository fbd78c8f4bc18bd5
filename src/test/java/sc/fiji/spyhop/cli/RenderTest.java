package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorFile;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.model.TestGenerators;

/** Networks in reverse from the shell: trained, used, evaluated. */
class RenderTest {

  private static final int EPOCHS = 25;

  @TempDir static Path folder;

  private static Path lights;
  private static Path model;
  private static Shell trained;

  @BeforeAll
  static void train() throws IOException {
    lights = Lights.write(folder.resolve("lights"), 40);
    model = folder.resolve("lights.spyhop");
    trained = train(model, "--epochs", EPOCHS);
  }

  private static Shell train(Path output, Object... more) {
    List<Object> words =
        new java.util.ArrayList<>(
            List.of(
                "train",
                "render",
                "--data",
                lights,
                "--output",
                output,
                "--rate",
                0.02,
                "--batch",
                8,
                "--steps",
                8,
                "--averaging",
                0));
    if (!List.of(more).contains("--network")) {
      words.addAll(List.of("--network", Lights.NETWORK));
    }
    words.addAll(List.of(more));
    return Shell.run(words.toArray());
  }

  private static Path table(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Shell render(Object... more) {
    List<Object> words = new java.util.ArrayList<>(List.of("render", "--model", model));
    words.addAll(List.of(more));
    return Shell.run(words.toArray());
  }

  @Test
  void itLearnsWhatTheTableTells() {
    assertEquals(0, trained.code(), trained.err());
    assertTrue(
        trained.err().contains("Column lamp is left out: the same stands in all of its cells."),
        trained.err());
    assertTrue(trained.err().contains("From level (a number from 40"), trained.err());
    Generator made = GeneratorFile.read(model);
    GeneratorSource.Columns columns = (GeneratorSource.Columns) made.spec().source();
    assertEquals(List.of("left", "right"), ((RowColumn.Choice) columns.columns().get(1)).values());
    assertEquals("%", ((RowColumn.Number) columns.columns().get(0)).unit());
    // the nearest image is 8 levels off in one half, the untrained network dozens
    double rmse = made.spec().training().figures().get("validation RMSE");
    assertTrue(rmse < 12, "RMSE " + rmse);
    assertEquals(0, Shell.run("models", "check", model).code());
  }

  @Test
  void imagesAreMadeOfRows() throws IOException {
    Path rows =
        table("rows.csv", "image,side,level\nsub/a.png,left,180\nb.tif,right,60\n../c,left,300\n");
    Path output = folder.resolve("made");
    Shell shell = render("--table", rows, "--output", output);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("Row 3: level is 300: the model learned from"), shell.err());
    assertTrue(shell.out().contains("3 images written to"), shell.out());
    ImagePlus a = IJ.openImage(output.resolve("images/a.png").toString());
    assertEquals(180, a.getProcessor().get(3, 8), 25);
    assertEquals(100, a.getProcessor().get(12, 8), 25);
    ImagePlus b = IJ.openImage(output.resolve("images/b.png").toString());
    assertEquals(60, b.getProcessor().get(12, 3), 25);
    assertEquals(
        List.of("image,side,level", "a.png,left,180", "b.png,right,60", "c.png,left,300"),
        Files.readAllLines(output.resolve("index.csv")));
    Shell again = render("--table", rows, "--output", output);
    assertEquals(1, again.code());
    assertTrue(again.problem().contains("a.png exists already"), again.problem());
    assertEquals(0, render("--table", rows, "--output", output, "--force").code());
  }

  @Test
  void aStackGoesAlongAColumn() throws IOException {
    Path rows = table("along.csv", "side\nleft\n");
    Path output = folder.resolve("along");
    Shell shell =
        render(
            "--table",
            rows,
            "--along",
            "level",
            "--from",
            60,
            "--to",
            180,
            "--steps",
            5,
            "--output",
            output);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().contains("1 stack written"), shell.out());
    ImagePlus stack = IJ.openImage(output.resolve("row_00001.tif").toString());
    assertEquals(5, stack.getStackSize());
    assertEquals("row_00001: level 90", stack.getStack().getSliceLabel(2));
    double before = -1;
    for (int i = 1; i <= 5; i++) {
      double now = stack.getStack().getProcessor(i).getf(3, 8);
      assertTrue(now > before, i + ": " + now + " after " + before);
      before = now;
    }
    assertFalse(Files.exists(output.resolve("index.csv")));
    assertTrue(Files.exists(output.resolve("sheet.png")));
  }

  @Test
  void aStackGoesFromRowToRow() throws IOException {
    Path rows = table("way.csv", "side,level\nleft,60\nright,180\nabove,7\n");
    Path output = folder.resolve("way");
    Shell shell = render("--table", rows, "--from", 1, "--to", 2, "--steps", 3, "--output", output);
    assertEquals(0, shell.code(), shell.err());
    ImagePlus stack = IJ.openImage(output.resolve("row_00001_to_row_00002.tif").toString());
    assertEquals(3, stack.getStackSize());
    assertEquals(60, stack.getStack().getProcessor(1).getf(3, 8), 25);
    assertEquals(180, stack.getStack().getProcessor(3).getf(12, 8), 25);
  }

  @Test
  void imagesAreComparedWithTheTruthAndTheNearest() throws IOException {
    Path json = folder.resolve("figures.json");
    Path images = folder.resolve("worst.csv");
    Shell shell =
        Shell.run(
            "evaluate",
            "render",
            "--model",
            model,
            "--data",
            lights,
            "--known",
            lights,
            "--json",
            json,
            "--images",
            images);
    assertEquals(0, shell.code(), shell.err());
    // the nearest of what is compared is itself
    assertTrue(shell.out().contains("the nearest known images are these"), shell.out());
    assertTrue(Files.readString(json).contains("\"rmse_nearest\" : 0.0"), Files.readString(json));
    List<String> rows = Files.readAllLines(images);
    assertEquals("image,rmse,rmse_nearest,nearest", rows.get(0));
    assertEquals(41, rows.size());
  }

  @Test
  void aTrainingIsResumed() {
    Path output = folder.resolve("resumed.spyhop");
    assertEquals(0, train(output, "--epochs", 2).code());
    Shell refused = train(output, "--epochs", 3, "--resume", "--seed", 5);
    assertTrue(refused.code() != 0 && refused.problem().contains("--seed"), refused.problem());
    Shell resumed = train(output, "--epochs", 3, "--resume");
    assertEquals(0, resumed.code(), resumed.err());
    assertTrue(resumed.err().contains("Resumed after epoch 2."), resumed.err());
  }

  @Test
  void whatCannotBeDoneIsToldBefore() throws IOException {
    Path missing = table("missing.csv", "side\nleft\n");
    Path unknown = table("unknown.csv", "side,level\nleft,50\nabove,50\n");
    Path output = folder.resolve("nothing");
    assertEquals(
        "spyhop: Row 1 of the table: Column level is missing: expected level, side, received side.",
        render("--table", missing, "--output", output).problem());
    assertEquals(
        "spyhop: Row 2 of the table: side is \"above\": expected one of left, right.",
        render("--table", unknown, "--output", output).problem());
    String along = render("--table", missing, "--along", "size", "--output", output).problem();
    assertTrue(
        along.contains("--along: expected a column that the model learned from (level"), along);
    String row = render("--table", unknown, "--from", 1, "--to", 9, "--output", output).problem();
    assertTrue(row.contains("--to: expected the number of a row, from 1 to 2"), row);
    assertTrue(render("--table", missing).problem().contains("--output"));
    assertFalse(Files.exists(output));
    Shell other = Shell.run("render", "--model", "nuclei", "--table", missing, "--output", output);
    assertTrue(other.problem().contains("nuclei is a model: expected a generating model"));
    Path noise = folder.resolve("noise.spyhop");
    GeneratorFile.write(TestGenerators.noise("noise"), noise);
    other = Shell.run("render", "--model", noise, "--table", missing, "--output", output);
    assertTrue(other.problem().contains("makes images from 5 numbers drawn at random"));
  }

  @Test
  void trainingsThatMakeNoSenseAreRefused() throws IOException {
    Path output = folder.resolve("none.spyhop");
    for (Object[] wrong :
        new Object[][] {
          {"expected one that makes 1 x 16 x 16 of 3 x 1 x 1", "--network", "4C1 1T8v tanh"},
          {"There is no column age: expected one of level, side, lamp", "--columns", "age"},
          {"Column lamp: the same stands in all of its cells", "--columns", "lamp"},
          {"--size: expected pixels", "--size", "0x5"},
          {"--resume: it and replacing", "--resume", "--force"},
        }) {
      Object[] settings = java.util.Arrays.copyOfRange(wrong, 1, wrong.length);
      Shell shell = train(output, settings);
      assertFalse(shell.code() == 0);
      assertTrue(shell.problem().contains((String) wrong[0]), shell.problem());
      assertFalse(Files.exists(output));
    }
  }
}
