package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.ObjectClasses;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Objects that have classes. */
class ObjectClassesTest {

  private static final InstanceSegmentation TASK =
      new InstanceSegmentation(List.of("live", "dead"), 0.55, 0, 0.1, 0.3, 1, 0, 3, 8, false);

  private static Tensor maps(int channels, int w, int h, float... values) {
    return new Tensor(Axes.NCHW, new int[] {1, channels, h, w}, values);
  }

  @Test
  void thereIsOneMoreHead() {
    assertEquals(
        List.of("object", "depth", "class"), TASK.heads().stream().map(Head::name).toList());
    assertEquals(
        List.of("object", "depth", "class", "size"),
        TASK.withSizes().heads().stream().map(Head::name).toList());
    assertEquals(2, TASK.heads().get(2).channels());
    assertEquals(
        List.of("object_logits", "depth", "class_logits", "size"),
        TASK.withSizes().objectives().stream().map(o -> o.layer()).toList());
    assertEquals(List.of("object", "depth", "live", "dead"), TASK.mapNames());
    assertTrue(TASK.labelClasses().isEmpty(), "labels number objects");
    assertEquals(2, InstanceSegmentation.of("cell").heads().size());
  }

  @Test
  void namesAreDifferentAndNotBlank() {
    for (List<String> names : List.of(List.of("a", "a"), List.<String>of(), List.of("a", " "))) {
      assertThrows(SpyhopException.class, () -> InstanceSegmentation.of(names));
    }
  }

  @Test
  void isKeptInAModelsRecord() throws Exception {
    ObjectMapper json = new ObjectMapper();
    assertEquals(TASK, json.readValue(json.writeValueAsString(TASK), Task.class));
  }

  @Test
  void pixelsOfObjectsOfKnownClassAloneSayWhichItIs() {
    LabelMap truth =
        LabelMap.of(6, 1, 7, 0, 9, 9, 4, LabelMap.UNLABELLED)
            .withClasses(new ObjectClasses(Map.of(7, 1, 9, 0)));
    Target target = TASK.encode(truth).get("class_logits");
    assertArrayEquals(new float[] {1, -1, 0, 0, -1, -1}, target.values().data());
    assertTrue(target.weights().isEmpty());
    assertEquals(
        List.of("object_logits", "depth"),
        List.copyOf(InstanceSegmentation.of("cell").encode(truth).keySet()));
  }

  /** Two of three pixels would rather be of the first class, but the third is surer. */
  @Test
  void theClassIsThatOfTheLargestSum() {
    Tensor object = maps(1, 5, 1, 1, 1, 1, 0, 1);
    Tensor depth = maps(1, 5, 1, 0.5f, 1, 0.5f, 0, 1);
    Tensor type = maps(2, 5, 1, 0.6f, 0.55f, 0.1f, 1, 0.7f, 0.4f, 0.45f, 0.9f, 0, 0.3f);
    Segmentation found = TASK.decode(List.of(object, depth, type));
    assertEquals(2, found.segments().size());
    ClassScores first = found.segments().get(0).classes().orElseThrow();
    assertEquals(1, first.best());
    assertEquals(1.25f / 3, first.probability(0), 1e-6f);
    assertEquals(1.75f / 3, first.probability(1), 1e-6f);
    assertEquals(0, found.segments().get(1).classes().orElseThrow().best());
    assertEquals(new ObjectClasses(Map.of(1, 1, 2, 0)), found.classified().classes());
    assertTrue(
        InstanceSegmentation.of("cell").decode(List.of(object, depth)).segments().stream()
            .allMatch(s -> s.classes().isEmpty()));
  }

