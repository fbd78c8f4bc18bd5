package sc.fiji.spyhop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.integer.UnsignedByteType;
import net.imglib2.type.numeric.real.FloatType;
import net.imglib2.util.Intervals;
import net.imglib2.view.Views;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.InputGradient;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.explain.ScoreGradient;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Imgs;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.SlidingWindow;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ClassMaps;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.DigitGenerator;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.NumpyFile;

/**
 * A view that does not begin at (0, 0) is accepted by all that takes images of ImgLib2, and what is
 * said of it lies in its own coordinates: where it lies in the image that the view is a part of.
 */
class ViewsTest {

  /** Where views begin here; far from 0, and on either side of it. */
  private static final long[] MIN = {1000, -70};

  private static final int WIDTH = 70;
  private static final int HEIGHT = 50;

  @TempDir static Path folder;

  /** Cones at (20, 20) and (50, 30) of the view. */
  private static Img<UnsignedByteType> plane() {
    ByteProcessor drawn = Discs.plane(WIDTH, HEIGHT, new int[] {20, 20}, new int[] {50, 30});
    return ArrayImgs.unsignedBytes((byte[]) drawn.getPixels(), WIDTH, HEIGHT);
  }

  private static RandomAccessibleInterval<UnsignedByteType> view() {
    return Views.translate(plane(), MIN);
  }

  /** What is public and takes something of ImgLib2's, by class, name and parameters. */
  private static Set<String> accepting() {
    // names of libraries' classes are enough; loading them as well takes many times longer
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    Set<String> found = new TreeSet<>();
    for (JavaClass c :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("sc.fiji.spyhop")) {
      for (JavaCodeUnit unit : c.getCodeUnits()) {
        boolean isPublic =
            unit.getModifiers().contains(JavaModifier.PUBLIC)
                && c.getModifiers().contains(JavaModifier.PUBLIC)
                && !unit.getModifiers().contains(JavaModifier.BRIDGE)
                && !unit.getModifiers().contains(JavaModifier.SYNTHETIC);
        boolean ofImages =
            unit.getParameterTypes().stream()
                .flatMap(t -> t.getAllInvolvedRawTypes().stream())
                .anyMatch(t -> t.getName().matches("net\\.imglib2\\.(img\\.)?[A-Z]\\w*"));
        if (isPublic && ofImages) found.add(described(c, unit));
      }
    }
    return found;
  }

  private static String described(JavaClass of, JavaCodeUnit unit) {
    String name = unit.isConstructor() ? "new" : unit.getName();
    return unit.getRawParameterTypes().stream()
        .map(JavaClass::getSimpleName)
        .collect(Collectors.joining(", ", of.getSimpleName() + "." + name + "(", ")"));
  }

  private static Map<String, Executable> tests() {
    Map<String, Executable> tests = new TreeMap<>();
    String image = "RandomAccessibleInterval";
    tests.put("Frame.of(" + image + ")", () -> isAFrame(Frame.of(view())));
    tests.put(
        "Frame.new(String, " + image + ", PixelSize)",
        () -> isAFrame(new Frame("view", thick(view()), PixelSize.UNCALIBRATED)));
    tests.put(
        "Frame.new(String, " + image + ", PixelSize, Optional, Origin)",
        () ->
            isAFrame(
                new Frame(
                    "view",
                    Views.translate(thick(plane()), 900, -50, 0),
                    PixelSize.UNCALIBRATED,
                    Optional.empty(),
                    new Frame.Origin(100, -20))));
    tests.put("Frame.ofColors(" + image + ")", ViewsTest::colors);
    tests.put("Imgs.labelMap(" + image + ")", ViewsTest::labelMaps);
    tests.put("Imgs.tensor(" + image + ")", ViewsTest::tensors);
    tests.put("Imgs.at(Img, long[])", ViewsTest::moved);
    tests.put("NumpyImages.write(" + image + ", Path)", ViewsTest::numpy);
    tests.put("Dataset.ofImages(List, List)", ViewsTest::datasets);
    tests.put("Runner.predict(" + image + ")", ViewsTest::predictions);
    tests.put("PipelineRunner.run(" + image + ")", ViewsTest::pipelines);
    tests.put("Explainer.explain(" + image + ", String, Explanation)", ViewsTest::maps);
    tests.put("Explainer.gradient(" + image + ", String)", ViewsTest::gradients);
    return tests;
  }

