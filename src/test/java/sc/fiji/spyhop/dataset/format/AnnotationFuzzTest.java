package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Rois;

/**
 * Damaged annotations of every format are read, or told to be damaged: no other exception, within
 * five seconds, and so within the memory of the tests. {@code -Dspyhop.fuzz=5000} tries as many of
 * each format.
 */
class AnnotationFuzzTest {

  private static final int MUTATIONS = Integer.getInteger("spyhop.fuzz", 60);
  private static final long SECONDS = 5;

  /** What readers look at, where it may hurt. */
  private static final List<String> TOKENS =
      List.of(
          "-1",
          "1e308",
          "NaN",
          "65535",
          "2147483648",
          "99999999999999999999",
          "0,5",
          "\u0000",
          "\uFFFD",
          "[",
          "{",
          "<a>",
          "&x;",
          "*a",
          "\"",
          ",,,,",
          "/",
          "../..",
          "null",
          "\u001b[31m",
          "=1+1",
          "\u0661");

  private interface Writer {
    void write(Path folder) throws IOException;
  }

  /**
   * @param file that is damaged
   */
  private record Format(String name, String file, Writer writer) {
    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir Path folder;

  private static void text(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Format text(String name, String file, String text) {
    return new Format(name, file, f -> text(f, file, text));
  }

  static Stream<Format> formats() {
    String coco =
        """
        {"images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 20},
                    {"id": 2, "file_name": "b.png", "width": 80, "height": 40}],
         "categories": [{"id": 3, "name": "m", "keypoints": ["n", "t"], "skeleton": [[1, 2]]}],
         "annotations": [
          {"id": 1, "image_id": 1, "category_id": 3, "bbox": [1, 2, 10, 5],
           "keypoints": [2, 3, 2, 9, 6, 1]},
          {"id": 2, "image_id": 2, "category_id": 3, "segmentation": [[5, 5, 9, 5, 9, 8.5]]},
          {"id": 3, "image_id": 1, "category_id": 3, "iscrowd": 0,
           "segmentation": {"size": [20, 40], "counts": "Z13a00^f0"}},
          {"id": 4, "image_id": 2, "category_id": 3,
           "segmentation": {"size": [20, 40], "counts": [42, 3, 17, 3, 735]}}]}
        """;
    String voc =
        """
        <annotation><filename>a.png</filename><size><width>80</width><height>40</height></size>
        <object><name>m</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>8</ymax>
        </bndbox></object><object><name>n</name><polygon><pt><x>1</x><y>1</y></pt><pt><x>9</x>
        <y>1</y></pt><pt><x>5</x><y>9</y></pt></polygon></object></annotation>
        """;
    return Stream.of(
        text("coco", "coco.json", coco),
        text("voc", "Annotations/a.xml", voc),
        text(
            "csv",
            "boxes.csv",
            "image,class,x,y,width,height,score,object,slice,frame\n"
                + "a,m,1,2,10,5,0.5,1,1,1\nb,'=n,3;5,3,9,9,,,1,1\n"),
        text(
            "keypoints",
            "keypoints.csv",
            "image,keypoint,x,y,score,object\na,n,1,2,0.5,1\nb,t,,,,2\n"),
        text(
            "deeplabcut",
            "dlc.csv",
            "scorer,me,me,me\nindividuals,m1,m1,m1\nbodyparts,n,n,n\ncoords,x,y,likelihood\n"
                + "images/a.png,1,2,0.5\nimages/b.png,3,4,1\n"),
        new Format(
            "yolo",
            "labels/a.txt",
            f -> {
              text(f, "data.yaml", "names: [m]\nkpt_shape: [2, 3]\n");
              text(
                  f,
                  "labels/a.txt",
                  "0 0.5 0.5 0.25 0.5 0.1 0.1 2 0.2 0.2 1\n0 0.1 0.1 0.9 0.1 0.5 0.9\n0 .5 .5 .2 .2\n");
            }),
        new Format(
            "yolo names",
            "data.yaml",
            f -> {
              text(
                  f,
                  "data.yaml",
                  "a: &a [x, y]\nnames:\n  0: m\n  1: n\nkpt_shape: [2, 3]\nkpt_names: {0: [p, q]}\n");
              text(f, "labels/a.txt", "0 0.5 0.5 0.25 0.5\n");
            }),
        new Format("rois", "rois/a.zip", AnnotationFuzzTest::rois),
        new Format("labels", "labels/a.png", AnnotationFuzzTest::labels));
  }

  private static void rois(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("rois"));
    Roi shape = new ShapeRoi(new Roi(1, 1, 5, 5)).or(new ShapeRoi(new OvalRoi(9, 9, 6, 6)));
    List<Roi> rois =
        List.of(
            shape,
            new PolygonRoi(new float[] {1, 9, 5}, new float[] {2, 2, 12.5f}, Roi.POLYGON),
            new PointRoi(new float[] {1, 2}, new float[] {3, 4}));
    rois.forEach(r -> r.setName("cell"));
    rois.get(1).setProperty("class", "m");
    Rois.writeZip(folder.resolve("rois/a.zip"), rois);
  }

