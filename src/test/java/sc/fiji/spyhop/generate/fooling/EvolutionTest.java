package sc.fiji.spyhop.generate.fooling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.TaskKind;

class EvolutionTest {

  /** Says "a" of what is bright at the left, and "b" of what is bright at the right. */
  private static Model sides() {
    float[] left = new float[16];
    float[] right = new float[16];
    for (int i = 0; i < 16; i++) (i % 4 < 2 ? left : right)[i] = 1.5f;
    return Linear.model(
        1,
        Colors.NONE,
        new Resize.Stretch(4, 4, Interpolation.BILINEAR),
        new Normalization.Fixed(List.of(0.0), List.of(1 / 255.0)),
        left,
        right);
  }

  private static FoolingMethod method(String word) {
    return switch (word) {
      case "direct" -> new FoolingMethod.Direct(20);
      case "cppn" -> new FoolingMethod.Patterns(20);
      default -> new FoolingMethod.Ascent(0.02, 0.01, 0, 4, 0, 0.05);
    };
  }

  private static float[] pixels(Frame frame) {
    float[] pixels = new float[16];
    for (int i = 0; i < 16; i++) {
      pixels[i] = frame.pixels().getAt(i % 4, i / 4, 0).getRealFloat();
    }
    return pixels;
  }

  private static FoolingResult run(
      String word, long seed, Progress progress, FoolingListener listener) {
    return run(word, 0.99, seed, progress, listener);
  }

  private static FoolingResult run(
      String word, double sure, long seed, Progress progress, FoolingListener listener) {
    try (Fooling fooling = new Fooling(sides(), method(word), OptionalInt.empty(), 0)) {
      return fooling.run(List.of(0, 1), sure, 300, seed, progress, listener);
    }
  }

