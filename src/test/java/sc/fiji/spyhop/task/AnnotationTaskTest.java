package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.SizeHistogram;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.BoxScoring;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class AnnotationTaskTest {

  private static final ImageSize SIZE = new ImageSize(64, 48);
  private static final ObjectCenters BOXES = Localization.of(List.of("cell", "dust"), 4);
  private static final KeypointDetection POINTS =
      KeypointDetection.of(
          new KeypointLayout(List.of("nose", "tail", "ear"), List.of(), List.of()), 4);

  private static ObjectCenters suppressing(ObjectCenters.Suppression how) {
    return new ObjectCenters(BOXES.classes(), BOXES.stride(), BOXES.threshold(), how, BOXES.most());
  }

  private static LocalizedObject object(
      String type, double score, double x, double y, double w, double h) {
    return new LocalizedObject(new Box(x, y, w, h), type, score);
  }

  /** What a network would say that has learnt its targets by heart. */
  private static Annotation decoded(AnnotationTask task, Annotation truth) {
    Map<String, Target> targets = task.encode(truth);
    Assembler<Annotation> assembler = task.assembler(truth.size());
    assembler.add(
        new Tile(0, 0, truth.size().width(), truth.size().height()),
        task.heads().stream().map(h -> targets.get(h.logits()).values()).toList());
    return assembler.finish();
  }

  @Test
  void boxesSurviveEncoding() {
    List<LocalizedObject> truth =
        List.of(
            object("cell", 1, 3.25, 5.5, 20, 17),
            object("cell", 1, 30, 8, 25.5, 31),
            object("dust", 1, 5, 8, 12, 9),
            object("dust", 1, 59, 43, 5, 5));
    List<LocalizedObject> found = decoded(BOXES, new Annotation(SIZE, truth, List.of())).objects();
    assertEquals(truth.size(), found.size());
    for (LocalizedObject t : truth) {
      assertTrue(
          found.stream().anyMatch(f -> f.type().equals(t.type()) && f.box().iou(t.box()) > 0.9999),
          t + " not in " + found);
    }
  }

  /** Cells are 30 x 20 and 15 x 60 pixels, dust is 10 x 10: a third of the median cell. */
  @Test
  void boxesTellSizes() {
    List<LocalizedObject> truth =
        List.of(
            object("cell", 1, 2, 2, 30, 20),
            object("cell", 1, 45, 1, 15, 60),
            object("dust", 1, 5, 30, 10, 10));
    Map<String, Target> targets = BOXES.encode(new Annotation(SIZE, truth, List.of()));
    List<Tensor> outputs =
        BOXES.heads().stream().map(h -> targets.get(h.logits()).values()).toList();
    SizeHistogram all = new SizeHistogram();
    BOXES.measure(outputs, all);
    assertEquals(3, all.weight(), 1e-6);
    assertEquals(Math.sqrt(600), all.median().orElseThrow(), 0.5);
    SizeHistogram relative = new SizeHistogram();
    BOXES.withSizes(List.of(1.0, 1.0 / 3)).measure(outputs, relative);
    assertEquals(30, relative.median().orElseThrow(), 0.7);
    assertThrows(SpyhopException.class, () -> BOXES.withSizes(List.of(1.0)));
    assertThrows(SpyhopException.class, () -> BOXES.withSizes(List.of(1.0, 0.0)));
  }

  /** A peak one cell off gives the same box, since neighbours learn it too. */
  @Test
  void neighboursOfACentreKnowItsBox() {
    Box box = new Box(10, 12, 24, 20);
    Map<String, Target> targets =
        BOXES.encode(new Annotation(SIZE, List.of(new LocalizedObject(box, "cell")), List.of()));
    Tensor heat = Tensor.zeros(Axes.NCHW, 1, 2, 12, 16);
    // the centre, (22, 22), is in cell (5, 5)
    heat.data()[5 * 16 + 6] = 0.8f;
    Assembler<Annotation> assembler = BOXES.assembler(SIZE);
    assembler.add(
        new Tile(0, 0, SIZE.width(), SIZE.height()),
        List.of(heat, targets.get(ObjectCenters.BOX).values()));
    List<LocalizedObject> found = assembler.finish().objects();
    assertEquals(1, found.size());
    assertEquals(0.8, found.get(0).score(), 1e-6);
    assertEquals(1, found.get(0).box().iou(box), 1e-5);
    float[] weights = targets.get(ObjectCenters.BOX).weights().orElseThrow().data();
    assertEquals(1, weights[5 * 16 + 5]);
    assertEquals(0, weights[5 * 16 + 9]);
  }

  @Test
  void partsReportOnlyTheirCore() {
    List<LocalizedObject> truth =
        List.of(object("cell", 1, 3, 5, 20, 17), object("cell", 1, 26, 8, 16, 16));
    Map<String, Target> targets = BOXES.encode(new Annotation(SIZE, truth, List.of()));
    List<Tensor> outputs =
        BOXES.heads().stream().map(h -> targets.get(h.logits()).values()).toList();
    Assembler<Annotation> assembler = BOXES.assembler(SIZE);
    assembler.add(new Tile(0, 0, 32, 48, 0, 0, 64, 48), outputs);
    assertEquals(1, assembler.finish().objects().size());
    assembler.add(new Tile(32, 0, 32, 48, 0, 0, 64, 48), outputs);
    assertEquals(2, assembler.finish().objects().size());
    // the same outputs elsewhere in the image
    assembler = BOXES.assembler(SIZE);
    assembler.add(new Tile(100, 200, 32, 48, 100, 200, 64, 48), outputs);
    Box moved = assembler.finish().objects().get(0).box();
    assertEquals(103, moved.x(), 1e-4);
    assertEquals(205, moved.y(), 1e-4);
  }

  /** What an untrained network says: peaks everywhere, and boxes that overlap a lot. */
  private static Annotation ofNoise(AnnotationTask task) {
    Random random = new Random(7);
    List<Tensor> outputs =
        task.heads().stream()
            .map(
                h -> {
                  Tensor map = Tensor.zeros(Axes.NCHW, 1, h.channels(), 12, 16);
                  boolean boxes = h.name().equals(ObjectCenters.BOX);
                  for (int i = 0; i < map.data().length; i++) {
                    map.data()[i] = boxes ? 1.5f + random.nextFloat() / 4 : random.nextFloat();
                  }
                  return map;
                })
            .toList();
    Assembler<Annotation> assembler = task.assembler(SIZE);
    assembler.add(new Tile(0, 0, SIZE.width(), SIZE.height()), outputs);
    return assembler.finish();
  }

  /** A threshold after suppression is one before it, for it takes away worse boxes alone. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsFoundWithoutAThresholdCanBeReportedWithOne(boolean soft) {
    ObjectCenters task = suppressing(new ObjectCenters.Suppression(soft, 0.3));
    Annotation all = ofNoise(task.withThreshold(0));
    int before = all.objects().size();
    for (double threshold : new double[] {0.8, 0.9, 0.97}) {
      Annotation wanted = ofNoise(task.withThreshold(threshold));
      assertTrue(wanted.objects().size() < before, before + " are fewer");
      before = wanted.objects().size();
      assertEquals(wanted, task.withThreshold(threshold).reported(all));
    }
    assertTrue(before > 0);
    Annotation points = ofNoise(POINTS.withThreshold(0));
    assertEquals(3, points.poses().get(0).located().size());
    double second =
        points.poses().get(0).keypoints().stream()
            .mapToDouble(Keypoint::confidence)
            .sorted()
            .toArray()[1];
    KeypointDetection strict = POINTS.withThreshold(second);
    assertEquals(2, ofNoise(strict).poses().get(0).located().size());
    assertEquals(ofNoise(strict), strict.reported(points));
  }

  /** Two boxes with IoU 0.6 (30 of 50) and one of another class in the same place. */
  @Test
  void suppressionIsByClassHardOrSoft() {
    List<LocalizedObject> truth =
        List.of(
            object("cell", 1, 0, 0, 40, 20),
            object("cell", 1, 10, 0, 40, 20),
            object("dust", 1, 0, 0, 40, 20));
    Annotation annotation = new Annotation(SIZE, truth, List.of());
    assertEquals(
        3,
        decoded(suppressing(new ObjectCenters.Suppression(false, 0.61)), annotation)
            .objects()
            .size());
    List<LocalizedObject> hard =
        decoded(suppressing(new ObjectCenters.Suppression(false, 0.59)), annotation).objects();
    assertEquals(2, hard.size());
    assertEquals(2, hard.stream().map(LocalizedObject::type).distinct().count());
    List<LocalizedObject> soft =
        decoded(suppressing(new ObjectCenters.Suppression(true, 0.59)), annotation).objects();
    assertEquals(3, soft.size());
    assertEquals(0.4, soft.get(2).score(), 1e-4);
  }

  /** A score is 4 s^2 to 1, s being the confidence, which is 1 at a centre. */
  @Test
  void boxesHaveTheScoresOfTheirClass() {
    Annotation annotation =
        new Annotation(SIZE, List.of(object("cell", 1, 8, 8, 16, 16)), List.of());
    BoxScoring some = new BoxScoring(2, 0, Math.log(4));
    ObjectCenters scored = BOXES.withScoring(BOXES.classes().stream().map(c -> some).toList());
    List<LocalizedObject> found = decoded(scored.withThreshold(0.79), annotation).objects();
    assertEquals(1, found.size());
    assertEquals(0.8, found.get(0).score(), 1e-4);
    assertEquals(0, decoded(scored.withThreshold(0.81), annotation).objects().size());
    assertEquals(
        1, decoded(scored.uncalibrated().withThreshold(0.99), annotation).objects().size());
  }

  @Test
  void thresholdIsWhatSeparatesRightFromWrong() {
    LocalizedObject right = object("cell", 0.61, 0, 0, 10, 10);
    LocalizedObject wrong = object("cell", 0.4, 30, 30, 10, 10);
    Annotation truth = new Annotation(SIZE, List.of(object("cell", 1, 0, 0, 10, 10)), List.of());
    Annotation predicted = new Annotation(SIZE, List.of(right, wrong), List.of());
    double t = BOXES.calibrate(List.of(predicted), List.of(truth)).threshold();
    assertTrue(t > 0.4 && t <= 0.61, "" + t);
    assertEquals(BOXES, BOXES.calibrate(List.of(), List.of()));
    Score score = BOXES.score(List.of(predicted), List.of(truth));
    assertEquals(1, score.figures().get("mAP50"), 1e-9);
  }

  @Test
  void pointsSurviveEncodingBetweenCells() {
    Pose pose =
        new Pose(
            List.of(
                Keypoint.at("nose", 20.7, 13.1),
                Keypoint.at("tail", 41, 30),
                Keypoint.absent("ear")));
    Annotation found = decoded(POINTS, new Annotation(SIZE, List.of(), List.of(pose)));
    Pose said = found.poses().get(0);
    assertEquals(20.7, said.keypoint("nose").orElseThrow().x(), 1e-3);
    assertEquals(13.1, said.keypoint("nose").orElseThrow().y(), 1e-3);
    assertEquals(41, said.keypoint("tail").orElseThrow().x(), 1e-3);
    assertTrue(said.keypoint("tail").orElseThrow().confidence() > 0.9);
    assertFalse(said.keypoint("ear").orElseThrow().isLocated());
  }

  /** An absent point is learnt as absent, one that nobody marked is not learnt. */
  @Test
  void unknownPointsAreIgnored() {
    Pose pose = new Pose(List.of(Keypoint.at("nose", 20, 13), Keypoint.absent("ear")));
    float[] heat =
        POINTS
            .encode(new Annotation(SIZE, List.of(), List.of(pose)))
            .get("keypoints_logits")
            .values()
            .data();
    int plane = 16 * 12;
    for (int i = 0; i < plane; i++) {
      assertTrue(heat[i] >= 0);
      assertEquals(-1, heat[plane + i]);
      assertEquals(0, heat[2 * plane + i]);
    }
  }

  @Test
  void pointsAreBestOfAllParts() {
    List<Tensor> weak = heat(0.3f);
    List<Tensor> strong = heat(0.7f);
    Assembler<Annotation> assembler = POINTS.assembler(SIZE);
    assembler.add(new Tile(0, 0, 64, 48), weak);
    assembler.add(new Tile(64, 0, 64, 48), strong);
    Keypoint nose = assembler.finish().poses().get(0).keypoint("nose").orElseThrow();
    assertEquals(0.7, nose.confidence(), 1e-6);
    assertEquals(64 + 4 * 3.5, nose.x(), 1e-6);
    Annotation truth =
        new Annotation(SIZE, List.of(), List.of(new Pose(List.of(Keypoint.at("nose", 78, 10)))));
    KeypointDetection calibrated = POINTS.calibrate(List.of(assembler.finish()), List.of(truth));
    assertEquals(0.05, calibrated.threshold(), "the lowest of equally good ones");
  }

  private static List<Tensor> heat(float value) {
    Tensor heat = Tensor.zeros(Axes.NCHW, 1, 3, 12, 16);
    heat.data()[2 * 16 + 3] = value;
    return List.of(heat);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    List<Runnable> wrong = new ArrayList<>();
    wrong.add(() -> Localization.of(List.of(), 4));
    wrong.add(() -> Localization.of(List.of("a", "a"), 4));
    wrong.add(() -> Localization.of(List.of("a"), 0));
    wrong.add(() -> BOXES.withThreshold(1.5));
    wrong.add(() -> new ObjectCenters.Suppression(false, -1));
    wrong.add(() -> KeypointDetection.of(KeypointLayout.NONE, 4));
    wrong.add(
        () ->
            BOXES.encode(new Annotation(SIZE, List.of(object("yeast", 1, 1, 1, 5, 5)), List.of())));
    for (Runnable r : wrong) assertThrows(SpyhopException.class, r::run);
  }

  /** Centres at 16 and 48 of 64 columns: mean 0.5, deviation 0.25; so 16 is one deviation less. */
  @Test
  void numbersOfABoxAreStandardised() {
    List<Annotation> truth =
        List.of(
            new Annotation(SIZE, List.of(object("cell", 1, 8, 12, 16, 24)), List.of()),
            new Annotation(SIZE, List.of(object("cell", 1, 40, 12, 16, 24)), List.of()));
    BoxRegression task = BoxRegression.of("cell", truth);
    assertEquals(List.of(0.5, 0.5, 0.25, 0.5), task.means());
    assertEquals(0.25, task.deviations().get(0), 1e-12);
    float[] values = task.encode(truth.get(0)).get(BoxRegression.HEAD).values().data();
    assertEquals(-1, values[0], 1e-6);
    assertEquals(0, values[2], 1e-6);
    Box back = decoded(task, truth.get(1)).objects().get(0).box();
    assertEquals(1, back.iou(truth.get(1).objects().get(0).box()), 1e-6);
    // in a picture twice as large, twice as large a box
    Assembler<Annotation> assembler = task.assembler(new ImageSize(128, 96));
    assembler.add(new Tile(0, 0, 128, 96), List.of(new Tensor(Axes.NC, new int[] {1, 4}, values)));
    assertEquals(1, assembler.finish().objects().get(0).box().iou(new Box(16, 24, 32, 48)), 1e-6);
    float[] weight =
        task.encode(Annotation.empty(SIZE)).get(BoxRegression.HEAD).weights().orElseThrow().data();
    assertEquals(0, weight[0], "nothing to learn where the object is out of the picture");
  }
}
