package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;

/** Trains on a dozen small images, uses the model, and measures it, all from the shell. */
class ScenesTest {

  @TempDir Path folder;

  private Shell train(String what, Path data, Path model, Object... more) {
    Object[] fixed = {
      "train",
      what,
      "--data",
      data,
      "--output",
      model,
      "--epochs",
      5,
      "--steps",
      30,
      "--batch",
      4,
      "--widths",
      "8,12,16",
      "--rate",
      0.01,
      "--averaging",
      0.9,
      "--augment",
      "none"
    };
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private JsonNode evaluate(String what, Path predicted, Path truth) throws IOException {
    Path json = folder.resolve(what + ".json");
    Shell shell =
        Shell.run("evaluate", what, "--predicted", predicted, "--truth", truth, "--json", json);
    assertEquals(0, shell.code(), shell.err());
    return new ObjectMapper().readTree(Files.readString(json));
  }

  @Test
  void boxesFromTrainingToFigures() throws IOException {
    Path data = Squares.write(folder.resolve("data"), 12, true);
    Files.writeString(
        data.resolve("boxes.csv"),
        Files.readString(data.resolve("boxes.csv")) + "s00.tif,dark,5,5,0,9\n");
    Path model = folder.resolve("squares.spyhop");
    Shell trained = train("localize", data, model, "--zoom", 0.9);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("1 boxes less than one pixel"), trained.err());
    assertTrue(trained.err().contains("11 images, 11 bright, 11 dark"), trained.err());
    ModelSpec spec = ModelFile.read(model).spec();
    assertEquals(List.of("bright", "dark"), spec.names());
    assertEquals(0, Shell.run("models", "check", model).code());

    Path results = folder.resolve("results");
    Shell found =
        Shell.run("localize", "--model", model, "--score", 0.01, "--output", results, data);
    assertEquals(0, found.code(), found.err());
    assertTrue(Files.exists(results.resolve("s03_rois.zip")));
    assertTrue(Files.exists(results.resolve("s03_overlay.png")));
    assertTrue(
        evaluate("localize", results, data).get("mAP50").asDouble() > 0.9,
        evaluate("localize", results, data).toString());

    Shell again = Shell.run("localize", "--model", model, "--output", results, data);
    assertEquals(1, again.code());
    assertTrue(again.problem().contains("holds earlier results (boxes.csv and "), again.problem());
    Shell other = Shell.run("keypoints", "--model", model, "--output", folder.resolve("k"), data);
    assertTrue(other.problem().contains("expected a model for keypoints"), other.problem());
  }

  @Test
  void keypointsFromTrainingToFigures() throws IOException {
    Path data = Squares.write(folder.resolve("data"), 12, false);
    Path model = folder.resolve("centres.spyhop");
    Shell trained =
        train(
            "keypoints", data, model, "--skeleton", "bright:dark", "--picture", 48, "--stride", 4);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("pictures of 48 x 48 pixels"), trained.err());
    Path results = folder.resolve("results");
    Shell found = Shell.run("keypoints", "--model", model, "--output", results, data);
    assertEquals(0, found.code(), found.err());
    JsonNode all = evaluate("keypoints", results, data).get("keypoints").get("ALL");
    assertTrue(all.get("median").asDouble() < 2, all.toString());
    assertEquals(24, all.get("points").asInt());
  }

  /** The other class is not asked for; the second bright square of an image is one too many. */
  @Test
  void theBoxOfTheOnlyObjectIsRegressed() throws IOException {
    Path data = Squares.write(folder.resolve("data"), 16, true);
    Path table = data.resolve("boxes.csv");
    Files.writeString(table, Files.readString(table) + "s00.tif,bright,30,30,9,9\n");
    Path model = folder.resolve("single.spyhop");
    Shell trained =
        train("localize", data, model, "--single", "--classes", "bright", "--picture", 48);
    assertEquals(0, trained.code(), trained.err());
    assertTrue(
        trained.err().contains("1 images with none or several") && trained.err().contains("s00"),
        trained.err());
    assertTrue(trained.err().contains("13 images, 13 bright"), trained.err());
    assertEquals(0, Shell.run("models", "check", model).code());
    Path results = folder.resolve("results");
    Shell found = Shell.run("localize", "--model", model, "--output", results, data);
    assertEquals(0, found.code(), found.err());
    assertTrue(found.out().contains("16 images, 16 found"), found.out());
    assertTrue(Files.exists(results.resolve("s03_rois.zip")));
    double ap = evaluate("localize", results, data).at("/classes/bright/AP50").asDouble();
    assertTrue(ap > 0.8, evaluate("localize", results, data).toString());
  }

  /** The crops are of boxes; what is found in them is in the coordinates of the image. */
  @Test
  void keypointsAreFoundInBoxes() throws IOException {
    Path data = Squares.writeWithCorners(folder.resolve("data"), 12);
    Path model = folder.resolve("corners.spyhop");
    Shell trained =
        train("keypoints", data, model, "--objects", "--picture", 32, "--skeleton", "first:last");
    assertEquals(0, trained.code(), trained.err());
    assertTrue(trained.err().contains("22 images, 22 first, 22 last"), trained.err());
    assertTrue(trained.err().contains("pictures of 32 x 32 pixels"), trained.err());
    Path results = folder.resolve("results");
    Shell none = Shell.run("keypoints", "--model", model, "--output", results, data);
    assertProblem("finds keypoints in boxes", none);
    Shell found =
        Shell.run("keypoints", "--model", model, "--boxes", data, "--output", results, data);
    assertEquals(0, found.code(), found.err());
    JsonNode all = evaluate("keypoints", results, data).get("keypoints").get("ALL");
    assertEquals(48, all.get("points").asInt());
    assertTrue(all.get("median").asDouble() < 1, all.toString());
  }

  @Test
  void whatCannotBeLearntIsRefused() throws IOException {
    Path boxes = Squares.write(folder.resolve("b"), 2, true);
    Path points = Squares.write(folder.resolve("k"), 2, false);
    Path model = folder.resolve("m.spyhop");
    assertProblem("hold no keypoints", train("keypoints", boxes, model));
    assertProblem("hold no boxes", train("localize", points, model));
    assertProblem("no box is of class grey", train("localize", boxes, model, "--classes", "grey"));
    assertProblem(
        "--skeleton: expected two of the names",
        train("keypoints", points, model, "--skeleton", "bright:grey"));
    assertProblem(
        "of one class: expected the name of one, received bright, dark",
        train("localize", boxes, model, "--single"));
    assertProblem("--zoom goes with", train("localize", boxes, model, "--single", "--zoom", 1));
    assertProblem("no keypoints lie in boxes", train("keypoints", points, model, "--objects"));
    assertProblem("expected a stride", train("localize", boxes, model, "--stride", 3));
    assertProblem("Scale: expected a factor", train("localize", boxes, model, "--zoom", 0));
    assertTrue(Files.notExists(model));
  }

  private static void assertProblem(String part, Shell shell) {
    assertTrue(shell.code() != 0);
    assertTrue(shell.problem().contains(part), shell.problem());
  }
}
