package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;

class TrainSegmentTest {

  @TempDir Path folder;
  private Path data;
  private Path model;
  private int epochs = 1;

  @BeforeEach
  void prepare() throws IOException {
    data = folder.resolve("data");
    model = folder.resolve("my.spyhop");
    for (int i = 0; i < 4; i++) add("d" + i, 15 + 10 * i, 20);
    Files.writeString(
        data.resolve("index.csv"), "name,subset\nd0,train\nd1,train\nd2,train\nd3,test\n");
  }

  private void add(String name, int x, int y) throws IOException {
    Files.createDirectories(data.resolve("images"));
    Files.createDirectories(data.resolve("labels"));
    LabelImages.save(
        new ImagePlus(name, Discs.plane(70, 50, new int[] {x, y})),
        data.resolve("images").resolve(name + ".tif"));
    ShortProcessor labels = new ShortProcessor(70, 50);
    for (int i = 0; i < 70 * 50; i++) {
      if (Math.hypot(i % 70 - x, i / 70 - y) < 8) labels.set(i, 1);
    }
    label(name, labels);
  }

  private void label(String name, ShortProcessor labels) {
    LabelImages.save(new ImagePlus(name, labels), data.resolve("labels").resolve(name + ".tif"));
  }

  private Shell train(Object... more) {
    Object[] fixed = {
      "train",
      "segment",
      "--data",
      data,
      "--output",
      model,
      "--epochs",
      epochs,
      "--steps",
      2,
      "--batch",
      2,
      "--crop",
      32,
      "--widths",
      "4,8"
    };
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  @Test
  void aModelComesOfItThatCanBeCheckedAndUsed() throws IOException {
    Shell shell = train("--seed", 3, "--subset", "train", "--author", "A. B.");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("epoch 1/1  loss "), shell.err());
    Model made = ModelFile.read(model);
    assertEquals("my", made.spec().name());
    assertEquals("A. B.", made.spec().author());
    assertEquals(3, made.spec().training().seed());
    assertTrue(made.spec().training().command().startsWith("spyhop train segment --data "));
    assertTrue(made.spec().training().command().endsWith("--author 'A. B.'"));
    assertTrue(made.spec().training().data().contains("2 images, 1 more for validation"));
    assertEquals(2, Files.readAllLines(folder.resolve("my-training/history.csv")).size());

    Shell check = Shell.run("models", "check", model);
    assertEquals(0, check.code(), check.err());
    assertTrue(check.out().startsWith("my: sound"), check.out());
    String shown = Shell.run("models", "show", model).out();
    assertTrue(shown.contains("segmentation of objects"));
    assertTrue(shown.matches("(?s).*\nthreshold +0\\.\\d+\n.*"), shown);
    Shell used = Shell.run("segment", "--model", model, "--output", folder.resolve("o"), data);
    assertEquals(0, used.code(), used.err());
  }

  @Test
  void masksOfCocoAreLearnedFromAndAreTheTruth() throws IOException {
    Path coco = folder.resolve("coco");
    Shell written = Shell.run("annotations", "--data", data, "--to", "coco", "--output", coco);
    assertEquals(0, written.code(), written.err());
    Path labels = folder.resolve("labels");
    Files.move(data.resolve("labels"), labels);
    Files.move(coco.resolve("annotations.json"), data.resolve("annotations.json"));
    Shell shell = train("--subset", "train");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(ModelFile.read(model).spec().training().data().contains("2 images, 1 more"));
    Path json = folder.resolve("figures.json");
    Shell same =
        Shell.run(
            "evaluate",
            "segment",
            "--predicted",
            labels,
            "--truth",
            data.resolve("annotations.json"),
            "--json",
            json);
    assertEquals(0, same.code(), same.err());
    var figures = new ObjectMapper().readTree(json.toFile()).path("at").path("0.95");
    assertEquals(4, figures.path("TP").asInt(), Files.readString(json));
    assertEquals(0, figures.path("FN").asInt());
  }

  @Test
  void classesAreLearnedByName() {
    assertEquals(0, train("--classes", "ground,disc").code());
    assertEquals(List.of("ground", "disc"), ModelFile.readSpec(model).names());
    assertEquals(0, train("--classes", "ground,disc", "--start", model, "--force").code(), "start");
    assertEquals(1, train("--start", model, "--force").code(), "weights of another task");
  }

