package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReviewQueueTest {

  private static Roi roi(String name, String score) {
    Roi roi = new Roi(0, 0, 4, 3);
    roi.setName(name);
    if (score != null) roi.setProperty("score", score);
    return roi;
  }

  private static List<String> names(List<Roi> rois) {
    return rois.stream().map(Roi::getName).toList();
  }

  private final List<Roi> regions =
      List.of(
          roi("sure", "0.95"),
          roi("drawn", null),
          roi("unsure", "0.2"),
          roi("first of two", "0.6"),
          roi("second of two", "0.6"),
          roi("no number", "high"));

  @Test
  void theLeastSureComesFirstAndNothingIsLost() {
    ReviewQueue queue = ReviewQueue.of(regions, OptionalDouble.empty(), 100);
    assertEquals(
        List.of("unsure", "first of two", "second of two", "sure", "drawn", "no number"),
        names(queue.regions()));
    assertEquals(4, queue.count());
  }

  @Test
  void onlySoManyBelowAScoreAreLookedThrough() {
    assertEquals(1, ReviewQueue.of(regions, OptionalDouble.of(0.6), 100).count());
    assertEquals(3, ReviewQueue.of(regions, OptionalDouble.of(0.61), 100).count());
    ReviewQueue two = ReviewQueue.of(regions, OptionalDouble.of(0.61), 2);
    assertEquals(2, two.count());
    assertEquals(6, two.regions().size());
  }

  /** Of a pipeline; a box that a person drew says nothing of how sure its points are. */
  @Test
  void keypointsInObjectsAreNoObjects() {
    Roi point = new PointRoi(1, 1);
    point.setName("nose");
    point.setProperty("score", "0.1");
    point.setProperty("keypoint", "nose");
    ReviewQueue queue =
        ReviewQueue.of(List.of(point, roi("whale", "0.6")), OptionalDouble.empty(), 100);
    assertEquals(List.of("whale", "nose"), names(queue.regions()));
    assertEquals(1, queue.count());
    ReviewQueue drawn =
        ReviewQueue.of(List.of(roi("drawn", "1.0"), point), OptionalDouble.empty(), 100);
    assertEquals(List.of("nose", "drawn"), names(drawn.regions()));
    assertEquals(2, drawn.count());
  }

  @Test
  void anOverlayKeepsWhatIsNotSorted() {
    ImagePlus image = new ImagePlus("x", new ByteProcessor(9, 9));
    Roi note = roi("note", null);
    Overlay overlay = new Overlay(note);
    regions.forEach(overlay::add);
    image.setOverlay(overlay);
    List<Roi> turned = new ArrayList<>(regions);
    Collections.reverse(turned);
    Rois.orderOverlay(image, turned);
    turned.add(note);
    assertEquals(names(turned), names(List.of(image.getOverlay().toArray())));
  }

  @Test
  void aTableTellsWhereAnObjectIsAndHowLarge() {
    Roi roi = roi("0012-label_z2", "0.25");
    roi.setLocation(10, 20);
    roi.setPosition(2);
    ImagePlus image = IJ.createImage("x", "8-bit black", 40, 30, 3);
    ReviewedObject object =
        ReviewedObject.of(
            roi, RoiNames.of(List.of(roi)), ReviewedObject.plane(roi, Optional.of(image)));
    assertEquals(
        List.of(2, 1, "12", "object", 0.25, 12.0, 21.5, 12.0),
        List.copyOf(object.cells().values()));
  }
}
