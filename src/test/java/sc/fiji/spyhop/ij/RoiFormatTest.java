package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.RotatedRectRoi;
import ij.io.RoiEncoder;
import ij.process.ByteProcessor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.Problem;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

class RoiFormatTest {

  @TempDir Path folder;

  private AnnotatedSet open(Path path) {
    return new AnnotationFiles(new ImageFiles()).open(path);
  }

  private static ImagePlus stack(int slices, int frames) {
    ImageStack stack = new ImageStack(60, 40);
    for (int i = 0; i < slices * frames; i++) stack.addSlice(new ByteProcessor(60, 40));
    ImagePlus image = new ImagePlus("s", stack);
    image.setDimensions(1, slices, frames);
    return image;
  }

  private static Roi named(Roi roi, String name) {
    roi.setName(name);
    return roi;
  }

  @Test
  void areasAreObjectsOfTheirNameGroupOrProperty() {
    LabelImages.save(stack(1, 1), folder.resolve("s.tif"));
    Roi grouped = named(new Roi(1, 1, 9, 9), "x");
    grouped.setGroup(200);
    Roi property = named(new Roi(2, 2, 9, 9), "x");
    property.setProperty("class", "WBC");
    Rois.writeZip(
        folder.resolve("s_rois.zip"),
        List.of(
            named(new Roi(3, 4, 10, 6), "RBC"),
            named(new Roi(3, 4, 10, 6), "RBC-1"),
            named(new Roi(3.5, 4.25, 10.5, 6), "0001-0034"),
            grouped,
            property,
            named(new OvalRoi(5, 6, 8, 4), "Type 2"),
            named(
                new PolygonRoi(new float[] {1, 9, 5}, new float[] {2, 2, 12.5f}, Roi.POLYGON), "p"),
            named(new RotatedRectRoi(20, 30, 40, 30, 10), "r"),
            named(new Line(1, 1, 5, 5), "l")));
    AnnotatedSet set = open(folder);
    List<LocalizedObject> found = set.images().get(0).annotation().objects();
    assertEquals(
        List.of("RBC", "RBC", "object", "group 200", "WBC", "Type 2", "p", "r"),
        found.stream().map(LocalizedObject::type).toList());
    assertEquals(
        List.of(
            new Box(3, 4, 10, 6),
            new Box(3, 4, 10, 6),
            new Box(3.5, 4.25, 10.5, 6),
            new Box(1, 1, 9, 9),
            new Box(2, 2, 9, 9),
            new Box(5, 6, 8, 4),
            new Box(1, 2, 8, 10.5),
            new Box(20, 25, 20, 10)),
        found.stream().map(LocalizedObject::box).toList());
    assertEquals(
        Map.of(Problem.Kind.UNSUPPORTED, 1, Problem.Kind.JOINED, 2), set.problems().counts());
  }

