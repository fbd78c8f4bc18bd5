package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of images, intervals and comparisons, of what is said of images in tables and models. */
class EvaluateImagesTest {

  @TempDir Path folder;

  private Shell shell;
  private JsonNode json;

  /** Evaluates, and gives the table of images. */
  private List<String> images(Object... line) throws IOException {
    return imagesOf(0, line);
  }

  /** The same where the shell is to learn how it ended. */
  private List<String> imagesOf(int code, Object... line) throws IOException {
    Path table = folder.resolve("worst.csv");
    Path figures = folder.resolve("figures.json");
    List<Object> words = new ArrayList<>(List.of("evaluate"));
    words.addAll(List.of(line));
    words.addAll(List.of("--images", table, "--json", figures, "--force"));
    shell = Shell.run(words.toArray());
    assertEquals(code, shell.code(), shell.err());
    json = new ObjectMapper().readTree(figures.toFile());
    return Files.readAllLines(table);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /**
   * By hand: of the scores .9 right, .8 wrong, .7 right, all three give the best F1, so that they
   * are what is taken; c has nothing and nobody says anything of it.
   */
  @Test
  void boxesImageByImage() throws IOException {
    Path truth =
        write(
            "truth.csv",
            "image,class,x,y,width,height\na,c,0,0,10,10\na,c,50,0,10,10\nb,,,,,\nc,,,,,\n"
                + "d,c,0,0,9,9\n");
    String rows = "image,class,x,y,width,height,score\na,c,0,0,10,10,.9\n";
    String all = rows + "b,c,0,0,9,9,.8\na,c,50,0,10,10,.7\nd,c,0,0,9,9,.6\nz,c,0,0,1,1,1\n";
    Path predicted = write("boxes.csv", all);
    Path other = write("other.csv", rows);
    assertEquals(
        List.of(
            "image,f1,mAP50,mAP75,mAP50_95,true_boxes,predicted_boxes,missing,spurious",
            "b,0,,,,0,1,0,1",
            "a,1,1,1,1,2,2,0,0",
            "c,,,,,0,0,0,0",
            "d,1,1,1,1,1,1,0,0"),
        images("localize", "--predicted", predicted, "--truth", truth, "--against", other));
    // of the recalls 0 to 1 in hundredths, 34 have precision 1, the rest 3 of 4
    double map = (34 + 67 * 0.75) / 101;
    assertEquals(map, json.at("/intervals/mAP50/value").asDouble(), 1e-12);
    assertEquals(map - 34 / 101.0, json.at("/difference/mAP50/value").asDouble(), 1e-12);
    assertTrue(json.at("/difference/mAP50/low").asDouble() >= 0, "it never loses");
    assertEquals("[\"c\"]", json.get("missing_predictions").toString());
    assertTrue(shell.err().contains("1 image without a prediction, counted as empty: c"));
    assertTrue(shell.err().contains("3 images without one of the other predictions"), shell.err());
    assertTrue(shell.err().contains("1 other image in the prediction, ignored"), shell.err());
    // a threshold that is given is what images go by
    List<String> above =
        images("localize", "--predicted", predicted, "--truth", truth, "--score", 0.75);
    assertEquals("b,0,,,,0,1,0,1", above.get(1));
    assertEquals("d,0,1,1,1,1,0,1,0", above.get(2));
    assertTrue(above.get(3).startsWith("a,0.666666667,1,1,1,2,1,1,0"), above.get(3));
  }

  /** By hand: distances 3 and 4 in a, 1 in b, of which one point is missing; c has none. */
  @Test
  void keypointsImageByImage() throws IOException {
    String head = "image,keypoint,x,y\n";
    Path truth = write("truth.csv", head + "a,n,0,0\na,t,9,9\nb,n,20,0\nb,t,0,0\nc,n,,\nd,n,5,5\n");
    Path predicted =
        write(
            "keypoints.csv",
            "image,keypoint,x,y,score\na,n,0,3,1\na,t,9,13,1\nb,n,19,0,1\nc,n,1,1,1\nd,n,5,5,1\n");
    assertEquals(
        List.of(
            "image,median,mean,PCK@3.5,PCK@20,max,points,missing,spurious",
            "b,1,1,0.5,0.5,1,2,1,0",
            "a,3.5,3.5,0.5,1,4,2,0,0",
            "c,,,,,,0,0,1",
            "d,0,0,1,1,0,1,0,0"),
        images("keypoints", "--predicted", predicted, "--truth", truth, "--pck", "3.5,20"));
    // of 0, 1, 3, 4: half way between 1 and 3; four of five points within 20
    assertEquals(2, json.at("/intervals/median/value").asDouble(), 1e-12);
    assertEquals(2, json.at("/intervals/mean/value").asDouble(), 1e-12);
    assertEquals(0.8, json.at("/intervals/PCK@20/value").asDouble(), 1e-12);
    assertTrue(json.at("/intervals/PCK@20/low").asDouble() >= 0.5, "b is the worst of all");
  }

  /**
   * By hand: a lamp of 100 of 255 is one with a probability of 1 / (1 + exp(4 - 8 * 100 / 255)).
   */
  @Test
  void classesImageByImage() throws IOException {
    Path model = Lamp.model(folder);
    Path data = Lamp.classes(folder.resolve("data"));
    Path confusion = folder.resolve("confusion.csv");
    List<String> rows =
        imagesOf(
            1,
            "classify",
            "--model",
            model,
            "--data",
            data,
            "--against",
            model,
            "--table",
            confusion);
    assertEquals("image,truth,predicted,right,probability,true_probability", rows.get(0));
    assertTrue(rows.get(1).startsWith("c.tif,on,off,0,0.70"), rows.get(1));
    assertTrue(rows.get(1).contains(",0.29"), rows.get(1));
    assertEquals(4, rows.size());
    assertTrue(rows.get(2).contains(",1,0.98"), rows.get(2));
    // f1_score(average="macro") of scikit-learn gives 2 / 3 too
    assertEquals(2 / 3.0, json.at("/intervals/accuracy/value").asDouble(), 1e-12);
    assertEquals(2 / 3.0, json.at("/intervals/macro_f1/value").asDouble(), 1e-12);
    assertEquals(0, json.at("/intervals/accuracy/low").asDouble(), "one draw of 27 is c alone");
    assertEquals(1, json.at("/intervals/accuracy/high").asDouble());
    for (String end : List.of("value", "low", "high")) {
      assertEquals(0, json.at("/difference/accuracy/" + end).asDouble(), "it is the same model");
    }
    assertEquals("[\"d.tif\"]", json.get("left_out").toString());
    assertTrue(shell.err().contains("1 of 4 inputs failed"), shell.err());
    assertTrue(shell.err().contains("d.tif: it is left out"), shell.err());
    assertTrue(!shell.out().contains("top-5"), "of two classes both are: " + shell.out());
    assertEquals(List.of("truth,off,on", "off,1,0", "on,1,1"), Files.readAllLines(confusion));
    // what classify writes says the same, but that d has no prediction there
    Path results = folder.resolve("results");
    Shell.run("classify", "--model", model, "--output", results, "--recursive", data);
    rows = images("classify", "--predicted", results, "--data", data);
    assertEquals("d.tif,on,,0,,", rows.get(1));
    assertTrue(rows.get(2).startsWith("c.tif,on,off,0,0.703"), rows.get(2));
    assertEquals(0.5, json.at("/intervals/accuracy/value").asDouble(), 1e-12);
  }

  /** Expected: r2_score, mean_absolute_error and root_mean_squared_error of scikit-learn. */
  @Test
  void valuesImageByImage() throws IOException {
    Path model = Meter.model(folder);
    Path data = Meter.images(folder.resolve("data"));
    List<String> rows = images("regress", "--model", model, "--data", data, "--against", model);
    assertEquals("image,brightness,true_brightness,error_brightness", rows.get(0));
    assertEquals(
        List.of("g3.tif", "g0.tif", "g1.tif", "g2.tif"),
        rows.stream().skip(1).map(r -> r.substring(0, r.indexOf(','))).toList());
    double[] worst =
        Stream.of(rows.get(1).split(",")).skip(1).mapToDouble(Double::parseDouble).toArray();
    assertArrayEquals(new double[] {80, 90, -10}, worst, 1e-3);
    assertEquals(0.9468424848047801, json.at("/intervals/r2/value").asDouble(), 1e-5);
    assertEquals(4.25, json.at("/intervals/mae/value").asDouble(), 1e-3);
    assertEquals(5.678908345800274, json.at("/intervals/rmse/value").asDouble(), 1e-3);
    assertTrue(json.at("/intervals/mae/high").asDouble() <= 10.001);
    assertEquals(0, json.at("/difference/r2/value").asDouble());
    assertTrue(shell.out().contains("brightness: R2 0.9468, MAE 4.250 %"), shell.out());
  }

  /** By hand: of off/a, on/b, on/c and on/d the second is right, d is taken for a new class. */
  @Test
  void tablesOfClassesNeedNoModel() throws IOException {
    Path data = Lamp.classes(folder.resolve("data"));
    String head = "image,slice,roi,rank,class,probability\n";
    Path predicted =
        write(
            "results.csv",
            head
                + "off/a.tif,1,,2,off,0.25\noff/a.tif,1,,1,on,0.75\non/b.tif,1,,1,on,0.9\n"
                + "on/d.tif,1,,1,half,0.5\nz.tif,1,,1,on,1\n");
    Path other = write("other.csv", "image,class\na,off\nb,on\nc,on\nd,on\n");
    assertEquals(
        List.of(
            "image,truth,predicted,right,probability,true_probability",
            "c.tif,on,,0,,",
            "off/a.tif,off,on,0,0.75,0.25",
            "on/d.tif,on,half,0,0.5,",
            "on/b.tif,on,on,1,0.9,0.9"),
        images("classify", "--predicted", folder, "--data", data, "--against", other));
    assertEquals(0.25, json.at("/intervals/accuracy/value").asDouble(), 1e-12);
    assertEquals(-0.75, json.at("/difference/accuracy/value").asDouble(), 1e-12);
    // off: nothing right; on: one right, one taken wrongly, two not found; half: nothing right
    assertEquals(2 / 5.0 / 3, json.at("/intervals/macro_f1/value").asDouble(), 1e-12);
    assertEquals("[\"c.tif\"]", json.get("missing_predictions").toString());
    assertEquals(1, json.get("ignored_predictions").asInt());
    assertTrue(shell.err().contains("1 image without a prediction"), shell.err());
    assertTrue(json.at("/top5_accuracy").isMissingNode(), "it is not known of all images");
    Object[] both = {
      "evaluate", "classify", "--model", "x", "--predicted", predicted, "--data", data
    };
    assertEquals(2, Shell.run(both).code());
    write("twice.csv", head + "a,1,,1,on,1\na,1,,1,off,1\n");
    Shell twice =
        Shell.run(
            "evaluate", "classify", "--predicted", folder.resolve("twice.csv"), "--data", data);
    assertEquals(1, twice.code());
    assertTrue(twice.problem().contains("off is there twice for a"), twice.err());
  }

  @Test
  void theMostProbableClassCounts() throws IOException {
    Path data = Lamp.classes(folder.resolve("data"));
    String head = "image,class,probability\n";
    Path predicted =
        write(
            "some.csv",
            head + "off/a.tif,on,0.2\noff/a.tif,off,0.8\non/b.tif,on,1\non/c.tif,on,1\n");
    List<String> rows = images("classify", "--predicted", predicted, "--data", data);
    assertTrue(rows.contains("off/a.tif,off,off,1,0.8,0.8"), rows.toString());
    for (String wrong : List.of("1.5", "-0.1", "high")) {
      write("some.csv", head + "off/a.tif,off,0.8\non/b.tif,on," + wrong + "\n");
      Shell bad = Shell.run("evaluate", "classify", "--predicted", predicted, "--data", data);
      assertEquals(1, bad.code());
      assertTrue(
          bad.problem().contains("row 3: expected a probability from 0 to 1, received " + wrong),
          bad.err());
    }
    write("some.csv", "image,class\noff/a.tif,on\noff/a.tif,off\n");
    Shell either = Shell.run("evaluate", "classify", "--predicted", predicted, "--data", data);
    assertEquals(1, either.code());
    assertTrue(either.problem().contains("[on, off]"), either.err());
  }

  @Test
  void placesToWriteAreLookedAtFirst() throws IOException {
    Path truth = write("truth.csv", "image,keypoint,x,y\na,n,0,0\n");
    Path nowhere = folder.resolve("none/w.csv");
    Object[] line = {"evaluate", "keypoints", "--predicted", truth, "--truth", truth, "--images"};
    Shell absent = Shell.run(with(line, nowhere));
    assertEquals(1, absent.code());
    assertTrue(absent.problem().contains("there is no such folder"), absent.err());
    assertEquals("", absent.out(), "nothing is reckoned");
    Path kept = write("w.csv", "kept");
    for (Path other : List.of(kept, folder.resolve("../" + folder.getFileName() + "/w.csv"))) {
      Shell same = Shell.run(with(line, kept, "--json", other, "--force"));
      assertEquals(2, same.code());
      assertTrue(same.err().contains("--json: expected a file of its own"), same.err());
      assertEquals("kept", Files.readString(kept));
    }
  }

  private static Object[] with(Object[] line, Object... more) {
    return Stream.concat(Stream.of(line), Stream.of(more)).toArray();
  }

  @Test
  void aModelThatIsNotNamedIsAskedForInTheWordsOfTheShell() throws IOException {
    Shell shell = Shell.run("evaluate", "classify", "--data", Lamp.classes(folder.resolve("data")));
    assertEquals(2, shell.code());
    assertTrue(shell.err().contains("--model: expected"), shell.err());
    assertTrue(!shell.err().contains("acro"), shell.err());
  }

  /** By hand: errors 5 and 1; g1 and g2 have no prediction. */
  @Test
  void tablesOfValuesNeedNoModel() throws IOException {
    Path data = Meter.images(folder.resolve("data"));
    Path predicted =
        write(
            "results.csv",
            "image,slice,roi,name,value,unit\ng0.tif,1,,brightness,30,%\n"
                + "g3.tif,1,,brightness,89,%\nh.tif,1,,brightness,1,%\n");
    assertEquals(
        List.of(
            "image,brightness,true_brightness,error_brightness",
            "g0.tif,30,25,5",
            "g3.tif,89,90,-1"),
        images("regress", "--predicted", predicted, "--data", data));
    assertEquals(3, json.at("/intervals/mae/value").asDouble(), 1e-12);
    assertEquals("[\"g1.tif\",\"g2.tif\"]", json.get("left_out").toString());
    assertEquals(1, json.get("ignored_predictions").asInt());
    assertTrue(shell.err().contains("2 images left out, as not all values"), shell.err());
    write("bad.csv", "image,name,value\ng0.tif,brightness,much\n");
    Shell bad =
        Shell.run("evaluate", "regress", "--predicted", folder.resolve("bad.csv"), "--data", data);
    assertEquals(1, bad.code());
    assertTrue(bad.problem().contains("g0: expected a number for brightness"), bad.err());
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeAnythingIsDone() throws IOException {
    Path truth = write("truth.csv", "image,keypoint,x,y\na,n,0,0\n");
    Shell none =
        Shell.run("evaluate", "keypoints", "--predicted", truth, "--truth", truth, "--pck");
    assertEquals(2, none.code());
    Shell zero =
        Shell.run("evaluate", "keypoints", "--predicted", truth, "--truth", truth, "--pck", "5,0");
    assertEquals(2, zero.code());
    assertTrue(zero.err().contains("--pck: expected distances above 0"), zero.err());
    Path other = write("other.csv", "image,keypoint,x,y\nz,n,0,0\n");
    Shell apart =
        Shell.run(
            "evaluate", "keypoints", "--predicted", truth, "--truth", truth, "--against", other);
    assertEquals(1, apart.code());
    assertTrue(apart.problem().contains("found none"), apart.err());
    Shell lamp =
        Shell.run(
            "evaluate",
            "regress",
            "--model",
            Lamp.model(folder),
            "--data",
            folder,
            "--against",
            "x");
    assertEquals(1, lamp.code());
  }
}
