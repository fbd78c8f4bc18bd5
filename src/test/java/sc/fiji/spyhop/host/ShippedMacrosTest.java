package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.prediction.LabelMap;

/** Every file of macros and plugins, run by ImageJ without a display; all in one Java. */
class ShippedMacrosTest {

  private static final Path NUCLEI = Path.of("test-images", "nuclei").toAbsolutePath();
  private static final List<String> IMAGES = List.of("nuclei_000", "nuclei_003");

  @TempDir static Path folder;

  private static final Set<Path> ran = new TreeSet<>();
  private static final StringBuilder script = new StringBuilder();

  @BeforeAll
  static void run() throws Exception {
    Path input = Files.createDirectory(folder.resolve("my images"));
    for (String name : IMAGES) {
      Files.copy(NUCLEI.resolve("images").resolve(name + ".tif"), input.resolve(name + ".tif"));
    }
    Files.writeString(input.resolve("notes.txt"), "not an image");
    Path one = Files.createDirectory(folder.resolve("one")).resolve("nuclei_003.tif");
    Files.copy(input.resolve("nuclei_003.tif"), one);
    Path lamps = Files.createDirectory(folder.resolve("lamps"));
    Path on = lamps.resolve("on.tif");
    IJ.saveAsTiff(new ImagePlus("on", Lamp.plane(40, 30, 25, 10)), on.toString());
    IJ.saveAsTiff(
        new ImagePlus("off", new ByteProcessor(40, 30)), lamps.resolve("off.tif").toString());
    Path model = Lamp.model(folder);

    call("macros/Segment.ijm", one);
    call("macros/Segment_Folder.ijm", input, Files.createDirectory(folder.resolve("results")));
    call("macros/Batch.ijm", input, folder.resolve("batch"), "nuclei");
    call("macros/Saliency_Map.ijm", on, model, folder.resolve("map.tif"));
    call("macros/Classify_Folder.ijm", lamps, model, lamps);
    call(
        "macros/Train_Segmenter.ijm",
        NUCLEI,
        folder.resolve("my.spyhop"),
        "epochs=1 steps=2 batch=2 crop=64 widths=4,8");
    Path annotated = Files.createDirectory(folder.resolve("annotated"));
    annotate("nuclei_000", annotated);
    annotate("nuclei_003", annotated);
    call("macros/Annotations_To_Dataset.ijm", annotated, folder.resolve("dataset"));
    call(
        "macros/Train_From_Open_Image.ijm",
        annotated.resolve("nuclei_003.tif"),
        folder.resolve("open.spyhop"),
        "epochs=1 steps=2 batch=2 crop=64 widths=4,8 validation=0 complete=true");
    call("macros/Suggest_Slices.ijm", stack(), model, folder.resolve("suggestions.csv"));
    Path whales = Files.createDirectory(folder.resolve("whales"));
    for (String name : List.of("photo_0001.png", "photo_0003.png")) {
      Files.copy(Path.of("test-images", "whales", "images", name), whales.resolve(name));
    }
    call("macros/RightWhale.ijm", whales);
    call("plugins/Spyhop/Spyhop_Count_Nuclei_in_Folder.ijm", input, folder);

    call("plugins/Spyhop/Spyhop_Identify_Whales_in_Folder.ijm", whales, folder);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    for (String name : List.of("off", "on")) {
      Path of = Files.createDirectory(classes.resolve(name));
      for (int i = 0; i < 6; i++) {
        IJ.saveAsTiff(
            new ImagePlus(
                name,
                name.equals("on") ? Lamp.plane(16, 16, 2 + 2 * i, 8) : new ByteProcessor(16, 16)),
            of.resolve(i + ".tif").toString());
      }
    }
    call(
        "macros/Train_Classifier.ijm",
        classes,
        folder.resolve("trained.spyhop"),
        "epochs=1 batch=4 network=[4C3 MP2 FC8] validation=30");

    Path all = folder.resolve("all.ijm");
    Files.writeString(all, script.toString());
    MacrosTest.Outcome outcome = MacrosTest.run(all);
    assertEquals(0, outcome.code(), outcome.text());
  }

