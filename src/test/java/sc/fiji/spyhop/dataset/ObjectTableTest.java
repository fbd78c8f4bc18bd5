package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;

class ObjectTableTest {

  private static final LabelMap LABELS = LabelMap.of(6, 2, 1, 1, 0, 2, 2, 0, 0, 0, 3, 3, 0, 4);

  @TempDir Path folder;
  private final AnnotationFiles files = new AnnotationFiles(new ImageFiles());

  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("a", "b")) save(name, LABELS);
  }

  private void save(String name, LabelMap labels) throws IOException {
    Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(folder.resolve("labels"));
    LabelImages.save(
        new ImagePlus(name, new ByteProcessor(labels.width(), labels.height())),
        folder.resolve("images/" + name + ".tif"));
    LabelImages.save(LabelImages.of(name, labels), folder.resolve("labels/" + name + ".tif"));
  }

  private void write(String name, String... lines) throws IOException {
    Files.write(folder.resolve(name), List.of(lines));
  }

  private Map<Integer, String> read(String image) {
    return ObjectTable.of(folder.resolve("labels")).of(image, 1, 1);
  }

  private MaskFiles objects(String... types) {
    return MaskFiles.objects(files, folder, Optional.empty(), Optional.empty(), List.of(types), -1);
  }

  private static String message(Runnable run) {
    return assertThrows(SpyhopException.class, run::run).getMessage();
  }

  @Test
  void oneTableForAllImages() throws IOException {
    write("labels.csv", "image,label,class", "a.tif,1,red", "a.tif,2,white", "b,1,white");
    assertEquals(Map.of(1, "red", 2, "white"), read("a"));
    assertEquals(Map.of(1, "white"), read("b.tif"));
    assertEquals(Map.of(), read("c"));
    assertEquals(Map.of("red", 1, "white", 2), ObjectTable.of(folder.resolve("labels")).counts());
  }

  /** As CellProfiler, QuPath, MorphoLibJ or Excel would write them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Image Name;Label;Classification",
        "FileName\tObjectNumber\tCell Type",
        "file_name,Object_ID,CATEGORY",
        "image,LabelID,Type",
      })
  void columnsAreFoundByWhatOthersCallThem(String header) throws IOException {
    String mark = header.replaceAll("[A-Za-z_ ]", "").substring(0, 1);
    write("labels.csv", "area" + mark + header, String.join(mark, "7", "a.tif", "2.0", "red"));
    assertEquals(Map.of(2, "red"), read("a"));
  }

  @Test
  void aTableBesideEachLabelImage() throws IOException {
    write("labels/a.csv", "label,class", "1,red");
    write("labels/b.csv", "mean,area", "1,2"); // of another kind
    assertEquals(Map.of(), read("b"));
    // as the Results window of ImageJ is saved
    write("labels/b.csv", " ,Label,label,class", "1,b.tif,2,white");
    assertEquals(Map.of(2, "white"), read("b"));
    assertEquals(Map.of(1, "red"), read("a"));
  }

  @Test
  void slicesAndTimePointsAreToldApart() throws IOException {
    write("labels.csv", "image,slice,frame,label,class", "a,2,1,1,red", "a,2,3,1,white");
    ObjectTable table = ObjectTable.of(folder.resolve("labels"));
    assertEquals(Map.of(), table.of("a", 1, 1));
    assertEquals(Map.of(1, "red"), table.of("a", 2, 1));
    assertEquals(Map.of(1, "white"), table.of("a", 2, 3));
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    write("labels.csv", "image,class", "a,red");
    String missing = message(() -> read("a"));
    assertTrue(missing.contains("labels.csv") && missing.contains("label or"), missing);
    write("labels.csv", "image,label,class", "a,1,red", "a,1.5,red");
    String half = message(() -> read("a"));
    assertTrue(half.contains("row 3") && half.contains("\"1.5\""), half);
    write("labels.csv", "image,label,class", "a,1,red", "a,1,white");
    String two = message(() -> read("a"));
    assertTrue(two.contains("red") && two.contains("white") && two.contains("row 3"), two);
  }

  @Test
  void labelImagesKnowTheirClasses() throws IOException {
    write(
        "labels.csv",
        "image,label,class",
        "a,1,red",
        "a,2,white",
        "a,3,dirt",
        "b,1,red",
        "b,4,red");
    MaskFiles read = objects("white", "red");
    LabelMap a = read.samples().get(0).truth();
    // dirt is background, and what has no class stays an object
    assertEquals(
        LabelMap.of(6, 2, 1, 1, 0, 2, 2, 0, 0, 0, 0, 0, 0, 4)
            .withClasses(new ObjectClasses(Map.of(1, 1, 2, 0))),
        a);
    assertEquals(new ObjectClasses(Map.of(1, 1, 4, 1)), read.samples().get(1).truth().classes());
    assertEquals(Map.of("dirt", 1, "red", 3, "white", 1), read.objects());
    String said = String.join("\n", read.problems());
    assertTrue(said.contains("Only 1 object of class white"), said);
    assertTrue(said.contains("1 dirt"), said);
    assertTrue(said.contains("2 label images with objects whose class no table says"), said);
    read.requireAll(List.of("white", "red"));
    String none = message(() -> read.requireAll(List.of("red", "wite")));
    assertTrue(none.contains("wite") && none.contains("3 red"), none);
    assertTrue(objects().untold().orElseThrow().contains("object=dirt,red,white"));
  }

  /** What is of one class alone is learnt; what may be is unknown. */
  @Test
  void oneClassAlone() throws IOException {
    write("labels.csv", "image,label,class", "a,1,red", "a,2,white", "b,1,white");
    int u = LabelMap.UNLABELLED;
    LabelMap a = objects("red").samples().get(0).truth();
    assertEquals(
        LabelMap.of(6, 2, 1, 1, 0, 0, 0, 0, 0, 0, u, u, 0, u), a.withClasses(ObjectClasses.NONE));
    // no class is called so: it is but a name
    assertEquals(LABELS, objects("cell").samples().get(0).truth());
    assertEquals(LABELS, objects().samples().get(0).truth());
  }

  @Test
  void withoutATableNoClassIsThere() {
    String said = message(() -> objects("red", "white"));
    assertTrue(said.contains("labels.csv") && said.contains("red, white"), said);
    assertTrue(objects().untold().isEmpty());
  }

  @Test
  void masksOfSeveralClassesAreConverted() throws IOException {
    write("labels.csv", "image,label,class", "a,1,red", "a,2,white", "b,3,red");
    AnnotatedSet set = files.open(folder);
    assertEquals(Map.of("object", 5, "red", 2, "white", 1), set.boxesByClass());
    for (String format : List.of("coco", "labels")) {
      Path to = folder.resolve("to-" + format);
      Files.createDirectory(to);
      files.format(format).write(set, to);
      for (String image : List.of("a.tif", "b.tif")) {
        Files.createDirectories(to.resolve("images"));
        Files.copy(folder.resolve("images").resolve(image), to.resolve("images").resolve(image));
      }
      MaskFiles read =
          MaskFiles.objects(
              files, to, Optional.empty(), Optional.empty(), List.of("red", "white"), -1);
      LabelMap truth = read.samples().get(0).truth();
      assertEquals(0, truth.classes().of(truth.get(0, 0)), format);
      assertEquals(1, truth.classes().of(truth.get(3, 0)), format);
      int untold = truth.get(2, 1);
      if (format.equals("coco")) assertEquals(0, untold, "of the category object");
      else assertEquals(ObjectClasses.UNKNOWN, truth.classes().of(untold), "of no class");
    }
    assertTrue(Files.exists(folder.resolve("to-labels/labels.csv")));
  }

  /** The weight of an object is that of its class over how many there are. */
  @Test
  void rareClassesAreSeenAsOften() {
    CropSampler.Builder builder = new CropSampler.Builder(true, label -> false);
    LabelMap many = new LabelMap(100, 100);
    for (int i = 0; i < 9; i++) many.set(50, 10 + 2 * i, i + 1);
    Map<Integer, Integer> first = Map.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 0);
    LabelMap one = new LabelMap(100, 100);
    one.set(50, 50, 1);
    List<LabelMap> truths =
        List.of(
            many.withClasses(new ObjectClasses(first)),
            one.withClasses(new ObjectClasses(Map.of(1, 1))));
    truths.forEach(builder::add);
    CropSampler sampler = builder.build(20, 1);
    int rare = 0;
    var random = new java.util.SplittableRandom(5);
    for (int i = 0; i < 4000; i++) rare += sampler.draw(truths::get, random).image();
    assertEquals(2000, rare, 150);
    assertFalse(ObjectTable.of(folder).of("a", 1, 1).containsKey(1));
  }

  /** An object of no class has no row, so that it is read again as it was. */
  @Test
  void objectsOfNoClassAreNotWritten() {
    ObjectTable.write(
        folder,
        List.of(
            new ObjectTable.Row("a.tif", 1, "dead"),
            new ObjectTable.Row("a.tif", 2, ObjectTable.NO_CLASS)),
        false);
    assertEquals(Map.of(1, "dead"), ObjectTable.of(folder).of("a", 1, 1));
  }
}