  private static void labels(Path folder) throws IOException {
    BufferedImage labels = new BufferedImage(40, 20, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 90; i++) labels.getRaster().setSample(i % 30, i / 30 * 3, 0, i / 7);
    Files.createDirectories(folder.resolve("labels"));
    ImageIO.write(labels, "png", folder.resolve("labels/a.png").toFile());
  }

  private static byte[] mutated(byte[] bytes, SplittableRandom random) {
    byte[] mutated = bytes.clone();
    for (int k = random.nextInt(1, 5); k > 0 && mutated.length > 1; k--) {
      int at = random.nextInt(mutated.length);
      int end = Math.min(mutated.length, at + random.nextInt(1, 40));
      switch (random.nextInt(6)) {
        case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutated[at] = (byte) random.nextInt(256);
        case 2 -> mutated = Arrays.copyOf(mutated, at);
        case 3 -> mutated = joined(mutated, at, new byte[0], end);
        case 4 -> mutated = joined(mutated, end, Arrays.copyOfRange(mutated, at, end), end);
        default -> {
          String token = TOKENS.get(random.nextInt(TOKENS.size()));
          String some = token.repeat(random.nextInt(20) == 0 ? 20_000 : 1);
          mutated = joined(mutated, at, some.getBytes(StandardCharsets.UTF_8), end);
        }
      }
    }
    return mutated;
  }

  /** What is before a place, something else, and what is from another place on. */
  private static byte[] joined(byte[] bytes, int before, byte[] other, int from) {
    byte[] joined = Arrays.copyOf(bytes, before + other.length + bytes.length - from);
    System.arraycopy(other, 0, joined, before, other.length);
    System.arraycopy(bytes, from, joined, before + other.length, bytes.length - from);
    return joined;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void damagedFilesAreReadOrTold(Format format) throws Exception {
    for (String name : List.of("images/a.png", "images/b.png")) {
      Path image = folder.resolve(name);
      Files.createDirectories(image.getParent());
      BufferedImage pixels = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(pixels, "png", image.toFile());
    }
    format.writer.write(folder);
    Path file = folder.resolve(format.file);
    byte[] sound = Files.readAllBytes(file);
    AnnotationFiles files = new AnnotationFiles(new ImageFiles());
    int all = files.open(folder).boxes() + files.open(folder).points();
    assertTrue(all > 0, "the file is sound before it is damaged");
    SplittableRandom random = new SplittableRandom(format.name.hashCode());
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] damaged = mutated(sound, random);
        Files.write(file, damaged);
        Future<String> fault = thread.submit(() -> fault(files));
        try {
          String trace = fault.get(SECONDS, TimeUnit.SECONDS);
          if (!trace.isEmpty()) fail(i + ": " + kept(format, damaged) + "\n" + trace);
        } catch (TimeoutException e) {
          fail(i + ": no end within " + SECONDS + " s: " + kept(format, damaged));
        }
      }
    } finally {
      thread.shutdownNow();
    }
  }

  /** What it must not come to; empty if it does not. */
  private String fault(AnnotationFiles files) {
    try {
      AnnotatedSet set = files.open(folder);
      String said = String.join("\n", set.problems().summary()) + set.classes();
      return said.contains("\u001b") || said.contains("Exception") ? said : "";
    } catch (SpyhopException e) {
      String said = e.getMessage();
      return said.contains("Exception") || said.contains("null (") ? said : "";
    } catch (Throwable e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      return trace.toString();
    }
  }

  /** The damaged file, so that it can be looked at. */
  private static String kept(Format format, byte[] damaged) throws IOException {
    String name = format.file.substring(format.file.lastIndexOf('/') + 1);
    return Files.write(Files.createTempFile("spyhop-fuzz", name), damaged).toString();
  }
}