  /** Whatever the method, the model says of the very image what is told. */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "cppn", "gradient"})
  void findsImagesForBothSides(String word) {
    FoolingResult found = run(word, 1, Progress.NONE, FoolingListener.NONE);
    assertEquals(2, found.found(), found.toString());
    assertFalse(found.isStopped());
    assertTrue(found.generations() < 300);
    assertEquals(
        "Model linear: for 2 of 2 classes an image was found of which it is at least 0.99 sure; it"
            + " keeps no record of the images it learned from, so it gives no warning of unlike"
            + " ones.",
        found.sentence());
    try (Runner<ClassScores> runner =
        Runner.of(sides(), Runner.Options.DEFAULT).as(TaskKind.CLASSIFICATION)) {
      for (int i = 0; i < 2; i++) {
        FoolingImage image = found.images().get(i);
        assertEquals(List.of("a", "b").get(i), image.type());
        assertTrue(image.reached().getAsInt() <= image.generation());
        assertEquals(image.probability(), runner.predict(image.frame()).probability(i), 1e-6);
        float[] p = pixels(image.frame());
        float left = p[0] + p[1] + p[4] + p[5] + p[8] + p[9] + p[12] + p[13];
        float right = p[2] + p[3] + p[6] + p[7] + p[10] + p[11] + p[14] + p[15];
        assertTrue(i == 0 ? left > right : right > left);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "cppn", "gradient"})
  void theSameSeedFindsTheSameImages(String word) {
    FoolingResult one = run(word, 3, Progress.NONE, FoolingListener.NONE);
    FoolingResult same = run(word, 3, Progress.NONE, FoolingListener.NONE);
    FoolingResult other = run(word, 4, Progress.NONE, FoolingListener.NONE);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(pixels(one.images().get(i).frame()), pixels(same.images().get(i).frame()));
    }
    boolean differs = false;
    for (int i = 0; i < 16; i++) {
      differs |= pixels(one.images().get(0).frame())[i] != pixels(other.images().get(0).frame())[i];
    }
    assertTrue(differs);
  }

  /**
   * The model is never quite sure. Probabilities grow from generation to generation; what was found
   * until the end is kept.
   */
  @ParameterizedTest
  @ValueSource(strings = {"direct", "cppn", "gradient"})
  void cancelledItKeepsWhatThereIs(String word) {
    List<Double> history = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return history.size() == 2;
          }
        };
    FoolingResult found =
        run(word, 1, 1, progress, (g, best) -> history.add(best.get(0).probability()));
    assertTrue(found.isStopped());
    assertEquals(1, found.generations());
    assertEquals(history.get(1), found.images().get(0).probability());
    assertTrue(history.get(1) >= history.get(0));
  }

  @Test
  void cancelledAtOnceThereIsNothing() {
    Progress never =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    assertThrows(CancellationException.class, () -> run("direct", 1, never, FoolingListener.NONE));
  }

  @Test
  void theArchiveKeepsTheBestForEachClass() {
    Elites<String> elites = new Elites<>(List.of(2, 0), 0.6);
    elites.offer("x", new float[0], new ClassScores(0.3f, 0.5f, 0.2f), 0);
    elites.offer("y", new float[0], new ClassScores(0.1f, 0.2f, 0.7f), 1);
    elites.offer("z", new float[0], new ClassScores(0.1f, 0.1f, 0.8f), 2);
    assertEquals("z", elites.get(0).orElseThrow().genome());
    assertEquals(OptionalInt.of(1), elites.get(0).orElseThrow().reached());
    assertEquals(2, elites.get(0).orElseThrow().generation());
    assertEquals("x", elites.get(1).orElseThrow().genome());
    assertEquals(1, elites.found());
    assertFalse(elites.isComplete());
  }

  /** About a tenth of 40,000 genes; half as many from generation 1000 on. */
  @Test
  void aShareOfThePixelsIsMutated() {
    Canvas canvas = new Canvas(200, 200, 1, false, 255, PixelSize.UNCALIBRATED);
    PixelGenomes genomes = new PixelGenomes(canvas, 0.1, 1000, 15);
    assertEquals(0.1, genomes.rate(999));
    assertEquals(0.05, genomes.rate(1000));
    assertEquals(0.025, genomes.rate(2500));
    Random random = new Random(1);
    float[] parent = genomes.random(random);
    float[] child = genomes.mutated(parent, random, 1);
    int changed = 0;
    for (int i = 0; i < parent.length; i++) if (child[i] != parent[i]) changed++;
    assertTrue(changed > 3500 && changed < 4200, "changed " + changed);
    double mean = 0;
    for (float gene : parent) mean += gene / parent.length;
    assertEquals(127.5, mean, 2);
  }

  @Test
  void classesAreNamedOrDrawn() {
    List<String> names = List.of("cat", "tench, Tinca tinca", "7", "dog");
    assertEquals(List.of(0, 1, 2, 3), FoolingClasses.parse(names, "all", 1));
    assertEquals(List.of(0, 1), FoolingClasses.parse(names, "tench, Tinca tinca,cat", 1));
    assertEquals(List.of(2), FoolingClasses.parse(names, "7", 1));
    List<Integer> drawn = FoolingClasses.parse(names, "2", 5);
    assertEquals(2, drawn.size());
    assertEquals(drawn, FoolingClasses.parse(names, "2", 5));
    SpyhopException wrong =
        assertThrows(SpyhopException.class, () -> FoolingClasses.parse(names, "cat,cow", 1));
    assertTrue(wrong.getMessage().contains("received \"cow\""), wrong.getMessage());
    assertThrows(SpyhopException.class, () -> FoolingClasses.parse(names, "5", 1));
  }

  /** Names with commas are hard to write; the beginning of a word will do if it tells one class. */
  @Test
  void theBeginningOfAWordTellsAClass() {
    List<String> names =
        List.of("n01 tench, Tinca tinca", "n02 goldfish, Carassius", "n03 great white shark");
    assertEquals(List.of(0, 2), FoolingClasses.parse(names, "tench, White", 1));
    assertEquals(List.of(1), FoolingClasses.parse(names, "n02", 1));
    SpyhopException either =
        assertThrows(SpyhopException.class, () -> FoolingClasses.parse(names, "g", 1));
    assertTrue(either.getMessage().contains("may be n02 goldfish"), either.getMessage());
  }

  @Test
  void filesHaveNamesOfTheirOwn() {
    assertEquals(
        List.of("fool_a_b", "fool_A_b_2", "fool_tench_Tinca", "fool_ü"),
        FoolingClasses.fileNames(List.of("a/b", "A b", "tench, Tinca", "ü")));
  }

  /** What is asked of images follows from how the model is shown them. */
  @Test
  void theCanvasIsThatOfTheModel() {
    Canvas eight = Canvas.of(sides(), OptionalInt.empty(), 0);
    assertTrue(eight.isEightBit());
    assertArrayEquals(new float[] {0, 2, 255}, eight.rounded(-3, 2.4f, 300));
    Model sixteen =
        Linear.model(
            2,
            Colors.NONE,
            new Resize.Stretch(3, 2, Interpolation.BILINEAR),
            new Normalization.Fixed(List.of(0.0), List.of(1 / 65535.0)),
            new float[12],
            new float[12]);
    Canvas of = Canvas.of(sixteen, OptionalInt.empty(), 0);
    assertEquals(new Canvas(3, 2, 2, false, 65535, PixelSize.UNCALIBRATED), of);
    assertEquals(16, of.frame("x", new float[12]).pixels().getType().getBitsPerPixel());
    Canvas one = Canvas.of(sixteen, OptionalInt.empty(), 1);
    assertArrayEquals(new float[] {0.2f, 1}, one.rounded(0.2005f, 1.5f), 1e-6f);
    assertThrows(SpyhopException.class, () -> Canvas.of(sixteen, OptionalInt.of(5), 0));
  }
}
