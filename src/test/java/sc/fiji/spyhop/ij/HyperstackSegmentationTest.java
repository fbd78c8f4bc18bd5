package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.util.Strings;

class HyperstackSegmentationTest {

  /** One object a frame, the pixel at the right; its label is the number of the call. */
  private static HyperstackResults.Look<Segmentation> counting(int firstLabel) {
    int[] calls = {firstLabel - 1};
    return (z, t, frame, progress) -> {
      int label = ++calls[0];
      return new Segmentation(
          LabelMap.of(2, 1, 0, label), List.of(new Segment(label, 1, 1.5, 0.5, 0.75, 1, 0, 1, 1)));
    };
  }

  private static HyperstackSegmentation segment(ImagePlus image) {
    return HyperstackSegmentation.run(
        Frames.of(image), RegionNames.OBJECTS, counting(1), Progress.NONE);
  }

  private static ImagePlus calibrated(ImagePlus image) {
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.25;
    image.getCalibration().pixelDepth = 3;
    image.getCalibration().frameInterval = 60;
    image.getCalibration().setUnit("um");
    return image;
  }

  /** Label 3 is of the second class; its name, colour and group say so, and it is read again. */
  @Test
  void objectsOfClassesAreNamedAndColouredByThem() {
    Segment one = new Segment(3, 1, 1.5, 0.5, 0.75, 1, 0, 1, 1);
    HyperstackSegmentation found =
        HyperstackSegmentation.run(
            Frames.of(FramesTest.hyperstack(1, 2, 1)),
            new RegionNames(List.of(), List.of("live", "dead")),
            (z, t, frame, progress) ->
                new Segmentation(
                    LabelMap.of(2, 1, 0, 3),
                    List.of(one.withClasses(new ClassScores(0.25f, 0.75f)))),
            Progress.NONE);
    Roi roi = found.rois().get(1);
    assertEquals("0003-dead_z2", roi.getName());
    assertEquals(LabelImages.color(2), roi.getStrokeColor());
    assertEquals(2, roi.getGroup());
    assertEquals("dead", RoiNames.of(found.rois()).className(roi));
    assertEquals(Map.of("live", 0L, "dead", 2L), found.counts());
    roi.setName("live"); // corrected in the ROI Manager
    assertEquals("live", RoiNames.of(found.rois()).className(roi));
  }

  @Test
  void labelsAndRoisLieInTheirSliceAndTimePoint() {
    ImagePlus image = calibrated(FramesTest.hyperstack(2, 3, 4));
    HyperstackSegmentation found = segment(image);
    ImagePlus labels = found.labels();
    assertArrayEquals(new int[] {2, 1, 1, 3, 4}, labels.getDimensions());
    assertTrue(labels.isHyperStack());
    assertEquals(16, labels.getBitDepth());
    assertEquals("hyper_labels", labels.getTitle());
    assertEquals(0.5, labels.getCalibration().pixelWidth);
    assertEquals(0.25, labels.getCalibration().pixelHeight);
    assertEquals(3, labels.getCalibration().pixelDepth);
    assertEquals(60, labels.getCalibration().frameInterval);
    assertEquals("µm", labels.getCalibration().getUnit());
    List<Roi> rois = found.rois();
    assertEquals(12, rois.size());
    for (int t = 1; t <= 4; t++) {
      for (int z = 1; z <= 3; z++) {
        int label = (t - 1) * 3 + z;
        ImageProcessor plane = labels.getStack().getProcessor(labels.getStackIndex(1, z, t));
        assertEquals(label, plane.get(1, 0));
        assertEquals(0, plane.get(0, 0));
        Roi roi = rois.get(label - 1);
        assertEquals(0, roi.getCPosition());
        assertEquals(z, roi.getZPosition());
        assertEquals(t, roi.getTPosition());
        assertEquals(Strings.format("%04d-label_z%d_t%d", label, z, t), roi.getName());
        assertEquals(new Rectangle(1, 0, 1, 1), roi.getBounds());
        image.setPosition(2, z, t);
        for (Roi other : rois) assertEquals(other == roi, Rois.isShown(other, image));
      }
    }
    assertEquals(12, found.overlay().size());
  }

