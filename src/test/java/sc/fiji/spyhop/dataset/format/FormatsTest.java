package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Problem.Kind;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.Keypoint.Visibility;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.KeypointLayout.Pair;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

class FormatsTest {

  @TempDir Path folder;
  private final AnnotationFiles files = new AnnotationFiles(new ImageFiles());

  /** a and b of 40 x 20 pixels. */
  @BeforeEach
  void images() throws IOException {
    image("images/a.png");
    image("images/b.png");
  }

  private Path image(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    return file;
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static LocalizedObject object(String type, double... b) {
    return new LocalizedObject(new Box(b[0], b[1], b[2], b[3]), type);
  }

  private static List<LocalizedObject> boxes(List<LocalizedObject> objects) {
    return objects.stream().map(o -> o.withBox(o.box())).toList();
  }

  private static Annotation annotation(AnnotatedSet set, String name) {
    return set.images().stream()
        .filter(i -> i.stem().equals(name))
        .findFirst()
        .orElseThrow()
        .annotation();
  }

  private static Map<Kind, Integer> counts(Object... kindsAndNumbers) {
    Map<Kind, Integer> map = new EnumMap<>(Kind.class);
    for (int i = 0; i < kindsAndNumbers.length; i += 2) {
      map.put((Kind) kindsAndNumbers[i], (Integer) kindsAndNumbers[i + 1]);
    }
    return map;
  }

  // --- reading

  @Test
  void tablesOfBoxes() throws IOException {
    Path file =
        write(
            "boxes.csv",
            """
            image,class,x,y,width,height,score,note
            images/a.png,RBC,1,2,10,5.5,0.75,x
            a,WBC,-5,10,10,20,,cut at two edges
            a,RBC,3,3,0,4,,no width
            a,RBC,50,3,5,5,,outside
            d,RBC,one,3,5,5,,no number
            d,RBC,3,3
            c,RBC,1,1,5,5,,no image
            b,,,,,,,
            """);
    image("images/d.png");
    AnnotatedSet set = files.open(folder);
    assertEquals(
        List.of(
            new LocalizedObject(new Box(1, 2, 10, 5.5), "RBC", 0.75), object("WBC", 0, 10, 5, 10)),
        annotation(set, "a").objects());
    assertTrue(annotation(set, "b").isEmpty());
    assertEquals(List.of("RBC", "WBC"), set.classes());
    assertEquals(
        counts(
            Kind.CLIPPED, 1,
            Kind.DEGENERATE, 1,
            Kind.OUTSIDE, 1,
            Kind.NOT_A_NUMBER, 1,
            Kind.WRONG_COLUMNS, 1,
            Kind.MISSING_IMAGE, 1,
            Kind.UNREAD_IMAGE, 1),
        set.problems().counts());
    assertEquals(
        "boxes.csv, row 4: RBC, 0 x 4 at 3, 3",
        set.problems().of(Kind.DEGENERATE).get(0).toString());
    assertEquals(set.images(), files.open(file).images());
    AnnotatedSet known = files.open(file, folder, List.of("WBC"));
    assertEquals(1, known.boxes());
    assertEquals(5, known.problems().count(Kind.UNKNOWN_CLASS) + 1);
  }

  @Test
  void tablesOfKeypointsOfBoxes() throws IOException {
    write("boxes.csv", "image;class;x;y;width;height\na;head;1,5;2;10;10\na;head;20;2;10;10\n");
    write(
        "keypoints.csv",
        """
        image,keypoint,x,y,score,object
        a,eye,3,4,.5,2
        a,ear,,,,2
        a,eye,50,4,,1
        a,eye,7,8,,3
        a,eye,7,8,,3
        """);
    AnnotatedSet set = files.open(folder);
    List<LocalizedObject> heads = annotation(set, "a").objects();
    assertEquals(1.5, heads.get(0).box().x());
    List<Pose> poses = annotation(set, "a").poses();
    assertEquals(2, poses.size());
    assertEquals(Optional.of(heads.get(1)), poses.get(0).object());
    assertEquals(
        List.of(new Keypoint("eye", 3, 4, 0.5, Visibility.VISIBLE), Keypoint.absent("ear")).get(0),
        poses.get(0).keypoints().get(0));
    assertEquals(Visibility.ABSENT, poses.get(0).keypoint("ear").orElseThrow().visibility());
    assertEquals("3", poses.get(1).individual());
    assertEquals(counts(Kind.POINT_OUTSIDE, 1, Kind.DUPLICATE, 1), set.problems().counts());
  }

  private static String voc(String object) {
    return "<annotation><filename>a.jpg</filename><size><width>40</width><height>20</height></size>"
        + object
        + "</annotation>";
  }

  private static String vocObject(String name, Object... corners) {
    return Strings.format(
        "<object><name>%s</name><part><bndbox/></part><bndbox><xmin>%s</xmin><ymin>%s</ymin><xmax>%s</xmax><ymax>%s</ymax></bndbox></object>",
        name, corners[0], corners[1], corners[2], corners[3]);
  }

  @Test
  void pascalVoc() throws IOException {
    write(
        "annotations/a.xml",
        voc(
            vocObject("RBC", 3, 4, 13.5, 10)
                + vocObject("RBC", 3, 4, 3, 10)
                + vocObject("RBC", 30, 4, 45, 10)));
    write(
        "annotations/b.xml",
        voc(
            vocObject("", 3, 4, 5, 10)
                + vocObject("RBC", "x", 4, 5, 10)
                + "<object><name>RBC</name></object>"));
    write("annotations/c.xml", "<annotation>");
    image("images/c.png");
    write("annotations/zzz.xml", voc(""));
    AnnotatedSet set = files.open(folder);
    assertEquals(
        List.of(object("RBC", 3, 4, 10.5, 6), object("RBC", 30, 4, 10, 6)),
        annotation(set, "a").objects());
    assertEquals(
        counts(
            Kind.DEGENERATE, 1,
            Kind.CLIPPED, 1,
            Kind.UNKNOWN_CLASS, 1,
            Kind.NOT_A_NUMBER, 1,
            Kind.WRONG_COLUMNS, 1,
            Kind.UNREADABLE, 1,
            Kind.DUPLICATE, 1,
            Kind.UNREAD_IMAGE, 2),
        set.problems().counts());
  }

  @Test
  void cornersOfPascalVocInReverseArePutInOrder() throws IOException {
    write("annotations/a.xml", voc(vocObject("RBC", 13, 10, 3, 4) + vocObject("RBC", 3, 9, 8, 4)));
    AnnotatedSet set = files.open(folder);
    assertEquals(
        List.of(object("RBC", 3, 4, 10, 6), object("RBC", 3, 4, 5, 5)),
        annotation(set, "a").objects());
    assertEquals(counts(Kind.REVERSED, 2), set.problems().counts());
    assertFalse(set.problems().isLossy());
  }

  @Test
  void xmlReachesForNothingElse() throws IOException {
    Path secret = write("secret.txt", "RBC");
    write(
        "annotations/a.xml",
        "<!DOCTYPE annotation [<!ENTITY s SYSTEM \""
            + secret.toUri()
            + "\">]>"
            + voc(vocObject("&s;", 3, 4, 13, 10)));
    write("annotations/b.xml", voc(vocObject("RBC", 1, 1, 5, 5)));
    AnnotatedSet set = files.open(folder);
    assertEquals(1, set.boxes());
    assertTrue(
        set.problems().of(Kind.UNREADABLE).get(0).what().contains("DOCTYPE"),
        set.problems().summary().toString());
  }

  @Test
  void yolo() throws IOException {
    write("data.yaml", "path: .\ntrain: images\nnames:\n  0: RBC\n  1: WBC\n");
    write(
        "labels/a.txt",
        """
        0 0.5 0.5 0.25 0.5
        1 0.5 0.5 0.25 0.5 0.75
        1 0.1 0.2 0.3 0.2 0.3 0.6
        0 0.5 0.5 0.01 0.5
        """);
    write("labels/b.txt", "2 0.5 0.5 0.25 0.5\n0 0.5 0.5 0.25\n0 0.5 0.5 0.25 nan\n");
    image("images/c.png");
    AnnotatedSet set = files.open(folder);
    assertEquals(
        List.of(
            object("RBC", 15, 5, 10, 10),
            new LocalizedObject(new Box(15, 5, 10, 10), "WBC", 0.75),
            object("WBC", 4, 4, 8, 8)),
        boxes(annotation(set, "a").objects()));
    assertTrue(annotation(set, "c").isEmpty());
    assertEquals(
        counts(
            Kind.UNKNOWN_CLASS, 1,
            Kind.WRONG_COLUMNS, 1,
            Kind.NOT_A_NUMBER, 1,
            Kind.DEGENERATE, 1,
            Kind.UNREAD_IMAGE, 1),
        set.problems().counts());
    write("data.yaml", "names: !!javax.script.ScriptEngineManager [x]");
    assertThrows(SpyhopException.class, () -> files.open(folder));
  }

  /** Keypoints without kpt_shape, of two and three numbers, and a tracker's score and number. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.5 0.5 0.25 0.5 0.5 0.5 0.6 0.6",
        "0.3 0.5 0.5 0.5 0.5 0.6 1 0 0 0",
        "0.5 0.5 0.25 0.5 0.5 0.6 2 0.4 0.3 2",
        "0.5 0.5 0.25 0.5 0.9 1"
      })
  void boxesOfYoloWithMoreNumbersAreNoPolygons(String line) throws IOException {
    write("classes.txt", "RBC\n");
    write("labels/a.txt", "0 " + line + "\n");
    write("labels/b.txt", "0 0.5 0.5 0.25 0.5\n");
    AnnotatedSet set = files.open(folder);
    assertEquals(List.of("images/b.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(counts(Kind.MORE_THAN_A_BOX, 1, Kind.UNREAD_IMAGE, 1), set.problems().counts());
  }

  /** Triangles at the edge, quadrangles, and polygons of as many corners each near the middle. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0.8 0.8 1 0.8 1 1",
        "0 0.1 0.1 0.5 0.1 0.5 0.5",
        "0 0.1 0.1 0.4 0.2 0.3 0.5 0.05 0.4",
        "0 0.3 0.3 0.4 0.3 0.4 0.4 0.3 0.4\n0 0.4 0.4 0.5 0.4 0.5 0.5 0.4 0.5"
      })
  void polygonsOfYoloStayPolygons(String lines) throws IOException {
    write("classes.txt", "RBC\n");
    write("labels/a.txt", lines + "\n");
    AnnotatedSet set = files.open(folder);
    assertTrue(set.problems().isEmpty(), set.problems().summary().toString());
    assertEquals(set.boxes(), set.masks());
    assertEquals(lines.lines().count(), set.boxes());
  }

  /** What YAML may take for a truth value or a number is a name all the same. */
  @Test
  void namesOfYoloAreWhatIsWritten() throws IOException {
    write("data.yaml", "names: {0: no, 1: 007}\n");
    write("labels/a.txt", "0 0.5 0.5 0.25 0.5\n1 0.5 0.5 0.25 0.5\n");
    assertEquals(
        List.of(object("no", 15, 5, 10, 10), object("007", 15, 5, 10, 10)),
        boxes(annotation(files.open(folder), "a").objects()));
  }

  @Test
  void coco() throws IOException {
    write(
        "annotations/instances.json",
        """
        {"images": [{"id": 7, "file_name": "a.png", "width": 40, "height": 20},
                    {"id": 8, "file_name": "../../c.png"}, {"id": 9, "file_name": "/etc/c.png"},
                    {"id": 10, "file_name": "b.png"}],
         "categories": [{"id": 3, "name": "mouse", "keypoints": ["nose", "tail"],
                         "skeleton": [[1, 2], [1, 5]]}],
         "annotations": [
          {"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 10, 5],
           "keypoints": [2, 3, 2, 9, 6, 1]},
          {"id": 2, "image_id": 7, "category_id": 3, "segmentation": [[5, 5, 9, 5, 9, 8.5]]},
          {"id": 3, "image_id": 7, "category_id": 3, "iscrowd": 0,
           "segmentation": {"size": [20, 40], "counts": [42, 3, 17, 3, 735]}},
          {"id": 4, "image_id": 10, "category_id": 3,
           "segmentation": {"size": [20, 40], "counts": [42, 3, 17, 3, 700]}},
          {"id": 5, "image_id": 10, "category_id": 4, "bbox": [1, 2, 10, 5]},
          {"id": 6, "image_id": 5, "category_id": 3, "bbox": [1, 2, 10, 5]},
          {"id": 7, "image_id": 7, "category_id": 3, "bbox": [1, 2, 10, 5], "iscrowd": 1},
          {"id": 8, "image_id": 7, "category_id": 3, "keypoints": [3, 3, 2, 0, 0, 0]},
          {"id": 9, "image_id": 7, "category_id": 3, "bbox": [1, 2, "10", 5]}]}
        """);
    AnnotatedSet set = files.open(folder);
    // runs down the columns of 20 pixels: 42 is column 2 row 2, 3 pixels; next column the same
    List<LocalizedObject> mice = annotation(set, "a").objects();
    assertEquals(
        List.of(
            object("mouse", 1, 2, 10, 5),
            object("mouse", 5, 5, 4, 3.5),
            object("mouse", 2, 2, 2, 3),
            object("mouse", 1, 2, 10, 5)),
        boxes(mice));
    // the triangle holds 0, 1, 2 and 3 centres in the columns 5 to 8
    assertEquals(
        List.of(0, 6, 6, 0), mice.stream().map(o -> o.mask().map(Mask::area).orElse(0)).toList());
    assertEquals(
        List.of(
            new Pose(
                "",
                Optional.of(mice.get(0)),
                List.of(
                    Keypoint.at("nose", 2, 3), new Keypoint("tail", 9, 6, 1, Visibility.OCCLUDED))),
            new Pose(List.of(Keypoint.at("nose", 3, 3)))),
        annotation(set, "a").poses());
    assertEquals(List.of(new Pair("nose", "tail")), set.keypoints().skeleton());
    assertEquals(
        counts(
            Kind.BAD_MASK, 1,
            Kind.UNKNOWN_CLASS, 1,
            Kind.MISSING_IMAGE, 3,
            Kind.CROWD, 1,
            Kind.UNREAD_IMAGE, 1),
        set.problems().counts());
  }

  @Test
  void deepLabCutOfOneAnimal() throws IOException {
    write(
        "labeled-data/day1/CollectedData_me.csv",
        """
        scorer,,,me,me,me,me
        bodyparts,,,leftear,leftear,rightear,rightear
        coords,,,x,y,x,y
        labeled-data,day1,a.png,1.5,2.25,,
        labeled-data,day2,a.png,3,4,50,4
        labeled-data,day2,c.png,3,4,50,4
        labeled-data,day2,b.png,3,x,5,4
        """);
    image("labeled-data/day1/a.png");
    image("labeled-data/day2/a.png");
    image("labeled-data/day2/b.png");
    AnnotatedSet set = files.open(folder);
    assertEquals(
        List.of(new Pose(List.of(Keypoint.at("leftear", 1.5, 2.25)))),
        set.images().get(0).annotation().poses());
    assertEquals(
        List.of(new Pose(List.of(Keypoint.at("leftear", 3, 4)))),
        set.images().get(1).annotation().poses());
    assertEquals(
        counts(
            Kind.POINT_OUTSIDE, 1,
            Kind.MISSING_IMAGE, 1,
            Kind.NOT_A_NUMBER, 1,
            Kind.UNREAD_IMAGE, 1),
        set.problems().counts());
    assertEquals("rightear", set.keypoints().mirror("leftear"));
  }

  @Test
  void deepLabCutOfSeveralAnimals() throws IOException {
    Path file =
        write(
            "predicted.csv",
            """
            scorer,net,net,net,net,net,net,net,net,net
            individuals,m1,m1,m1,m2,m2,m2,single,single,single
            bodyparts,nose,nose,nose,nose,nose,nose,corner,corner,corner
            coords,x,y,likelihood,x,y,likelihood,x,y,likelihood
            images/a.png,1,2,0.5,3,4,1,0,0,1
            """);
    assertEquals(
        List.of(
            new Pose(
                "m1",
                Optional.empty(),
                List.of(new Keypoint("nose", 1, 2, 0.5, Visibility.VISIBLE))),
            new Pose("m2", Optional.empty(), List.of(Keypoint.at("nose", 3, 4))),
            new Pose(List.of(Keypoint.at("corner", 0, 0)))),
        annotation(files.open(file), "a").poses());
  }

  @Test
  void labelImages() throws IOException {
    BufferedImage labels = new BufferedImage(40, 20, BufferedImage.TYPE_USHORT_GRAY);
    labels.getRaster().setSample(3, 4, 0, 300);
    labels.getRaster().setSample(6, 5, 0, 300);
    labels.getRaster().setSample(39, 19, 0, 7);
    Files.createDirectories(folder.resolve("masks"));
    ImageIO.write(labels, "png", folder.resolve("masks/a.png").toFile());
    assertEquals(
        List.of(object("object", 39, 19, 1, 1), object("object", 3, 4, 4, 2)),
        boxes(annotation(files.open(folder), "a").objects()));
  }

  // --- there and back

  private AnnotatedSet set(boolean keypoints) {
    KeypointLayout layout =
        new KeypointLayout(
            List.of("leftear", "rightear"),
            List.of(new Pair("leftear", "rightear")),
            List.of(new Pair("leftear", "rightear")));
    LocalizedObject first = object("cell", 1, 2, 10, 6);
    LocalizedObject second = object("debris", 20.5, 3.25, 8, 9);
    List<Pose> poses =
        List.of(
            new Pose("", Optional.of(second), List.of(Keypoint.at("leftear", 21.5, 4.25))),
            new Pose(
                "",
                Optional.of(first),
                List.of(Keypoint.at("leftear", 2, 3), Keypoint.at("rightear", 9.75, 5))));
    ImageSize size = new ImageSize(40, 20);
    return new AnnotatedSet(
        List.of(
            new AnnotatedImage(
                "images/a.png",
                folder.resolve("images/a.png"),
                new Annotation(size, List.of(first, second), keypoints ? poses : List.of())),
            new AnnotatedImage(
                "images/b.png", folder.resolve("images/b.png"), Annotation.empty(size))),
        List.of("cell", "debris"),
        keypoints ? layout : KeypointLayout.NONE,
        new Problems());
  }

  private static List<Pose> sorted(List<Pose> poses) {
    List<Pose> list = new ArrayList<>(poses);
    list.sort(java.util.Comparator.comparing(p -> p.keypoints().get(0).x()));
    return list;
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "coco", "yolo", "voc", "rois"})
  void boxesComeBack(String format) {
    AnnotatedSet set = set(false);
    files.format(format).write(set, folder);
    AnnotatedSet back = files.open(folder);
    assertTrue(back.problems().isEmpty(), back.problems().summary().toString());
    assertEquals(set.classes(), back.classes());
    for (AnnotatedImage image : back.images()) {
      assertEquals(annotation(set, image.stem()), rounded(image.annotation()), image.name());
    }
    // a ROI file without regions says nothing of its image
    assertEquals(format.equals("rois") ? 1 : 2, back.images().size());
  }

