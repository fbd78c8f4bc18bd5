package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.util.Strings;

/** How many objects label images and regions hold, and which images count. */
class EvaluateSegmentTruthTest {

  @TempDir Path folder;

  /** Two squares of 25 pixels, apart, with a label each; 40 x 20 pixels. */
  private Path squares(String name, int first, int second) throws IOException {
    BufferedImage image = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 25; i++) {
      image.getRaster().setSample(2 + i % 5, 2 + i / 5, 0, first);
      image.getRaster().setSample(22 + i % 5, 2 + i / 5, 0, second);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private String told;

  private JsonNode evaluated(Path truth) throws IOException {
    Path json = folder.resolve("figures.json");
    Files.deleteIfExists(json);
    Shell shell =
        Shell.run(
            "evaluate",
            "segment",
            "--predicted",
            folder.resolve("predicted"),
            "--truth",
            truth,
            "--json",
            json);
    told = shell.err();
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertEquals(figures.get("left_out").isEmpty() ? 0 : 1, shell.code(), told);
    return figures;
  }

  @Test
  void partsOfAMaskAreObjectsInTruthAndPrediction() throws IOException {
    squares("truth/a.png", 255, 255);
    squares("predicted/a_labels.png", 1, 2);
    JsonNode figures = evaluated(folder.resolve("truth"));
    assertEquals(2, figures.get("true_objects").asInt(), figures.toString());
    assertTrue(told.contains("a mask rather than numbers") && told.contains("a.png"), told);
  }

  @Test
  void aLabelInTwoPartsIsOneObject() throws IOException {
    squares("truth/a.png", 7, 7);
    squares("predicted/a_labels.png", 7, 7);
    assertEquals(1, evaluated(folder.resolve("truth")).get("true_objects").asInt());
    assertTrue(told.contains("several separate parts"), told);
  }

  @Test
  void aCompositeSelectionIsOneObject() throws IOException {
    squares("data/images/a.png", 0, 0);
    squares("predicted/a_labels.png", 1, 1);
    Roi two = new ShapeRoi(new OvalRoi(2, 2, 9, 9)).or(new ShapeRoi(new Roi(20, 2, 5, 5)));
    two.setName("cell");
    Files.createDirectories(folder.resolve("data/rois"));
    Rois.writeZip(folder.resolve("data/rois/a.zip"), List.of(two));
    assertEquals(1, evaluated(folder.resolve("data")).get("true_objects").asInt());
    Shell check = Shell.run("annotations", "--data", folder.resolve("data"));
    assertTrue(check.out().contains("1 image, 1 box"), check.out());
  }

  @Test
  void truthThatCannotBeReadDoesNotCount() throws IOException {
    for (String name : List.of("a", "b")) {
      squares("predicted/" + name + "_labels.png", 1, 2);
      Path truth = squares("truth/" + name + ".png", 1, 2);
      if (name.equals("b")) Files.write(truth, Arrays.copyOf(Files.readAllBytes(truth), 45));
    }
    JsonNode figures = evaluated(folder.resolve("truth"));
    assertEquals(1, figures.get("images").asInt());
    assertEquals("[\"b\"]", figures.get("left_out").toString());
    assertTrue(told.contains("Left out") && told.contains("b.png"), told);
  }

  /** As segment --recursive names its results. */
  @Test
  void imagesOfOneNameAreTakenApart() throws IOException {
    StringBuilder coco = new StringBuilder();
    for (int day = 1; day <= 2; day++) {
      squares("data/images/day" + day + "/img.png", 0, 0);
      squares("predicted/day" + day + "_img_labels.png", day == 1 ? 1 : 0, 2);
      coco.append(day == 1 ? "" : ", ");
      coco.append("{\"id\": " + day + ", \"file_name\": \"day" + day + "/img.png\"}");
    }
    String left = "{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"segmentation\": [[%s]]}";
    Files.writeString(
        folder.resolve("data/coco.json"),
        "{\"images\": ["
            + coco
            + "], \"categories\": [{\"id\": 1, \"name\": \"cell\"}], \"annotations\": ["
            + left.replace("%s", "2, 2, 7, 2, 7, 7, 2, 7")
            + ", "
            + left.replace("%s", "22, 2, 27, 2, 27, 7, 22, 7")
            + ", "
            + left.replace("\"image_id\": 1", "\"image_id\": 2")
                .replace("%s", "22, 2, 27, 2, 27, 7, 22, 7")
            + "]}");
    JsonNode figures = evaluated(folder.resolve("data"));
    assertEquals(2, figures.get("images").asInt());
    assertEquals(3, figures.get("true_objects").asInt());
    assertEquals("[]", figures.get("missing_predictions").toString());
    assertTrue(figures.toString().contains("\"F1\":1.0"), figures.toString());
  }

  /** As segment --recursive names its results of an image and of one below it. */
  @Test
  void theImageThatIsLeftHasTheShorterName() throws IOException {
    StringBuilder coco = new StringBuilder("{\"images\": [");
    for (String name : List.of("b", "sub/b")) {
      squares("data/images/" + name + ".png", 0, 0);
      squares("predicted/" + name.replace('/', '_') + "_labels.png", 1, name.equals("b") ? 0 : 2);
      coco.append(name.equals("b") ? "{\"id\": 1" : ", {\"id\": 2")
          .append(", \"file_name\": \"images/" + name + ".png\"}");
    }
    coco.append("], \"categories\": [{\"id\": 1, \"name\": \"cell\"}], \"annotations\": [");
    String square = "{\"id\": %d, \"image_id\": %d, \"category_id\": 1, \"segmentation\": [[%s]]}";
    coco.append(Strings.format(square, 1, 1, "2, 2, 7, 2, 7, 7, 2, 7") + ", ")
        .append(Strings.format(square, 2, 2, "2, 2, 7, 2, 7, 7, 2, 7") + ", ")
        .append(Strings.format(square, 3, 2, "22, 2, 27, 2, 27, 7, 22, 7") + "]}");
    Files.writeString(folder.resolve("data/coco.json"), coco);
    JsonNode figures = evaluated(folder.resolve("data"));
    assertEquals("[]", figures.get("missing_predictions").toString());
    assertEquals(0, figures.get("ignored_predictions").asInt());
    assertTrue(figures.toString().contains("\"F1\":1.0"), figures.toString());
    Files.delete(folder.resolve("predicted/sub_b_labels.png"));
    Path predicted = folder.resolve("predicted");
    Path truth = folder.resolve("data");
    Shell shell = Shell.run("evaluate", "segment", "--predicted", predicted, "--truth", truth);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("b: it may be images/b or images/sub/b"), shell.problem());
  }