  /** A model that knows the discs by name still does after a training in which nothing changes. */
  @Test
  void classesGoOnByName() throws IOException {
    Shell tuned =
        Shell.run(
            "finetune",
            "--model",
            Discs.pixels(folder),
            "--data",
            data,
            "--output",
            model,
            "--classes",
            "ground,disc",
            "--validation",
            0.25,
            "--epochs",
            1,
            "--steps",
            1,
            "--batch",
            1,
            "--rate",
            1e-30);
    assertEquals(0, tuned.code(), tuned.err());
    List<String> history = Files.readAllLines(folder.resolve("my-training/history.csv"));
    int column = List.of(history.get(0).split(",")).indexOf("mean IoU");
    assertEquals("1.0", history.get(1).split(",")[column], "every pixel is called by its name");
    Path output = folder.resolve("o");
    Shell used = Shell.run("segment", "--model", model, "--output", output, data);
    assertEquals(0, used.code(), used.err());
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertEquals(5, rows.size(), "one disc in each of four images");
    for (String row : rows.subList(1, 5)) assertTrue(row.contains(",disc,"), row);
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    train("--seed", 5);
    Model first = ModelFile.read(model);
    assertEquals(0, train("--seed", 5, "--force").code());
    Model second = ModelFile.read(model);
    first
        .weights()
        .tensors()
        .forEach(
            (name, tensor) ->
                org.junit.jupiter.api.Assertions.assertArrayEquals(
                    tensor.data(), second.weights().get(name).data(), name));
  }

  @Test
  void earlierWorkIsKeptUnlessTold() throws IOException {
    Files.writeString(model, "mine");
    Shell refused = train();
    assertEquals(1, refused.code());
    assertTrue(refused.problem().contains("exists already"), refused.err());
    assertEquals("mine", Files.readString(model));
    Files.delete(model);
    train();
    Files.delete(model);
    assertTrue(train().problem().contains("holds an earlier training"));
    assertEquals(2, train("--resume", "--seed", 99).code());
    assertFalse(Files.exists(model));
  }

  @Test
  void anInterruptedTrainingGoesOn() {
    epochs = 2;
    train();
    Shell shell = train("--resume");
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("Resumed after epoch 2"), shell.err());
  }

  @Test
  void labelsOfAnotherSizeLeaveTheirImageOut() {
    label("d1", new ShortProcessor(60, 50));
    Shell shell = train();
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("Left out"), shell.err());
    assertTrue(shell.err().contains("70 x 50"), shell.err());
    assertTrue(shell.err().contains("60 x 50"), shell.err());
  }

  @Test
  void nothingToLearnIsRefused() {
    for (int i = 0; i < 4; i++) label("d" + i, new ShortProcessor(70, 50));
    Shell shell = train();
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("Nothing to learn"), shell.err());
  }

  @Test
  void anEmptyOrMissingSetIsRefused() throws IOException {
    data = Files.createDirectory(folder.resolve("empty"));
    assertEquals(1, train().code());
    assertTrue(train().problem().contains("No images in"), train().err());
    data = folder.resolve("nowhere");
    assertTrue(train().problem().contains("nowhere"), train().err());
  }

  @Test
  void anUnknownSubsetListsTheKnown() {
    Shell shell = train("--subset", "tain");
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("expected one of test, train"), shell.err());
  }

  @Test
  void misuseIsToldApartFromFailure() {
    assertEquals(2, train("--validation", "150").code());
    assertEquals(2, train("--scale", "3").code());
    assertEquals(2, train("--classes", "a,b", "--object", "c").code());
    assertEquals(2, train("--network", "vgg").code());
    assertEquals(2, train("--batch", 3).code(), "an option given twice");
    epochs = -1;
    assertEquals(2, train().code());
  }

  /** One image cannot be learnt from: the three others are. */
  @Test
  void anImageWithALabelOfNoClassIsLeftOut() {
    ShortProcessor labels = new ShortProcessor(70, 50);
    labels.set(5, 5, 7);
    label("d1", labels);
    Shell shell = train("--classes", "background,disc", "--validation", 0);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(
        shell.err().contains("1 of 4 images: d1 has label 7, but there are only the classes 0 to"),
        shell.err());
    assertTrue(ModelFile.read(model).spec().training().data().contains("3 images"));
  }

  @Test
  void anImageWithTwoLabelImagesIsLeftOut() throws IOException {
    Files.copy(data.resolve("labels/d1.tif"), data.resolve("labels/d1.tiff"));
    Shell shell = train("--validation", 0);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("d1 has several label images: d1.tif, d1.tiff"), shell.err());
    assertTrue(ModelFile.read(model).spec().training().data().contains("3 images"));
  }
}