  /** YOLO's relative coordinates are exact to a thousandth of a pixel. */
  private static Annotation rounded(Annotation a) {
    List<LocalizedObject> objects = new ArrayList<>();
    for (LocalizedObject o : a.objects()) {
      Box b = o.box();
      objects.add(
          o.withBox(new Box(round(b.x()), round(b.y()), round(b.width()), round(b.height()))));
    }
    List<Pose> poses = new ArrayList<>();
    for (Pose p : a.poses()) {
      Optional<LocalizedObject> object = p.object().map(o -> objects.get(a.objects().indexOf(o)));
      poses.add(
          new Pose(
              p.individual(),
              object,
              p.keypoints().stream().map(k -> k.movedTo(round(k.x()), round(k.y()))).toList()));
    }
    return new Annotation(a.size(), objects, poses);
  }

  private static double round(double v) {
    return Math.rint(v * 1000) / 1000;
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "coco", "yolo", "rois"})
  void keypointsOfBoxesComeBack(String format) {
    AnnotatedSet set = set(true);
    files.format(format).write(set, folder);
    AnnotatedSet back = files.open(folder);
    assertTrue(back.problems().isEmpty(), back.problems().summary().toString());
    Annotation a = rounded(annotation(back, "a"));
    assertEquals(annotation(set, "a").objects(), a.objects());
    assertEquals(sorted(annotation(set, "a").poses()), sorted(a.poses()));
    assertEquals(set.keypoints().names(), back.keypoints().names());
    if (format.equals("coco")) assertEquals(set.keypoints(), back.keypoints());
  }

  @Test
  void posesOfIndividualsComeBackFromDeepLabCut() {
    ImageSize size = new ImageSize(40, 20);
    Annotation annotation =
        new Annotation(
            size,
            List.of(),
            List.of(
                new Pose("m1", Optional.empty(), List.of(Keypoint.at("nose", 1.25, 2))),
                new Pose("m2", Optional.empty(), List.of(Keypoint.at("tail", 3, 4)))));
    AnnotatedSet set =
        new AnnotatedSet(
            List.of(new AnnotatedImage("images/a.png", folder.resolve("images/a.png"), annotation)),
            List.of(),
            new KeypointLayout(List.of("nose", "tail"), List.of(), List.of()),
            new Problems());
    files.format("deeplabcut").write(set, folder);
    assertEquals(annotation, annotation(files.open(folder), "a"));
    assertThrows(SpyhopException.class, () -> files.format("voc").write(set, folder));
    assertThrows(SpyhopException.class, () -> files.format("deeplabcut").write(set(true), folder));
  }

  @Test
  void labelImagesTakeMasksThatDoNotCoverEachOther() {
    LocalizedObject left = masked(1, 2, 3, 4);
    LocalizedObject right = masked(20, 9, 9, 9);
    AnnotatedSet set = objects(left, right);
    files.format("labels").write(set, folder);
    assertEquals(List.of(left, right), annotation(files.open(folder), "a").objects());
    for (AnnotatedSet refused : List.of(objects(left, left), set(false))) {
      assertThrows(SpyhopException.class, () -> files.format("labels").write(refused, folder));
    }
    AnnotatedSet boxOnly = objects(left, object("object", 20, 9, 9, 9));
    String said =
        assertThrows(SpyhopException.class, () -> files.format("labels").write(boxOnly, folder))
            .getMessage();
    assertTrue(said.contains("images/a.png has an object without an outline"), said);
  }

  private AnnotatedSet objects(LocalizedObject... objects) {
    Annotation annotation = new Annotation(new ImageSize(40, 20), List.of(objects), List.of());
    Path file = folder.resolve("images/a.png");
    return new AnnotatedSet(
        List.of(new AnnotatedImage("images/a.png", file, annotation)),
        List.of("object"),
        KeypointLayout.NONE,
        new Problems());
  }

  private static AnnotatedSet set(List<AnnotatedImage> images) {
    return new AnnotatedSet(images, List.of("object"), KeypointLayout.NONE, new Problems());
  }

  private static AnnotationFiles withRois() {
    return new AnnotationFiles(new ImageFiles());
  }

  private static LocalizedObject masked(int x, int y, int width, int height) {
    Mask.Builder mask = new Mask.Builder(new ImageSize(40, 20));
    for (int column = x; column < x + width; column++) mask.column(column, y, y + height);
    Box box = new Box(x, y, width, height);
    return new LocalizedObject(box, "object", 1, Optional.of(mask.build()));
  }

  /** One name in the folder and below: what is said by path, or lies beside it, is of that one. */
  @ParameterizedTest
  @ValueSource(strings = {"csv", "coco", "voc", "yolo", "labels", "rois"})
  void imagesOfOneNameAreToldApartByPath(String format) throws IOException {
    Path to = folder.resolve("apart");
    List<AnnotatedImage> images = new ArrayList<>();
    for (String name : List.of("a.png", "d1/a.png", "d2/a.png")) {
      image("apart/" + name);
      LocalizedObject object = masked(1 + 3 * images.size(), 2, 5, 6);
      images.add(
          new AnnotatedImage(
              name,
              to.resolve(name),
              new Annotation(new ImageSize(40, 20), List.of(object), List.of())));
    }
    withRois().format(format).write(set(images), to);
    AnnotatedSet back = withRois().open(to);
    assertEquals(
        List.of("a.png at 1", "d1/a.png at 4", "d2/a.png at 7"),
        back.images().stream()
            .map(i -> i.name() + " at " + Math.round(i.annotation().objects().get(0).box().x()))
            .toList(),
        back.problems().summary().toString());
  }

  /** As Ultralytics and Roboflow lay them out. */
  @Test
  void imagesOfOneNameInSubsetsOfYolo() throws IOException {
    write("s/data.yaml", "names: [cell]\n");
    for (String subset : List.of("train", "valid")) image("s/" + subset + "/images/a.png");
    write("s/train/labels/a.txt", "0 0.5 0.5 0.25 0.5\n");
    write("s/valid/labels/a.txt", "");
    AnnotatedSet set = files.open(folder.resolve("s"));
    assertEquals(
        List.of("train/images/a.png 1", "valid/images/a.png 0"),
        set.images().stream().map(i -> i.name() + " " + i.annotation().objects().size()).toList());
  }

  @Test
  void annotationsBesideTheirImageAreOfIt() throws IOException {
    for (String name : List.of("v/a", "v/d1/a")) image(name + ".png");
    write("v/a.xml", voc(vocObject("RBC", 1, 1, 5, 5)));
    write("v/d1/a.xml", voc(vocObject("RBC", 2, 2, 7, 7)));
    AnnotatedSet set = files.open(folder.resolve("v"));
    assertEquals(List.of("a.png", "d1/a.png"), set.images().stream().map(i -> i.name()).toList());
    assertEquals(object("RBC", 2, 2, 5, 5), set.images().get(1).annotation().objects().get(0));
  }

  /** Label images below the folder are no images, and two of one image are one too many. */
  @Test
  void labelImagesAreNoImages() throws IOException {
    for (String name : List.of("l/a", "l/d1/a", "l/a_labels", "l/d1/a_labels")) {
      image(name + ".png");
    }
    AnnotatedSet set = files.open(folder.resolve("l"));
    assertEquals(List.of("a.png"), set.images().stream().map(i -> i.name()).toList());
    image("m/a.png");
    image("m/labels/a.png");
    image("m/labels/a.bmp");
    image("m/b.png");
    image("m/labels/b.png");
    set = files.open(folder.resolve("m"));
    assertEquals(List.of("b.png"), set.images().stream().map(i -> i.name()).toList());
    String said = String.join(" ", set.problems().summary());
    assertTrue(said.contains("1 image with several label images") && said.contains("a.bmp"), said);
  }

  @Test
  void imagesWithoutALabelImageAreNamed() throws IOException {
    for (String name : List.of("images/a", "images/b", "images/c", "labels/a", "other/d")) {
      image(name + ".png");
    }
    Problems problems = files.open(folder).problems();
    assertFalse(problems.isLossy());
    assertEquals(
        List.of("images/b.png", "images/c.png"),
        problems.of(Problem.Kind.NO_LABELS).stream().map(Problem::toString).toList());
  }

  /** A data set may be called like the folder of its label images. */
  @ParameterizedTest
  @ValueSource(strings = {"labels/images/a", "labels/a"})
  void aDataSetMayBeCalledLabels(String own) throws IOException {
    image("a.png");
    image(own + ".png");
    image("labels/labels/a.png");
    AnnotatedSet set = files.open(folder.resolve("labels"));
    assertEquals(
        List.of(folder.resolve(own + ".png")), set.images().stream().map(i -> i.file()).toList());
  }

  /** As Excel writes what it is to split cells by. */
  @ParameterizedTest
  @ValueSource(strings = {"sep=;\n", "\uFEFFsep=;\r\n", "\"sep=;\"\n"})
  void theSeparatorThatExcelNamesIsNoHeader(String first) throws IOException {
    image("a.png");
    write("boxes.csv", first + "image;class;x;y;width;height\na,png;cell;1,5;2;3;4\n");
    write("index.csv", first + "image;subset\na.png;val\n");
    assertTrue(files.areIn(folder));
    write("boxes.csv", first + "image;class;x;y;width;height\na.png;cell;1,5;2;3;4\n");
    AnnotatedSet set = files.open(folder, Optional.empty(), Optional.of("val"));
    assertEquals(new Box(1.5, 2, 3, 4), set.images().get(0).annotation().objects().get(0).box());
  }

  /** A table loses blanks at the ends of names. */
  @Test
  void namesThatDifferInBlanksAreNotTakenForOne() throws IOException {
    image("n/a.png");
    image("n/ a.png");
    image("n/b.png");
    write("n/boxes.csv", "image,class,x,y,width,height\n a.png,RBC,1,1,9,9\nb.png,RBC,2,2,9,9\n");
    AnnotatedSet set = files.open(folder.resolve("n"));
    assertEquals(List.of("b.png"), set.images().stream().map(i -> i.name()).toList());
    assertEquals(1, set.problems().count(Kind.AMBIGUOUS_IMAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yolo", "labels", "rois"})
  void imagesThatDifferInExtensionOrCaseAreNotWritten(String format) {
    for (String other : List.of("a.bmp", "A.png")) {
      List<AnnotatedImage> images = new ArrayList<>();
      for (String name : List.of("a.png", other)) {
        Annotation one =
            new Annotation(new ImageSize(40, 20), List.of(masked(1, 2, 5, 6)), List.of());
        images.add(new AnnotatedImage(name, folder.resolve(name), one));
      }
      AnnotationFormat to = withRois().format(format);
      AnnotatedSet set = set(images);
      String said = assertThrows(SpyhopException.class, () -> to.write(set, folder)).getMessage();
      assertTrue(said.contains("a.png and " + other), said);
    }
  }

  /** A German spreadsheet saves it so. */
  @Test
  void deepLabCutWithSemicolons() throws IOException {
    write("dlc.csv", "scorer;me;me\nbodyparts;nose;nose\ncoords;x;y\na.png;1,25;3,5\n");
    assertEquals(
        List.of(Keypoint.at("nose", 1.25, 3.5)),
        annotation(files.open(folder), "a").poses().get(0).keypoints());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boxes.csv:line 2:image,class,x,y,width,height\na,\"ce\"ll,1,1,9,9\nb,cell,1,1,9,9\n",
        "boxes.csv:line 2:image,class,x,y,width,height\na,\"cell,1,1,9,9\nb,cell,1,1,9,9\n",
        "c.json:line 2:{\"images\": [],\n\"annotations\": [{\"bbox\": [nope, 1, 2, 3]}]}",
        "c.json:line 2:{\"images\": [],\n\"annotations\": [{\"bbox\": [1, 1"
      })
  void whatCannotBeParsedIsToldWithoutClassesOfJava(String given) throws IOException {
    String[] parts = given.split(":", 3);
    write(parts[0], parts[2]);
    String said = assertThrows(SpyhopException.class, () -> files.open(folder)).getMessage();
    assertTrue(said.contains(parts[0]) && said.contains(parts[1]), said);
    assertFalse(said.matches("(?s).*(Exception|Feature|Source|startline|org\\.).*"), said);
  }

  // --- what format it is

  @Test
  void anUnknownFormatIsToldWhatThereIs() throws IOException {
    SpyhopException e = assertThrows(SpyhopException.class, () -> files.open(folder));
    for (AnnotationFormat f : files.formats()) assertTrue(e.getMessage().contains(f.layout()));
    write("boxes.csv", "image,class,x,y,width,height\na,c,1,1,5,5\n");
    write("annotations/a.xml", voc(vocObject("RBC", 1, 1, 5, 5)));
    e = assertThrows(SpyhopException.class, () -> files.open(folder));
    assertTrue(e.getMessage().contains("csv") && e.getMessage().contains("voc"), e.getMessage());
    assertEquals(1, files.open(folder.resolve("annotations")).boxes());
    assertThrows(SpyhopException.class, () -> files.open(folder.resolve("nowhere")));
    write("boxes.csv", "image,class,x,y,width,height\nzzz,c,1,1,5,5\n");
    e = assertThrows(SpyhopException.class, () -> files.open(folder.resolve("boxes.csv")));
    assertTrue(e.getMessage().contains("zzz"), e.getMessage());
  }

  @Test
  void onlyASubset() throws IOException {
    write("boxes.csv", "image,class,x,y,width,height\na,c,1,1,5,5\nb,c,2,2,5,5\n");
    Path index = write("split.csv", "name,subset\na,train\nb.png,val\nzzz,val\n");
    AnnotatedSet set = files.open(folder, Optional.of(index), Optional.of("val"));
    assertEquals(List.of("images/b.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals("zzz", set.problems().of(Kind.NO_ANNOTATION).get(0).what());
    assertThrows(
        SpyhopException.class, () -> files.open(folder, Optional.of(index), Optional.of("tst")));
  }

  @Test
  void imagesOfOneNameAreToldApartByTheirFolders() throws IOException {
    image("x/one/c.png");
    image("x/two/c.png");
    write(
        "boxes.csv",
        "image,class,x,y,width,height\none/c.png,k,1,1,5,5\nD:\\x\\two\\c.png,k,2,2,5,5\n");
    assertEquals(
        List.of("x/one/c.png", "x/two/c.png"),
        files.open(folder).images().stream().map(AnnotatedImage::name).toList());
    write("boxes.csv", "image,class,x,y,width,height\none/c,k,1,1,5,5\nc,k,3,3,5,5\na,,,,,\n");
    AnnotatedSet set = files.open(folder);
    // it may be of either
    assertEquals(List.of("images/a.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(counts(Kind.AMBIGUOUS_IMAGE, 1, Kind.UNREAD_IMAGE, 2), set.problems().counts());
  }
}
