package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.DigitGenerator;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.task.TaskKind;

/** What models say of images that are like those that they know, and of others. */
class FamiliarityTest {

  private static List<String> said(Frame frame, Scaling scaling) {
    return said(List.of(frame), scaling);
  }

  private static List<String> said(List<Frame> slices, Scaling scaling) {
    Runner.Options options = Runner.Options.DEFAULT.withScaling(scaling);
    try (Runner<Segmentation> nuclei = Runner.open("nuclei", TaskKind.SEGMENTATION, options)) {
      return nuclei.scale(slices, Progress.NONE).unlike();
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

  private static List<String> classified(Frame... parts) {
    try (Runner<ClassScores> digits = Runner.open("digits", TaskKind.CLASSIFICATION)) {
      return digits.look(parts.length, i -> parts[i], Progress.NONE).unlike();
    }
  }

  @Test
  void paintedDigitsAreLikeThoseThatAClassifierKnows() {
    for (int d = 0; d <= 9; d++) {
      assertEquals(List.of(), classified(DigitGenerator.of(d, 7)), "digit " + d);
    }
  }

  @Test
  void aClassifierTellsOfOthers() {
    Random random = new Random(1);
    String noise = classified(made(28, i -> 128 + 60 * random.nextGaussian())).toString();
    assertTrue(noise.contains("noise"), noise);
    String even = classified(made(28, i -> 200)).toString();
    assertTrue(even.contains("hardly anything"), even);
    String large = classified(made(112, i -> 255 - i / 112 * 2)).toString();
    assertTrue(large.contains("coarser") && !large.contains("diameter"), large);
    String inverted = classified(inverted(DigitGenerator.of(3, 7))).toString();
    assertTrue(inverted.contains("darker on light"), inverted);
  }

  private static Frame inverted(Frame image) {
    RandomAccess<? extends RealType<?>> at = image.pixels().randomAccess();
    int w = image.width();
    return made(w, i -> 255 - at.setPositionAndGet(i % w, i / w, 0).getRealDouble());
  }

  /** Of parts of an image, how many are unlike is told; one in ten may be so by chance. */
  @Test
  void ofManyPartsFewDoNotCount() {
    Frame digit = DigitGenerator.of(3, 7);
    Frame other = inverted(digit);
    List<String> some = classified(digit, other, digit, other, digit);
    assertTrue(some.get(0).startsWith("in 2 of 5 parts, it is darker on light"), some.toString());
    assertEquals(List.of(), Familiarity.ofParts(parts(1, 10)));
    assertEquals(List.of("in 2 of 10 parts, it is odd"), Familiarity.ofParts(parts(2, 10)));
    assertEquals(List.of("it is odd"), Familiarity.ofParts(parts(1, 1)));
    assertEquals(List.of("it is odd"), Familiarity.ofParts(parts(3, 3)));
    assertEquals(List.of(), Familiarity.ofParts(List.of()));
  }

  private static List<List<String>> parts(int odd, int all) {
    return IntStream.range(0, all)
        .mapToObj(i -> i < odd ? List.of("it is odd") : List.<String>of())
        .toList();
  }

  /** The mean of three slices would hide one that is unlike. */
  @Test
  void oneSliceOfAStackThatIsUnlikeIsTold() {
    List<Frame> slices =
        IntStream.range(0, 3)
            .mapToObj(i -> NucleiGenerator.ofSeries(1, i, 256, 256).frame())
            .collect(Collectors.toList());
    assertEquals(List.of(), said(slices, Scaling.AUTO));
    slices.set(1, inverted(slices.get(1)));
    List<String> some = said(slices, Scaling.AUTO);
    assertTrue(some.get(0).startsWith("in 1 of 3 slices, it is darker on light"), some.toString());
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
