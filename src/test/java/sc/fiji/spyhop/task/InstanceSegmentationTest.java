package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.prediction.SizeHistogram;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class InstanceSegmentationTest {

  private static final InstanceSegmentation TASK =
      new InstanceSegmentation(List.of("nucleus"), 0.55, 1, 0.1, 0.3, 15, 0, 3, 64, false);

  private static Tensor plane(int w, int h, float[] values) {
    return new Tensor(Axes.NCHW, new int[] {1, 1, h, w}, values);
  }

  @Test
  void encodesDepthRelativeToTheDeepestPoint() {
    LabelMap truth =
        LabelMap.of(
            9, 6, //
            0, 0, 0, 0, 0, 0, 0, 0, 0, //
            0, 5, 5, 5, 5, 5, 0, 0, 0, //
            0, 5, 5, 5, 5, 5, 0, 0, 0, //
            0, 5, 5, 5, 5, 5, 0, 0, 0, //
            0, 5, 5, 5, 5, 5, 0, 0, 0, //
            0, 5, 5, 5, 5, 5, 0, 0, 2);
    Map<String, Target> targets = TASK.encode(truth);
    Target object = targets.get("object_logits");
    Target depth = targets.get("depth");
    // Distances in a 5 x 5 square are 1, 2 and 3, the image's edge being an edge of the object.
    float[] row = new float[9];
    System.arraycopy(depth.values().data(), 3 * 9, row, 0, 9);
    assertArrayEquals(new float[] {0, 0.2f, 0.6f, 1, 0.6f, 0.2f, 0, 0, 0}, row, 1e-6f);
    assertEquals(0.2f, depth.values().get(0, 0, 5, 3), 1e-6f);
    assertEquals(1f, depth.values().get(0, 0, 5, 8), 1e-6f);
    assertEquals(26, sum(object.values()), 0);
    // Both objects lie in the 5 x 5 windows of columns 6 and 7 from row 3 down.
    Tensor weights = object.weights().orElseThrow();
    assertEquals(54 + 2 * 6, sum(weights), 0);
    assertEquals(3, weights.get(0, 0, 3, 6));
    assertEquals(1, weights.get(0, 0, 2, 6));
    assertEquals(3, depth.weights().orElseThrow().get(0, 0, 2, 2));
    assertEquals(3, depth.weights().orElseThrow().get(0, 0, 3, 7));
    assertEquals(1, depth.weights().orElseThrow().get(0, 0, 0, 0));
  }

  private static double sum(Tensor tensor) {
    double sum = 0;
    for (float value : tensor.data()) sum += value;
    return sum;
  }

  @Test
  void encodesTheSizeOfWholeObjects() {
    LabelMap truth = new LabelMap(40, 20);
    for (int y = 2; y < 18; y++) for (int x = 3; x < 19; x++) truth.set(x, y, 1);
    for (int y = 5; y < 9; y++) for (int x = 36; x < 40; x++) truth.set(x, y, 2);
    assertEquals(2, TASK.encode(truth).size());
    Target size = TASK.withSizes().encode(truth).get("size");
    // log2(2 sqrt(256 / pi) / 16) = log2(1.1283792)
    assertEquals(0.174252f, size.values().get(0, 0, 10, 10), 1e-5f);
    Tensor weights = size.weights().orElseThrow();
    assertEquals(256, sum(weights), 0, "none for the background, nor for what the edge cuts");
    assertEquals(0, weights.get(0, 0, 6, 38));
  }

  @Test
  void measuresObjectsByWhatTheirPixelsSay() {
    Tensor object = plane(4, 2, new float[] {1, 1, 1, 0, 1, 0.1f, 0, 0});
    Tensor depth = plane(4, 2, new float[8]);
    // three pixels of objects of 32 pixels across, one of one of 4
    Tensor size = plane(4, 2, new float[] {1, 1, 1, 9, -2, 9, 9, 9});
    SizeHistogram sizes = new SizeHistogram();
    TASK.withSizes().measure(List.of(object, depth, size), sizes);
    double large = 3 / (Math.PI / 4 * 32 * 32);
    double small = 1 / (Math.PI / 4 * 4 * 4);
    assertEquals(large + small, sizes.weight(), 1e-6);
    assertEquals(4, sizes.median().orElseThrow(), 0.1);
  }

  @Test
  void settingsInPixelsGrowWithTheOutputs() {
    InstanceSegmentation large = TASK.enlarged(3);
    assertEquals(3, large.smoothing());
    assertEquals(135, large.minArea());
    assertEquals(192, large.overlap());
    assertEquals(TASK.foreground(), large.foreground());
  }

  @Test
  void encodesPiecesOfALabelOneByOne() {
    LabelMap truth = LabelMap.of(7, 1, 3, 3, 3, 0, 3, 0, 0);
    float[] depth = TASK.encode(truth).get("depth").values().data();
    assertArrayEquals(new float[] {1, 1, 1, 0, 1, 0, 0}, depth, 1e-6f);
  }

  /**
   * Eight discs with ties and specks, decoded for this test by SciPy and scikit-image
   * (gaussian_filter, reconstruction, label, watershed) with the same settings.
   */
  @Test
  void decodesAsAnIndependentImplementationDoes() {
    int w = 44;
    int h = 32;
    int[][] discs = {
      {9, 9, 7},
      {19, 10, 6},
      {33, 8, 6},
      {10, 22, 5},
      {20, 24, 8},
      {31, 22, 6},
      {38, 27, 5},
      {41, 3, 3}
    };
    float[] object = new float[w * h];
    float[] depth = new float[w * h];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double d = 0;
        for (int[] disc : discs) {
          double dx = x - disc[0];
          double dy = y - disc[1];
          d = Math.max(d, 1 - Math.sqrt(dx * dx + dy * dy) / disc[2]);
        }
        d = d + ((x * 7 + y * 13 + x * y * 5) % 11 - 5) * 0.02;
        float quantised = (float) (Math.floor(d * 64 + 0.5) / 64);
        depth[y * w + x] = quantised;
        double p = quantised * 1.5 + 0.35 + ((x * 5 + y * 3) % 7 - 3) * 0.02;
        object[y * w + x] = (float) (Math.floor(Math.max(0, Math.min(1, p)) * 64 + 0.5) / 64);
      }
    }
    String[] expected = {
      "............................................",
      "........................................111.",
      ".......................................11111",
      ".........22.....................333....11111",
      ".......22222.................3.33333...11111",
      ".....222222222...............333333333..111.",
      "....2222222222..444444.......3333333333.....",
      "....2222222222244444444......333333333......",
      "....22222222222444444444.....3333333333.....",
      "...222222222222444444444.....333333333......",
      "....22222222222444444444......333333333.....",
      "...2222222222244444444444....333333333......",
      "....22222222224444444444.....33333333.......",
      "......22222222.444444444........3.3.........",
      "......2222222...4444444.....................",
      ".......2.2.2......4.4.......................",
      "............................................",
      ".....................5.........66...........",
      "........7777.......5555......66666..........",
      "........77777..555555555...66666666.........",
      ".......7777777755555555555.6666666666.......",
      "......77777777.5555555555566666666666.......",
      "......7777777775555555555566666666666.......",
      "......77777777755555555555566666666668888...",
      "......777777775555555555555666666666.88888..",
      ".......777777.55555555555556666666688888888.",
      ".........777...555555555555.666666.88888888.",
      ".............55555555555555......6888888888.",
      "...............555555555555.......88888888..",
      "................5555555555.........88888888.",
      "................5.555555............888888..",
      "...................5.5..............888.8..."
    };
    Segmentation found = TASK.decode(List.of(plane(w, h, object), plane(w, h, depth)));
    StringBuilder[] rows = new StringBuilder[h];
    for (int y = 0; y < h; y++) {
      rows[y] = new StringBuilder();
      for (int x = 0; x < w; x++) rows[y].append(".12345678".charAt(found.labels().get(x, y)));
    }
    assertEquals(String.join("\n", expected), String.join("\n", rows));
    assertEquals(8, found.segments().size());
  }

  @Test
  void measuresObjects() {
    int w = 8;
    int h = 7;
    float[] object = new float[w * h];
    float[] depth = new float[w * h];
    for (int y = 1; y < 5; y++) {
      for (int x = 2; x < 7; x++) {
        object[y * w + x] = y == 1 ? 0.6f : 1;
        depth[y * w + x] = 1;
      }
    }
    Segmentation found = TASK.decode(List.of(plane(w, h, object), plane(w, h, depth)));
    assertEquals(1, found.segments().size());
    Segment segment = found.segments().get(0);
    assertEquals(20, segment.area());
    assertEquals(4.5, segment.x());
    assertEquals(3, segment.y());
    assertEquals(0.9, segment.probability(), 1e-6);
    assertEquals(
        List.of(2, 1, 5, 4),
        List.of(segment.left(), segment.top(), segment.width(), segment.height()));
  }

  @Test
  void dropsSmallObjectsAndLeavesNoGapInTheNumbers() {
    float[] object = new float[40 * 5];
    float[] depth = new float[40 * 5];
    int[][] boxes = {{1, 3}, {8, 4}, {20, 3}, {30, 4}};
    for (int[] box : boxes) {
      for (int y = 0; y < 4; y++) {
        for (int x = box[0]; x < box[0] + box[1]; x++) object[y * 40 + x] = 1;
      }
    }
    Segmentation found = TASK.decode(List.of(plane(40, 5, object), plane(40, 5, depth)));
    assertEquals(2, found.segments().size());
    assertEquals(1, found.labels().get(8, 0));
    assertEquals(2, found.labels().get(30, 0));
    assertEquals(0, found.labels().get(1, 0));
  }

  @Test
  void refusesOutputsThatDoNotFit() {
    Tensor good = plane(4, 3, new float[12]);
    assertThrows(IllegalArgumentException.class, () -> TASK.decode(List.of(good)));
    assertThrows(
        IllegalArgumentException.class,
        () -> TASK.decode(List.of(good, plane(3, 4, new float[12]))));
    float[] broken = new float[12];
    broken[5] = Float.NaN;
    assertThrows(SpyhopException.class, () -> TASK.decode(List.of(good, plane(4, 3, broken))));
  }

  @Test
  void scoresByF1AndMeanAp() {
    Score score =
        TASK.score(
            List.of(new Segmentation(LabelMap.of(6, 1, 1, 1, 1, 0, 2, 2), List.of())),
            List.of(LabelMap.of(6, 1, 5, 5, 5, 5, 0, 0)));
    // One pair of IoU 0.75: up to that threshold TP 1, FP 1, FN 0; beyond TP 0, FP 2, FN 1.
    assertEquals(2 / 3.0, score.figures().get("F1"), 1e-12);
    assertEquals(0.5 * 6 / 10, score.figures().get("mean AP"), 1e-12);
    assertEquals((2 / 3.0 + 0.3) / 2, score.value(), 1e-12);
  }

  @Test
  void refusesSettingsThatDoNotFit() {
    String message =
        assertThrows(
                SpyhopException.class,
                () ->
                    new InstanceSegmentation(
                        List.of("nucleus"), 1, 1, 0.1, 0.3, 15, 0, 3, 64, false))
            .getMessage();
    assertEquals(
        "Instance segmentation: expected a foreground between 0 and 1, received 1.0.", message);
    assertThrows(
        SpyhopException.class,
        () -> new InstanceSegmentation(List.of("a", "a"), 0.5, 1, 0.1, 0.3, 15, 0, 3, 64, false));
  }

  @Test
  void isReadAndWrittenAsJson() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    String json = mapper.writeValueAsString(TASK);
    assertTrue(json.contains("\"type\":\"instance-segmentation\""), json);
    assertEquals(TASK, mapper.readValue(json, SegmentationTask.class));
  }

  @Test
  void dropsObjectsOfLowProbability() {
    float[] object = new float[20 * 6];
    float[] depth = new float[20 * 6];
    for (int y = 1; y < 5; y++) {
      for (int x = 1; x < 6; x++) object[y * 20 + x] = 0.7f;
      for (int x = 10; x < 15; x++) object[y * 20 + x] = 0.9f;
    }
    InstanceSegmentation strict =
        new InstanceSegmentation(List.of("nucleus"), 0.55, 1, 0.1, 0.3, 15, 0.8, 3, 64, false);
    Segmentation found = strict.decode(List.of(plane(20, 6, object), plane(20, 6, depth)));
    assertEquals(1, found.segments().size());
    assertEquals(10, found.segments().get(0).left());
  }

  /** Objects at 0.62 with a rim of 0.58 that is not theirs: only a threshold between is right. */
  @Test
  void calibrationFindsTheThreshold() {
    int w = 40;
    float[] object = new float[w * w];
    float[] depth = new float[w * w];
    LabelMap truth = new LabelMap(w, w);
    for (int k = 0; k < 4; k++) {
      for (int y = 0; y < 13; y++) {
        for (int x = 0; x < 13; x++) {
          int i = (y + 3 + 20 * (k / 2)) * w + x + 3 + 20 * (k % 2);
          boolean inside = x > 1 && y > 1 && x < 11 && y < 11;
          object[i] = inside ? 0.62f : 0.58f;
          depth[i] = 1 - Math.max(Math.abs(x - 6), Math.abs(y - 6)) / 7f;
          if (inside) truth.set(i, k + 1);
        }
      }
    }
    List<Tensor> outputs = List.of(plane(w, w, object), plane(w, w, depth));
    InstanceSegmentation calibrated =
        TASK.calibrate(List.of(new PixelTask.Said(outputs, truth, 1)));
    assertEquals(0.6, calibrated.foreground());
    assertEquals(1, calibrated.score(List.of(calibrated.decode(outputs)), List.of(truth)).value());
    assertEquals(TASK.peakHeight(), calibrated.peakHeight());
    assertEquals(TASK, TASK.calibrate(List.of()));
  }

  /**
   * Objects of 12 x 12 pixels: sure cores of 11 x 11 (six) or 9 x 9 (one) with rims at 0.52, and
   * two that are none, cores of 7 x 7 at 0.82 with the same rims. As long as only cores count, 0.85
   * tells true ones from others; once rims count, the mean of the one of 9 x 9 is 0.76, and that of
   * those that are none 0.62.
   */
  @Test
  void settingsThatDependOnEachOtherAreTriedAgain() {
    int w = 60;
    float[] object = new float[w * w];
    float[] depth = new float[w * w];
    LabelMap truth = new LabelMap(w, w);
    int[] cores = {11, 11, 11, 11, 11, 11, 9, 7, 7};
    for (int k = 0; k < cores.length; k++) {
      int rim = (12 - cores[k]) / 2;
      for (int y = 0; y < 12; y++) {
        for (int x = 0; x < 12; x++) {
          int i = (y + 4 + 20 * (k / 3)) * w + x + 4 + 20 * (k % 3);
          boolean core = x >= rim && y >= rim && x < rim + cores[k] && y < rim + cores[k];
          object[i] = core ? cores[k] == 7 ? 0.82f : 0.95f : 0.52f;
          depth[i] = 1 - Math.max(Math.abs(x - 5.5f), Math.abs(y - 5.5f)) / 7;
          if (cores[k] != 7) truth.set(i, k + 1);
        }
      }
    }
    List<Tensor> outputs = List.of(plane(w, w, object), plane(w, w, depth));
    InstanceSegmentation calibrated =
        TASK.calibrate(List.of(new PixelTask.Said(outputs, truth, 1)));
    assertTrue(calibrated.foreground() < 0.52);
    assertEquals(0.7, calibrated.minProbability());
    assertEquals(1, calibrated.score(List.of(calibrated.decode(outputs)), List.of(truth)).value());
  }

  /**
   * 25 squares of 8 x 8 pixels, every other of which is right, shown to the network at half size.
   */
  @Test
  void scoresAreFittedToObjectsAsLargeAsTheNetworkSeesThem() {
    int w = 100;
    float[] object = new float[w * w];
    float[] depth = new float[w * w];
    LabelMap truth = new LabelMap(w, w);
    for (int k = 0; k < 25; k++) {
      for (int y = 6; y < 14; y++) {
        for (int x = 6; x < 14; x++) {
          int i = (20 * (k / 5) + y) * w + 20 * (k % 5) + x;
          object[i] = k % 2 == 0 ? 0.95f : 0.85f;
          depth[i] = 1 - Math.max(Math.abs(x - 9.5f), Math.abs(y - 9.5f)) / 5;
          if (k % 2 == 0) truth.set(i, k + 1);
        }
      }
    }
    List<Tensor> outputs = List.of(plane(w, w, object), plane(w, w, depth));
    InstanceSegmentation calibrated =
        TASK.calibrate(List.of(new PixelTask.Said(outputs, truth, 0.5)));
    assertEquals(2 * Math.sqrt(64 / Math.PI) / 2, calibrated.scoring().diameter(), 1e-9);
    for (Segment s : calibrated.enlarged(2).decode(outputs).segments()) {
      boolean right = truth.get((int) s.x(), (int) s.y()) != 0;
      assertEquals(right, s.score().orElseThrow() > 0.5, s.toString());
    }
    Adjustment sure =
        new Adjustment(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(0),
            OptionalDouble.of(0.5));
    assertEquals(13, calibrated.enlarged(2).adjusted(sure).decode(outputs).segments().size());
    SpyhopException e = assertThrows(SpyhopException.class, () -> TASK.adjusted(sure));
    assertTrue(e.getMessage().contains("tells no scores"), e.getMessage());
  }
}