  private static Tensor cut(Tensor plane, Tile tile) {
    int channels = plane.size('C');
    int w = plane.size('W');
    float[] values = new float[channels * tile.regionWidth() * tile.regionHeight()];
    int to = 0;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < tile.regionHeight(); y++) {
        int from = (c * plane.size('H') + tile.regionY() + y) * w + tile.regionX();
        System.arraycopy(plane.data(), from, values, to, tile.regionWidth());
        to += tile.regionWidth();
      }
    }
    return maps(channels, tile.regionWidth(), tile.regionHeight(), values);
  }

  /** A bar through several tiles whose left end is of one class and whose rest is of the other. */
  @ParameterizedTest
  @ValueSource(ints = {16, 20, 33, 100})
  void objectsThatTilesCutHaveTheClassOfTheWhole(int tileSize) {
    int w = 100;
    int h = 40;
    float[] object = new float[w * h];
    float[] depth = new float[w * h];
    float[] type = new float[2 * w * h];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int i = y * w + x;
        boolean bar = y >= 15 && y < 21 && x >= 5 && x < 95;
        object[i] = bar ? 0.9f : 0.1f;
        depth[i] = bar ? 0.8f : 0;
        type[i] = x < 40 ? 0.9f : 0.2f;
        type[w * h + i] = 1 - type[i];
      }
    }
    List<Tensor> outputs =
        List.of(maps(1, w, h, object), maps(1, w, h, depth), maps(2, w, h, type));
    Segmentation whole = TASK.decode(outputs);
    assertEquals(1, whole.segments().size());
    Assembler<Segmentation> assembler = TASK.assembler(new ImageSize(w, h));
    for (Tile tile : Tiles.plan(w, h, tileSize, TASK.overlap())) {
      assembler.add(tile, outputs.stream().map(o -> cut(o, tile)).toList());
    }
    Segment joined = assembler.finish().segments().get(0);
    assertEquals(540, joined.area());
    // 35 columns at 0.1 and 55 at 0.8
    assertEquals((35 * 0.1 + 55 * 0.8) / 90, joined.classes().orElseThrow().probability(1), 1e-6);
    assertEquals(1, joined.classes().orElseThrow().best());
  }

  /** One of two objects has the wrong class: F1 is 0 for both classes, and 1 for objects. */
  @Test
  void theScoreIsTheMeanOverTheClasses() {
    LabelMap labels = LabelMap.of(4, 1, 1, 0, 2, 2);
    List<Segment> segments =
        List.of(
            new Segment(1, 1, 0.5, 0.5, 1, 0, 0, 1, 1).withClasses(new ClassScores(0.9f, 0.1f)),
            new Segment(2, 2, 3, 0.5, 1, 2, 0, 2, 1).withClasses(new ClassScores(0.2f, 0.8f)));
    LabelMap right = labels.withClasses(new ObjectClasses(Map.of(1, 0, 2, 1)));
    LabelMap half = labels.withClasses(new ObjectClasses(Map.of(1, 0, 2, 0)));
    Score score = TASK.score(List.of(new Segmentation(labels, segments)), List.of(right));
    assertEquals(1, score.value());
    score = TASK.score(List.of(new Segmentation(labels, segments)), List.of(half));
    // first class: one found, one missed, AP 1/2 at each threshold; second: one that is none
    assertEquals((2.0 / 3 + 0) / 2, score.figures().get("F1"), 1e-9);
    assertEquals((0.5 + 0) / 2, score.figures().get("mean AP"), 1e-9);
    assertEquals(1, score.figures().get("F1 of any class"));
  }

  /** Which settings are best for outlines is told without looking at classes. */
  @Test
  void calibrationLooksAtOutlines() {
    Tensor object = maps(1, 5, 1, 1, 1, 0, 0.5f, 0.5f);
    Tensor depth = maps(1, 5, 1, 1, 1, 0, 1, 1);
    Tensor type = maps(2, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0);
    LabelMap truth =
        LabelMap.of(5, 1, 1, 1, 0, 2, 2).withClasses(new ObjectClasses(Map.of(1, 1, 2, 1)));
    InstanceSegmentation calibrated =
        TASK.calibrate(List.of(new PixelTask.Said(List.of(object, depth, type), truth, 1)));
    assertTrue(calibrated.foreground() < 0.5, "both are found: " + calibrated.foreground());
  }
}
