package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Rois;

/** Label images of several planes and in several folders, as batches write them and others do. */
class EvaluateStacksTest {

  @TempDir Path folder;

  private Shell shell;
  private JsonNode json;

  /** A plane of 10 pixels for each text, whose digits are labels. */
  private Path write(String name, int slices, int frames, String... planes) throws IOException {
    ImageStack stack = new ImageStack(10, 1);
    for (String plane : planes) {
      ByteProcessor pixels = new ByteProcessor(10, 1);
      for (int i = 0; i < 10; i++) pixels.set(i, plane.charAt(i) - '0');
      stack.addSlice(pixels);
    }
    ImagePlus image = new ImagePlus("x", stack);
    image.setDimensions(1, slices, frames);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    LabelImages.save(image, file);
    return file;
  }

  /** The table of images. */
  private List<String> evaluated(Object... more) throws IOException {
    Path table = folder.resolve("worst.csv");
    Path figures = folder.resolve("figures.json");
    Object[] line = {
      "evaluate",
      "segment",
      "--predicted",
      folder.resolve("predicted"),
      "--truth",
      folder.resolve("truth"),
      "--images",
      table,
      "--json",
      figures,
      "--force"
    };
    shell = Shell.run(Stream.concat(Stream.of(line), Stream.of(more)).toArray());
    json = new ObjectMapper().readTree(figures.toFile());
    return Files.readAllLines(table);
  }

  private static List<String> names(List<String> rows) {
    return rows.stream().map(r -> r.substring(0, r.indexOf(','))).toList();
  }

  /**
   * By hand: in the first slice one of one is found, in the second one of two, in the third none.
   */
  @Test
  void slicesAreJudgedOneByOne() throws IOException {
    write("truth/a.tif", 3, 1, "1110000000", "1110002220", "0000000000");
    write("predicted/a_labels.tif", 3, 1, "1110000000", "1110000000", "0000000330");
    write("truth/b.tif", 1, 1, "1100000000");
    write("predicted/b_labels.tif", 1, 1, "1100000000");
    List<String> rows = evaluated();
    assertEquals(0, shell.code(), shell.err());
    assertTrue(rows.get(0).startsWith("image,slice,f1,"), rows.get(0));
    assertEquals(
        List.of("a,3,0", "a,2,0.666666667", "a,1,1", "b,1,1"),
        rows.stream().skip(1).map(r -> r.split(",", 4)).map(EvaluateStacksTest::first).toList());
    assertEquals(4, json.get("true_objects").asInt());
    assertEquals(4, json.get("predicted_objects").asInt());
    assertEquals(3, json.at("/at/0.50/TP").asInt());
    assertEquals("[]", json.get("missing_predictions").toString());
    // of the two images that are drawn, both may be the stack: F1 2 * 2 / 6; or the other
    assertEquals(2 / 3.0, json.at("/intervals/f1/low").asDouble(), 1e-9);
    assertEquals(1, json.at("/intervals/f1/high").asDouble(), 1e-9);
  }

  private static String first(String[] cells) {
    return String.join(",", cells[0], cells[1], cells[2]);
  }

  /** As other programs may call slices what are time points. */
  @Test
  void timePointsAreTakenForSlicesWhereTheTruthHasThese() throws IOException {
    write("truth/a.tif", 2, 1, "1110000000", "0002220000");
    write("predicted/a.tif", 1, 2, "1110000000", "0002220000");
    List<String> rows = evaluated();
    assertEquals(0, shell.code(), shell.err());
    assertTrue(rows.get(0).startsWith("image,frame,f1,"), rows.get(0));
    assertEquals(1, json.at("/intervals/f1/value").asDouble(), 1e-12);
  }

  @Test
  void stacksOfOtherSizesAreLeftOut() throws IOException {
    for (String name : List.of("a", "b")) {
      write(
          "truth/" + name + ".tif",
          3,
          2,
          Stream.generate(() -> "11".repeat(5)).limit(6).toArray(String[]::new));
    }
    write(
        "predicted/a.tif",
        2,
        3,
        Stream.generate(() -> "11".repeat(5)).limit(6).toArray(String[]::new));
    write(
        "predicted/b.tif",
        3,
        2,
        Stream.generate(() -> "11".repeat(5)).limit(6).toArray(String[]::new));
    evaluated();
    assertEquals(1, shell.code());
    assertEquals("[\"a\"]", json.get("left_out").toString());
    assertTrue(
        shell
            .err()
            .contains(
                "expected 3 slices and 2 time points like its truth, received 2 slices and 3 time points"),
        shell.err());
  }

