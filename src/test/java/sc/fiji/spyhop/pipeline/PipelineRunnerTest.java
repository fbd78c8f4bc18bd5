package sc.fiji.spyhop.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.model.TestPipelines;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;

class PipelineRunnerTest {

  /** Brightest spots as keypoints: above 150 the snout, above 50 the tail. */
  private static final class Spots implements StepModels {

    private final List<LocalizedObject> objects;
    private final List<Frame> classified = new ArrayList<>();
    private final Map<String, Set<Double>> scales = new TreeMap<>();

    Spots(LocalizedObject... objects) {
      this.objects = List.of(objects);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <P> P predict(TaskKind<P, ?> kind, String model, Frame picture, double scale) {
      scales.computeIfAbsent(model, m -> new TreeSet<>()).add(scale);
      if (kind == TaskKind.LOCALIZATION) return (P) localize(model, picture);
      if (kind == TaskKind.KEYPOINTS) return (P) keypoints(model, picture);
      if (kind == TaskKind.CLASSIFICATION) return (P) classify(picture);
      throw new AssertionError();
    }

    @Override
    public ShownScale scale(String model, List<Frame> frames, Progress progress) {
      assertEquals("heads", model);
      return new ShownScale(0.5, OptionalDouble.empty(), ShownScale.Origin.GIVEN, "as asked for");
    }

    private Annotation localize(String model, Frame image) {
      assertEquals("heads", model);
      return new Annotation(new ImageSize(image.width(), image.height()), objects, List.of());
    }

    private Annotation keypoints(String model, Frame picture) {
      assertEquals("points", model);
      List<Keypoint> found = new ArrayList<>();
      found.add(centre(picture, "snout", 150, 1e9));
      found.add(centre(picture, "tail", 50, 110));
      return new Annotation(
          new ImageSize(picture.width(), picture.height()), List.of(), List.of(new Pose(found)));
    }

    private static Keypoint centre(Frame picture, String name, double low, double high) {
      RandomAccess<? extends RealType<?>> pixel = picture.pixels().randomAccess();
      double sum = 0;
      double sumX = 0;
      double sumY = 0;
      for (int y = 0; y < picture.height(); y++) {
        for (int x = 0; x < picture.width(); x++) {
          double v = pixel.setPositionAndGet(x, y, 0).getRealDouble();
          if (v < low || v > high) continue;
          sum++;
          sumX += x + 0.5;
          sumY += y + 0.5;
        }
      }
      return sum == 0 ? Keypoint.absent(name) : Keypoint.at(name, sumX / sum, sumY / sum);
    }

    private ClassScores classify(Frame picture) {
      classified.add(picture);
      return new ClassScores(0.25f, 0.75f);
    }

    @Override
    public List<Device> devices() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  /** Squares of 5 x 5 pixels around places, of some brightness. */
  private static Frame image(double[]... spots) {
    float[] pixels = new float[200 * 160];
    for (double[] s : spots) {
      for (int y = 0; y < 160; y++) {
        for (int x = 0; x < 200; x++) {
          if (Math.abs(x + 0.5 - s[0]) < 2.6 && Math.abs(y + 0.5 - s[1]) < 2.6) {
            pixels[y * 200 + x] = (float) s[2];
          }
        }
      }
    }
    return new Frame("test", ArrayImgs.floats(pixels, 200, 160, 1), PixelSize.UNCALIBRATED);
  }

  private static PipelineRunner chain(Spots spots) {
    return chain(spots, KeptClasses.ALL);
  }

  private static PipelineRunner chain(Spots spots, KeptClasses kept) {
    return new PipelineRunner(TestPipelines.whole(), spots, kept);
  }

  /** The score of a box says how sure it is that there is a head, not whose; "bela" is whose. */
  @Test
  void aBoxKeepsItsScoreAndIsKnownWhereItsClassIsLeftOut() {
    LocalizedObject head = new LocalizedObject(new Box(75, 60, 50, 40), "head", 0.9);
    Frame image = image(new double[] {120.5, 80.5, 200}, new double[] {80.5, 80.5, 80});
    PipelineResult all = chain(new Spots(head)).run(image, Progress.NONE);
    LocalizedObject named = all.annotation(List.of("anna", "bela")).objects().get(0);
    assertEquals(new LocalizedObject(head.box(), "bela", 0.9), named);
    assertEquals(List.of(), all.others());
    KeptClasses anna = new KeptClasses(List.of("anna"));
    PipelineResult none = chain(new Spots(head), anna).run(image, Progress.NONE);
    assertEquals(List.of(), none.findings());
    assertEquals(List.of(head), none.others());
  }

  /**
   * The head is turned by 90 degrees: snout at (120.5, 80.5), tail at (80.5, 80.5), 40 pixels
   * apart. Aligned, they are 20 apart, so the picture's pixels are 2 of the image, and its "up" is
   * "right".
   */
  @Test
  void everyThingIsToldInTheImagesCoordinates() {
    Spots spots = new Spots(new LocalizedObject(new Box(75, 60, 50, 40), "head", 0.9));
    PipelineResult result =
        chain(spots)
            .run(
                image(new double[] {120.5, 80.5, 200}, new double[] {80.5, 80.5, 80}),
                Progress.NONE);
    Finding f = result.findings().get(0);
    assertTrue(f.missing().isEmpty());
    assertEquals(new Box(75, 60, 50, 40), f.object().orElseThrow().box());
    Keypoint snout = f.pose().orElseThrow().keypoint("snout").orElseThrow();
    assertEquals(120.5, snout.x(), 0.75);
    assertEquals(80.5, snout.y(), 0.75);
    // by hand: (16, 6) is the snout, (16, 26) the tail, (26, 6) is 20 pixels below the snout
    assertEquals(snout.x(), f.toImage().x(16, 6), 1e-6);
    assertEquals(snout.y(), f.toImage().y(16, 6), 1e-6);
    assertEquals(120.5, f.toImage().x(26, 6), 1.5);
    assertEquals(100.5, f.toImage().y(26, 6), 1.5);
    assertEquals(0.75, f.scores().orElseThrow().probability(1));
    // the first step alone is shown the image in its scale
    assertEquals(
        Map.of("heads", Set.of(0.5), "points", Set.of(1.0), "who", Set.of(1.0)), spots.scales);
    // and the picture shows it so: the snout above, the tail below
    Frame picture = spots.classified.get(0);
    assertEquals(32, picture.width());
    RandomAccess<? extends RealType<?>> pixel = picture.pixels().randomAccess();
    assertTrue(pixel.setPositionAndGet(16, 6, 0).getRealDouble() > 100);
    assertTrue(pixel.setPositionAndGet(16, 26, 0).getRealDouble() > 40);
    assertEquals(0, pixel.setPositionAndGet(26, 16, 0).getRealDouble());
  }

  @Test
  void anObjectWithoutKeypointsStopsAndTheOthersGoOn() {
    Spots spots =
        new Spots(
            new LocalizedObject(new Box(10, 10, 40, 40), "head", 0.9),
            new LocalizedObject(new Box(100, 60, 50, 50), "head", 0.8),
            new LocalizedObject(new Box(140, 100, 30, 30), "head", 0.1));
    PipelineResult result =
        chain(spots)
            .run(
                image(new double[] {120.5, 70.5, 200}, new double[] {120.5, 100.5, 80}),
                Progress.NONE);
    assertEquals(2, result.findings().size(), "one is below the least score");
    assertEquals("no keypoints", result.findings().get(0).missing().orElseThrow());
    assertTrue(result.findings().get(1).scores().isPresent());
    FindingTable table =
        new FindingTable(
            List.of("anna", "bela"), List.of("snout", "tail"), List.of(), RegionNames.OBJECTS, 1);
    List<List<String>> rows = table.rows("a.png", 1, 1, result);
    assertEquals(2, rows.size());
    assertEquals(List.of("a.png", "1", "", "", ""), rows.get(0).subList(0, 5));
    assertEquals("no keypoints", rows.get(0).get(table.header().indexOf("missing")));
    assertEquals(List.of("a.png", "2", "1", "bela", "0.75"), rows.get(1).subList(0, 5));
    assertEquals(List.of("100", "60", "50", "50", "0.8"), rows.get(1).subList(5, 10));
  }

  @Test
  void anImageWithoutObjectsHasARowThatSaysSo() {
    PipelineResult result = chain(new Spots()).run(image(), Progress.NONE);
    FindingTable table =
        new FindingTable(List.of("anna", "bela"), List.of(), List.of(), RegionNames.OBJECTS, 3);
    List<List<String>> rows = table.rows("a.png", 1, 1, result);
    assertEquals(1, rows.size());
    assertEquals("no objects", rows.get(0).get(table.header().indexOf("missing")));
    assertEquals(table.header().size(), rows.get(0).size());
  }

  /** A box of 40 x 20 with a margin of half its longer side: 80 x 60, widened to 80 x 80. */
  @Test
  void cropsKeepProportions() {
    Affine map = TestPipelines.CROP.picture().toImage(new Box(50, 70, 40, 20));
    assertEquals(30, map.x(0, 0), 1e-12);
    assertEquals(40, map.y(0, 0), 1e-12);
    assertEquals(110, map.x(40, 40), 1e-12);
    assertEquals(120, map.y(40, 40), 1e-12);
  }

  /** Every second column is 100: halved, all are 50; one sample a pixel would see stripes. */
  @Test
  void smallPicturesAreMeans() {
    float[] stripes = new float[64 * 64];
    for (int i = 0; i < stripes.length; i++) stripes[i] = i % 2 * 100;
    Frame frame =
        new Frame("stripes", ArrayImgs.floats(stripes, 64, 64, 1), PixelSize.UNCALIBRATED);
    Frame half = Resampling.averaged(frame, Affine.scale(2, 2), 32, 32);
    RandomAccess<? extends RealType<?>> pixel = half.pixels().randomAccess();
    for (int x = 0; x < 32; x++) {
      assertEquals(50, pixel.setPositionAndGet(x, 10, 0).getRealDouble(), 1e-3);
    }
  }

  /** A picture turned by 90 degrees and enlarged twofold: 4 x 2 labels become 4 x 8 pixels. */
  @Test
  void regionsComeBackTurned() {
    LabelMap labels = LabelMap.of(4, 2, 1, 1, 0, 0, 0, 0, 0, 2);
    Affine map = new Affine(0, -2, 50, 2, 0, 30); // (u, v) to (50 - 2v, 30 + 2u)
    Finding.Regions placed =
        Pictures.toImage(
            new Segmentation(
                labels,
                List.of(
                    new Segment(1, 2, 1, 0.5, 0.9, 0, 0, 2, 1),
                    new Segment(2, 1, 3.5, 1.5, 0.8, 3, 1, 1, 1))),
            map,
            image());
    assertEquals(46, placed.x());
    assertEquals(30, placed.y());
    Segment first = placed.segmentation().segments().get(0);
    assertEquals(8, first.area());
    assertEquals(49, first.x(), 1e-9);
    assertEquals(32, first.y(), 1e-9);
    Segment second = placed.segmentation().segments().get(1);
    assertEquals(4, second.area());
    assertEquals(47, second.x(), 1e-9);
    assertEquals(37, second.y(), 1e-9);
    assertEquals(36, second.top());
  }
}
