package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class MultiLabelSegmentationTest {

  private static final MultiLabelSegmentation TASK = MultiLabelSegmentation.of("cell", "fibre");

  /** Two classes on 3 x 2 pixels. */
  private static final Tensor OUTPUT =
      new Tensor(
          Axes.NCHW,
          new int[] {1, 2, 2, 3},
          new float[] {
            0.8f, 0.6f, 0.1f, 0.4f, 0.9f, 0.1f, //
            0.1f, 0.7f, 0.8f, 0.4f, 0.3f, 0.3f
          });

  @Test
  void pixelsAreOfAllThatIsLikelyEnough() {
    Segmentation found = TASK.decode(List.of(OUTPUT));
    assertTrue(found.overlapping());
    assertEquals(LabelMap.of(3, 2, 1, 3, 2, 0, 1, 0), found.labels());
    Segment cell = found.segments().get(0);
    assertEquals(1, cell.label());
    assertEquals(3, cell.area());
    assertEquals((0.8 + 0.6 + 0.9) / 3, cell.probability(), 1e-6);
    assertEquals((0 + 1 + 1) / 3.0 + 0.5, cell.x(), 1e-12);
    Segment fibre = found.segments().get(1);
    assertEquals(2, fibre.area());
    assertEquals("fibre", TASK.regionNames().of(fibre));
    assertEquals(2, found.background());
    List<Segmentation> layers = found.layers();
    assertEquals(LabelMap.of(3, 2, 0, 2, 2, 0, 0, 0), layers.get(1).labels());
    assertEquals(found, Segmentation.overlay(layers, 3, 2, 0, 0));
  }

  @Test
  void thresholdsAreThoseOfEachClass() {
    Segmentation found = TASK.withThresholds(List.of(0.85, 0.25)).decode(List.of(OUTPUT));
    assertEquals(LabelMap.of(3, 2, 0, 2, 2, 2, 3, 2), found.labels());
    Adjustment by =
        new Adjustment(
            OptionalDouble.of(0.95),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty());
    assertEquals(List.of(), TASK.adjusted(by).decode(List.of(OUTPUT)).segments());
    Adjustment split =
        new Adjustment(
            OptionalDouble.empty(),
            OptionalDouble.of(0.5),
            OptionalDouble.empty(),
            OptionalDouble.empty());
    assertThrows(SpyhopException.class, () -> TASK.adjusted(split));
  }

  @Test
  void tilesGiveTheSame() {
    Assembler<Segmentation> assembler = TASK.assembler(new ImageSize(3, 2));
    float[] all = OUTPUT.data();
    for (int i = 5; i >= 0; i--) {
      Tensor pixel =
          new Tensor(Axes.NCHW, new int[] {1, 2, 1, 1}, new float[] {all[i], all[6 + i]});
      assembler.add(new Tile(i % 3, i / 3, 1, 1), List.of(pixel));
    }
    assertEquals(TASK.decode(List.of(OUTPUT)), assembler.finish());
  }

  @Test
  void targetsAreAChannelForEachClass() {
    LabelMap truth = LabelMap.of(2, 2, 0, 1, 3, LabelMap.UNLABELLED);
    Tensor values = TASK.encode(truth).get("classes_logits").values();
    assertArrayEquals(new float[] {0, 1, 1, -1, 0, 0, 1, -1}, values.data());
    assertThrows(SpyhopException.class, () -> TASK.encode(LabelMap.of(1, 1, 4)));
    assertEquals(List.of(0, 1), TASK.classesOf(3));
    assertEquals(4, TASK.labelCount());
  }

  @Test
  void calibrationFindsTheLargestDice() {
    // cell is right from 0.6 (but for nothing), fibre best from 0.3 on
    LabelMap truth = LabelMap.of(3, 2, 1, 3, 2, 2, 3, 2);
    MultiLabelSegmentation fitted =
        TASK.calibrate(List.of(new PixelTask.Said(List.of(OUTPUT), truth, 1)));
    assertEquals(LabelMap.of(3, 2, 1, 3, 2, 2, 3, 2), fitted.decode(List.of(OUTPUT)).labels());
    assertEquals(0.5, fitted.thresholds().get(0), 0, "one half will do");
    assertTrue(fitted.thresholds().get(1) <= 0.3 && fitted.thresholds().get(1) > 0.1);
    var score = fitted.score(List.of(fitted.decode(List.of(OUTPUT))), List.of(truth));
    assertEquals(1, score.value(), 1e-12);
  }

  @Test
  void smallRegionsAreLeftOutClassByClass() {
    Segmentation found = TASK.decode(List.of(OUTPUT));
    Refinement large = new Refinement(3, Double.POSITIVE_INFINITY, false, false);
    Segmentation kept = large.of(found, TASK.regionNames());
    assertEquals(LabelMap.of(3, 2, 1, 1, 0, 0, 1, 0), kept.labels());
    assertTrue(kept.overlapping());
  }

  @Test
  void refusesMoreClassesThanBits() {
    List<String> many = IntStream.range(0, 25).mapToObj(i -> "c" + i).toList();
    String said =
        assertThrows(SpyhopException.class, () -> MultiLabelSegmentation.of(many)).getMessage();
    assertTrue(said.contains("at most 24"), said);
    MultiLabelSegmentation most = MultiLabelSegmentation.of(many.subList(0, 24));
    LabelMap all = LabelMap.of(1, 1, (1 << 24) - 1);
    for (float v : most.encode(all).get("classes_logits").values().data()) assertEquals(1, v);
  }

  @Test
  void isWrittenAndRead() throws Exception {
    ObjectMapper json = new ObjectMapper();
    MultiLabelSegmentation task = TASK.withThresholds(List.of(0.25, 0.75));
    String text = json.writeValueAsString(task);
    assertTrue(text.contains("multi-label-segmentation"), text);
    assertEquals(task, json.readValue(text, Task.class));
  }
}