  /** Whoever adds a method that takes an image adds a test of it here. */
  @Test
  void noMethodIsForgotten() {
    assertEquals(String.join("\n", tests().keySet()), String.join("\n", accepting()));
  }

  @TestFactory
  Stream<DynamicTest> viewsAreImages() {
    return tests().entrySet().stream().map(t -> DynamicTest.dynamicTest(t.getKey(), t.getValue()));
  }

  private static RandomAccessibleInterval<UnsignedByteType> thick(
      RandomAccessibleInterval<UnsignedByteType> plane) {
    return Views.addDimension(plane, 2, 2);
  }

  private static void isAFrame(Frame frame) {
    assertEquals(new Frame.Origin(1000, -70), frame.origin());
    assertEquals(WIDTH, frame.width());
    assertEquals(1, frame.channels());
    assertEquals(plane().getAt(50, 30).get(), frame.pixels().getAt(50, 30, 0).getRealDouble());
  }

  private static void colors() {
    var colors = ArrayImgs.argbs(4, 3);
    colors.getAt(2, 1).set(0xFF0A0B0C);
    Frame frame = Frame.ofColors(Views.translate(colors, MIN));
    assertEquals(new Frame.Origin(1000, -70), frame.origin());
    assertEquals(3, frame.channels());
    for (int c = 0; c < 3; c++) {
      assertEquals(10 + c, frame.pixels().getAt(2, 1, c).getRealDouble());
    }
  }

  private static void labelMaps() {
    Img<UnsignedByteType> labels = ArrayImgs.unsignedBytes(4, 3);
    labels.getAt(2, 1).set(7);
    LabelMap map = Imgs.labelMap(Views.translate(labels, MIN));
    assertEquals(7, map.get(2, 1));
    assertEquals(0, map.get(1, 2));
  }

  private static void tensors() {
    assertArrayEquals(Imgs.tensor(plane()).data(), Imgs.tensor(view()).data());
    assertEquals("NCHW[1, 1, 50, 70]", Imgs.tensor(view()).toString());
  }

  private static void moved() {
    Img<FloatType> image = Imgs.at(Imgs.at(ArrayImgs.floats(4, 3), 5, 6), 10, 20);
    assertArrayEquals(new long[] {15, 26}, image.minAsLongArray());
    assertEquals(image, Imgs.at(image, 0, 0));
  }

  private static void numpy() {
    Path file = folder.resolve("view.npy");
    NumpyImages.write(view(), file);
    assertEquals("UINT8[50, 70]", NumpyFile.read(file).toString());
    assertEquals(plane().getAt(50, 30).get(), NumpyFile.read(file).get(30 * WIDTH + 50));
  }

  /** Label maps begin where the view does; boxes and points are in its coordinates. */
  private static void datasets() {
    LabelMap labels = new LabelMap(WIDTH, HEIGHT);
    labels.set(20, 20, 1);
    assertEquals(labels, Dataset.ofImages(List.of(view()), List.of(labels)).get(0).truth());
    assertThrows(
        SpyhopException.class,
        () -> Dataset.ofImages(List.of(view()), List.of(new LabelMap(2, 2))));
    Annotation box =
        new Annotation(
            new sc.fiji.spyhop.prediction.ImageSize(WIDTH, HEIGHT),
            List.of(new LocalizedObject(new Box(1010, -60, 20, 20), "disc")),
            List.of());
    var sample = Dataset.ofImages(List.of(view()), List.of(box)).get(0);
    assertEquals(new Box(10, 10, 20, 20), sample.truth().objects().get(0).box());
    assertEquals(Frame.Origin.ZERO, sample.frame().origin());
  }

  private static <P> P[] both(Runner<P> runner) {
    @SuppressWarnings("unchecked")
    P[] both = (P[]) new Object[] {runner.predict(plane()), runner.predict(view())};
    return both;
  }