  @Test
  void plainStacksUseTheirOwnPositions() {
    HyperstackSegmentation slices = segment(FramesTest.hyperstack(1, 3, 1));
    assertEquals(2, slices.rois().get(1).getPosition());
    assertEquals("0002-label_z2", slices.rois().get(1).getName());
    HyperstackSegmentation times = segment(FramesTest.hyperstack(1, 1, 3));
    assertEquals(3, times.rois().get(2).getPosition());
    assertArrayEquals(new int[] {2, 1, 1, 1, 3}, times.labels().getDimensions());
    HyperstackSegmentation composite = segment(FramesTest.hyperstack(3, 2, 1));
    assertEquals(2, composite.rois().get(1).getZPosition());
    assertArrayEquals(new int[] {2, 1, 1, 2, 1}, composite.labels().getDimensions());
    HyperstackSegmentation single = segment(FramesTest.hyperstack(3, 1, 1));
    assertEquals(0, single.rois().get(0).getPosition());
    assertEquals(1, single.labels().getStackSize());
    assertEquals("0001-label", single.rois().get(0).getName());
  }

  @Test
  void beyond65535TheWholeStackIsThirtyTwoBit() {
    ImagePlus image = FramesTest.hyperstack(1, 3, 1);
    HyperstackSegmentation found =
        HyperstackSegmentation.run(
            Frames.of(image), RegionNames.OBJECTS, counting(65_535), Progress.NONE);
    assertEquals(32, found.labels().getBitDepth());
    for (int z = 1; z <= 3; z++) {
      assertEquals(65_534 + z, found.labels().getStack().getProcessor(z).getf(1, 0));
    }
    assertEquals(65_537, found.labels().getDisplayRangeMax());
  }

  @Test
  void theLabelsThemselvesAreShown() {
    LabelMap map = LabelMap.of(2, 1, 0, 1);
    ImagePlus image = new ImagePlus("a", new ByteProcessor(2, 1));
    HyperstackSegmentation found =
        HyperstackSegmentation.run(
            image,
            frame -> new Segmentation(map, List.of(new Segment(1, 1, 1.5, 0.5, 1, 1, 0, 1, 1))),
            Progress.NONE);
    assertSame(LabelImages.pixels(map), found.labels().getProcessor().getPixels());
  }

  @Test
  void progressOfFramesMakesOneWhole() {
    List<String> reports = new ArrayList<>();
    HyperstackSegmentation.run(
        Frames.of(FramesTest.hyperstack(1, 3, 1)),
        RegionNames.OBJECTS,
        (z, t, frame, part) -> {
          part.update("tiles", 1, 2);
          part.update("tiles", 2, 2);
          return counting(1).at(z, t, frame, part);
        },
        (message, done, total) -> reports.add(done + "/" + total));
    assertEquals(List.of("1/6", "2/6", "3/6", "4/6", "5/6", "6/6"), reports);
  }

