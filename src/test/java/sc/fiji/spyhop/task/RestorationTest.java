package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class RestorationTest {

  private static final Intensity DOUBLED = new Intensity(List.of(10.0), List.of(2.0));

  private static Frame image(float... values) {
    return Frame.ofPlanes(List.of(values), values.length, 1)
        .withName("cells")
        .withPixelSize(new PixelSize(0.5, 0.5, "µm"));
  }

  private static Frame restored(Restoration task, Frame image, Intensity by, Tensor said) {
    Assembler<Frame> all = task.assembler(new ImageSize(image.width(), 1), image, by);
    all.add(new Tile(0, 0, image.width(), 1), List.of(said));
    return all.finish();
  }

  @Test
  void valuesComeBackInUnitsOfTheImage() {
    Restoration task = Restoration.of(1);
    Frame image = image(1, 2, 3);
    Frame truth = image(10, 11, 9.5f);
    Tensor target = task.target(truth, DOUBLED);
    assertArrayEquals(new float[] {0, 2, -1}, target.data());
    Frame made = restored(task, image, DOUBLED, target);
    assertArrayEquals(truth.values(), made.values());
    assertEquals("cells", made.name());
    assertEquals(image.pixelSize(), made.pixelSize());
  }

  @Test
  void valuesComeBackInUnitsOfTargets() {
    Restoration task =
        Restoration.of(1).withUnits(new Restoration.Units(List.of(100.0), List.of(0.1)));
    Tensor target = task.target(image(100, 110, 80), DOUBLED);
    assertArrayEquals(new float[] {0, 1, -2}, target.data(), 1e-6f);
    assertArrayEquals(
        new float[] {100, 110, 80},
        restored(task, image(1, 2, 3), DOUBLED, target).values(),
        1e-4f);
  }

  @Test
  void anImageOfOneValueStaysAsItIs() {
    Intensity flat = new Intensity(List.of(7.0), List.of(0.0));
    Tensor said = Restoration.of(1).target(image(7, 7), flat);
    assertArrayEquals(
        new float[] {7, 7}, restored(Restoration.of(1), image(7, 7), flat, said).values());
  }

  @Test
  void tilesArePutWhereTheyBelong() {
    Restoration task = Restoration.of(2);
    Assembler<Frame> all = task.assembler(new ImageSize(3, 1));
    int[] shape = {1, 2, 1, 2};
    all.add(
        new Tile(0, 0, 1, 1, 0, 0, 2, 1),
        List.of(new Tensor(Axes.NCHW, shape, new float[] {1, 9, 4, 9})));
    all.add(new Tile(1, 0, 2, 1), List.of(new Tensor(Axes.NCHW, shape, new float[] {2, 3, 5, 6})));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, all.finish().values());
    Assembler<Frame> below = Restoration.of(1).assembler(new ImageSize(2, 2));
    int[] square = {1, 1, 2, 2};
    below.add(
        new Tile(0, 1, 2, 1, 0, 0, 2, 2),
        List.of(new Tensor(Axes.NCHW, square, new float[] {9, 9, 3, 4})));
    int[] row = {1, 1, 1, 2};
    below.add(new Tile(0, 0, 2, 1), List.of(new Tensor(Axes.NCHW, row, new float[] {1, 2})));
    assertArrayEquals(new float[] {1, 2, 3, 4}, below.finish().values());
  }

  @Test
  void otherChannelsAreRefused() {
    Restoration two = Restoration.of(2);
    assertRefused(() -> two.target(image(1, 2), DOUBLED), "2 channels, received one of 1");
    Intensity three = new Intensity(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    assertRefused(() -> two.assembler(new ImageSize(1, 1), image(1), three), "units of the target");
    assertRefused(
        () -> two.withUnits(new Restoration.Units(List.of(0.0), List.of(1.0))), "2 channels");
    assertRefused(() -> two.withErrors(Restoration.Errors.SSIM).withBlindSpots(), "l1 or l2");
  }

  private static void assertRefused(Executable what, String part) {
    SpyhopException e = assertThrows(SpyhopException.class, what);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void errorsAreRead() {
    assertEquals(Restoration.Errors.L2, Restoration.Errors.parse("l2"));
    assertEquals(new Restoration.Errors(0, 0.2, 0.8), Restoration.Errors.parse("l1:0.2, ssim:0.8"));
    assertEquals("l1:0.2,ssim:0.8", new Restoration.Errors(0, 0.2, 0.8).text());
    assertEquals("l2", Restoration.Errors.L2.text());
    for (String wrong : List.of("", "l3", "l1:x", "l1,l1", "l1:-1", "l1:0")) {
      assertThrows(SpyhopException.class, () -> Restoration.Errors.parse(wrong), wrong);
    }
    assertEquals(
        List.of(
            new Objective("restored", new Loss.AbsoluteError(), 0.2),
            new Objective("restored", new Loss.StructuralSimilarity(), 0.8)),
        Restoration.of(1).withErrors(new Restoration.Errors(0, 0.2, 0.8)).objectives());
  }

  @Test
  void isWrittenAndRead() throws Exception {
    Restoration task =
        Restoration.of(2)
            .withUnits(new Restoration.Units(List.of(1.0, 2.0), List.of(0.5, 0.25)))
            .withErrors(Restoration.Errors.parse("l1,ssim"));
    ObjectMapper json = new ObjectMapper();
    String text = json.writerFor(Task.class).writeValueAsString(task);
    assertTrue(text.contains("\"restoration\""), text);
    assertEquals(task, json.readValue(text, Task.class));
  }

  @Test
  void scoreIsTheMeanOfPsnr() {
    // ranges of 10, squared errors of 1 and 0.01: 20 and 40 dB
    Frame truth = image(0, 10);
    double score =
        Restoration.of(1)
            .score(List.of(image(1, 11), image(0.1f, 10.1f)), List.of(truth, truth))
            .value();
    assertEquals(30, score, 1e-4);
  }
}