  private static void predictions() {
    try (Runner<Segmentation> discs =
        Runner.open(Discs.model(folder).toString(), TaskKind.SEGMENTATION)) {
      Object[] found = both(discs);
      isMoved((Segmentation) found[0], (Segmentation) found[1]);
      Frame frame = Frame.of(view());
      isMoved((Segmentation) found[0], discs.predict(frame, 1, Progress.NONE));
      isMoved((Segmentation) found[0], discs.predict(1, i -> frame, Progress.NONE).get(0));
    }
    try (Runner<Annotation> boxes =
        Runner.open(Discs.localizer(folder).toString(), TaskKind.LOCALIZATION)) {
      Object[] found = both(boxes);
      List<Box> still = boxes((Annotation) found[0]);
      assertEquals(2, still.size());
      assertEquals(
          still.stream().map(b -> b.shifted(MIN[0], MIN[1])).toList(),
          boxes((Annotation) found[1]));
      var part = new sc.fiji.spyhop.image.Tile(0, 0, WIDTH, HEIGHT);
      assertEquals(
          boxes((Annotation) found[1]),
          boxes(boxes.predict(Frame.of(view()), 1, part, Progress.NONE)));
    }
    try (Runner<Annotation> points =
        Runner.open(Discs.finder(folder).toString(), TaskKind.KEYPOINTS)) {
      Object[] found = both(points);
      Keypoint still = top((Annotation) found[0]);
      assertEquals(still.shifted(MIN[0], MIN[1]), top((Annotation) found[1]));
    }
  }

  private static List<Box> boxes(Annotation found) {
    return found.objects().stream().map(LocalizedObject::box).toList();
  }

  private static Keypoint top(Annotation found) {
    return found.poses().get(0).located().get(0);
  }

  /** A disc of the view is where it is in the view, in labels and in numbers. */
  private static void isMoved(Segmentation still, Segmentation found) {
    assertEquals(2, still.segments().size());
    Img<? extends IntegerType<?>> labels = Imgs.labels(found);
    assertTrue(Intervals.equals(view(), labels), labels.toString());
    assertEquals(
        Imgs.labels(still).getAt(20, 20).getInteger(), labels.getAt(1020, -50).getInteger());
    assertTrue(labels.getAt(1020, -50).getInteger() > 0);
    for (int i = 0; i < 2; i++) {
      Segment before = still.segments().get(i);
      Segment after = found.segments().get(i);
      assertEquals(before.x() + MIN[0], after.x(), 1e-9);
      assertEquals(before.y() + MIN[1], after.y(), 1e-9);
      assertEquals(before.left() + MIN[0], after.left());
      assertEquals(before.top() + MIN[1], after.top());
      assertEquals(before.area(), after.area());
    }
  }

  private static void pipelines() {
    Frame photo = new ImageFiles().readFrame(Path.of("test-images/whales/images/photo_0000.png"));
    try (PipelineRunner whales = PipelineRunner.open("whales")) {
      Finding still = whales.run(photo.pixels()).findings().get(0);
      Finding found =
          whales.run(Views.translate(photo.pixels(), MIN[0], MIN[1], 0)).findings().get(0);
      assertEquals(
          still.object().orElseThrow().box().shifted(MIN[0], MIN[1]),
          found.object().orElseThrow().box());
      assertEquals(still.pose().orElseThrow().shifted(MIN[0], MIN[1]), found.pose().orElseThrow());
      assertEquals(still.toImage().x(3, 4) + MIN[0], found.toImage().x(3, 4), 1e-9);
      assertEquals(still.toImage().y(3, 4) + MIN[1], found.toImage().y(3, 4), 1e-9);
      assertEquals(still.scores(), found.scores());
    }
  }

  private static Img<FloatType> digit() {
    return Imgs.of(
        Imgs.tensor(DigitGenerator.of(7, 1).pixels())
            .reshape(new sc.fiji.spyhop.tensor.Axes("HW"), 28, 28));
  }

