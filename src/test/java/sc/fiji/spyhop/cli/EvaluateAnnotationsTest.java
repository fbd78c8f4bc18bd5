package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;

class EvaluateAnnotationsTest {

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void boxesAreMeasuredWithoutTheirImages() throws IOException {
    Path truth =
        write(
            "truth.csv",
            "image,class,x,y,width,height\nf/a.png,c,0,0,10,10\nf/a.png,c,50,0,10,10\nb.png,,,,,\n"
                + "b.png,c,1,1,0,5\n");
    Path predicted =
        write(
            "boxes.csv",
            "image,class,x,y,width,height,score\na,c,0,0,10,10,.9\nb,c,0,0,9,9,.8\na,c,50,0,10,10,.7\n"
                + "z,c,0,0,1,1,1\n");
    Path json = folder.resolve("figures.json");
    Shell shell =
        Shell.run(
            "evaluate",
            "localize",
            "--predicted",
            predicted,
            "--truth",
            truth,
            "--json",
            json,
            "--score",
            0.75);
    assertEquals(0, shell.code(), shell.err());
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertEquals((51 + 50 * 2 / 3.0) / 101, figures.get("mAP50").asDouble(), 1e-12);
    assertEquals(2, figures.get("images").asInt());
    assertEquals(0.8, figures.at("/classes/c/best_F1").asDouble(), 1e-12);
    assertEquals(0.5, figures.at("/at_score/c/precision").asDouble(), 1e-12);
    assertTrue(shell.err().contains("1 other image in"), shell.err());
    assertTrue(shell.err().contains("row 5: c, 0 x 5"), shell.err());
    Path index = write("split.csv", "name,subset\na,val\nb,train\n");
    shell =
        Shell.run(
            "evaluate",
            "localize",
            "--predicted",
            folder,
            "--truth",
            truth,
            "--json",
            json,
            "--force",
            "--index",
            index,
            "--subset",
            "val");
    assertEquals(0, shell.code(), shell.err());
    assertEquals(1, new ObjectMapper().readTree(json.toFile()).get("mAP50").asDouble(), 1e-12);
    assertEquals(
        2,
        Shell.run("evaluate", "localize", "--predicted", folder, "--truth", truth, "--index", index)
            .code());
  }