  @Test
  void cancelStopsBetweenFrames() {
    List<Frame> seen = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return seen.size() == 2;
          }
        };
    assertThrows(
        CancellationException.class,
        () ->
            HyperstackSegmentation.run(
                Frames.of(FramesTest.hyperstack(1, 5, 1)),
                RegionNames.OBJECTS,
                (z, t, frame, part) -> {
                  seen.add(frame);
                  return counting(1).at(z, t, frame, part);
                },
                progress));
    assertEquals(2, seen.size());
  }

  /** Colours as ImageJ draws them. */
  @Test
  void everyLabelIsVisibleAndZeroIsBlack() {
    for (int max : new int[] {1, 5, 255, 256, 511, 512, 1000, 5000, 65_535, 70_000, 300_000}) {
      LabelMap map = LabelMap.of(4, 1, 0, 1, 2, max);
      BufferedImage shown = LabelImages.of("a", map).getBufferedImage();
      assertEquals(0xFF000000, shown.getRGB(0, 0), "0 of " + max);
      for (int x = 1; x < 4; x++) {
        assertNotEquals(0xFF000000, shown.getRGB(x, 0), map.get(x, 0) + " of " + max);
      }
      if (max <= 255) {
        assertEquals(LabelImages.color(max).getRGB(), shown.getRGB(3, 0));
      }
    }
  }

  @Test
  void coloursAreDistinct() {
    Set<Integer> colours = new HashSet<>();
    for (int i = 1; i <= 255; i++) colours.add(LabelImages.color(i).getRGB());
    assertEquals(255, colours.size());
    assertEquals(LabelImages.color(1), LabelImages.color(256));
    assertEquals(0, LabelImages.lut().getRGB(0) & 0xFFFFFF);
  }

  @Test
  void overlaysAreDrawnWhereTheyBelong(@TempDir Path folder) throws Exception {
    byte[] pixels = new byte[40 * 20];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (100 + i % 40 / 20);
    ImagePlus image = new ImagePlus("a", new ByteProcessor(40, 20, pixels, null));
    LabelMap map = new LabelMap(40, 20);
    for (int y = 5; y < 15; y++) for (int x = 5; x < 15; x++) map.set(x, y, 1);
    HyperstackSegmentation found =
        HyperstackSegmentation.run(
            image,
            frame -> new Segmentation(map, List.of(new Segment(1, 100, 10, 10, 1, 5, 5, 10, 10))),
            Progress.NONE);
    Path file = folder.resolve("overlay.png");
    Overlays.writePng(file, image, found.overlay());
    BufferedImage picture = ImageIO.read(file.toFile());
    assertEquals(160, picture.getWidth());
    int colour = LabelImages.color(1).getRGB();
    assertEquals(0xFF000000, picture.getRGB(4, 4));
    assertEquals(0xFFFFFFFF, picture.getRGB(150, 4));
    assertNear(colour, picture.getRGB(20, 40));
    assertNear(colour, picture.getRGB(60, 40));
    assertEquals(0xFF000000, picture.getRGB(40, 40));
  }

  /** Lines are smoothed, so they take a little of the background. */
  private static void assertNear(int expected, int found) {
    for (int shift = 0; shift < 24; shift += 8) {
      assertEquals(expected >> shift & 0xFF, found >> shift & 0xFF, 70);
    }
  }

  @Test
  void compositesAndColoursKeepTheirColours() {
    ImagePlus rgb = new ImagePlus("rgb", new ColorProcessor(1, 1, new int[] {0x102030}));
    assertEquals(0xFF102030, Overlays.render(rgb, new ij.gui.Overlay()).getRGB(0, 0));
    ImagePlus two = FramesTest.hyperstack(2, 1, 1);
    BufferedImage picture = Overlays.render(two, new ij.gui.Overlay());
    assertEquals(0xFFFFFF00, picture.getRGB(picture.getWidth() - 1, 0));
    assertEquals(0xFF000000, picture.getRGB(0, 0));
  }

  /**
   * Parts of a class all over an image are told by colours beside it, not by a name at a corner.
   */
  @Test
  void overlappingClassesAreToldByTheirColours() {
    HyperstackSegmentation found =
        HyperstackSegmentation.run(
            Frames.of(FramesTest.hyperstack(1, 1, 1)),
            new RegionNames(List.of("background", "fibre"), List.of()),
            (z, t, frame, progress) ->
                new Segmentation(
                    LabelMap.of(2, 1, 0, 1),
                    List.of(new Segment(1, 1, 1.5, 0.5, 0.75, 1, 0, 1, 1)),
                    true,
                    0,
                    0),
            Progress.NONE);
    Roi roi = found.rois().get(0);
    assertEquals(Optional.of("fibre"), AnnotationRois.shownByColor(roi));
    assertEquals(Optional.empty(), AnnotationRois.caption(roi));
  }
}