  private static void maps() {
    InputGradient gradient = new InputGradient(RectifierRule.DERIVATIVE);
    try (Explainer digits = Explainer.open("digits")) {
      SaliencyMap still = digits.explain(digit(), "7", gradient);
      SaliencyMap found = digits.explain(Views.translate(digit(), MIN), "7", gradient);
      assertFalse(still.isZero());
      assertArrayEquals(still.values(), found.values());
      assertArrayEquals(MIN, found.img().minAsLongArray());
      assertEquals(
          still.img().getAt(14, 10).get(), found.img().getAt(14 + MIN[0], 10 + MIN[1]).get());
    }
  }

  private static void gradients() {
    try (Explainer digits = Explainer.open("digits")) {
      ScoreGradient still = digits.gradient(digit(), "7");
      ScoreGradient found = digits.gradient(Views.translate(digit(), MIN), "7");
      assertArrayEquals(still.gradient().data(), found.gradient().data());
      assertEquals(still.score(), found.score());
    }
  }

  /** Methods that take frames: these remember where a view begins. */
  @Test
  void pointsInBoxesOfAView() {
    try (Runner<Annotation> points =
        Runner.open(Discs.finderInBoxes(folder).toString(), TaskKind.KEYPOINTS)) {
      LocalizedObject box = new LocalizedObject(new Box(12, 12, 16, 16), "disc");
      Annotation still =
          KeypointsInBoxes.find(points, Frame.of(plane()), List.of(box), Progress.NONE);
      Annotation found =
          KeypointsInBoxes.find(
              points, Frame.of(view()), List.of(box.shifted(MIN[0], MIN[1])), Progress.NONE);
      Keypoint moved = top(still).shifted(MIN[0], MIN[1]);
      assertEquals(moved.x(), top(found).x(), 1e-6);
      assertEquals(moved.y(), top(found).y(), 1e-6);
      assertEquals(List.of(box.shifted(MIN[0], MIN[1])), found.objects());
    }
  }

  @Test
  void mapsOfAWindowThatMovesOverAView() {
    try (Runner<ClassScores> digits =
        Runner.of(ModelRegistry.standard().find("digits"), TaskKind.CLASSIFICATION)) {
      SlidingWindow window = new SlidingWindow(28, 20);
      ClassMaps still = window.over(Frame.of(plane()), digits, Progress.NONE);
      ClassMaps found = window.over(Frame.of(view()), digits, Progress.NONE);
      assertEquals(MIN[0], found.x());
      assertEquals(MIN[1], found.y());
      assertArrayEquals(still.planes().get(3), found.planes().get(3));
    }
  }

  @Test
  void otherDimensionsAreRefusedInASentence() {
    String message =
        assertThrows(SpyhopException.class, () -> Frame.of(ArrayImgs.bytes(2, 2, 2, 2)))
            .getMessage();
    assertTrue(message.contains("received 4 dimensions"), message);
    assertThrows(SpyhopException.class, () -> Frame.of(Views.translate(plane(), 1L << 31, 0)));
  }

  /** A part of an image is told where its pixels lie in the whole. */
  @Test
  void aPartOfAnImageIsAView() {
    try (Runner<Segmentation> discs =
        Runner.open(Discs.model(folder).toString(), TaskKind.SEGMENTATION)) {
      Segmentation found =
          discs.predict(Views.interval(plane(), new long[] {36, 16}, new long[] {64, 44}));
      assertEquals(1, found.segments().size());
      assertEquals(50.5, found.segments().get(0).x(), 0.01);
      assertEquals(30.5, found.segments().get(0).y(), 0.01);
      assertEquals(1, Imgs.labels(found).getAt(50, 30).getInteger());
    }
  }

  @Test
  void imagesThatBeginElsewhereAreCopied() {
    Img<FloatType> moved = Imgs.at(ArrayImgs.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2), 7, -5);
    Img<FloatType> copy = moved.copy();
    assertEquals(7, copy.min(0));
    assertEquals(-5, copy.min(1));
    moved.getAt(9, -4).set(0);
    assertEquals(6, copy.getAt(9, -4).get());
    assertEquals(6, copy.copy().getAt(9, -4).get());
  }
}