  @Test
  void keypointsAreMeasuredWithoutTheirImages() throws IOException {
    Path truth =
        write("truth.csv", "image,keypoint,x,y\nf/a.png,n,1,1\nf/b.png,n,,\nc.png,n,5,5\n");
    Path predicted =
        write(
            "keypoints.csv",
            "image,keypoint,x,y,score\na.tif,n,9,9,.2\na.tif,n,1,4,.9\nb.tif,n,1,1,.9\n");
    Path json = folder.resolve("figures.json");
    Shell shell =
        Shell.run(
            "evaluate",
            "keypoints",
            "--predicted",
            predicted,
            "--truth",
            truth,
            "--json",
            json,
            "--pck",
            "2,3");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("1 keypoint given twice"), shell.err());
    assertTrue(shell.err().contains("row 2 and row 3: n of a.tif"), shell.err());
    JsonNode n = new ObjectMapper().readTree(json.toFile()).at("/keypoints/n");
    assertEquals(2, n.get("points").asInt());
    assertEquals(1, n.get("missing").asInt());
    assertEquals(1, n.get("spurious").asInt());
    assertEquals(3, n.get("median").asDouble(), 1e-12);
    assertEquals(0, n.get("PCK@2").asDouble());
    assertEquals(0.5, n.get("PCK@3").asDouble());
    write("keypoints.csv", "image,keypoint,x,y\na.tif,n,9,9\na.tif,n,1,4\n");
    shell = Shell.run("evaluate", "keypoints", "--predicted", predicted, "--truth", truth);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("twice"), shell.err());
  }

  @Test
  void annotationsAreDescribedConvertedAndDrawn() throws IOException {
    LabelImages.save(new ImagePlus("a", new ByteProcessor(40, 20)), folder.resolve("a.tif"));
    write("boxes.csv", "image,class,x,y,width,height\na,c,1,2,10,5\na,c,1,2,0,5\n");
    Path output = folder.resolve("out");
    Shell shell =
        Shell.run("annotations", "--data", folder, "--to", "voc", "--overlays", "--output", output);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().startsWith("1 image, 1 box, 0 keypoints"), shell.out());
    assertTrue(shell.err().contains("row 3"), shell.err());
    assertTrue(Files.readString(output.resolve("annotations/a.xml")).contains("<xmax>11</xmax>"));
    assertTrue(Files.size(output.resolve("a_overlay.png")) > 0);
    assertEquals(2, Shell.run("annotations", "--data", folder, "--to", "voc").code());
    assertEquals(
        1, Shell.run("annotations", "--data", folder, "--to", "x", "--output", output).code());
  }

  /** Else a class that was left out on purpose would look as if it had not been found. */
  @Test
  void thatClassesWereLeftOutIsTold() throws IOException {
    Path truth = write("truth.csv", "image,class,x,y,width,height\na,c,0,0,9,9\na,d,50,0,9,9\n");
    Path predicted = write("boxes.csv", "image,class,x,y,width,height,score\na,c,0,0,9,9,.9\n");
    Shell before = localize(predicted, truth);
    assertTrue(!before.err().contains("alone were kept"), before.err());
    write(
        "batch.jsonl",
        "{\"spyhop_batch\":1,\"job\":\"localize\",\"settings\":{\"classes\":\"c,e\"},"
            + "\"images\":[\"a\"]}\n");
    for (Path path : List.of(predicted, folder)) {
      Shell shell = localize(path, truth);
      assertEquals(0, shell.code(), shell.err());
      assertTrue(shell.err().contains("classes c, e alone were kept (classes=c,e)"), shell.err());
    }
    write("batch.jsonl", "no record");
    assertEquals(before.err(), localize(predicted, truth).err());
  }

  private Shell localize(Path predicted, Path truth) {
    return Shell.run("evaluate", "localize", "--predicted", predicted, "--truth", truth);
  }

  @Test
  void classesAndScoresThatDoNotFitAreNamed() throws IOException {
    String head = "image,class,x,y,width,height";
    Path truth = write("truth.csv", head + "\na,head,0,0,10,10\nb,head,0,0,10,10\n");
    Path named = write("named.csv", head + ",score\na,Head,0,0,10,10,.9\n");
    Shell shell = localize(named, truth);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("the truth does not have the classes Head"), shell.err());
    assertTrue(shell.err().contains("it has head."), shell.err());
    Path unsure = write("unsure.csv", head + "\na,head,0,0,10,10\n");
    shell = localize(unsure, truth);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("without scores"), shell.err());
    Path sure = write("sure.csv", head + ",score\na,head,0,0,9,9,1\n");
    shell = localize(sure, truth);
    assertTrue(!shell.err().contains("scores") && !shell.err().contains("classes"), shell.err());
    Path high = write("high.csv", head + ",score\na,head,0,0,9,9,1.7\nb,head,0,0,9,9,.5\n");
    shell = localize(high, truth);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("1 box with a score that is not from 0 to 1"), shell.err());
    assertTrue(shell.err().contains("score 1.7"), shell.err());
    assertTrue(shell.out().contains("1 image"), shell.out());
  }

  /** What has a negative width is somewhere else, not nowhere. */
  @Test
  void nothingEvaluatedIsNoSuccess() throws IOException {
    Path truth = write("truth.csv", "image,class,x,y,width,height\na.png,c,0,0,10,10\n");
    Path boxes = write("boxes.csv", "image,class,x,y,width,height\na.png,c,10,10,-10,-10\n");
    Shell shell = Shell.run("evaluate", "localize", "--predicted", boxes, "--truth", truth);
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.err().contains("nothing is evaluated"), shell.err());
    truth = write("points.csv", "image,keypoint,x,y\na.png,n,1,1\n");
    Path points = write("keypoints.csv", "image,keypoint,x,y\na.png,n,1,x\n");
    shell = Shell.run("evaluate", "keypoints", "--predicted", points, "--truth", truth);
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.err().contains("nothing is evaluated"), shell.err());
  }

  /** One of two images is none: it is named, the other is judged, and the shell learns of it. */
  @Test
  void imagesThatCannotBeReadAreNoSuccess() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    LabelImages.save(new ImagePlus("a", new ByteProcessor(40, 20)), data.resolve("a.tif"));
    Files.writeString(data.resolve("b.tif"), "no image");
    Path json = folder.resolve("figures.json");
    write("data/boxes.csv", "image,class,x,y,width,height\na.tif,c,1,2,9,5\nb.tif,c,1,2,9,5\n");
    Path boxes = write("found.csv", "image,class,x,y,width,height,score\na.tif,c,1,2,9,5,1\n");
    Object[] line = {"--truth", data, "--json", json, "--force", "--predicted"};
    Shell shell = Shell.run(with("localize", line, boxes));
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.err().contains("b: it is left out of all figures"), shell.err());
    assertEquals(1, new ObjectMapper().readTree(json.toFile()).get("images").asInt());
    Files.delete(data.resolve("boxes.csv"));
    write("data/keypoints.csv", "image,keypoint,x,y\na.tif,n,1,1\nb.tif,n,1,1\n");
    Path points = write("points.csv", "image,keypoint,x,y,score\na.tif,n,1,1,1\n");
    shell = Shell.run(with("keypoints", line, points));
    assertEquals(1, shell.code(), shell.err());
    assertTrue(shell.err().contains("1 of 2 inputs failed"), shell.err());
    assertEquals(1, new ObjectMapper().readTree(json.toFile()).get("images").asInt());
  }

  private static Object[] with(String what, Object[] line, Path predicted) {
    return Stream.of(Stream.of("evaluate", what), Stream.of(line), Stream.of(predicted))
        .flatMap(s -> s)
        .toArray();
  }

  /** A cell without a score says nothing of how sure it is, least of all that it is sure. */
  @Test
  void aScoreThatIsMissingIsTold() throws IOException {
    String head = "image,class,x,y,width,height";
    Path truth = write("truth.csv", head + "\na,c,0,0,10,10\nb,c,0,0,10,10\n");
    Path found = write("found.csv", head + ",score\na,c,0,0,10,10,.9\nb,c,0,0,10,10,\n");
    Shell shell = localize(found, truth);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(
        shell.err().contains("1 box without a score in a table with a column of scores, left out"),
        shell.err());
    assertTrue(shell.err().contains("row 3: c, 10 x 10"), shell.err());
    assertTrue(shell.err().contains("1 image left out"), shell.err());
  }

  @Test
  void emptyTablesAreTold() throws IOException {
    Path empty = write("empty.csv", "");
    Path truth = write("truth.csv", "image,class,x,y,width,height\na.png,c,0,0,10,10\n");
    Shell shell = localize(empty, truth);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("empty.csv is empty: expected a header"), shell.err());
    Path head = write("head.csv", "image,class,x,y,width,height,score\n");
    shell = localize(head, write("none.csv", "image,class,x,y,width,height\n"));
    assertEquals(1, shell.code());
    assertTrue(shell.err().startsWith("spyhop: "), shell.err());
    assertTrue(shell.problem().contains("no images are annotated here"), shell.err());
    shell = Shell.run("evaluate", "classify", "--predicted", folder, "--data", folder);
    assertTrue(shell.problem().contains("or a folder with results.csv in it"), shell.err());
  }
}
