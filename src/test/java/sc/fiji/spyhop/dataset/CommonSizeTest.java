package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.LabelMap;

class CommonSizeTest {

  /** Squares of one size on a grid, bright on dark. */
  private static Sample<LabelMap> squares(String name, int side, int count) {
    int step = 2 * side;
    int width = count * step;
    LabelMap labels = new LabelMap(width, step);
    float[] pixels = new float[width * step];
    for (int k = 0; k < count; k++) {
      for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
          labels.set(k * step + x + side / 2, y + side / 2, k + 1);
          pixels[(y + side / 2) * width + k * step + x + side / 2] = 100;
        }
      }
    }
    return new Sample<>(
        new Frame(
            name, ArrayImgs.floats(pixels, width, step, 1), new PixelSize(0.5, 0.5, "micron")),
        labels);
  }

  @Test
  void objectsGetTheDiameterThatIsAskedFor() {
    Dataset<LabelMap> set =
        Dataset.ofSamples(List.of(squares("small", 8, 5), squares("large", 40, 3)));
    Dataset<LabelMap> resized = new CommonSize(18, l -> false).of(set);
    for (int i = 0; i < 2; i++) {
      Sample<LabelMap> s = resized.get(i);
      assertEquals(s.frame().width(), s.truth().width());
      assertEquals(18, Diameters.of(s.truth(), l -> false).median().orElseThrow(), 0.7);
      assertEquals(i == 0 ? 5 : 3, s.truth().max());
    }
    // 2 sqrt(40^2 / pi) = 45.1 pixels become 18: 240 columns become 96
    Frame large = resized.get(1).frame();
    assertEquals(96, large.width());
    assertEquals(PixelSize.UNCALIBRATED, large.pixelSize());
    double middle = large.pixels().getAt(16, 16, 0).getRealDouble();
    assertEquals(100, middle, 1e-3);
  }

  @Test
  void imagesWithoutObjectsKeepTheirPixels() {
    Sample<LabelMap> empty = new Sample<>(squares("empty", 8, 2).frame(), new LabelMap(32, 16));
    Dataset<LabelMap> resized =
        new CommonSize(18, l -> false).of(Dataset.ofSamples(List.of(empty)));
    assertSame(empty.frame().pixels(), resized.get(0).frame().pixels());
    assertEquals(PixelSize.UNCALIBRATED, resized.get(0).frame().pixelSize());
  }

  @Test
  void aCommonSizeIsSuggestedWhereSizesDifferWidely() {
    Dataset<LabelMap> alike =
        Dataset.ofSamples(List.of(squares("a", 10, 4), squares("b", 12, 4), squares("c", 11, 4)));
    assertTrue(ObjectDiameters.of(alike, l -> false, Progress.NONE).common().isEmpty());
    Dataset<LabelMap> wide =
        Dataset.ofSamples(List.of(squares("a", 10, 4), squares("b", 20, 4), squares("c", 40, 4)));
    ObjectDiameters measured = ObjectDiameters.of(wide, l -> false, Progress.NONE);
    // that of a square of 20: 2 sqrt(400 / pi) = 22.57
    assertEquals(23, measured.common().orElseThrow());
    assertEquals(22.57, measured.together().median().orElseThrow(), 0.01);
    Diameters together = measured.together(new CommonSize(18, l -> false));
    assertEquals(18, together.quantile(0).orElseThrow(), 1e-9);
    assertEquals(18, together.quantile(1).orElseThrow(), 1e-9);
  }

  /** A side of 3000 is enlarged to 4096 at most, whatever size its objects should have. */
  @Test
  void sizesAreThoseOfTheImagesAsTheyAreResized() {
    Dataset<LabelMap> wide = Dataset.ofSamples(List.of(squares("wide", 10, 150)));
    CommonSize size = new CommonSize(45.14, l -> false);
    assertEquals(4096, size.of(wide).get(0).frame().width());
    // 2 sqrt(10^2 / pi) = 11.284, times 4096 / 3000
    double expected = 11.284 * 4096 / 3000;
    Diameters told = ObjectDiameters.of(wide, l -> false, Progress.NONE).together(size);
    assertEquals(expected, told.median().orElseThrow(), 0.01);
    Diameters real = Diameters.of(size.of(wide).get(0).truth(), l -> false);
    assertEquals(expected, real.median().orElseThrow(), 0.3);
  }

  @Test
  void anImageOfAnyWidthIsReduced() {
    Dataset<LabelMap> wide = Dataset.ofSamples(List.of(squares("wide", 2, 5000)));
    // 2 sqrt(2^2 / pi) = 2.2568 pixels become 2: 20000 columns become 17725
    assertEquals(17725, new CommonSize(2, l -> false).of(wide).get(0).frame().width(), 1);
  }
}