  /** An image with the outlines of its painted nuclei in the overlay, as a user would save it. */
  private static void annotate(String name, Path into) {
    ImagePlus image = IJ.openImage(NUCLEI.resolve("images").resolve(name + ".tif").toString());
    LabelMap truth = new ImageFiles().readLabels(NUCLEI.resolve("labels").resolve(name + ".tif"));
    Overlay overlay = new Overlay();
    Rois.trace(truth).values().forEach(overlay::add);
    image.setOverlay(overlay);
    IJ.saveAsTiff(image, into.resolve(name + ".tif").toString());
  }

  /** Off, on, half on, and on but annotated. */
  private static Path stack() {
    ImageStack slices = new ImageStack(20, 20);
    for (double level : new double[] {0, 1, 0.5, 1}) {
      ByteProcessor plane = Lamp.plane(20, 20, 10, 10);
      plane.multiply(level);
      slices.addSlice(plane);
    }
    ImagePlus image = new ImagePlus("stack", slices);
    Roi drawn = new Roi(9, 9, 3, 3);
    drawn.setPosition(4);
    image.setOverlay(new Overlay(drawn));
    Path file = folder.resolve("stack.tif");
    IJ.saveAsTiff(image, file.toString());
    return file;
  }

  private static void call(String macro, Object... arguments) {
    Path file = Path.of(macro);
    ran.add(file);
    script.append(
        """
        if (runMacro("%s", "%s") == "[aborted]") exit("%s");
        close("*");
        """
            .formatted(
                file.toAbsolutePath(),
                Arrays.stream(arguments).map(Object::toString).collect(Collectors.joining("\\n")),
                macro));
  }

  /** What the generator painted. */
  private static int truth(String name) {
    return (int) labels(NUCLEI.resolve("labels").resolve(name + ".tif")).getMax();
  }

  private static ImageProcessor labels(Path file) {
    ImageProcessor pixels = IJ.openImage(file.toString()).getProcessor();
    pixels.resetMinAndMax();
    return pixels;
  }

  /** The painted nuclei touch, and the model takes some that do for one. */
  private static void assertFound(String name, double found) {
    int painted = truth(name);
    assertTrue(painted > 10, name + ": " + painted);
    assertEquals(painted, found, 0.2 * painted, name);
  }

