package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;

/** Whether scores mean what they say, as evaluations tell it. */
class EvaluateScoresTest {

  @TempDir Path folder;
  private Path truth;
  private Path results;

  @BeforeEach
  void prepare() throws IOException {
    truth = Files.createDirectory(folder.resolve("truth"));
    results = Files.createDirectory(folder.resolve("results"));
  }

  private static void write(Path file, String row) {
    ByteProcessor pixels = new ByteProcessor(row.length(), 1);
    for (int i = 0; i < row.length(); i++) pixels.set(i, row.charAt(i) - '0');
    LabelImages.save(new ImagePlus("x", pixels), file);
  }

  /** Objects 1 and 3 are right, 2 is wrong, 4 lies where the truth is not known. */
  private void segmented(String scores) throws IOException {
    write(truth.resolve("a.tif"), "110000300099");
    write(results.resolve("a_labels.tif"), "110220300044");
    Files.writeString(results.resolve("images.csv"), "image,name\na.tif,a\n");
    Files.writeString(results.resolve("results.csv"), scores);
  }

  private Shell evaluate(Object... more) {
    Object[] all = new Object[8 + more.length];
    List.of("evaluate", "segment", "--predicted", results, "--truth", truth, "--ignore", 9)
        .toArray(all);
    System.arraycopy(more, 0, all, 8, more.length);
    return Shell.run(all);
  }

  @Test
  void objectsThatCountAreHeldAgainstTheirScores() throws IOException {
    segmented(
        "image,slice,frame,label,score\n"
            + "a.tif,1,1,1,0.9\na.tif,1,1,2,0.85\na.tif,1,1,3,0.55\na.tif,1,1,4,0.15\n");
    Path json = folder.resolve("figures.json");
    Path csv = folder.resolve("curve.csv");
    Shell shell = evaluate("--json", json, "--reliability", csv);
    assertEquals(0, shell.code(), shell.err());
    // 2/3 |0.875 - 0.5| + 1/3 |0.55 - 1|
    assertTrue(
        shell.out().contains("Scores of 3 objects: expected calibration error 0.4000"),
        shell.out());
    JsonNode told = new ObjectMapper().readTree(json.toFile()).get("reliability");
    assertEquals(0.4, told.get("expected_calibration_error").asDouble(), 1e-9);
    assertEquals(2, told.get("bins").size());
    assertEquals(0.5, told.get("bins").get(1).get("share_right").asDouble());
    List<String> rows = Files.readAllLines(csv);
    assertEquals("from,to,objects,mean_score,share_right", rows.get(0));
    assertEquals("0.1,0.2,0,,", rows.get(2));
    assertEquals("0.5,0.6,1,0.55,1", rows.get(6));
    assertEquals("0.8,0.9,2,0.875,0.5", rows.get(9));
    assertEquals(11, rows.size());
  }

  @Test
  void boxesAreAsWell() throws IOException {
    Files.writeString(
        truth.resolve("boxes.csv"), "image,class,x,y,width,height\na.png,cell,0,0,10,10\n");
    Files.writeString(
        results.resolve("boxes.csv"),
        "image,class,x,y,width,height,score\n"
            + "a.png,cell,0,0,10,10,0.95\na.png,cell,50,50,10,10,0.35\n");
    Path png = folder.resolve("curve.png");
    Shell shell =
        Shell.run(
            "evaluate", "localize", "--predicted", results, "--truth", truth, "--reliability", png);
    assertEquals(0, shell.code(), shell.err());
    // 1/2 |0.95 - 1| + 1/2 |0.35 - 0|
    assertTrue(
        shell.out().contains("Scores of 2 objects: expected calibration error 0.2000"),
        shell.out());
    assertTrue(ImageIO.read(png.toFile()).getWidth() > 500);
  }

  @Test
  void withoutScoresThereIsNothingToSay() throws IOException {
    segmented("image,slice,frame,label,score\na.tif,1,1,1,\n");
    Shell shell = evaluate();
    assertEquals(0, shell.code(), shell.err());
    assertFalse(shell.out().contains("calibration"), shell.out());
    Shell asked = evaluate("--reliability", folder.resolve("curve.csv"));
    assertEquals(1, asked.code());
    assertTrue(asked.problem().contains("None of the objects"), asked.problem());
    assertFalse(Files.exists(folder.resolve("curve.csv")));
    assertEquals(2, evaluate("--reliability", folder.resolve("curve.txt")).code());
  }
}
