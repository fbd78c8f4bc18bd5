package sc.fiji.spyhop.job.preview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.maps.MapsWriter;
import sc.fiji.spyhop.job.maps.Segmenting;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Refinement;

/** What is seen of an image before a run is what the run finds there. */
class SeenObjectsTest {

  private static final Rectangle PART = new Rectangle(150, 120, 97, 83);

  @TempDir Path folder;
  private Path model;
  private ImagePlus image;
  private int[][] centres;

  @BeforeEach
  void prepare() {
    model = Discs.model(folder);
    List<int[]> all = new ArrayList<>();
    for (int y = 4; y < 400; y += 29) {
      for (int x = 3 + y % 17; x < 500; x += 19 + (x * 7 + y) % 13) all.add(new int[] {x, y});
    }
    centres = all.toArray(int[][]::new);
    image = new ImagePlus("discs", Discs.plane(500, 400, centres));
  }

  private Runner.Options options(double scale) {
    return Runner.Options.DEFAULT
        .withScaling(new Scaling.Factor(scale))
        .withPrecision(Precision.FLOAT32);
  }

  private SeenObjects.Asked asked(double scale, Adjustment by, Refinement refinement) {
    return new SeenObjects.Asked(
        new SeenObjects.Source.OfModel(
            new ModelUse(model.toString(), ChannelChoice.AUTO, options(scale))),
        image,
        by,
        refinement,
        KeptClasses.ALL,
        LookArea.ALL);
  }

  private static Adjustment threshold(double value) {
    return new Adjustment(
        OptionalDouble.of(value),
        OptionalDouble.empty(),
        OptionalDouble.of(0.2),
        OptionalDouble.empty());
  }

  private Segmentation whole(double scale, Adjustment by) {
    try (Runner<Segmentation> runner =
        Runner.open(model.toString(), TaskKind.SEGMENTATION, options(scale).withAdjustment(by))) {
      return runner.predict(Frames.of(image).get(1, 1), scale, Progress.NONE);
    }
  }

  /** Outlines in comparable form. */
  private static TreeSet<String> texts(Iterable<Roi> rois) {
    TreeSet<String> texts = new TreeSet<>();
    for (Roi roi : rois) {
      Polygon p = roi.getPolygon();
      texts.add(
          Arrays.toString(Arrays.copyOf(p.xpoints, p.npoints))
              + Arrays.toString(Arrays.copyOf(p.ypoints, p.npoints)));
    }
    return texts;
  }

