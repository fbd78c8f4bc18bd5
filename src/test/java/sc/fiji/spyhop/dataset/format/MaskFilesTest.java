package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

class MaskFilesTest {

  @TempDir Path folder;
  private final AnnotationFiles files = new AnnotationFiles(new ImageFiles());

  private void image(String name, int width, int height) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    LabelImages.save(new ImagePlus(name, new ByteProcessor(width, height)), file);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private MaskFiles objects(Path path) {
    return MaskFiles.objects(files, path, Optional.empty(), Optional.empty(), List.of(), -1);
  }

  private LabelMap classes(String... names) {
    return MaskFiles.classes(files, folder, Optional.empty(), Optional.empty(), List.of(names), -1)
        .samples()
        .get(0)
        .truth();
  }

  /** A ring with an object in it, two parts of one object, a pixel, and one at the edge. */
  private static LabelMap labels() {
    String[] rows = {
      "1111111.....",
      "1.....1..33.",
      "1.222.1..33.",
      "1.222.1.....",
      "1.....1.4..5",
      "1111111....5",
      "..3.......55",
      "..33......55"
    };
    LabelMap labels = new LabelMap(12, 8);
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 12; x++) {
        char c = rows[y].charAt(x);
        if (c != '.') labels.set(x, y, c - '0');
      }
    }
    return labels;
  }

  @ParameterizedTest
  @ValueSource(strings = {"coco", "rois", "labels"})
  void labelImagesComeBackTheSame(String format) throws IOException {
    image("from/images/a.tif", 12, 8);
    Files.createDirectories(folder.resolve("from/labels"));
    LabelImages.save(LabelImages.of("a", labels()), folder.resolve("from/labels/a.tif"));
    assertEquals(labels(), objects(folder.resolve("from")).samples().get(0).truth());
    image("to/images/a.tif", 12, 8);
    AnnotatedSet set = files.open(folder.resolve("from"));
    files.format(format).write(set, folder.resolve("to"));
    assertEquals(labels(), objects(folder.resolve("to")).samples().get(0).truth());
    assertEquals(
        set.images().get(0).annotation(),
        files.open(folder.resolve("to")).images().get(0).annotation());
  }

  @Test
  void yoloPolygonsAreClasses() throws IOException {
    image("images/a.tif", 10, 10);
    write("data.yaml", "names: [wall, lumen, noise]");
    write(
        "labels/a.txt",
        """
        1 0.2 0.2 0.4 0.2 0.4 0.4 0.2 0.4
        0 0 0 0.6 0 0.6 0.6 0 0.6
        2 0.8 0.8 1 0.8 1 1
        """);
    LabelMap map = classes("background", "lumen", "wall");
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 10; x++) {
        boolean lumen = x >= 2 && x < 4 && y >= 2 && y < 4;
        assertEquals(lumen ? 1 : x < 6 && y < 6 ? 2 : 0, map.get(x, y), x + ", " + y);
      }
    }
    MaskFiles only =
        MaskFiles.objects(files, folder, Optional.empty(), Optional.empty(), List.of("lumen"), -1);
    assertEquals(1, only.samples().get(0).truth().max());
    assertEquals(0, only.samples().get(0).truth().get(0, 0));
  }

  @Test
  void areasOfImageJ() throws IOException {
    image("a.tif", 30, 20);
    Roi square = new Roi(-5, -5, 10, 10);
    square.setName("wall");
    Roi oval = new OvalRoi(10, 5, 7, 7);
    oval.setName("lumen");
    Rois.writeZip(folder.resolve("a.zip"), List.of(square, oval));
    LabelMap map = classes("background", "wall", "lumen");
    int[] area = new int[3];
    for (int i = 0; i < map.size(); i++) area[map.get(i)]++;
    assertEquals(25, area[1]);
    // centres within 3.5 of the middle: rows of 3, 5, 7, 7, 7, 5, 3
    assertEquals(37, area[2]);
  }

  @Test
  void aHugeAreaTakesNoMoreThanTheImage() throws IOException {
    image("a.tif", 30, 20);
    int far = 2_000_000;
    Roi huge =
        new PolygonRoi(
            new float[] {-far, far, far, -far}, new float[] {-far, -far, 10, 10}, 4, Roi.POLYGON);
    huge.setName("sky");
    Rois.writeZip(folder.resolve("a.zip"), List.of(huge, new Roi(5, 15, 1 << 30, 1 << 30)));
    LabelMap map = objects(folder).samples().get(0).truth();
    assertEquals(1, map.get(29, 9));
    assertEquals(0, map.get(29, 10));
    assertEquals(2, map.get(29, 19));
  }

  @Test
  void imagesWithBoxesOnlyAreLeftOut() throws IOException {
    image("images/a.tif", 10, 10);
    image("images/b.tif", 10, 10);
    String box = "{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 1, 5, 5]}";
    String coco =
        "{\"images\": [{\"id\": 1, \"file_name\": \"a.tif\"}, {\"id\": 2, \"file_name\": \"b.tif\"}],"
            + "\"categories\": [{\"id\": 1, \"name\": \"cell\"}], \"annotations\": [%s]}";
    write(
        "a.json",
        Strings.format(
            coco,
            box
                + ", {\"image_id\": 2, \"category_id\": 1,"
                + " \"segmentation\": [[1, 1, 5, 1, 5, 5, 1, 5]]}"));
    MaskFiles some = objects(folder);
    assertEquals(List.of("images/b.tif"), some.samples().names());
    assertTrue(some.problems().get(0).contains("a.tif: 1 of 1 objects"), some.problems().get(0));
    Files.delete(folder.resolve("images/b.tif"));
    SpyhopException e = assertThrows(SpyhopException.class, () -> objects(folder));
    assertTrue(e.getMessage().contains("no outline"), e.getMessage());
  }

  /** A box of no size beside a polygon: the bounds of the polygon count. */
  @Test
  void boundsOfPolygonsTakeThePlaceOfEmptyBoxes() throws IOException {
    image("images/a.tif", 10, 10);
    write("a.json", coco("\"bbox\": [0, 0, 0, 0], \"segmentation\": [[2, 3, 6, 3, 6, 5, 2, 5]]"));
    AnnotatedSet set = files.open(folder);
    assertEquals(new Box(2, 3, 4, 2), set.images().get(0).annotation().objects().get(0).box());
    assertEquals(1, objects(folder).samples().get(0).truth().get(5, 4));
  }

  /** The pixels of a crowd are of nobody knows what, unless they are of an object besides. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"segmentation\": {\"size\": [10, 10], \"counts\": [22, 3, 7, 3, 65]}",
        "\"bbox\": [2, 2, 2, 3]"
      })
  void crowdsAreUnlabelled(String crowd) throws IOException {
    image("images/a.tif", 10, 10);
    write("a.json", coco("\"segmentation\": [[3, 4, 9, 4, 9, 9, 3, 9]]", crowd));
    LabelMap expected = new LabelMap(10, 10);
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 10; x++) {
        boolean object = x >= 3 && x < 9 && y >= 4 && y < 9;
        boolean within = x >= 2 && x < 4 && y >= 2 && y < 5;
        expected.set(x, y, object ? 1 : within ? LabelMap.UNLABELLED : 0);
      }
    }
    MaskFiles read = objects(folder);
    assertEquals(expected, read.samples().get(0).truth());
    assertTrue(read.problems().get(0).contains("a crowd of cell"), read.problems().toString());
    AnnotatedSet set = files.open(folder);
    Path to = folder.resolve("to");
    image("to/images/a.tif", 10, 10);
    files.format("labels").write(set, to);
    assertEquals(expected, objects(to).samples().get(0).truth());
    AnnotatedSet again = files.open(to);
    Path twice = folder.resolve("twice");
    image("twice/images/a.tif", 10, 10);
    files.format("labels").write(again, twice);
    assertEquals(expected, objects(twice).samples().get(0).truth());
  }

  /** Pixel for pixel, with what nobody has labelled in one of two images of one name. */
  @Test
  void labelImagesFindTheirImagesInFolders() throws IOException {
    List<String> names = List.of("day1/img", "day2/img", "day2/deep/b", "top");
    StringBuilder images = new StringBuilder();
    StringBuilder objects = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      image("from/" + names.get(i) + ".tif", 10, 10);
      image("to/" + names.get(i) + ".tif", 10, 10);
      String comma = i == 0 ? "" : ",";
      images.append(
          Strings.format("%s{\"id\": %d, \"file_name\": \"%s.tif\"}", comma, i, names.get(i)));
      objects.append(
          Strings.format(
              "%s{\"image_id\": %d, \"category_id\": 1,"
                  + " \"segmentation\": [[%2$d, 4, 9, 4, 9, 9, %2$d, 9]]}",
              comma, i));
    }
    objects.append(
        ",{\"image_id\": 1, \"category_id\": 1, \"iscrowd\": 1, \"bbox\": [0, 0, 9, 2]}");
    write(
        "from/a.json",
        Strings.format(
            "{\"images\": [%s], \"categories\": [{\"id\": 1, \"name\": \"cell\"}],"
                + " \"annotations\": [%s]}",
            images, objects));
    Path to = folder.resolve("to");
    files.format("labels").write(files.open(folder.resolve("from")), to);
    MaskFiles read = objects(to);
    assertEquals(List.of("b", "day1_img", "day2_img", "top"), read.samples().names());
    List<Integer> order = List.of(2, 0, 1, 3);
    for (int i = 0; i < 4; i++) {
      LabelMap expected = new LabelMap(10, 10);
      for (int y = 0; y < 10; y++) {
        for (int x = 0; x < 10; x++) {
          boolean crowd = order.get(i) == 1 && x < 9 && y < 2;
          boolean object = x >= order.get(i) && x < 9 && y >= 4 && y < 9;
          expected.set(x, y, object ? 1 : crowd ? LabelMap.UNLABELLED : 0);
        }
      }
      assertEquals(expected, read.samples().get(i).truth(), read.samples().names().get(i));
    }
    AnnotatedSet again = files.open(to);
    assertEquals(
        List.of("day1/img.tif", "day2/deep/b.tif", "day2/img.tif", "top.tif"),
        again.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(4, again.boxes());
    assertEquals(
        List.of(0, 0, 1, 0), again.images().stream().map(i -> i.unknown().size()).toList());
  }

  /** An object, and a crowd if there is a second. */
  private static String coco(String... fields) {
    StringBuilder annotations = new StringBuilder();
    for (int i = 0; i < fields.length; i++) {
      annotations.append(i > 0 ? "," : "").append("{\"image_id\": 1, \"category_id\": 1, ");
      annotations.append("\"iscrowd\": ").append(i).append(", ").append(fields[i]).append('}');
    }
    return "{\"images\": [{\"id\": 1, \"file_name\": \"a.tif\"}],"
        + "\"categories\": [{\"id\": 1, \"name\": \"cell\"}], \"annotations\": ["
        + annotations
        + "]}";
  }

  /** What 8-bit masks hold that are no numbers of objects, and how 16-bit ones are taken. */
  @Test
  void valuesThatAreHardlyNumbersAreAskedAbout() {
    assertEquals(List.of(Problem.Kind.FEW_GREYS), looked(0, 128, 255, 0, 255));
    assertEquals(List.of(), looked(0, 1, 2, 3));
    assertEquals(List.of(), looked(IntStream.rangeClosed(0, 255).toArray()));
    assertEquals(List.of(Problem.Kind.ONE_MASK), looked(0, 65535, 0, 65535));
    assertEquals(List.of(Problem.Kind.LABEL_65535), looked(0, 1, 65535));
  }

  private static List<Problem.Kind> looked(int... values) {
    LabelMap labels = new LabelMap(values.length, 1);
    for (int i = 0; i < values.length; i++) labels.set(i, values[i]);
    Problems problems = new Problems();
    LabelImageFormat.look(labels, "a.png", problems);
    return List.copyOf(problems.counts().keySet());
  }
}