  /** Of three images, one has two true label images, one a prediction of another size. */
  @Test
  void whatCannotBeComparedDoesNotEndTheRest() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      squares("truth/" + name + ".png", 1, 2);
      squares("predicted/" + name + "_labels.png", 1, 2);
    }
    Files.copy(folder.resolve("truth/b.png"), folder.resolve("truth/b.bmp"));
    BufferedImage small = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(small, "png", folder.resolve("predicted/c_labels.png").toFile());
    JsonNode figures = evaluated(folder.resolve("truth"));
    assertEquals(1, figures.get("images").asInt(), figures.toString());
    assertEquals(2, figures.get("true_objects").asInt(), figures.toString());
    assertEquals("[\"b\",\"c\"]", figures.get("left_out").toString());
    assertTrue(told.contains("b.bmp, b.png") && told.contains("40 x 20"), told);
  }

  /**
   * By hand: 50 pixels of class 1 in the truth, of which one square of 25 is predicted so and the
   * other as class 2, which is nowhere.
   */
  @Test
  void classesOfPixelsAreJudgedPixelByPixel() throws IOException {
    squares("truth/a.png", 1, 1);
    squares("predicted/a_labels.png", 1, 2);
    Files.writeString(
        folder.resolve("predicted/results.csv"),
        "image,label,class,area\na.png,1,cell,25\na.png,2,dirt,25\n");
    JsonNode figures = evaluated(folder.resolve("truth"));
    JsonNode cell = figures.get("classes").get("cell");
    assertEquals(50, cell.get("pixels").asInt());
    assertEquals(0.5, cell.get("iou").asDouble(), 1e-12);
    assertEquals(2 * 25 / 75.0, cell.get("dice").asDouble(), 1e-12);
    assertEquals(1, cell.get("precision").asDouble(), 1e-12);
    assertEquals(0.5, cell.get("recall").asDouble(), 1e-12);
    assertEquals(0, figures.get("classes").get("dirt").get("iou").asDouble());
    assertEquals(775 / 800.0, figures.get("pixel_accuracy").asDouble(), 1e-12);
    assertEquals(25, figures.get("confusion").get(1).get(2).asInt());
    // the outline of one square of two, all of it right: precision 1, recall 1 / 2
    assertEquals(2 / 3.0, cell.get("boundary_f1").asDouble(), 1e-12);
  }

  @Test
  void classesThatWereNeverPredictedCount() throws IOException {
    squares("truth/a.png", 1, 3);
    squares("predicted/a_labels.png", 1, 0);
    Files.writeString(folder.resolve("predicted/results.csv"), "image,label,class\na.png,1,cell\n");
    JsonNode figures = evaluated(folder.resolve("truth"));
    assertEquals(0, figures.get("classes").get("class 3").get("recall").asDouble());
    assertEquals(0, figures.get("left_out").size());
  }

  /** By hand: a has both of two objects, b one of two, c neither; the other folder none of b. */
  @Test
  void imagesAreListedAndModelsCompared() throws IOException {
    for (String name : List.of("a", "b", "c")) squares("truth/" + name + ".png", 1, 2);
    squares("predicted/a_labels.png", 1, 2);
    squares("predicted/b_labels.png", 1, 0);
    squares("predicted/c_labels.png", 0, 0);
    squares("other/a_labels.png", 1, 2);
    squares("other/b_labels.png", 0, 0);
    Path table = folder.resolve("images.csv");
    Path json = folder.resolve("figures.json");
    Shell shell =
        Shell.run(
            "evaluate",
            "segment",
            "--predicted",
            folder.resolve("predicted"),
            "--truth",
            folder.resolve("truth"),
            "--against",
            folder.resolve("other"),
            "--images",
            table,
            "--json",
            json);
    assertEquals(0, shell.code(), shell.err());
    assertEquals(
        List.of(
            "image,f1,mean_ap,true_objects,predicted_objects",
            "c,0,0,2,0",
            "b,0.666666667,0.5,2,1",
            "a,1,1,2,2"),
        Files.readAllLines(table));
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    // 3 of 6 true objects are found, none falsely; the other finds 2
    JsonNode f1 = figures.get("intervals").get("f1");
    assertEquals(2 * 3 / 9.0, f1.get("value").asDouble(), 1e-12);
    assertEquals(0, f1.get("low").asDouble(), "one draw of 27 is c alone");
    assertEquals(1, f1.get("high").asDouble());
    JsonNode difference = figures.get("difference").get("f1");
    assertEquals(2 * 3 / 9.0 - 2 * 2 / 8.0, difference.get("value").asDouble(), 1e-12);
    assertEquals(0, difference.get("low").asDouble(), "it never loses");
    assertTrue(shell.out().contains("Compared with "), shell.out());
  }
}
