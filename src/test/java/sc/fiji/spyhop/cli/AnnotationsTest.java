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
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.util.Strings;

/** Annotations in the shell: nothing of the user's is lost, and what was written is read back. */
class AnnotationsTest {

  private static final String ROWS =
      "image,class,x,y,width,height\nday1/img.png,=cell,1,2,3,4\nday2/img.png,=cell,5,6,7,8\n";

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void images() throws IOException {
    data = folder.resolve("data");
    for (String day : List.of("day1", "day2")) {
      Path file = data.resolve("images/" + day + "/img.png");
      Files.createDirectories(file.getParent());
      ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    }
    Files.writeString(data.resolve("boxes.csv"), ROWS);
  }

  private static List<String> files(Path folder) throws IOException {
    if (!Files.exists(folder)) return List.of("none");
    try (Stream<Path> all = Files.walk(folder)) {
      return all.map(f -> folder.relativize(f).toString()).sorted().collect(Collectors.toList());
    }
  }

  @Test
  void theUsersFilesAreNotReplacedUnasked() throws IOException {
    List<String> before = files(data);
    Shell shell = Shell.run("annotations", "--data", data, "--to", "csv", "--output", data);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("boxes.csv is there already"), shell.problem());
    assertEquals(ROWS, Files.readString(data.resolve("boxes.csv")));
    assertEquals(before, files(data));
    Path boxes = data.resolve("boxes.csv");
    shell = Shell.run("annotations", "--data", data, "--to", "csv", "--output", data, "--force");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(Files.readString(boxes).contains("images/day1/img.png,'=cell,1,2,3,4"));
    assertFalse(shell.err().contains("not copied"), shell.err());
  }

  /** What a spreadsheet would run is harmless in tables, and what it was when it is read again. */
  @Test
  void formulasAreWrittenHarmlesslyAndReadBack() throws IOException {
    List<String> classes = List.of("=1+1", "+cell", "-cell", "@cell", "''=1", "a,b");
    StringBuilder rows = new StringBuilder("image,class,x,y,width,height\n");
    for (int i = 0; i < classes.size(); i++) {
      rows.append("day1/img.png,\"")
          .append(classes.get(i))
          .append("\",")
          .append(i)
          .append(",2,3,4\n");
    }
    Files.writeString(data.resolve("boxes.csv"), rows);
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Shell shell =
        Shell.run(
            "annotations", "--data", data, "--to", "csv", "--output", first, "--images", "copy");
    assertEquals(0, shell.code(), shell.err());
    List<String> written = Files.readAllLines(first.resolve("boxes.csv"));
    for (String line : written) {
      assertFalse(line.matches(".*,\"?[=+@-][^0-9,][^,]*,.*"), line);
    }
    assertTrue(written.stream().anyMatch(l -> l.contains(",'=1+1,")), written.toString());
    assertTrue(written.stream().anyMatch(l -> l.contains(",''=1,")), written.toString());
    shell =
        Shell.run(
            "annotations", "--data", first, "--to", "csv", "--output", second, "--images", "copy");
    assertEquals(0, shell.code(), shell.err());
    assertEquals(written, Files.readAllLines(second.resolve("boxes.csv")));
    String told = Shell.run("annotations", "--data", second).out();
    for (String c : List.of("=1+1", "+cell", "-cell", "@cell", "'=1", "a,b")) {
      assertTrue(told.contains("1 " + c + "\n"), c + " in " + told);
    }
  }

  @Test
  void rowsThatCannotBeReadAreNotLostEvenSo() throws IOException {
    Files.writeString(data.resolve("boxes.csv"), ROWS + "day1/img.png,cell,1O,6,7,8\n");
    Shell shell =
        Shell.run("annotations", "--data", data, "--to", "csv", "--output", data, "--force");
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("would be lost"), shell.problem());
    assertTrue(Files.readString(data.resolve("boxes.csv")).contains("1O"));
  }

  @Test
  void aConversionThatFailsLeavesNothing() throws IOException {
    Path output = folder.resolve("a/b");
    Shell shell =
        Shell.run("annotations", "--data", data, "--to", "deeplabcut", "--output", output);
    assertEquals(1, shell.code());
    assertEquals(List.of("none"), files(folder.resolve("a")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "coco", "yolo", "voc", "rois"})
  void whatWasWrittenIsReadBack(String format) throws IOException {
    Path output = folder.resolve("out");
    Shell shell = Shell.run("annotations", "--data", data, "--to", format, "--output", output);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("2 images, such as images/day1/img.png"), shell.err());
    Shell without = Shell.run("annotations", "--data", output);
    assertEquals(1, without.code());
    assertTrue(without.problem().contains("out"), without.problem());
    if (!format.equals("rois")) {
      assertTrue(without.problem().contains("none of the images"), without.problem());
    }
    for (String how : List.of("copy", "link")) {
      Path with = folder.resolve(how);
      shell =
          Shell.run(
              "annotations", "--data", data, "--to", format, "--output", with, "--images", how);
      assertEquals(0, shell.code(), shell.err());
      assertEquals(how.equals("link"), Files.isSymbolicLink(with.resolve("images/day1/img.png")));
      Path table = folder.resolve(how + "-again");
      shell = Shell.run("annotations", "--data", with, "--to", "csv", "--output", table);
      assertEquals(0, shell.code(), shell.err());
      String rows = Files.readString(table.resolve("boxes.csv"));
      assertTrue(rows.contains("images/day1/img.png,'=cell,1,2,3,4"), rows);
      assertTrue(rows.contains("images/day2/img.png,'=cell,5,6,7,8"), rows);
    }
  }

  /** Programs that read YOLO replace the last folder images by labels, and png by txt. */
  @ParameterizedTest
  @ValueSource(strings = {"copy", "link"})
  void imagesOfYoloLieWhereItsProgramsLook(String how) throws IOException {
    Files.move(data.resolve("images/day1"), data.resolve("day1"));
    Files.move(data.resolve("images/day2/img.png"), data.resolve("img.png"));
    Files.writeString(
        data.resolve("boxes.csv"),
        "image,class,x,y,width,height\nday1/img.png,cell,10,5,20,10\nimg.png,cell,0,0,20,10\n");
    Path with = folder.resolve(how);
    Shell shell =
        Shell.run("annotations", "--data", data, "--to", "yolo", "--output", with, "--images", how);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(Files.readString(with.resolve("data.yaml")).contains("train: images\n"));
    for (String image : List.of("day1/img", "img")) {
      assertTrue(Files.exists(with.resolve("images/" + image + ".png")), files(with) + "");
      assertEquals(
          image.equals("img")
              ? "0 0.250000000 0.250000000 0.500000000 0.500000000\n"
              : "0 0.500000000 0.500000000 0.500000000 0.500000000\n",
          Files.readString(with.resolve("labels/" + image + ".txt")));
    }
    Path again = folder.resolve("again");
    shell = Shell.run("annotations", "--data", with, "--to", "csv", "--output", again);
    assertEquals(0, shell.code(), shell.err());
    String rows = Files.readString(again.resolve("boxes.csv"));
    assertTrue(rows.contains("images/day1/img.png,cell,10,5,20,10"), rows);
    assertTrue(rows.contains("images/img.png,cell,0,0,20,10"), rows);
  }

  @Test
  void anOverlayThatCannotBeDrawnIsToldInTheExitCode() throws IOException {
    Path image = data.resolve("images/day2/img.png");
    byte[] bytes = Files.readAllBytes(image);
    Files.write(image, java.util.Arrays.copyOf(bytes, 40));
    Path output = folder.resolve("out");
    Shell shell = Shell.run("annotations", "--data", data, "--overlays", "--output", output);
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains("day2/img.png"), shell.err());
    assertTrue(Files.exists(output.resolve("images_day1_img_overlay.png")), files(output) + "");
  }

  private JsonNode evaluated(String what, String predicted, String truth) throws IOException {
    Path json = folder.resolve("figures.json");
    Files.deleteIfExists(json);
    Path p = Files.writeString(folder.resolve("p.csv"), predicted);
    Path t = Files.writeString(folder.resolve("t.csv"), truth);
    Shell shell = Shell.run("evaluate", what, "--predicted", p, "--truth", t, "--json", json);
    assertEquals(0, shell.code(), shell.err());
    told = shell.err();
    return new ObjectMapper().readTree(json.toFile());
  }

  private String told;

  @Test
  void imagesOfOneNameAreEvaluatedApart() throws IOException {
    JsonNode figures =
        evaluated(
            "localize",
            ROWS,
            "image,class,x,y,width,height\n"
                + "images/day1/img.tif,=cell,1,2,3,4\nimages/day2/img.tif,=cell,5,6,7,8\n");
    assertEquals(2, figures.get("images").asInt());
    assertEquals(1, figures.get("mAP50").asDouble(), 1e-9);
  }

  /** Perfect predictions of three images, the truth of one of which cannot be read. */
  @Test
  void truthThatCannotBeReadDoesNotCount() throws IOException {
    String head = "image,class,x,y,width,height\n";
    String rows = "a,c,1,1,9,9\nb,c,1,1,9,9\nc,c,1,1,9,9\n";
    JsonNode figures = evaluated("localize", head + rows, head + rows.replace("b,c,1,", "b,c,I,"));
    assertEquals(2, figures.get("images").asInt());
    assertEquals(1, figures.get("mAP50").asDouble(), 1e-9);
    assertEquals("[\"b\"]", figures.get("left_out").toString());
    assertTrue(told.contains("left out") && told.contains("t.csv, row 3"), told);
  }

  @Test
  void keypointsOfImagesWithoutPredictionAreSaid() throws IOException {
    String head = "image,keypoint,x,y\n";
    JsonNode figures = evaluated("keypoints", head + "a,n,1,1\n", head + "a,n,1,1\nb,n,2,2\n");
    assertEquals("[\"b\"]", figures.get("missing_predictions").toString());
    assertTrue(told.contains("1 image without a prediction"), told);
  }

  /** Two formats in one folder, and it would be open which of them counts. */
  @Test
  void aSecondFormatIsNotWrittenBesideTheFirst() throws IOException {
    List<String> before = files(data);
    for (String format : List.of("coco", "yolo", "voc", "labels")) {
      for (Path to : List.of(data, data.resolve("annotations"))) {
        Shell shell =
            Shell.run("annotations", "--data", data, "--to", format, "--output", to, "--force");
        assertEquals(1, shell.code(), format);
        assertTrue(shell.problem().contains("which of them count"), shell.err());
        assertEquals("", shell.out(), "refused before any work");
      }
    }
    assertEquals(before, files(data));
  }

  private String refusal(String name, String text) throws IOException {
    Files.deleteIfExists(data.resolve("boxes.csv"));
    Files.deleteIfExists(data.resolve("c.json"));
    Files.writeString(data.resolve(name), text);
    Shell shell = Shell.run("annotations", "--data", data);
    assertEquals(1, shell.code(), shell.out());
    return shell.problem();
  }

  @Test
  void aFileThatHoldsNoAnnotationsIsNamedWithItsFault() throws IOException {
    String header = "image,class,x,y,width,height\n";
    assertTrue(refusal("boxes.csv", header).contains("say nothing of any image"));
    assertTrue(refusal("boxes.csv", "").contains("boxes.csv: expected the columns image, class"));
    assertTrue(refusal("boxes.csv", "image,class\n").contains("found image, class."));
    assertTrue(refusal("c.json", "{\"imag").contains("c.json, line 1: is not JSON"));
    assertTrue(refusal("c.json", "").contains("c.json: is empty"));
  }

  /** What is no number is shown as it is written, however long it is. */
  @Test
  void whatIsNoNumberIsShownAsItIsWritten() throws IOException {
    String csv = "image,class,x,y,width,height\nday1/img.png,c,1O,1," + "9".repeat(300) + ",5\n";
    String said = refusal("boxes.csv", csv);
    assertTrue(said.contains("row 2, x \"1O\", width \"" + "9".repeat(60) + "...\""), said);
    assertFalse(said.contains("NaN") || said.contains("9".repeat(61)), said);
    said = refusal("boxes.csv", "image,class,x,y,width,height\nday1/img.png,c,1e300,1,5,5\n");
    assertTrue(said.contains("at 1.0E300, 1"), said);
    said =
        refusal(
            "c.json",
            "{\"images\": [{\"id\": 1, \"file_name\": \"day1/img.png\"}], \"categories\":"
                + " [{\"id\": 1, \"name\": \"c\"}], \"annotations\": [{\"id\": 1,"
                + " \"image_id\": 1, \"category_id\": 1, \"bbox\": [\"1O\", 1, 5, 5]}]}");
    assertTrue(said.contains("annotation 1, bbox [\"1O\",1,5,5]"), said);
  }

  @Test
  void anEmptyNameIsNotTheCurrentFolder() {
    for (List<String> line :
        List.of(
            List.of("annotations", "--data", ""),
            List.of("evaluate", "segment", "--predicted", "x", "--truth", ""),
            List.of("train", "segment", "--data", "", "--output", "m.spyhop"))) {
      Shell shell = Shell.run(line.toArray());
      assertEquals(2, shell.code(), shell.err());
      assertTrue(shell.problem().contains("received an empty name"), shell.err());
    }
  }

  /** An index that is a pipe would be waited for, and could be read once only. */
  @Test
  void anIndexHasToBeAFile() throws IOException {
    Shell shell = Shell.run("annotations", "--data", data, "--index", data.resolve("images"));
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("images: expected a CSV file, received"), shell.err());
  }

  /** Two equal boxes with different points: a line of YOLO has one set of them. */
  @Test
  void keypointsThatYoloHasNoPlaceForAreNotLost() throws IOException {
    Files.delete(data.resolve("boxes.csv"));
    String pose =
        "{\"id\": %d, \"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 1, 9, 9],"
            + " \"keypoints\": [%d, 5, 2]}";
    Files.writeString(
        data.resolve("c.json"),
        "{\"images\": [{\"id\": 1, \"file_name\": \"day1/img.png\"}], \"categories\": [{\"id\": 1,"
            + " \"name\": \"c\", \"keypoints\": [\"nose\"]}], \"annotations\": ["
            + Strings.format(pose, 1, 4)
            + ", "
            + Strings.format(pose, 2, 7)
            + "]}");
    Path to = folder.resolve("yolo");
    Shell shell = Shell.run("annotations", "--data", data, "--to", "yolo", "--output", to);
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.problem().contains("two sets of keypoints of one box"), shell.err());
  }
}
