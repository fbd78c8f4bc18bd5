package sc.fiji.spyhop.ij.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/** By hand, on an image whose pixels are ten times their column plus their row. */
class MeasuredAnnotationsTest {

  private static HyperstackAnnotations found(boolean calibrated) {
    ByteProcessor ramp = new ByteProcessor(20, 10);
    for (int y = 0; y < 10; y++) for (int x = 0; x < 20; x++) ramp.set(x, y, 10 * x + y);
    ImagePlus image = new ImagePlus("ramp", ramp);
    if (calibrated) {
      image.getCalibration().setUnit("um");
      image.getCalibration().pixelWidth = 0.5;
      image.getCalibration().pixelHeight = 0.25;
      image.getCalibration().xOrigin = 2;
    }
    Annotation annotation =
        new Annotation(
            new ImageSize(20, 10),
            List.of(new LocalizedObject(new Box(5, 0, 4, 3), "mouse", 0.5)),
            List.of(
                new Pose(
                    "",
                    Optional.empty(),
                    List.of(Keypoint.at("nose", 7.9, 3.2), Keypoint.absent("tail")))));
    return HyperstackAnnotations.run(
        Frames.of(image), (z, t, frame, part) -> annotation, Progress.NONE);
  }

  @Test
  void boxesInPixelsAndUnits() {
    MeasuredAnnotations boxes =
        MeasuredAnnotations.ofBoxes(found(true), Measures.parse("mean,min,max,border,feret"));
    assertEquals(
        List.of(
            "unit",
            "x_calibrated",
            "y_calibrated",
            "width_calibrated",
            "height_calibrated",
            "border",
            "mean",
            "min",
            "max"),
        boxes.columns());
    Map<String, Object> line = boxes.lines().get(0).get(0);
    assertEquals("µm", line.get("unit"));
    assertEquals((5 - 2) * 0.5, line.get("x_calibrated"));
    assertEquals(0.0, line.get("y_calibrated"));
    assertEquals(2.0, line.get("width_calibrated"));
    assertEquals(0.75, line.get("height_calibrated"));
    assertEquals(1.0, line.get("border"));
    assertEquals(66.0, line.get("mean"), "columns 5 to 8, rows 0 to 2");
    assertEquals(50.0, line.get("min"));
    assertEquals(82.0, line.get("max"));
  }

  @Test
  void pointsHaveTheValueOfTheirPixel() {
    MeasuredAnnotations points = MeasuredAnnotations.ofPoints(found(false), Measures.ALL);
    assertEquals(List.of("mean"), points.columns());
    assertEquals(73.0, points.lines().get(0).get(0).get("mean"));
    assertTrue(points.lines().get(0).get(1).isEmpty(), "it has no place");
  }
}
