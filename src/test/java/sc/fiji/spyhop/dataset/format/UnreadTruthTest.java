package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.gui.Roi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.util.Strings;

/** What is said of b cannot be read: then b is no image without objects. */
class UnreadTruthTest {

  private interface Writer {
    void write(Path folder) throws IOException;
  }

  /**
   * @param named what names the fault
   */
  private record Case(String name, String named, Writer writer) {
    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("a", "b")) {
      png(folder, "images/" + name + ".png", new BufferedImage(40, 20, 10));
    }
  }

  private static void png(Path folder, String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  private static void text(Path folder, String name, String text) throws IOException {
    bytes(folder, name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(Path folder, String name, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static Case yolo(String name, byte[] ofB) {
    return new Case(
        "YOLO, " + name,
        "b.txt",
        f -> {
          text(f, "classes.txt", "cell\n");
          text(f, "labels/a.txt", "0 0.5 0.5 0.25 0.5\n");
          bytes(f, "labels/b.txt", ofB);
        });
  }

  private static Case voc(String name, String object) {
    return new Case(
        "VOC, " + name,
        "b.xml",
        f -> {
          text(f, "Annotations/a.xml", voc("<bndbox>%s</bndbox>", "15", "25"));
          text(f, "Annotations/b.xml", object);
        });
  }

  private static String voc(String box, String left, String right) {
    return "<annotation><object><name>cell</name>"
        + Strings.format(
            box,
            Strings.format(
                "<xmin>%s</xmin><ymin>5</ymin><xmax>%s</xmax><ymax>15</ymax>", left, right))
        + "</object></annotation>";
  }

  private static Case csv(String name, String row) {
    return new Case(
        "CSV, " + name,
        "boxes.csv",
        f -> text(f, "boxes.csv", "image,class,x,y,width,height\na,cell,15,5,10,10\n" + row));
  }

  /** A row of b like that of a, but of another plane. */
  private static Case slice(String file, String a, String plane) {
    String row = a.lines().skip(1).findFirst().orElseThrow();
    String b = "b" + row.substring(1, row.length() - 1) + plane;
    return new Case("CSV, no such plane: " + b, "row 3", f -> text(f, file, a + b + "\n"));
  }

  private static Case coco(String name, String fields) {
    return new Case(
        "COCO, " + name,
        "annotation 2",
        f ->
            text(
                f,
                "coco.json",
                Strings.format(
                    """
                {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
                 "categories": [{"id": 7, "name": "cell"}],
                 "annotations": [
                  {"id": 1, "image_id": 1, "category_id": 7, "bbox": [15, 5, 10, 10]},
                  {"id": 2, "image_id": 2, %s}]}
                """,
                    fields)));
  }

  /** Two entries that both mean b. */
  private static Case twice(String one, String other) {
    return new Case(
        "COCO, " + one + " and " + other,
        "image 3: " + other,
        f ->
            text(
                f,
                "coco.json",
                Strings.format(
                    """
                {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "%s"},
                  {"id": 3, "file_name": "%s", "width": 80, "height": 40}],
                 "categories": [{"id": 7, "name": "cell"}],
                 "annotations": [
                  {"id": 1, "image_id": 1, "category_id": 7, "bbox": [15, 5, 10, 10]},
                  {"id": 2, "image_id": 2, "category_id": 7, "bbox": [5, 5, 10, 10]},
                  {"id": 3, "image_id": 3, "category_id": 7, "bbox": [20, 5, 10, 10]}]}
                """,
                    one, other)));
  }

  private static Case rois(String name, int bytesLeft) {
    return new Case(
        "ROIs, " + name,
        "b.zip",
        f -> {
          Files.createDirectories(f.resolve("rois"));
          for (String image : List.of("a", "b")) {
            Roi roi = new Roi(15, 5, 10, 10);
            roi.setName("cell");
            Rois.writeZip(f.resolve("rois/" + image + ".zip"), List.of(roi));
          }
          Path b = f.resolve("rois/b.zip");
          byte[] all = Files.readAllBytes(b);
          Files.write(b, Arrays.copyOf(all, bytesLeft < 0 ? all.length + bytesLeft : bytesLeft));
        });
  }

  private static void label(Path f, String name) throws IOException {
    BufferedImage labels = new BufferedImage(40, 20, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 100; i++) labels.getRaster().setSample(15 + i % 10, 5 + i / 10, 0, 1);
    png(f, "labels/" + name + ".png", labels);
  }

  static Stream<Case> cases() {
    byte[] row = "0 0.5 0.5 0.25 0.5\n".getBytes(StandardCharsets.UTF_16BE);
    return Stream.of(
        yolo("decimal commas", "0 0,5 0,5 0,25 0,5\n".getBytes(StandardCharsets.UTF_8)),
        yolo("UTF-16 without a mark", row),
        yolo("no text", new byte[] {(byte) 0x80, (byte) 0xFF, 3}),
        yolo("pixels", "0 20 10 10 10\n".getBytes(StandardCharsets.UTF_8)),
        yolo("an unknown class", "3 0.5 0.5 0.25 0.5\n".getBytes(StandardCharsets.UTF_8)),
        yolo("too few numbers", "0 0.5 0.5 0.25\n".getBytes(StandardCharsets.UTF_8)),
        yolo(
            "one of two", "0 0.5 0.5 0.25 0.5\n0 0.5 0.5 x 0.5\n".getBytes(StandardCharsets.UTF_8)),
        yolo("too thin", "0 0.5 0.5 0.001 0.5\n".getBytes(StandardCharsets.UTF_8)),
        voc("no width", voc("<bndbox>%s</bndbox>", "15", "15")),
        voc("a letter", voc("<bndbox>%s</bndbox>", "1O", "25")),
        voc("two lefts", voc("<bndbox><xmin>1</xmin>%s</bndbox>", "15", "25")),
        voc("two boxes", voc("<bndbox>%1$s</bndbox><bndbox>%1$s</bndbox>", "15", "25")),
        voc("two names", voc("<name>cat</name><bndbox>%s</bndbox>", "15", "25")),
        voc(
            "two widths",
            voc("<bndbox>%s</bndbox>", "15", "25")
                .replace(
                    "<object>",
                    "<size><width>40</width><width>80</width><height>20</height></size><object>")),
        voc("cut short", voc("<bndbox>%s</bndbox>", "15", "25").substring(0, 60)),
        voc("no box", voc("", "15", "25")),
        voc("something else", "<html><body/></html>"),
        csv("a letter", "b,cell,1O,5,10,10\n"),
        csv("decimal commas", "b,cell,15,5,5,5,10,5,10,5\n"),
        new Case(
            "CSV, a thousand or a one",
            "x \"1.000\"",
            f ->
                text(
                    f,
                    "boxes.csv",
                    "image;class;x;y;width;height\na;cell;15,0;5;10;10\nb;cell;1.000;5;10;10\n")),
        csv("a negative width", "b,cell,15,5,10,10\nb,cell,15,5,-10,-10\n"),
        csv("no class", "b,,15,5,10,10\n"),
        csv("too few numbers", "b,cell,15\n"),
        slice("boxes.csv", "image,class,x,y,width,height,slice\na,cell,15,5,10,10,1\n", "2"),
        slice("boxes.csv", "image,class,x,y,width,height,frame\na,cell,15,5,10,10,1\n", "3"),
        slice("keypoints.csv", "image,keypoint,x,y,slice\na,nose,15,5,1\n", "2"),
        coco("a letter", "\"category_id\": 7, \"bbox\": [\"1O\", 5, 10, 10]"),
        coco("no number", "\"category_id\": 7, \"bbox\": [true, 5, 10, 10]"),
        coco("NaN", "\"category_id\": 7, \"bbox\": [15, 5, NaN, 10]"),
        coco("Infinity", "\"category_id\": 7, \"bbox\": [15, -Infinity, 10, 10]"),
        coco("a crowd of NaN", "\"category_id\": 7, \"iscrowd\": 1, \"bbox\": [15, 5, NaN, 10]"),
        coco("three numbers", "\"category_id\": 7, \"bbox\": [5, 10, 10]"),
        coco("an unknown category", "\"category_id\": 8, \"bbox\": [15, 5, 10, 10]"),
        coco("no category", "\"bbox\": [15, 5, 10, 10]"),
        coco("a negative width", "\"category_id\": 7, \"bbox\": [15, 5, -10, -10]"),
        coco("no box", "\"category_id\": 7, \"bbox\": null"),
        coco(
            "runs of another size",
            "\"category_id\": 7, \"bbox\": [],"
                + " \"segmentation\": {\"size\": [40, 20], \"counts\": [42, 3, 755]}"),
        coco(
            "runs cut short",
            "\"category_id\": 7, \"segmentation\": {\"size\": [20, 40], \"counts\": [42, 3]}"),
        coco(
            "pairs of numbers",
            "\"category_id\": 7, \"segmentation\": [[[1, 1], [5, 1], [5, 5], [1, 5]]]"),
        coco("a crowd nowhere", "\"category_id\": 7, \"iscrowd\": 1"),
        coco("a bad mask", "\"category_id\": 7, \"segmentation\": [[1, 2, 3]]"),
        twice("train/b.png", "val/b.png"),
        twice("b.png", "b.png"),
        new Case(
            "CSV, two folders of which none is there",
            "val/b.png",
            f ->
                text(
                    f,
                    "boxes.csv",
                    "image,class,x,y,width,height\na,cell,15,5,10,10\n"
                        + "train/b.png,cell,1,5,10,10\nval/b.png,cell,15,5,10,10\n")),
        new Case(
            "COCO, two files",
            "val/b.png",
            f -> {
              String a = "[{\"id\": 1, \"file_name\": \"a.png\"}";
              String rest =
                  "{\"images\": %s], \"categories\": [{\"id\": 7, \"name\": \"cell\"}],"
                      + " \"annotations\": [{\"id\": 1, \"image_id\": %s, \"category_id\": 7,"
                      + " \"bbox\": [15, 5, 10, 10]}]}";
              String b = ", {\"id\": 2, \"file_name\": \"train/b.png\"}";
              text(f, "annotations/a.json", Strings.format(rest, a + b, "1"));
              String other = "[{\"id\": 2, \"file_name\": \"val/b.png\"}";
              text(f, "annotations/b.json", Strings.format(rest, other, "2"));
            }),
        rois("half", 100),
        rois("without the end of the directory", -12),
        rois("empty", 0),
        new Case(
            "label images, cut short",
            "b.png",
            f -> {
              label(f, "a");
              label(f, "b");
              Path b = f.resolve("labels/b.png");
              Files.write(b, Arrays.copyOf(Files.readAllBytes(b), 50));
            }),
        new Case(
            "label images, another size",
            "b.png",
            f -> {
              label(f, "a");
              png(f, "labels/b.png", new BufferedImage(20, 20, BufferedImage.TYPE_USHORT_GRAY));
            }),
        new Case(
            "label images, JPEG",
            "b.jpg",
            f -> {
              label(f, "a");
              label(f, "b");
              BufferedImage b = ImageIO.read(f.resolve("images/b.png").toFile());
              Files.delete(f.resolve("labels/b.png"));
              ImageIO.write(b, "jpg", f.resolve("labels/b.jpg").toFile());
            }),
        new Case(
            "DeepLabCut, a letter",
            "row 5",
            f ->
                text(
                    f,
                    "dlc.csv",
                    "scorer,me,me\nbodyparts,nose,nose\ncoords,x,y\na.png,3,4\nb.png,3,4O\n")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leavesTheImageOut(Case given) throws IOException {
    given.writer.write(folder);
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    assertEquals(List.of("images/a.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(1, set.boxes() + set.points());
    assertTrue(set.problems().isLossy());
    String said = String.join("\n", set.problems().summary());
    assertTrue(said.contains(given.named), said);
    assertTrue(said.contains("images/b.png"), said);
    assertFalse(said.contains("Exception"), said);
  }
}
