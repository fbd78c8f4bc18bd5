package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.task.TaskKind;

/** What the model for nuclei says of images. */
class FamiliarityTest {

  private static List<String> said(Frame frame, Scaling scaling) {
    Runner.Options options = Runner.Options.DEFAULT.withScaling(scaling);
    try (Runner<Segmentation> nuclei = Runner.open("nuclei", TaskKind.SEGMENTATION, options)) {
      return nuclei.scale(List.of(frame), Progress.NONE).unlike();
    }
  }

  private static Frame made(int side, IntToDoubleFunction value) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(value.applyAsDouble(i))));
    }
    return new Frame(
        "made", ArrayImgs.unsignedBytes(pixels, side, side, 1), PixelSize.UNCALIBRATED);
  }

  @Test
  void paintedNucleiAreLikeThoseThatItKnows() {
    for (int i = 0; i < 5; i++) {
      Frame frame = NucleiGenerator.ofSeries(1, i, 256, 256).frame();
      assertEquals(List.of(), said(frame, Scaling.AUTO), "image " + i);
    }
  }

  @Test
  void emptyImagesAreNot() {
    Random random = new Random(1);
    List<String> noise = said(made(128, i -> 20 + 5 * random.nextGaussian()), Scaling.AUTO);
    assertTrue(noise.toString().contains("noise"), noise.toString());
    List<String> even = said(made(128, i -> 20), Scaling.AUTO);
    assertTrue(even.toString().contains("hardly anything"), even.toString());
  }

  /** Discs of 90 pixels across, dark on light, and light on dark in a scale of 1. */
  @Test
  void otherImagesAreNotAndItIsSaidInWhichRespect() {
    List<String> dark = said(discs(200, -150), new Scaling.Factor(0.2));
    assertTrue(dark.toString().contains("darker on light"), dark.toString());
    List<String> large = said(discs(20, 150), new Scaling.Factor(1));
    assertTrue(large.toString().contains("coarser"), large.toString());
  }

  private static Frame discs(double ground, double light) {
    int side = 384;
    return made(
        side,
        i -> {
          double x = i % side % 128 - 64;
          double y = (i / side) % 128 - 64;
          double edge = 45 - Math.hypot(x, y);
          return ground + light / (1 + Math.exp(-edge / 3)) + i * 7 % 5;
        });
  }
}
