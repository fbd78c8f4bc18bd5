package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.BoxFormat;
import sc.fiji.spyhop.task.decode.BoxFormat.Background;
import sc.fiji.spyhop.task.decode.BoxFormat.Form;
import sc.fiji.spyhop.task.decode.BoxFormat.Function;
import sc.fiji.spyhop.task.decode.BoxFormat.Unit;
import sc.fiji.spyhop.task.decode.BoxPriors;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Values by hand. */
class CandidateBoxesTest {

  private static final ImageSize SHOWN = new ImageSize(100, 100);

  private static BoxFormat format(boolean apart, Form form, Unit unit, BoxPriors priors) {
    return new BoxFormat(
        apart, true, form, unit, false, Background.NONE, false, Function.NONE, priors);
  }

  private static Tensor vector(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
    return new Tensor(Axes.NC, new int[] {1, floats.length}, floats);
  }

  private static Annotation found(CandidateBoxes task, Tensor... outputs) {
    Assembler<Annotation> assembler = task.assembler(SHOWN);
    assembler.add(new Tile(0, 0, 100, 100), List.of(outputs));
    return assembler.finish();
  }

  private static CandidateBoxes task(BoxFormat format, int candidates, String... classes) {
    return new CandidateBoxes(List.of(classes), format, candidates, 0.3, 0.5, 10);
  }

  private static void assertBox(Box expected, Box actual) {
    assertEquals(expected.x(), actual.x(), 1e-4);
    assertEquals(expected.y(), actual.y(), 1e-4);
    assertEquals(expected.width(), actual.width(), 1e-4);
    assertEquals(expected.height(), actual.height(), 1e-4);
  }

  @Test
  void everyFormIsTheSameBox() {
    Box expected = new Box(10, 20, 30, 40);
    for (Object[] form :
        new Object[][] {
          {Form.CORNERS, Unit.PIXELS, new double[] {10, 20, 40, 60}},
          {Form.CORNERS_YX, Unit.PIXELS, new double[] {20, 10, 60, 40}},
          {Form.CENTERS, Unit.PIXELS, new double[] {25, 40, 30, 40}},
          {Form.CENTERS, Unit.SHARES, new double[] {0.25, 0.4, 0.3, 0.4}}
        }) {
      BoxFormat format = format(true, (Form) form[0], (Unit) form[1], BoxPriors.NONE);
      Annotation found =
          found(task(format, 1, "a", "b"), vector((double[]) form[2]), vector(0.2, 0.9));
      assertEquals(1, found.objects().size());
      assertBox(expected, found.objects().get(0).box());
      assertEquals("b", found.objects().get(0).type());
      assertEquals(0.9, found.objects().get(0).score(), 1e-6);
    }
  }

  /**
   * A grid of 2 x 2 cells of 50 pixels, a prior of 20 x 10 in each; that of the last has its centre
   * at (75, 75). With variances 0.1 and 0.2 and the numbers (5, -10, 5 ln 2, 0) the centre moves by
   * 0.1 * 5 * 20 = 10 and -0.1 * 10 * 10 = -10, and the width doubles.
   */
  @Test
  void boxesAreToldRelativeToPriors() {
    BoxPriors priors =
        new BoxPriors(List.of(new BoxPriors.Level(50, List.of(20.0), List.of(10.0))), 0.1, 0.2);
    assertEquals(4, priors.count(100, 100));
    CandidateBoxes task = task(format(true, Form.CENTERS, Unit.PRIORS, priors), 4, "a");
    double[] boxes = new double[16];
    boxes[12] = 5;
    boxes[13] = -10;
    boxes[14] = 5 * Math.log(2);
    Annotation found = found(task, vector(boxes), vector(0, 0.1, 0.2, 0.8));
    assertEquals(1, found.objects().size());
    assertBox(new Box(85 - 20, 65 - 5, 40, 10), found.objects().get(0).box());
  }

  /** Two that overlap by 80 of 120 pixels (IoU 2/3), one of another class in the same place. */
  @Test
  void worseBoxesOfTheSameClassAreDropped() {
    BoxFormat format = format(true, Form.CORNERS, Unit.PIXELS, BoxPriors.NONE);
    Annotation found =
        found(
            task(format, 4, "a", "b"),
            vector(0, 0, 10, 10, 2, 0, 12, 10, 0, 0, 10, 10, 50, 50, 50, 60),
            vector(0.6, 0, 0.9, 0, 0, 0.5, 0.99, 0));
    List<LocalizedObject> objects = found.objects();
    assertEquals(2, objects.size());
    assertBox(new Box(2, 0, 10, 10), objects.get(0).box());
    assertEquals("b", objects.get(1).type());
  }

  @Test
  void scoresAreMadeOfLogitsObjectnessAndBackground() {
    BoxFormat objectness =
        new BoxFormat(
            false,
            false,
            Form.CORNERS,
            Unit.PIXELS,
            true,
            Background.NONE,
            false,
            Function.SIGMOID,
            BoxPriors.NONE);
    // value after value: x1, y1, x2, y2, objectness, class; sigmoid(0) = 0.5, sigmoid(ln 4) = 0.8
    Annotation found =
        found(
            task(objectness, 2, "a"), vector(0, 20, 0, 20, 9, 30, 9, 30, 0, -99, Math.log(4), 99));
    assertEquals(1, found.objects().size());
    assertEquals(0.4, found.objects().get(0).score(), 1e-6);
    BoxFormat background =
        new BoxFormat(
            true,
            true,
            Form.CORNERS,
            Unit.PIXELS,
            false,
            Background.LAST,
            false,
            Function.SOFTMAX,
            BoxPriors.NONE);
    // exp: 3, 1, 4 of 8
    Annotation soft =
        found(
            task(background, 1, "a", "b"), vector(0, 0, 9, 9), vector(Math.log(3), 0, Math.log(4)));
    assertEquals("a", soft.objects().get(0).type());
    assertEquals(3 / 8.0, soft.objects().get(0).score(), 1e-6);
  }

  /** 200 x 100 pixels are shown in the middle of 100 x 100, half as large. */
  @Test
  void boxesComeBackFromALetterbox() {
    BoxFormat format = format(true, Form.CORNERS, Unit.PIXELS, BoxPriors.NONE);
    CandidateBoxes task = task(format, 1, "a");
    Annotation found = found(task, vector(10, 30, 40, 90), vector(1));
    Resize.View view = new Resize.Letterbox(100, 100, 0, Interpolation.BILINEAR).view(200, 100);
    Annotation image = task.toImage(found, view, new ImageSize(200, 100));
    // below y = 75 there is no image
    assertBox(new Box(20, 10, 60, 90), image.objects().get(0).box());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(
        SpyhopException.class, () -> format(true, Form.CENTERS, Unit.PRIORS, BoxPriors.NONE));
    assertThrows(
        SpyhopException.class,
        () ->
            new BoxFormat(
                false,
                true,
                Form.CORNERS,
                Unit.PIXELS,
                true,
                Background.NONE,
                true,
                Function.NONE,
                BoxPriors.NONE));
  }
}
