package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** True boxes and points in tables are held against their images, as those of other formats are. */
class TruthAtEdgesTest {

  private static final String BOXES =
      """
      image,class,x,y,width,height
      a.png,cell,90,5,50,20
      b.png,cell,5,5,0.5,20
      gone.png,cell,5,5,20,20
      """;

  private static final String POINTS =
      """
      image,keypoint,x,y
      a.png,nose,10,10
      a.png,tail,500,10
      """;

  @TempDir Path folder;
  private Path data;
  private Path boxes;

  @BeforeEach
  void images() throws IOException {
    data = Files.createDirectory(folder.resolve("data"));
    for (String name : new String[] {"a.png", "b.png"}) {
      BufferedImage image = new BufferedImage(100, 80, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, "png", data.resolve(name).toFile());
    }
    boxes =
        Files.writeString(
            folder.resolve("predicted.csv"),
            """
            image,class,x,y,width,height,score
            a.png,cell,90,5,10,20,1
            b.png,cell,5,5,20,20,1
            """);
  }

  private Shell evaluate(String what, Path predicted, Path truth, Object... more) {
    Object[] start = {
      "evaluate", what, "--predicted", predicted, "--truth", truth, "--json", json(), "--force"
    };
    Object[] all = new Object[start.length + more.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return Shell.run(all);
  }

  private Path json() {
    return folder.resolve("figures.json");
  }

  private JsonNode figures() throws IOException {
    return new ObjectMapper().readTree(json().toFile());
  }

  /** Of a is left what is predicted; b and what is gone do not count. */
  private void onlyACounts(Shell shell) throws IOException {
    assertEquals(0, shell.code(), shell.err());
    assertEquals(1, figures().get("images").asInt());
    assertEquals(1, figures().get("mAP50_95").asDouble(), 1e-12);
    assertEquals("[\"b\",\"gone\"]", figures().get("left_out").toString());
    assertTrue(shell.err().contains("1 box cut off at the edge of the image"), shell.err());
    assertTrue(shell.err().contains("1 box less than one pixel"), shell.err());
    assertTrue(shell.err().contains("1 annotation without an image, left out"), shell.err());
  }

  @Test
  void boxesAreCutOffAtTheEdge() throws IOException {
    Path truth = Files.writeString(data.resolve("boxes.csv"), BOXES);
    onlyACounts(evaluate("localize", boxes, data));
    onlyACounts(evaluate("localize", boxes, truth));
  }

  @Test
  void imagesOfAnIndexThatAreNotReadAreNotEmpty() throws IOException {
    Files.writeString(data.resolve("boxes.csv"), BOXES);
    Path index =
        Files.writeString(folder.resolve("index.csv"), "name,subset\na,val\nb,val\ngone,val\n");
    onlyACounts(evaluate("localize", boxes, data, "--index", index, "--subset", "val"));
  }

  @Test
  void pointsOutsideDoNotCount() throws IOException {
    Files.writeString(data.resolve("keypoints.csv"), POINTS);
    Shell shell =
        evaluate("keypoints", Files.writeString(folder.resolve("points.csv"), POINTS), data);
    assertEquals(0, shell.code(), shell.err());
    assertEquals(1, figures().at("/keypoints/nose/points").asInt());
    assertEquals(0, figures().at("/keypoints/tail/points").asInt());
    assertTrue(shell.err().contains("1 keypoint outside the image, left out"), shell.err());
  }

  @Test
  void tablesWithoutTheirImagesAreTakenAsTheyAreAndThatIsSaid() throws IOException {
    Path truth =
        Files.writeString(
            Files.createDirectory(folder.resolve("alone")).resolve("truth.csv"), BOXES);
    Shell shell = evaluate("localize", boxes, truth);
    assertEquals(0, shell.code(), shell.err());
    assertEquals(3, figures().get("images").asInt());
    assertEquals(0, figures().get("mAP50_95").asDouble(), 1e-12);
    assertTrue(shell.err().contains("none of the images named there"), shell.err());
    assertFalse(shell.err().contains("cut off"), shell.err());
  }

  /**
   * The same table whatever it is called: it lies beside its images, and is cut off at their edge.
   */
  @Test
  void aTableOfTruthMayBeCalledAnything() throws IOException {
    BufferedImage image = new BufferedImage(40, 20, 10);
    ImageIO.write(image, "png", folder.resolve("only.png").toFile());
    Path truth =
        Files.writeString(
            folder.resolve("truth.txt"), "image,class,x,y,width,height\nonly,c,35,5,12,8\n");
    Shell shell = Shell.run("evaluate", "localize", "--truth", truth, "--predicted", truth);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("cut off at the edge"), shell.err());
  }
}
