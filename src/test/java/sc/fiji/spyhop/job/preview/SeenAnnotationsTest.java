package sc.fiji.spyhop.job.preview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.awt.Color;
import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/** Boxes and points that are seen before a run are those that the run finds there. */
class SeenAnnotationsTest {

  private static final Rectangle PART = new Rectangle(470, 330, 97, 83);

  @TempDir Path folder;
  private Path localizer;
  private ImagePlus image;

  @BeforeEach
  void prepare() {
    localizer = Discs.localizer(folder);
    List<int[]> all = new ArrayList<>();
    for (int y = 300; y < 500; y += 53) {
      for (int x = 380 + y % 17; x < 680; x += 33 + (x * 7 + y) % 31) all.add(new int[] {x, y});
    }
    for (int y = 50; y < 1000; y += 200) {
      for (int x = 70; x < 1300; x += 210) all.add(new int[] {x, y});
    }
    ByteProcessor plane = Discs.plane(1300, 1000, all.toArray(int[][]::new));
    // paler to the right, so that scores differ
    for (int i = 0; i < plane.getPixelCount(); i++) {
      plane.set(i, (int) Math.round(plane.get(i) * (1 - 0.4 * (i % 1300) / 1300)));
    }
    image = new ImagePlus("discs", plane);
  }

  private static Runner.Options options(double scale) {
    return Runner.Options.DEFAULT
        .withScaling(new Scaling.Factor(scale))
        .withPrecision(Precision.FLOAT32);
  }

  private SeenAnnotations.Asked asked(
      Path model,
      TaskKind<Annotation, ? extends AnnotationTask> kind,
      double scale,
      OptionalDouble threshold) {
    return new SeenAnnotations.Asked(
        new ModelUse(model.toString(), ChannelChoice.AUTO, options(scale)),
        kind,
        threshold,
        image,
        LookArea.ALL,
        spec -> Optional.empty(),
        KeptClasses.ALL);
  }

  private SeenAnnotations.Asked boxes(double scale, double threshold) {
    return asked(localizer, TaskKind.LOCALIZATION, scale, OptionalDouble.of(threshold));
  }

  private <K extends AnnotationTask> List<Roi> whole(
      Path model, TaskKind<Annotation, K> kind, double scale, OptionalDouble threshold) {
    try (Runner<Annotation> runner =
        Runner.open(model.toString(), kind, options(scale).withThreshold(threshold))) {
      AnnotationTask task = runner.spec().task(kind);
      return AnnotationRois.of(
          runner.predict(Frames.of(image).get(1, 1), scale, Progress.NONE),
          task.names(),
          task.layout(),
          image,
          1,
          1);
    }
  }

  private List<Roi> wholeBoxes(double scale, double threshold) {
    return whole(localizer, TaskKind.LOCALIZATION, scale, OptionalDouble.of(threshold));
  }

  private static TreeSet<String> in(List<Roi> rois, Rectangle part) {
    TreeSet<String> texts = new TreeSet<>();
    for (Roi roi : rois) {
      var b = roi.getFloatBounds();
      boolean point = roi instanceof PointRoi;
      if (point ? !part.contains(b.getX(), b.getY()) : !b.intersects(part)) continue;
      texts.add(
          Strings.format(
              "%s %s %.2f %.2f %.2f %.2f",
              roi.getName(),
              roi.getStrokeColor(),
              b.getX(),
              b.getY(),
              b.getWidth(),
              b.getHeight()));
    }
    return texts;
  }

  /** A threshold that some of the boxes in view have, and some have not. */
  private static double between(List<Roi> rois) {
    double[] scores =
        rois.stream()
            .filter(r -> r.getFloatBounds().intersects(PART))
            .mapToDouble(r -> Double.parseDouble(r.getProperty("score")))
            .sorted()
            .toArray();
    return (scores[scores.length / 2 - 1] + scores[scores.length / 2]) / 2;
  }

