package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Roi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.util.Strings;

/** Objects of a folder of results, the least sure first. */
class ReviewTest {

  @TempDir Path folder;
  private Path results;
  private Path output;

  /** Two images: two objects in one, three in the other, one of these without a score. */
  @BeforeEach
  void prepare() throws IOException {
    results = Files.createDirectory(folder.resolve("results"));
    output = folder.resolve("review");
    Path two = Discs.two(folder.resolve("two.tif"));
    Files.writeString(
        results.resolve("images.csv"),
        "image,state,count,name,width,height,file\n"
            + Strings.format("two.tif,done,2,two,96,64,%s\n", two)
            + "gone.tif,done,3,gone,96,64,nowhere/gone.tif\n"
            + "bad.tif,failed,,bad,,,bad.tif\n");
    Rois.writeZip(results.resolve("two_rois.zip"), List.of(roi(1, 10, "0.9"), roi(2, 40, "0.35")));
    Rois.writeZip(
        results.resolve("gone_rois.zip"),
        List.of(roi(1, 10, ""), roi(2, 30, "0.5"), roi(3, 50, "0.2")));
  }

  private static Roi roi(int label, int x, String score) {
    Roi roi = new Roi(x, 20, 8, 6);
    roi.setName(Strings.format("%04d-label", label));
    if (!score.isEmpty()) roi.setProperty("score", score);
    return roi;
  }

  private Shell review(Object... more) {
    Object[] all = new Object[4 + more.length];
    List.of("review", results, "--output", output).toArray(all);
    System.arraycopy(more, 0, all, 4, more.length);
    return Shell.run(all);
  }

  private List<String> table() throws IOException {
    return Files.readAllLines(output.resolve("review.csv"));
  }

  @Test
  void theLeastSureOfAllImagesComeFirst() throws IOException {
    Shell shell = review();
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("gone.tif: its objects are not shown"), shell.err());
    assertEquals(
        List.of(
            "rank,image,slice,frame,label,class,score,x,y,area",
            "1,gone.tif,1,1,3,object,0.2,54,23,48",
            "2,two.tif,1,1,2,object,0.35,44,23,48",
            "3,gone.tif,1,1,2,object,0.5,34,23,48",
            "4,two.tif,1,1,1,object,0.9,14,23,48"),
        table());
    assertEquals(
        List.of("0003-label", "0002-label", "0001-label"),
        RoiFormat.zip(output.resolve("gone_review.zip")).stream().map(Roi::getName).toList());
    ImagePlus sheet = new ImagePlus("sheet", ImageIO.read(output.resolve("review.png").toFile()));
    assertEquals(4 * 138 + 10, sheet.getWidth());
  }

  @Test
  void onlySomeAndWhatWasThereBeforeIsNotLeft() throws IOException {
    assertEquals(0, review().code());
    Shell again = review("--count", 1);
    assertEquals(1, again.code());
    assertTrue(again.problem().contains("exists already"), again.problem());
    assertEquals(0, review("--count", 1, "--force").code());
    assertEquals(2, table().size());
    assertTrue(Files.exists(output.resolve("gone_review.zip")));
    assertFalse(Files.exists(output.resolve("two_review.zip")));
    assertEquals(0, review("--below", 0.4, "--force").code());
    assertEquals(3, table().size());
  }

  @Test
  void withoutScoresThereIsNoOrder() throws IOException {
    Rois.writeZip(results.resolve("two_rois.zip"), List.of(roi(1, 10, "")));
    Rois.writeZip(results.resolve("gone_rois.zip"), List.of());
    Shell shell = review();
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("expected regions with scores"), shell.problem());
    assertFalse(Files.exists(output));
    assertEquals(2, Shell.run("review", results).code());
    assertEquals(2, review("--below", 2).code());
  }
}