  /** A power cut leaves files of no bytes; they do not say that there is nothing in the image. */
  @Test
  void whatIsLeftOfAZipIsToldByItsName() throws IOException {
    for (String name : List.of("a", "b", "c", "d")) {
      LabelImages.save(stack(1, 1), folder.resolve(name + ".tif"));
    }
    Rois.writeZip(folder.resolve("a.zip"), List.of(named(new Roi(1, 1, 9, 9), "cell")));
    Rois.writeZip(folder.resolve("b.zip"), List.of(named(new Roi(1, 1, 9, 9), "0001-0034")));
    Files.write(folder.resolve("c.zip"), new byte[0]);
    Files.writeString(folder.resolve("d.zip"), "404 not found");
    AnnotatedSet set = open(folder);
    assertEquals(
        List.of("a.tif", "b.tif"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(
        List.of("c.zip", "d.zip"),
        set.problems().of(Problem.Kind.UNREADABLE).stream().map(Problem::file).toList());
    // names of all files are compared, so no one file is told for one
    assertEquals(
        folder.getFileName().toString(), set.problems().of(Problem.Kind.JOINED).get(0).file());
  }

  @Test
  void regionsBelongToTheirSlices() {
    ImagePlus image = stack(3, 2);
    image.setOpenAsHyperStack(true);
    Overlay overlay = new Overlay();
    Roi second = named(new Roi(1, 1, 5, 5), "c");
    second.setPosition(0, 2, 1);
    Roi last = named(new Roi(2, 1, 5, 5), "c");
    last.setPosition(6);
    Roi everywhere = named(new Roi(3, 1, 5, 5), "c");
    List.of(second, last, everywhere).forEach(overlay::add);
    image.setOverlay(overlay);
    LabelImages.save(image, folder.resolve("s.tif"));
    Map<List<Integer>, Integer> counts =
        open(folder).images().stream()
            .collect(
                Collectors.toMap(i -> List.of(i.z(), i.t()), i -> i.annotation().objects().size()));
    assertEquals(
        Map.of(
            List.of(1, 1), 1,
            List.of(2, 1), 2,
            List.of(3, 1), 1,
            List.of(1, 2), 1,
            List.of(2, 2), 1,
            List.of(3, 2), 2),
        counts);
  }

  @Test
  void pointsAreKeypointsInTheMiddleOfTheirPixels() {
    LabelImages.save(stack(1, 1), folder.resolve("s.tif"));
    Roi two = named(new PointRoi(new float[] {3.25f, 20.5f}, new float[] {4, 8}, 2), "nose");
    Rois.writeZip(
        folder.resolve("s.zip"),
        List.of(two, named(new PointRoi(7, 9), "tail"), named(new PointRoi(70.5, 9.5), "tail")));
    AnnotatedSet set = open(folder);
    List<Pose> poses = set.images().get(0).annotation().poses();
    assertEquals(
        List.of(Keypoint.at("nose", 3.75, 4.5), Keypoint.at("tail", 7.5, 9.5)),
        poses.get(0).keypoints());
    assertEquals(List.of(Keypoint.at("nose", 21, 8.5)), poses.get(1).keypoints());
    assertEquals(Map.of(Problem.Kind.POINT_OUTSIDE, 1), set.problems().counts());
  }

  private static Annotation annotation() {
    LocalizedObject a = new LocalizedObject(new Box(5, 6, 20.5, 12), "mouse", 0.875);
    LocalizedObject b = new LocalizedObject(new Box(30, 8, 25, 20), "rat", 1);
    return new Annotation(
        new ImageSize(60, 40),
        List.of(a, b),
        List.of(
            new Pose(
                "",
                Optional.of(b),
                List.of(
                    new Keypoint("nose", 35.25, 12.5, 0.75, Keypoint.Visibility.VISIBLE),
                    new Keypoint("tail", 50, 20, 1, Keypoint.Visibility.OCCLUDED)))));
  }

  private static final KeypointLayout LAYOUT =
      new KeypointLayout(
          List.of("nose", "tail"), List.of(new KeypointLayout.Pair("nose", "tail")), List.of());

  @Test
  void everythingComesBackOnItsSlice() {
    Path file = folder.resolve("s.tif");
    LabelImages.save(stack(1, 4), file);
    AnnotatedSet set =
        new AnnotatedSet(
            List.of(
                new AnnotatedImage("s.tif", file, 1, 2, annotation()),
                new AnnotatedImage(
                    "s.tif",
                    file,
                    1,
                    4,
                    new Annotation(
                        new ImageSize(60, 40),
                        List.of(new LocalizedObject(new Box(1, 1, 9, 9), "rat 2", 0.5)),
                        List.of()))),
            List.of("mouse", "rat", "rat 2"),
            LAYOUT,
            new Problems());
    new RoiFormat().write(set, folder);
    AnnotatedSet back = open(folder);
    assertEquals(set.images().get(0).annotation(), back.images().get(0).annotation());
    assertEquals(2, back.images().get(0).t());
    assertEquals("s.tif slice 1 frame 2", back.samples(new ImageFiles()).names().get(0));
    assertEquals(60, back.samples(new ImageFiles()).get(1).frame().width());
    assertEquals(4, back.images().get(1).t());
    assertEquals("rat 2", back.images().get(1).annotation().objects().get(0).type());
    assertTrue(back.problems().isEmpty(), back.problems().summary().toString());
  }

  @Test
  void aDamagedZipIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("x.zip"), new byte[] {'P', 'K', 3, 4, 0, 0});
    assertThrows(SpyhopException.class, () -> open(file));
  }

