package sc.fiji.spyhop.generate.style;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;

/** With the network of a shipped model, of small pictures. */
class StyleTransferTest {

  private static final Model MODEL = ModelRegistry.standard().find("nuclei-tissue");
  private static final Frame CONTENT = stripes(60, 44, 9, 0, 0.2);
  private static final Frame STYLE = stripes(50, 50, 0, 5, 1);

  /** Waves to the right and down, of several colours. */
  private static Frame stripes(int width, int height, double x, double y, double blue) {
    byte[] pixels = new byte[3 * width * height];
    DoubleUnaryOperator wave = v -> 0.5 + 0.5 * Math.sin(v);
    for (int c = 0, at = 0; c < 3; c++) {
      for (int j = 0; j < height; j++) {
        for (int i = 0; i < width; i++, at++) {
          double value = wave.applyAsDouble((x > 0 ? i / x * 6 : 0) + (y > 0 ? j / y * 6 : 0) + c);
          pixels[at] = (byte) (255 * value * (c == 2 ? blue : 0.6));
        }
      }
    }
    return new Frame(
        "waves", ArrayImgs.unsignedBytes(pixels, width, height, 3), new PixelSize(0.5, 0.5, "µm"));
  }

  private static StyleOptions options(
      int iterations, StyleOptions.Palette colors, StyleOptions.Start start, int every, long seed) {
    StyleOptions d = StyleOptions.DEFAULT;
    return new StyleOptions(
        0,
        0,
        d.strength(),
        d.smoothness(),
        iterations,
        colors,
        start,
        d.optimizer(),
        d.averaging(),
        "",
        "",
        every,
        seed);
  }

  private static StyleOptions options(int iterations) {
    return options(iterations, StyleOptions.Palette.STYLE, StyleOptions.Start.IMAGE, 0, 1);
  }

  private static StyledImage painted(StyleOptions options) {
    try (StyleTransfer transfer = StyleTransfer.of(MODEL, options)) {
      return transfer.paint(CONTENT, STYLE, Progress.NONE);
    }
  }

  private static double[] pixels(Frame frame) {
    double[] all = new double[frame.width() * frame.height() * frame.channels()];
    RandomAccess<? extends RealType<?>> at = frame.pixels().randomAccess();
    for (int c = 0, i = 0; c < frame.channels(); c++) {
      for (int y = 0; y < frame.height(); y++) {
        for (int x = 0; x < frame.width(); x++) {
          all[i++] = at.setPositionAndGet(x, y, c).getRealDouble();
        }
      }
    }
    return all;
  }

  @Test
  void theLossFallsAndTheImageKeepsItsSize() {
    StyledImage once = painted(options(1));
    StyledImage often = painted(options(12));
    assertEquals(12, often.iterations());
    assertFalse(often.stopped());
    assertTrue(often.loss() < 0.5 * once.loss(), often.loss() + " after " + once.loss());
    assertTrue(often.style() < 0.5 * once.style());
    assertEquals(60, often.image().width());
    assertEquals(44, often.image().height());
    assertEquals(new PixelSize(0.5, 0.5, "µm"), often.image().pixelSize());
  }

  /** An image in its own style is finished from the start. */
  @Test
  void anImageInItsOwnStyleStays() {
    try (StyleTransfer transfer = StyleTransfer.of(MODEL, options(3))) {
      StyledImage same = transfer.paint(CONTENT, CONTENT, Progress.NONE);
      assertEquals(0, same.style(), 1e-4);
      assertArrayEquals(pixels(CONTENT), pixels(same.image()), 12);
    }
  }

  @Test
  void largerImagesAreMadeSmallerAndTheirPixelsLarger() {
    StyleOptions d = options(1);
    StyleOptions small =
        new StyleOptions(30, 0, 1, 0, 1, d.colors(), d.start(), d.optimizer(), true, "", "", 0, 1);
    Frame image = painted(small).image();
    assertEquals(30, image.width());
    assertEquals(22, image.height());
    assertEquals(new PixelSize(1, 1, "µm"), image.pixelSize());
  }

