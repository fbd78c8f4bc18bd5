package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class SemanticSegmentationTest {

  private static final SemanticSegmentation TASK =
      new SemanticSegmentation(List.of("background", "cell", "debris"), List.of(), 255, 0);

  /** 3 classes on 3 x 2 pixels. */
  private static Tensor probabilities(float... values) {
    return new Tensor(Axes.NCHW, new int[] {1, 3, 2, 3}, values);
  }

  private static final Tensor OUTPUT =
      probabilities(
          0.8f, 0.2f, 0.1f, 0.4f, 0.3f, 0.1f, //
          0.1f, 0.7f, 0.8f, 0.4f, 0.6f, 0.3f, //
          0.1f, 0.1f, 0.1f, 0.2f, 0.1f, 0.6f);

  @Test
  void decodesTheMostProbableClassAndMeasuresIt() {
    Segmentation found = TASK.decode(List.of(OUTPUT));
    assertEquals(LabelMap.of(3, 2, 0, 1, 1, 0, 1, 2), found.labels());
    Segment cell = found.segments().get(0);
    assertEquals(1, cell.label());
    assertEquals(3, cell.area());
    assertEquals((1 + 2 + 1) / 3.0 + 0.5, cell.x(), 1e-12);
    assertEquals((0 + 0 + 1) / 3.0 + 0.5, cell.y(), 1e-12);
    assertEquals(0.7, cell.probability(), 1e-6);
    assertEquals(
        List.of(1, 0, 2, 2), List.of(cell.left(), cell.top(), cell.width(), cell.height()));
    assertEquals(2, found.segments().get(1).label());
    assertEquals("debris", TASK.labelClasses().get(found.segments().get(1).label()));
  }

  @Test
  void tilesGiveTheSame() {
    Assembler<Segmentation> assembler = TASK.assembler(new ImageSize(3, 2));
    float[] all = OUTPUT.data();
    for (int i = 5; i >= 0; i--) {
      float[] one = {all[i], all[6 + i], all[12 + i]};
      assembler.add(
          new Tile(i % 3, i / 3, 1, 1),
          List.of(new Tensor(Axes.NCHW, new int[] {1, 3, 1, 1}, one)));
    }
    Segmentation tiled = assembler.finish();
    Segmentation whole = TASK.decode(List.of(OUTPUT));
    assertEquals(whole.labels(), tiled.labels());
    assertEquals(whole.segments().get(0).x(), tiled.segments().get(0).x());
  }

  @Test
  void encodesClassNumbersAndLeavesOutWhatIsIgnored() {
    Target target = TASK.encode(LabelMap.of(3, 1, 2, 255, 0)).get("classes_logits");
    assertArrayEquals(new float[] {2, -1, 0}, target.values().data());
    assertArrayEquals(new int[] {1, 1, 1, 3}, target.values().shape());
  }

  @Test
  void refusesLabelsWithoutAClass() {
    String message =
        assertThrows(SpyhopException.class, () -> TASK.encode(LabelMap.of(2, 1, 0, 3)))
            .getMessage();
    assertTrue(message.contains("from 0 to 2") && message.contains("received 3"), message);
  }

  @Test
  void refusesSettingsThatDoNotFit() {
    assertThrows(
        SpyhopException.class, () -> new SemanticSegmentation(List.of("only"), List.of(), -1, 0));
    assertThrows(
        SpyhopException.class,
        () -> new SemanticSegmentation(List.of("a", "b"), List.of(1.0), -1, 0));
    assertThrows(
        SpyhopException.class,
        () -> new SemanticSegmentation(List.of("a", "b"), List.of(1.0, 0.0), -1, 0));
  }

  @Test
  void minimisesCrossEntropyAndDice() {
    SemanticSegmentation both =
        new SemanticSegmentation(List.of("a", "b"), List.of(1.0, 3.0), -1, 0.5);
    assertEquals(2, both.objectives().size());
    assertEquals(new Loss.CrossEntropy(List.of(1.0, 3.0), 0), both.objectives().get(0).loss());
    assertEquals(0.5, both.objectives().get(1).weight());
    assertEquals(1, TASK.objectives().size());
  }

  /**
   * By hand, from counts [truth][predicted] of 4 scored pixels: 0 right once and once taken for 1;
   * 1 right twice; 2 absent.
   */
  @Test
  void scoresByOverlapOfClasses() {
    Score score =
        TASK.score(
            List.of(new Segmentation(LabelMap.of(5, 1, 0, 1, 1, 1, 2), List.of())),
            List.of(LabelMap.of(5, 1, 0, 0, 1, 1, 255)));
    assertEquals((1 / 2.0 + 2 / 3.0) / 2, score.value(), 1e-12);
    assertEquals((2 / 3.0 + 4 / 5.0) / 2, score.figures().get("mean Dice"), 1e-12);
    assertEquals(3 / 4.0, score.figures().get("pixel accuracy"), 1e-12);
  }

  @Test
  void isReadAndWrittenAsJson() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    String json = mapper.writeValueAsString(TASK);
    assertTrue(json.contains("\"type\":\"semantic-segmentation\""), json);
    assertEquals(TASK, mapper.readValue(json, SegmentationTask.class));
  }
}