  /** ImageJ believes how many coordinates a region has, and makes room for them. */
  @Test
  void aRegionInAnImageThatSaysItIsHugeIsNamed() throws IOException {
    Path file = folder.resolve("s.tif");
    ImagePlus image = stack(1, 1);
    image.setOverlay(new Overlay(new Roi(1, 2, 3, 4)));
    image.getOverlay().add(new PolygonRoi(new int[] {1, 9, 5}, new int[] {1, 2, 9}, 3, 2));
    LabelImages.save(image, file);
    assertEquals(2, ImageFiles.open(file).getOverlay().size());
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    ByteBuffer roi = ByteBuffer.wrap(bytes, text.lastIndexOf("Iout"), 64).slice();
    roi.putShort(16, (short) 0).putInt(18, 0x1FFFFFFF);
    Files.write(file, bytes);
    String said = assertThrows(SpyhopException.class, () -> ImageFiles.open(file)).getMessage();
    assertTrue(said.contains("s.tif") && said.contains("region 2 of its overlay"), said);
    assertTrue(said.contains("536870911 values"), said);
  }

  @Test
  void aFolderIsNamedFromTheWorkingFolderToo() {
    ImagePlus image = stack(1, 1);
    image.setOverlay(new Overlay(named(new Roi(1, 2, 3, 4), "cell")));
    LabelImages.save(image, folder.resolve("s.tif"));
    Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
    AnnotatedSet set = open(relative);
    assertEquals(List.of("s.tif"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(1, set.boxes());
  }

  @Test
  void groupsHaveColoursWithoutImageJsFolderOfTables() {
    Roi roi = new Roi(1, 2, 3, 4);
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      GroupColors.prepare();
      roi.setGroup(3);
    } finally {
      System.setOut(before);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8));
    assertEquals(new Color(LabelImages.lut().getRGB(3)), roi.getStrokeColor());
  }

  @Test
  void picturesShowBoxesPointsAndSkeleton() {
    ImagePlus image = stack(1, 1);
    Overlay overlay = new Overlay();
    AnnotationRois.of(annotation(), List.of("mouse", "rat"), LAYOUT, image, 1, 1)
        .forEach(overlay::add);
    assertEquals(5, overlay.size());
    assertEquals("mouse 0.88", overlay.get(0).getName());
    BufferedImage picture = Overlays.render(image, overlay);
    int zoom = picture.getWidth() / 60;
    assertEquals(
        overlay.get(3).getStrokeColor().getRGB(),
        picture.getRGB((int) (35.25 * zoom), (int) (12.5 * zoom)));
    assertEquals(0xFF000000, picture.getRGB(58 * zoom, 2 * zoom));
  }

  /** As macOS packs folders: beside each file a hidden one. */
  @Test
  void hiddenFilesOfMacsArePassedOver() throws IOException {
    LabelImages.save(stack(1, 1), folder.resolve("s.tif"));
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(folder.resolve("s.zip")))) {
      zip.putNextEntry(new ZipEntry("__MACOSX/._cell.roi"));
      zip.write(new byte[104]);
      zip.putNextEntry(new ZipEntry("cell.roi"));
      zip.write(RoiEncoder.saveAsByteArray(named(new Roi(1, 2, 3, 4), "cell")));
    }
    AnnotatedSet set = open(folder);
    assertEquals(new Box(1, 2, 3, 4), set.images().get(0).annotation().objects().get(0).box());
    assertTrue(set.problems().isEmpty(), set.problems().summary().toString());
  }
}