  @Test
  void theSameSeedGivesTheSameImage() {
    StyleOptions.Palette style = StyleOptions.Palette.STYLE;
    StyleOptions.Start noise = StyleOptions.Start.NOISE;
    double[] first = pixels(painted(options(2, style, noise, 0, 5)).image());
    assertArrayEquals(first, pixels(painted(options(2, style, noise, 0, 5)).image()));
    double[] other = pixels(painted(options(2, style, noise, 0, 6)).image());
    int changed = 0;
    for (int i = 0; i < first.length; i++) if (Math.abs(first[i] - other[i]) > 8) changed++;
    assertTrue(changed > first.length / 2, "pixels of another seed that differ: " + changed);
  }

  /** Where nothing is cut off at 0 or 255, differences between colours are those of the image. */
  @Test
  void colorsOfTheImageCanBeKept() {
    StyledImage kept =
        painted(options(3, StyleOptions.Palette.LUMINANCE, StyleOptions.Start.IMAGE, 0, 1));
    double[] before = pixels(CONTENT);
    double[] after = pixels(kept.image());
    int plane = 60 * 44;
    int looked = 0;
    for (int i = 0; i < plane; i++) {
      double r = after[i];
      double b = after[2 * plane + i];
      if (r <= 0 || r >= 255 || b <= 0 || b >= 255) continue;
      looked++;
      assertEquals(before[i] - before[2 * plane + i], r - b, 1.01);
    }
    assertTrue(looked > plane / 4, "pixels looked at: " + looked);
  }

  @Test
  void picturesAreKeptOnTheWay() {
    StyledImage found =
        painted(options(4, StyleOptions.Palette.MATCH, StyleOptions.Start.IMAGE, 2, 1));
    assertEquals(
        List.of(0, 2, 4), found.pictures().stream().map(StyledImage.Picture::iteration).toList());
    assertArrayEquals(pixels(found.image()), pixels(found.pictures().get(2).image()));
  }

  /** Cancelled after its third step: what there is, is the result. */
  @Test
  void whatWasPaintedIsKeptWhenItIsCancelled() {
    List<Long> told = new ArrayList<>();
    Progress stop =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {
            told.add(done);
          }

          @Override
          public boolean isCancelled() {
            return told.contains(3L);
          }
        };
    try (StyleTransfer transfer = StyleTransfer.of(MODEL, options(50))) {
      StyledImage found = transfer.paint(CONTENT, STYLE, stop);
      assertTrue(found.stopped());
      assertEquals(3, found.iterations());
      assertEquals(50, found.asked());
    }
  }

  @Test
  void greyModelsPaintGreyImagesAsDeepAsTheyAre() {
    short[] deep = new short[40 * 40];
    for (int i = 0; i < deep.length; i++) deep[i] = (short) (500 + 37 * i % 3000);
    Frame image =
        new Frame("deep", ArrayImgs.unsignedShorts(deep, 40, 40, 1), new PixelSize(1, 1, "pixel"));
    Model nuclei = ModelRegistry.standard().find("nuclei");
    try (StyleTransfer transfer = StyleTransfer.of(nuclei, options(2))) {
      Frame painted = transfer.paint(image, image, Progress.NONE).image();
      assertEquals(1, painted.channels());
      for (double v : pixels(painted)) assertTrue(v >= 500 && v <= 3536, "value " + v);
    }
  }

  @Test
  void imagesThatDoNotSuitAreRefused() {
    Frame tiny = stripes(5, 60, 3, 0, 1);
    try (StyleTransfer transfer = StyleTransfer.of(MODEL, options(2))) {
      String said =
          assertThrows(SpyhopException.class, () -> transfer.paint(tiny, STYLE, Progress.NONE))
              .getMessage();
      assertTrue(said.contains("at least"), said);
      Frame two = new Frame("two", ArrayImgs.unsignedBytes(40, 40, 2), CONTENT.pixelSize());
      assertThrows(SpyhopException.class, () -> transfer.paint(two, STYLE, Progress.NONE));
    }
  }

  /** Of 9 pixels as many as the root of 4 in 80 GB. */
  @Test
  void whatMemoryWillNotDoForIsRefusedBefore() {
    String said =
        assertThrows(
                SpyhopException.class, () -> StyleTransfer.requireMemory("it", 9, 7, 80e9, 4e9))
            .getMessage();
    assertTrue(said.contains("80.0 GB") && said.contains("4.0") && said.contains(" 2 or"), said);
  }
}