  private static List<Roi> in(Segmentation found, Rectangle part) {
    return Rois.trace(found.labels()).values().stream()
        .filter(r -> r.getBounds().intersects(part))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.45, 1.7})
  void aPartIsThatOfTheWhole(double scale) {
    try (SeenObjects seen = new SeenObjects()) {
      TreeSet<String> before = new TreeSet<>();
      for (double threshold : new double[] {0.55, 0.2, 0.7}) {
        Adjustment by = threshold(threshold);
        List<Roi> rois =
            seen.look(asked(scale, by, Refinement.NONE), new View(1, 1, PART), Progress.NONE)
                .rois();
        List<Roi> expected = in(whole(scale, by), PART);
        assertTrue(expected.size() > 5, "objects in view: " + expected.size());
        assertEquals(texts(expected), texts(rois));
        assertNotEquals(before, texts(rois), "thresholds matter");
        before = texts(rois);
      }
    }
  }

  @Test
  void allOfIt() {
    Rectangle all = new Rectangle(0, 0, 500, 400);
    try (SeenObjects seen = new SeenObjects()) {
      List<Roi> rois =
          seen.look(
                  asked(1, Adjustment.NONE, new Refinement(50, 1e9, false, true)),
                  new View(1, 1, all),
                  Progress.NONE)
              .rois();
      Segmentation found =
          new Refinement(50, 1e9, false, true).of(whole(1, Adjustment.NONE), RegionNames.OBJECTS);
      assertFalse(found.segments().isEmpty());
      assertEquals(texts(in(found, all)), texts(rois));
    }
  }

  /** Only what is at the border of the image is left out, not what is at the border of the view. */
  @Test
  void theBorderOfTheViewIsNone() {
    Refinement dropping = new Refinement(0, Double.POSITIVE_INFINITY, false, true);
    try (SeenObjects seen = new SeenObjects()) {
      for (Rectangle part : List.of(PART, new Rectangle(0, 0, 90, 90))) {
        List<Roi> rois =
            seen.look(asked(1, Adjustment.NONE, dropping), new View(1, 1, part), Progress.NONE)
                .rois();
        assertEquals(
            texts(in(dropping.of(whole(1, Adjustment.NONE), RegionNames.OBJECTS), part)),
            texts(rois));
      }
    }
  }

  /** The network is not asked again for what is seen already: it would see black now. */
  @Test
  void aThresholdThatIsMovedOnlyDecodes() {
    try (SeenObjects seen = new SeenObjects()) {
      View view = new View(1, 1, PART);
      seen.look(asked(1, threshold(0.5), Refinement.NONE), view, Progress.NONE).rois();
      List<Roi> expected = in(whole(1, threshold(0.7)), PART);
      image.getProcessor().multiply(0);
      assertEquals(
          texts(expected),
          texts(seen.look(asked(1, threshold(0.7), Refinement.NONE), view, Progress.NONE).rois()));
      View elsewhere = new View(1, 1, new Rectangle(300, 200, 80, 80));
      assertEquals(
          List.of(),
          seen.look(asked(1, threshold(0.7), Refinement.NONE), elsewhere, Progress.NONE).rois());
    }
  }

  @Test
  void whereIsLookedIsSeen() {
    image.setRoi(new Roi(170, 130, 30, 40));
    LookArea area = LookArea.parse("selection", Clipping.Edge.CUT);
    SeenObjects.Asked all = asked(1, Adjustment.NONE, Refinement.NONE);
    SeenObjects.Asked within =
        new SeenObjects.Asked(
            all.source(), image, all.by(), all.refinement(), KeptClasses.ALL, area);
    try (SeenObjects seen = new SeenObjects()) {
      List<Roi> rois = seen.look(within, new View(1, 1, PART), Progress.NONE).rois();
      Segmentation cut = area.in(image, Path.of("")).clip(1, 1, whole(1, Adjustment.NONE), false);
      assertFalse(cut.segments().isEmpty());
      assertEquals(texts(in(cut, PART)), texts(rois));
    }
  }

  @Test
  void keptMapsAreSeenAlike() {
    ImagePlus[] maps = new ImagePlus[1];
    Frames frames = Frames.of(image);
    try (Runner<Segmentation> runner =
        Runner.open(model.toString(), TaskKind.SEGMENTATION, options(1))) {
      MapsWriter.toImage(
          "maps",
          runner,
          frames,
          ShownScale.SAME,
          w ->
              Segmenting.by(runner, frames, ShownScale.SAME, w)
                  .planes()
                  .at(1, 1, frames.get(1, 1), Progress.NONE),
          m -> maps[0] = m);
    }
    try (SeenObjects seen = new SeenObjects()) {
      SeenObjects.Asked asked =
          new SeenObjects.Asked(
              new SeenObjects.Source.Kept(maps[0]),
              image,
              threshold(0.3),
              Refinement.NONE,
              KeptClasses.ALL,
              LookArea.ALL);
      assertEquals(
          texts(in(whole(1, threshold(0.3)), PART)),
          texts(seen.look(asked, new View(1, 1, PART), Progress.NONE).rois()));
    }
  }

  @Test
  void whatIsTooLargeIsRefusedAndWhatIsCancelledEnds() {
    try (SeenObjects seen = new SeenObjects()) {
      Progress cancelled =
          new Progress() {
            @Override
            public void update(String message, long done, long total) {}

            @Override
            public boolean isCancelled() {
              return true;
            }
          };
      SeenObjects.Asked asked = asked(1, Adjustment.NONE, Refinement.NONE);
      View view = new View(1, 1, PART);
      assertThrows(CancellationException.class, () -> seen.look(asked, view, cancelled).rois());
      assertFalse(seen.look(asked, view, Progress.NONE).rois().isEmpty(), "and can be asked again");
      image = new ImagePlus("large", new ByteProcessor(3000, 2500));
      SeenObjects.Asked large = asked(1, Adjustment.NONE, Refinement.NONE);
      View all = new View(1, 1, new Rectangle(0, 0, 3000, 2500));
      assertTrue(
          assertThrows(SpyhopException.class, () -> seen.look(large, all, Progress.NONE).rois())
              .getMessage()
              .contains("zoom in"));
    }
  }
}