  private static final Rectangle ALL = new Rectangle(-9999, -9999, 99999, 99999);

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.6, 1.7})
  void aPartIsThatOfTheWhole(double scale) {
    try (SeenAnnotations seen = new SeenAnnotations()) {
      TreeSet<String> before = new TreeSet<>();
      for (double threshold : new double[] {0.5, between(wholeBoxes(scale, 0.5)), 0.3}) {
        Seen there = seen.look(boxes(scale, threshold), new View(1, 1, PART), Progress.NONE);
        TreeSet<String> expected = in(wholeBoxes(scale, threshold), PART);
        assertTrue(expected.size() > 1, "boxes in view: " + expected.size());
        assertEquals(expected, in(there.rois(), ALL));
        assertEquals(expected.size() + " boxes in view", there.told());
        assertNotEquals(before, expected, "thresholds matter");
        before = expected;
      }
    }
  }

  /** The network is not asked again for what is seen already: it would see black now. */
  @Test
  void aThresholdThatIsMovedOnlyChooses() {
    View view = new View(1, 1, PART);
    double strict = between(wholeBoxes(1, 0.5));
    TreeSet<String> expected = in(wholeBoxes(1, strict), PART);
    try (SeenAnnotations seen = new SeenAnnotations()) {
      seen.look(boxes(1, 0.5), view, Progress.NONE);
      image.getProcessor().multiply(0);
      assertEquals(expected, in(seen.look(boxes(1, strict), view, Progress.NONE).rois(), ALL));
      View elsewhere = new View(1, 1, new Rectangle(1150, 850, 80, 80));
      assertEquals(List.of(), seen.look(boxes(1, strict), elsewhere, Progress.NONE).rois());
    }
  }

  @Test
  void theModelsThresholdIsTakenWhereNoneIsGiven() {
    try (SeenAnnotations seen = new SeenAnnotations()) {
      Seen there =
          seen.look(
              asked(localizer, TaskKind.LOCALIZATION, 1, OptionalDouble.empty()),
              new View(1, 1, PART),
              Progress.NONE);
      assertEquals(in(wholeBoxes(1, 0.5), PART), in(there.rois(), ALL));
      assertNotEquals(Color.YELLOW, there.rois().get(0).getStrokeColor(), "as it will be drawn");
    }
  }

  @Test
  void whereIsLookedIsSeen() {
    image.setRoi(new Roi(480, 330, 60, 70));
    LookArea area = LookArea.parse("selection", Clipping.Edge.CUT);
    SeenAnnotations.Asked all = boxes(1, 0.5);
    SeenAnnotations.Asked within =
        new SeenAnnotations.Asked(
            all.model(), all.kind(), all.threshold(), image, area, all.boxes(), KeptClasses.ALL);
    try (SeenAnnotations seen = new SeenAnnotations()) {
      List<Roi> rois = seen.look(within, new View(1, 1, PART), Progress.NONE).rois();
      assertFalse(rois.isEmpty());
      for (Roi roi : rois) assertTrue(new Rectangle(480, 330, 60, 70).contains(roi.getBounds()));
    }
  }

  /** There is one point of a name in a slice, wherever is looked. */
  @Test
  void pointsAreThoseOfTheSlice() {
    Path finder = Discs.finder(folder);
    OptionalDouble any = OptionalDouble.of(0.1);
    TreeSet<String> expected = in(whole(finder, TaskKind.KEYPOINTS, 1, any), ALL);
    assertEquals(1, expected.size());
    try (SeenAnnotations seen = new SeenAnnotations()) {
      SeenAnnotations.Asked points = asked(finder, TaskKind.KEYPOINTS, 1, any);
      Seen far = seen.look(points, new View(1, 1, new Rectangle(900, 700, 50, 50)), Progress.NONE);
      assertEquals(expected, in(far.rois(), ALL));
      assertEquals("0 keypoints in view, 1 in the slice", far.told());
      Seen all = seen.look(points, new View(1, 1, new Rectangle(0, 0, 1300, 1000)), Progress.NONE);
      assertEquals("1 keypoint in view", all.told());
      SeenAnnotations.Asked sure = asked(finder, TaskKind.KEYPOINTS, 1, OptionalDouble.of(0.9999));
      assertEquals(
          List.of(),
          seen.look(sure, new View(1, 1, PART), Progress.NONE).rois(),
          "none is so sure");
    }
  }

  @Test
  void whatIsTooLargeIsRefused() {
    image = new ImagePlus("large", new ByteProcessor(3000, 2500));
    View all = new View(1, 1, new Rectangle(0, 0, 3000, 2500));
    try (SeenAnnotations seen = new SeenAnnotations()) {
      assertTrue(
          assertThrows(SpyhopException.class, () -> seen.look(boxes(1, 0.5), all, Progress.NONE))
              .getMessage()
              .contains("zoom in"));
      assertEquals(
          "0 boxes in view",
          seen.look(boxes(0.5, 0.5), all, Progress.NONE).told(),
          "it counts what the network is shown");
    }
  }
}
