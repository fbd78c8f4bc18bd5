package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.weights.Initialization;

/** The whole chain on the engine that ships, with networks that know nothing. */
class RunnerAnnotationsTest {

  private static final Engine ENGINE = Engines.forTraining();

  private static Model random(AnnotationTask task, double scale) {
    Network network =
        Decoder.on(
            Decoder.Backbone.compact(1, List.of(4, 6)),
            task.stride(),
            8,
            task.heads().stream()
                .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
                .toList());
    ModelSpec spec =
        new ModelSpec(
            "random",
            "",
            task,
            new ModelSpec.Input(
                Axes.NCHW,
                1,
                Colors.NONE,
                new Resize.Scaled(scale, 4),
                new Normalization.ZScore(),
                PixelSize.UNCALIBRATED),
            ModelSpec.Inference.of(network),
            ModelSpec.Training.UNKNOWN,
            "",
            "",
            "");
    return new Model(spec, network, Initialization.of(network, 3), Optional.empty());
  }

  private static Frame noise(int width, int height) {
    Random random = new Random(1);
    float[] pixels = new float[width * height];
    for (int i = 0; i < pixels.length; i++) pixels[i] = random.nextFloat();
    return new Frame("noise", ArrayImgs.floats(pixels, width, height, 1), PixelSize.UNCALIBRATED);
  }

  private static Annotation localize(double scale, int tile, Frame frame) {
    return localize(scale, tile, localizer -> localizer.predict(frame));
  }

  private static Annotation localize(
      double scale, int tile, Function<Runner<Annotation>, Annotation> look) {
    Localization task =
        new ObjectCenters(
            List.of("a", "b"), 4, 0.3, new ObjectCenters.Suppression(false, 0.6), 100_000);
    try (Runner<Annotation> localizer =
        Runner.of(
            random(task, scale),
            TaskKind.LOCALIZATION,
            Runner.Options.DEFAULT.withThreshold(0).withTile(tile),
            ENGINE,
            ENGINE.devices().get(0))) {
      return look.apply(localizer);
    }
  }

  /**
   * Objects on seams come out once, and where they are without seams. Of hundreds in noise a few
   * may depend on the last digit of a score or an overlap.
   */
  @Test
  void tilesGiveWhatTheUndividedImageGives() {
    Frame frame = noise(311, 187);
    for (double scale : new double[] {1, 0.7}) {
      List<LocalizedObject> whole = localize(scale, 4096, frame).objects();
      List<LocalizedObject> tiled = localize(scale, 64, frame).objects();
      assertTrue(whole.size() > 200, "" + whole.size());
      assertTrue(missing(whole, tiled) <= 2, missing(whole, tiled) + " are not found in tiles");
      assertTrue(missing(tiled, whole) <= 2, missing(tiled, whole) + " are found in tiles only");
    }
  }

  /** A part is normalized with the whole, and its cells are those of the whole. */
  @Test
  void aPartGivesWhatTheWholeGivesThere() {
    Frame frame = noise(311, 187);
    Tile part = new Tile(61, 27, 190, 140);
    Box inner = new Box(61 + 40, 27 + 40, 190 - 80, 140 - 80);
    for (double scale : new double[] {1, 0.7}) {
      Annotation all = localize(1, 64, l -> l.predict(frame, scale, Progress.NONE));
      Annotation seen = localize(1, 64, l -> l.predict(frame, scale, part, Progress.NONE));
      assertEquals(all.size(), seen.size());
      List<LocalizedObject> whole = within(all, inner);
      List<LocalizedObject> there = within(seen, inner);
      assertTrue(whole.size() > 10, "" + whole.size());
      assertTrue(missing(whole, there) <= 1, missing(whole, there) + " are not seen");
      assertTrue(missing(there, whole) <= 1, missing(there, whole) + " are seen only");
      Box around = new Box(part.x() - 30, part.y() - 30, part.width() + 60, part.height() + 60);
      assertEquals(seen.objects().size(), within(seen, around).size(), "the rest is not looked at");
    }
  }

  private static List<LocalizedObject> within(Annotation found, Box part) {
    return found.objects().stream()
        .filter(o -> part.contains(o.box().centerX(), o.box().centerY()))
        .toList();
  }

  /** How many of some objects are not among others, each of which stands for one only. */
  private static long missing(List<LocalizedObject> some, List<LocalizedObject> others) {
    List<LocalizedObject> left = new ArrayList<>(others);
    return some.stream()
        .filter(
            o -> {
              Optional<LocalizedObject> same =
                  left.stream()
                      .filter(
                          t ->
                              t.type().equals(o.type())
                                  && Math.abs(t.score() - o.score()) < 1e-4
                                  && t.box().iou(o.box()) > 0.999)
                      .findFirst();
              same.ifPresent(left::remove);
              return same.isEmpty();
            })
        .count();
  }

  @Test
  void boxesAreInTheImagesCoordinatesAndInside() {
    Annotation found = localize(0.5, 4096, noise(90, 70));
    assertEquals(90, found.size().width());
    Box image = found.size().box();
    double farthest = 0;
    for (LocalizedObject o : found.objects()) {
      assertEquals(o.box().area(), o.box().intersection(image).orElseThrow().area(), 1e-9);
      farthest = Math.max(farthest, o.box().right());
    }
    assertTrue(farthest > 60, "" + farthest);
  }

  @Test
  void pointsAreTheSameInTiles() {
    KeypointDetection task =
        KeypointDetection.of(new KeypointLayout(List.of("a", "b"), List.of(), List.of()), 2);
    Model model = random(task, 1);
    Frame frame = noise(150, 131);
    try (Runner<Annotation> whole = finder(model, 4096);
        Runner<Annotation> tiled = finder(model, 32)) {
      List<Keypoint> a = whole.predict(frame).poses().get(0).keypoints();
      List<Keypoint> b = tiled.predict(frame).poses().get(0).keypoints();
      for (int k = 0; k < 2; k++) {
        assertEquals(a.get(k).x(), b.get(k).x(), 1e-2);
        assertEquals(a.get(k).y(), b.get(k).y(), 1e-2);
        assertEquals(a.get(k).confidence(), b.get(k).confidence(), 1e-4);
      }
    }
  }

  private static Runner<Annotation> finder(Model model, int tile) {
    return Runner.of(
        model,
        TaskKind.KEYPOINTS,
        Runner.Options.DEFAULT.withThreshold(0).withTile(tile),
        ENGINE,
        ENGINE.devices().get(0));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Model model = random(Localization.of(List.of("a"), 4), 1);
    String why = assertThrows(SpyhopException.class, () -> finder(model, 64)).getMessage();
    assertEquals(
        "Model random is for localization: expected a model for keypoints. Choose another.", why);
    try (Runner<Annotation> localizer =
        Runner.of(
            model,
            TaskKind.LOCALIZATION,
            Runner.Options.DEFAULT,
            ENGINE,
            ENGINE.devices().get(0))) {
      Frame two =
          new Frame("two", ArrayImgs.floats(new float[50], 5, 5, 2), PixelSize.UNCALIBRATED);
      String channels =
          assertThrows(SpyhopException.class, () -> localizer.predict(two)).getMessage();
      assertTrue(channels.contains("expects 1 channel, the image has 2"), channels);
    }
  }
}
