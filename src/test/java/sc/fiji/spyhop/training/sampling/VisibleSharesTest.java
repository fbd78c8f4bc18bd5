package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;

class VisibleSharesTest {

  private static final int SIDE = 100;

  private static LocalizedObject cell(double x, double y, double width, double height) {
    return new LocalizedObject(new Box(x, y, width, height), "cell");
  }

  /** Images of cells of 10 x 10 pixels, and of some that an edge leaves so much of, in turn. */
  private static double share(int whole, double... left) {
    List<Annotation> images = new ArrayList<>();
    for (int i = 0; i < whole; i++) images.add(image(cell(40 + i % 5, 50, 10, 10)));
    for (int i = 0; i < left.length; i++) {
      images.add(
          image(
              switch (i % 4) {
                case 0 -> cell(0, 30, left[i], 10);
                case 1 -> cell(SIDE - left[i], 30, left[i], 10);
                case 2 -> cell(30, 0, 10, left[i]);
                default -> cell(30, SIDE - left[i], 10, left[i]);
              }));
    }
    return VisibleShares.of(images).of(cell(0, 0, 1, 1));
  }

  private static Annotation image(LocalizedObject object) {
    return new Annotation(new ImageSize(SIDE, SIDE), List.of(object), List.of());
  }

  private static double[] left(int n, double most, double... least) {
    double[] all = new double[n];
    for (int i = 0; i < n; i++) all[i] = i < least.length ? least[i] : most;
    return all;
  }

  /** Of 21 boxes the third smallest is the tenth percentile: 5.5 of 10 pixels. */
  @Test
  void aShareIsWhatNineInTenBoxesAtEdgesExceed() {
    assertEquals(0.55, share(20, left(21, 9, 4, 5, 5.5)), 1e-9);
  }

  @Test
  void itStaysWithinBounds() {
    assertEquals(0.65, share(20, left(21, 9)), 0);
    assertEquals(0.3, share(20, left(21, 9, 1, 1, 1)), 0);
  }

  @Test
  void itIsTheLowestWhereFewBoxesTell() {
    assertEquals(0.3, share(20, left(19, 5)), 0);
    assertEquals(0.3, share(19, left(20, 5)), 0);
    assertEquals(0.5, share(20, left(20, 5)), 1e-9);
  }

  /** One class says nothing about another. */
  @Test
  void eachClassHasItsOwn() {
    List<Annotation> images = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      images.add(image(cell(40, 40, 10, 10)));
      images.add(image(cell(0, 40, 6, 10)));
    }
    VisibleShares shares = VisibleShares.of(images);
    assertEquals(0.6, shares.of(cell(0, 0, 1, 1)), 1e-9);
    assertEquals(0.3, shares.of(new LocalizedObject(new Box(0, 0, 1, 1), "nucleus")), 0);
  }
}
