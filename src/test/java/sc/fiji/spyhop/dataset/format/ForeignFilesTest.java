package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.Strings;

/** Files of darknet, LabelMe, labelImg and DeepLabCut, as these programs write them. */
class ForeignFilesTest {

  @TempDir Path folder;

  /** 40 x 20 pixels. */
  @BeforeEach
  void image() throws IOException {
    Path file = folder.resolve("images/a.png");
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
  }

  private void text(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private AnnotatedSet open() {
    return new AnnotationFiles(new ImageFiles()).open(folder);
  }

  private Annotation a() {
    return open().images().get(0).annotation();
  }

  /** 0.25 of 40 columns is 10, 0.5 of 20 rows is 10. */
  @Test
  void darknet() throws IOException {
    text("obj.names", "cell\ndebris\n");
    text("obj.data", "classes = 2\nnames = obj.names\n");
    text("train.txt", "images/a.png\n");
    text("images/a.txt", "1 0.5 0.5 0.25 0.5\n");
    Annotation a = a();
    assertEquals("debris", a.objects().get(0).type());
    assertEquals(new Box(15, 5, 10, 10), a.objects().get(0).box());
  }

  /** Its list of images is no annotation, whatever the folders above are called. */
  @Test
  void darknetBelowAFolderOfLabels() throws IOException {
    Path set = Files.createDirectories(folder.resolve("labels/set"));
    Files.move(folder.resolve("images"), set.resolve("images"));
    text("labels/set/obj.names", "cell\ndebris\n");
    text("labels/set/train.txt", "images/a.png\n");
    text("labels/set/images/a.txt", "1 0.5 0.5 0.25 0.5\n");
    AnnotatedSet found = new AnnotationFiles(new ImageFiles()).open(set);
    assertEquals(List.of(), found.problems().summary());
    assertEquals("debris", found.images().get(0).annotation().objects().get(0).type());
  }

  @Test
  void yoloInOtherEncodingsAndALittleOverTheEdge() throws IOException {
    text("classes.txt", "\uFEFFcell\r\n");
    Files.createDirectories(folder.resolve("labels"));
    Files.write(
        folder.resolve("labels/a.txt"),
        "\uFEFF0 0.500001 0.5 1.000002 1\r\n0 0.9 0.5 0.2 1.0000001\r\n"
            .getBytes(StandardCharsets.UTF_16LE));
    Annotation a = a();
    assertEquals(40, a.objects().get(0).box().right(), 1e-3);
    assertEquals(32, a.objects().get(1).box().x(), 1e-3);
    Files.writeString(folder.resolve("labels/a.txt"), "");
    assertTrue(a().isEmpty());
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    text("labels/a.txt", "1 0.5 0.5 0.25 0.5\n");
    refusedQuickly("a.txt looks like YOLO, but there is no file that names the classes");
    Files.delete(folder.resolve("labels/a.txt"));
    text("a.json", "{\"version\": \"5.0.1\", \"flags\": {}, \"shapes\": []}");
    refusedQuickly("a.json looks like LabelMe's JSON");
  }

  @Test
  void yamlWhoseAliasesExpand() throws IOException {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      yaml.append("a" + i + ": &a" + i + " [");
      yaml.append(("*a" + (i - 1) + ", ").repeat(9)).append("x]\n");
    }
    text("data.yaml", yaml + "names: *a11\n");
    text("labels/a.txt", "0 0.5 0.5 0.25 0.5\n");
    refusedQuickly("data.yaml");
    text("data.yaml", "names: [cell]\nkpt_shape: &k [[2, 3], [3, 2]]\nx: *k\n");
    refusedQuickly("data.yaml");
    text("data.yaml", "names: [" + "c".repeat(2000) + "]\n");
    refusedQuickly("at most 1000 letters");
    text("data.yaml", "names: {0: cell, 65535: debris}\n");
    refusedQuickly("65535");
    text("data.yaml", "names: " + "[".repeat(5000) + "]".repeat(5000));
    refusedQuickly("data.yaml");
  }