  private static List<String> rows(Path csv) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    return lines.subList(1, lines.size());
  }

  /** The same objects as image by image, and in pictures that were not asked for there. */
  @Test
  void aBatchIsAsImageByImage() throws IOException {
    Path batch = folder.resolve("batch");
    for (String name : IMAGES) {
      Path one = folder.resolve("results").resolve(name + "_labels.tif");
      assertArrayEquals(
          (short[]) labels(one).convertToShort(false).getPixels(),
          (short[]) labels(batch.resolve(name + "_labels.tif")).convertToShort(false).getPixels());
      assertTrue(Files.exists(batch.resolve(name + "_overlay.png")));
    }
    assertEquals(
        rows(folder.resolve("results").resolve("results.csv")).size(),
        rows(batch.resolve("results.csv")).size());
  }

  @Test
  void whalesAreNamed() throws IOException {
    Path results = folder.resolve("whales").resolve("identified");
    String table = Files.readString(results.resolve("whales.csv"));
    assertTrue(table.contains("whale_01") && table.contains("whale_03"), table);
    assertTrue(Files.exists(results.resolve("photo_0001.png")));
  }

  /** Each photograph shows the whale of its number. */
  @Test
  void whalesAreIdentifiedFromTheMenu() throws IOException {
    List<String> rows = rows(folder.resolve("whales.csv"));
    assertEquals(2, rows.size(), rows.toString());
    assertTrue(rows.get(0).contains("whale_01"), rows.get(0));
    assertTrue(rows.get(1).contains("whale_03"), rows.get(1));
  }

  @Test
  void trainingAClassifierWritesItsClasses() {
    assertEquals(
        List.of("off", "on"), ModelFile.read(folder.resolve("trained.spyhop")).spec().names());
  }

  @Test
  void allAreRun() throws IOException {
    Set<Path> shipped = new TreeSet<>();
    for (String place : List.of("macros", "plugins")) {
      try (Stream<Path> files = Files.walk(Path.of(place))) {
        files.filter(Files::isRegularFile).forEach(shipped::add);
      }
    }
    assertEquals(shipped, ran);
  }

  @Test
  void oneImageGivesLabelsAndMeasurementsBesideIt() throws IOException {
    int found = (int) labels(folder.resolve("one").resolve("nuclei_003_labels.tif")).getMax();
    assertFound("nuclei_003", found);
    assertEquals(found, rows(folder.resolve("one").resolve("nuclei_003_results.csv")).size());
  }

  @Test
  void aFolderGivesLabelsForEachImageAndATableForAll() throws IOException {
    Path results = folder.resolve("results");
    int objects = 0;
    for (String name : IMAGES) {
      int found = (int) labels(results.resolve(name + "_labels.tif")).getMax();
      assertFound(name, found);
      objects += found;
    }
    List<String> rows = rows(results.resolve("results.csv"));
    assertEquals(objects, rows.size());
    assertTrue(rows.get(0).contains("nuclei_000"), rows.get(0));
  }

  @Test
  void nucleiAreCountedForEachImage() throws IOException {
    List<String> rows = rows(folder.resolve("counts.csv"));
    assertEquals(IMAGES.size(), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      String[] cells = rows.get(i).split(",");
      assertTrue(rows.get(i).contains(IMAGES.get(i) + ".tif"), rows.get(i));
      assertFound(IMAGES.get(i), Double.parseDouble(cells[cells.length - 1]));
    }
  }

  /** The logits are 8 times the brightest pixel, less 4: see {@link Lamp}. */
  @Test
  void imagesOfAFolderAreClassified() throws IOException {
    List<String> rows = rows(folder.resolve("lamps").resolve("results.csv"));
    assertEquals(2, rows.size());
    assertTrue(rows.get(0).contains("off.tif,off,0.98"), rows.get(0));
    assertTrue(rows.get(1).contains("on.tif,on,0.98"), rows.get(1));
  }

  @Test
  void theLampIsWhatMatters() {
    ImageProcessor map = IJ.openImage(folder.resolve("map.tif").toString()).getProcessor();
    assertEquals(40, map.getWidth());
    assertTrue(map.getf(25, 10) > 0.1);
    assertEquals(0, map.getf(5, 25), 0.02);
  }

  @Test
  void annotationsBecomeADataSet() throws IOException {
    Path data = folder.resolve("dataset");
    LabelMap written =
        new ImageFiles().readLabels(data.resolve("labels").resolve("nuclei_003.tif"));
    assertEquals(
        new ImageFiles().readLabels(NUCLEI.resolve("labels").resolve("nuclei_003.tif")), written);
    assertEquals(2, rows(data.resolve("index.csv")).size());
    List<String> check = rows(data.resolve("check.csv"));
    assertEquals(2, check.size());
    assertTrue(check.get(1).endsWith("100," + truth("nuclei_003")), check.get(1));
  }

  @Test
  void theOpenImageIsTrainedOn() {
    var training = ModelFile.read(folder.resolve("open.spyhop")).spec().training();
    assertTrue(training.data().startsWith("nuclei_003.tif"), training.data());
  }

  /** The lamp is least sure where it is half on; the annotated slice is not suggested. */
  @Test
  void theDoubtfulSliceIsSuggested() throws IOException {
    List<String> rows = rows(folder.resolve("suggestions.csv"));
    assertEquals(3, rows.size());
    assertTrue(rows.get(0).contains("stack.tif,1,3,1,"), rows.get(0));
  }

  @Test
  void trainingWritesAModel() {
    assertEquals("my", ModelFile.read(folder.resolve("my.spyhop")).spec().name());
  }
}