  /** Truth in annotations that say of one slice of three what is in it. */
  @Test
  void ofAnnotatedSlicesTheseAlone() throws IOException {
    write("truth/a.tif", 3, 1, "0000000000", "0000000000", "0000000000");
    Files.createDirectories(folder.resolve("truth/rois"));
    Roi roi = new Roi(0, 0, 3, 1);
    roi.setPosition(2);
    Rois.writeZip(folder.resolve("truth/rois/a.zip"), List.of(roi));
    write("predicted/a_labels.tif", 3, 1, "2222222222", "1110000000", "2222222222");
    List<String> rows = evaluated();
    assertEquals(0, shell.code(), shell.err());
    assertEquals(2, rows.size(), rows.toString());
    assertTrue(rows.get(1).startsWith("a.tif,2,1,"), rows.get(1));
  }

  /** Of two annotated images one is none. */
  @Test
  void annotatedImagesThatCannotBeReadAreNoSuccess() throws IOException {
    write("truth/a.tif", 1, 1, "0000000000");
    Files.writeString(folder.resolve("truth/b.tif"), "no image");
    Files.createDirectories(folder.resolve("truth/rois"));
    for (String name : List.of("a", "b")) {
      Rois.writeZip(folder.resolve("truth/rois/" + name + ".zip"), List.of(new Roi(0, 0, 3, 1)));
      write("predicted/" + name + "_labels.tif", 1, 1, "1110000000");
    }
    assertEquals(2, evaluated().size());
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.err().contains("b: it is left out of all figures"), shell.err());
  }

  /** Two days with images of one name, segmented with subfolders, against label images beside. */
  @Test
  void resultsOfSubfoldersAreFound() throws IOException {
    for (String day : List.of("d1", "d2")) {
      for (String name : List.of("a", "b")) {
        if (day.equals("d2") && name.equals("b")) continue;
        Path image = folder.resolve("truth/" + day + "/images/" + name + ".tif");
        Files.createDirectories(image.getParent());
        Discs.two(image);
      }
    }
    Path results = folder.resolve("predicted");
    Path model = Discs.model(folder);
    Object[] segment = {
      "segment", "--model", model, "--output", results, "--recursive", folder.resolve("truth")
    };
    assertEquals(0, Shell.run(segment).code());
    Path labels = folder.resolve("truth/d1/labels");
    Files.createDirectories(labels);
    Files.createDirectories(folder.resolve("truth/d2/labels"));
    Files.copy(results.resolve("d1_images_a_labels.tif"), labels.resolve("a.tif"));
    Files.copy(results.resolve("b_labels.tif"), labels.resolve("b.tif"));
    Files.copy(results.resolve("d2_images_a_labels.tif"), folder.resolve("truth/d2/labels/a.tif"));
    List<String> rows = evaluated();
    assertEquals(0, shell.code(), shell.err());
    assertEquals("[]", json.get("missing_predictions").toString());
    assertEquals(0, json.get("ignored_predictions").asInt());
    assertEquals(1, json.at("/intervals/f1/value").asDouble(), 1e-12);
    assertEquals(
        new TreeSet<>(names(Files.readAllLines(results.resolve("images.csv")))),
        new TreeSet<>(names(rows)));
    // the same predictions in folders, as of other programs; and what was not segmented
    Path others = Files.move(results, folder.resolve("before"));
    for (String name : List.of("d1/a", "d2/a")) {
      Path to = folder.resolve("predicted/" + name + ".tif");
      Files.createDirectories(to.getParent());
      Files.copy(others.resolve(name.replace("/", "_images_") + "_labels.tif"), to);
    }
    rows = evaluated("--against", others);
    assertEquals(0, shell.code(), shell.err());
    assertEquals("[\"b\"]", json.get("missing_predictions").toString());
    assertEquals("b", names(rows).get(1));
    assertEquals(
        new TreeSet<>(List.of("image", "b", "d1/images/a", "d2/images/a")),
        names(rows).stream().collect(Collectors.toCollection(TreeSet::new)));
  }
}
