package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.gui.Roi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.dataset.format.Problem.Kind;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.util.Strings;

/** The same mistakes in every format: each is counted, named and skipped, and the rest is used. */
class BadRowsTest {

  private static final Map<Kind, Integer> BOXES =
      Map.of(Kind.DEGENERATE, 1, Kind.OUTSIDE, 1, Kind.UNKNOWN_CLASS, 1, Kind.MISSING_IMAGE, 1);

  private static final Map<Kind, Integer> POINTS =
      Map.of(
          Kind.POINT_OUTSIDE, 1, Kind.NOT_A_NUMBER, 1, Kind.MISSING_IMAGE, 1, Kind.UNREAD_IMAGE, 1);

  private interface Writer {
    void write(Path folder) throws IOException;
  }

  /**
   * One data set with mistakes and one sound annotation of the image a, a cell of 10 x 5 pixels at
   * 1, 2 or a nose at 3, 4.
   */
  private record Case(String format, Writer writer, Map<Kind, Integer> expected) {
    @Override
    public String toString() {
      return format;
    }
  }

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("images/a.png", "images/b.png")) picture(folder, name);
  }

  private static void picture(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
  }

  private static void text(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String voc(String... nameAndCorners) {
    StringBuilder xml = new StringBuilder("<annotation>");
    for (String o : nameAndCorners) {
      String[] v = o.split(" ");
      xml.append(
              Strings.format(
                  "<object><name>%s</name><bndbox><xmin>%s</xmin><ymin>%s</ymin>", (Object[]) v))
          .append(
              Strings.format("<xmax>%4$s</xmax><ymax>%5$s</ymax></bndbox></object>", (Object[]) v));
    }
    return xml + "</annotation>";
  }

  private static Roi roi(String name, double x, double y, double width, double height) {
    Roi roi = new Roi(x, y, width, height);
    roi.setName(name);
    return roi;
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "csv",
            f ->
                text(
                    f,
                    "boxes.csv",
                    """
                    image,class,x,y,width,height
                    a,cell,1,2,10,5
                    a,cell,3,3,0,4
                    a,cell,50,3,5,5
                    a,fish,3,3,5,5
                    zzz,cell,3,3,5,5
                    """),
            BOXES),
        new Case(
            "coco",
            f ->
                text(
                    f,
                    "a.json",
                    """
                    {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "zzz.png"}],
                     "categories": [{"id": 1, "name": "cell"}, {"id": 2, "name": "fish"}],
                     "annotations": [
                      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 10, 5]},
                      {"id": 2, "image_id": 1, "category_id": 1, "bbox": [3, 3, 0, 4]},
                      {"id": 3, "image_id": 1, "category_id": 1, "bbox": [50, 3, 5, 5]},
                      {"id": 4, "image_id": 1, "category_id": 2, "bbox": [3, 3, 5, 5]},
                      {"id": 5, "image_id": 2, "category_id": 1, "bbox": [3, 3, 5, 5]}]}
                    """),
            BOXES),
        new Case(
            "yolo",
            f -> {
              text(f, "data.yaml", "names: [cell]");
              text(
                  f,
                  "labels/a.txt",
                  """
                  0 0.15 0.225 0.25 0.25
                  0 0.5 0.5 0.001 0.5
                  """);
              text(
                  f,
                  "labels/b.txt",
                  """
                  0 1.5 0.5 0.25 0.25
                  1 0.5 0.5 0.25 0.25
                  """);
              text(f, "labels/zzz.txt", "0 0.5 0.5 0.25 0.25");
            },
            Map.of(
                Kind.DEGENERATE,
                1,
                Kind.NOT_RELATIVE,
                1,
                Kind.UNKNOWN_CLASS,
                1,
                Kind.MISSING_IMAGE,
                1,
                Kind.UNREAD_IMAGE,
                1)),
        new Case(
            "voc",
            f -> {
              text(
                  f,
                  "annotations/a.xml",
                  voc("cell 1 2 11 7", "cell 3 3 3 7", "cell 50 3 55 8", "fish 3 3 8 8"));
              text(f, "annotations/zzz.xml", voc("cell 3 3 8 8"));
            },
            BOXES),
        new Case(
            "rois",
            f -> {
              Files.createDirectories(f.resolve("rois"));
              Rois.writeZip(
                  f.resolve("rois/a.zip"),
                  List.of(
                      roi("cell", 1, 2, 10, 5),
                      roi("cell", 3, 3, 0.5, 4),
                      roi("cell", 50, 3, 5, 5),
                      roi("fish", 3, 3, 5, 5)));
              Rois.writeZip(f.resolve("rois/zzz.zip"), List.of(roi("cell", 3, 3, 5, 5)));
            },
            BOXES),
        new Case(
            "labels",
            f -> {
              BufferedImage labels = new BufferedImage(40, 20, BufferedImage.TYPE_USHORT_GRAY);
              for (int i = 0; i < 50; i++)
                labels.getRaster().setSample(1 + i % 10, 2 + i / 10, 0, 1);
              Files.createDirectories(f.resolve("labels"));
              ImageIO.write(labels, "png", f.resolve("labels/a.png").toFile());
              ImageIO.write(labels, "png", f.resolve("labels/zzz.png").toFile());
              BufferedImage small = new BufferedImage(8, 8, BufferedImage.TYPE_USHORT_GRAY);
              ImageIO.write(small, "png", f.resolve("labels/b.png").toFile());
            },
            Map.of(Kind.MISSING_IMAGE, 1, Kind.UNREADABLE, 1, Kind.UNREAD_IMAGE, 1)),
        new Case(
            "keypoints in csv",
            f ->
                text(
                    f,
                    "keypoints.csv",
                    """
                    image,keypoint,x,y
                    a,nose,3,4
                    a,tail,50,4
                    b,ear,x,4
                    zzz,nose,3,4
                    """),
            POINTS),
        new Case(
            "deeplabcut",
            f ->
                text(
                    f,
                    "dlc.csv",
                    """
                    scorer,me,me,me,me,me,me
                    bodyparts,nose,nose,tail,tail,ear,ear
                    coords,x,y,x,y,x,y
                    images/a.png,3,4,50,4,,
                    images/b.png,3,4,,,x,4
                    images/zzz.png,3,4,5,6,7,8
                    """),
            POINTS));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void areCountedNamedAndSkipped(Case given) throws IOException {
    given.writer.write(folder);
    AnnotationFiles files = new AnnotationFiles(new ImageFiles());
    List<String> classes = given.format.equals("labels") ? List.of() : List.of("cell");
    AnnotatedSet set = files.open(folder, folder, classes);
    assertEquals(given.expected, set.problems().counts(), set.problems().summary().toString());
    boolean points = given.expected.containsKey(Kind.POINT_OUTSIDE);
    assertEquals(points ? 0 : 1, set.boxes());
    assertEquals(points ? 1 : 0, set.points());
    for (Kind kind : given.expected.keySet()) {
      Problem problem = set.problems().of(kind).get(0);
      assertFalse(problem.what().isBlank(), problem.toString());
      assertEquals(kind == Kind.UNREAD_IMAGE, problem.file().isBlank(), problem.toString());
      if (kind == Kind.MISSING_IMAGE) {
        assertTrue(problem.toString().contains("zzz"), problem.toString());
      }
    }
  }
}