  private void refusedQuickly(String named) {
    String said =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () -> assertThrows(SpyhopException.class, this::open).getMessage());
    assertTrue(said.contains(named), said);
  }

  /** LabelMe's online tool: polygons, deleted objects, the size in rows and columns. */
  @Test
  void labelMe() throws IOException {
    text(
        "Annotations/a.xml",
        """
        <annotation><filename>a.png</filename><folder>x</folder>
         <source><sourceImage>The MIT-CSAIL database</sourceImage></source>
         <object><name>gone</name><deleted>1</deleted><id>0</id></object>
         <object><name>cell
         </name><deleted>0</deleted><verified>0</verified><id>1</id><type/>
          <polygon><username>me</username>
           <pt><x>8</x><y>8</y></pt><pt><x>22</x><y>8</y></pt>
           <pt><x>22</x><y>18</y></pt><pt><x>8</x><y>18</y></pt></polygon></object>
         <imagesize><nrows>20</nrows><ncols>40</ncols></imagesize></annotation>
        """);
    Annotation a = a();
    assertEquals(1, a.objects().size());
    assertEquals("cell", a.objects().get(0).type());
    assertEquals(new Box(8, 8, 14, 10), a.objects().get(0).box());
    assertEquals(140, a.objects().get(0).mask().orElseThrow().area());
  }

  @Test
  void labelImg() throws IOException {
    text(
        "Annotations/a.xml",
        """
        <?xml version="1.0" encoding="utf-8"?>
        <annotation verified="yes"><folder>f</folder><filename>other.jpg</filename>
         <size><width>80</width><height>40</height><depth>1</depth></size><segmented>0</segmented>
         <object><name>cell</name><pose>Left</pose><truncated>1</truncated><occluded>0</occluded>
          <difficult>1</difficult><bndbox><ymax>30.5</ymax><xmin>10.0</xmin><ymin>1e1</ymin>
          <xmax>50</xmax></bndbox><part><name>nose</name></part></object></annotation>
        """);
    AnnotatedSet set = open();
    assertEquals(new Box(5, 5, 20, 10.25), set.images().get(0).annotation().objects().get(0).box());
    assertEquals(1, set.problems().count(Problem.Kind.SCALED));
  }

  @Test
  void xmlNestedDeeply() throws IOException {
    text("Annotations/a.xml", "<annotation>" + "<object>".repeat(100_000));
    Path b = folder.resolve("images/b.png");
    Files.copy(folder.resolve("images/a.png"), b);
    text(
        "Annotations/b.xml",
        "<annotation><object><name>cell</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax>"
            + "<ymax>8</ymax></bndbox></object></annotation>");
    AnnotatedSet set = open();
    assertEquals(List.of("images/b.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(1, set.problems().count(Problem.Kind.UNREADABLE));
    text(
        "Annotations/a.xml",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><annotation>&x;</annotation>");
    assertEquals(1, open().problems().count(Problem.Kind.UNREADABLE));
  }

  /** maDLC: unique body parts are those of the individual "single". */
  @Test
  void deepLabCutOfSeveralAnimals() throws IOException {
    text(
        "CollectedData_me.csv",
        """
        scorer,,,me,me,me,me,me,me
        individuals,,,m1,m1,m2,m2,single,single
        bodyparts,,,nose,nose,nose,nose,corner,corner
        coords,,,x,y,x,y,x,y
        labeled-data,images,a.png,1.5,2.5,3.5,4.5,5.5,6.5
        """);
    List<Pose> poses = a().poses();
    assertEquals(List.of("m1", "m2", ""), poses.stream().map(Pose::individual).toList());
    assertEquals(List.of("nose", "corner"), open().keypoints().names());
    assertEquals(5.5, poses.get(2).keypoint("corner").orElseThrow().x());
  }

  @Test
  void aWideTableOfDeepLabCut() throws IOException {
    int n = 1200;
    StringBuilder parts = new StringBuilder("bodyparts");
    StringBuilder values = new StringBuilder("images/a.png");
    for (int i = 0; i < n; i++) {
      parts.append(Strings.format(",part%04d,part%04d", i, i));
      values.append(i == n - 1 ? ",7,8" : ",,");
    }
    text(
        "dlc.csv",
        "scorer"
            + ",somebody".repeat(2 * n)
            + "\n"
            + parts
            + "\n"
            + "coords"
            + ",x,y".repeat(n)
            + "\n"
            + values
            + "\n");
    assertEquals(7, a().poses().get(0).keypoint("part1199").orElseThrow().x());
  }
}
