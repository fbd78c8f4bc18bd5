package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.util.Strings;

/** Of networks that look at an object, or at the buoy beside it, the map says which. */
class ExplainerTest {

  private static final int IMAGES = 20;

  private static final Path NUCLEI = Path.of("test-images/nuclei/images/nuclei_003.tif");

  /** Methods, with the settings that they are tried with. */
  static Stream<Explanation> all() {
    return Stream.of(
        new Occlusion(12, 3, Fill.MEAN),
        new InputGradient(RectifierRule.DERIVATIVE),
        new InputGradient(RectifierRule.DECONVNET),
        new InputGradient(RectifierRule.GUIDED),
        new GradCam(""),
        new IntegratedGradients(Fill.MEAN, 0));
  }

  /**
   * @param onObject share of what speaks for discs, of their maps, that lies on the disc
   * @param deletion mean of the score while what matters is hidden first, and at random
   * @param insertion the same while it is shown
   */
  private record Seen(double onObject, double[] deletion, double[] insertion) {

    @Override
    public String toString() {
      return Strings.format(
          "%.3f on the object; deletion %.3f, at random %.3f; insertion %.3f, at random %.3f",
          onObject, deletion[0], deletion[1], insertion[0], insertion[1]);
    }
  }

  private static Seen seen(Model model, boolean shortcut, Explanation explanation) {
    double onObject = 0;
    double mass = 0;
    double[] deletion = new double[2];
    double[] insertion = new double[2];
    Faithfulness tested = Faithfulness.of(explanation, Fill.MEAN, 1);
    try (Explainer explainer = Explainer.of(model, explanation)) {
      for (int i = 0; i < IMAGES; i++) {
        Shortcut.Picture disc = Shortcut.picture(0, shortcut, -1 - i);
        SaliencyMap map =
            explainer.explain(disc.frame(), Optional.of("disc"), tested, Progress.NONE);
        for (int k = 0; k < map.values().length; k++) {
          double value = Math.max(0, map.values()[k]);
          mass += value;
          if (disc.isObject(k)) onObject += value;
        }
        int first = map.figures().size() - Faithfulness.FIGURES.size();
        for (int k = 0; k < 2; k++) {
          deletion[k] += map.figures().get(first + k) / IMAGES;
          insertion[k] += map.figures().get(first + 2 + k) / IMAGES;
        }
      }
    }
    return new Seen(onObject / mass, deletion, insertion);
  }

  /** Of honest pictures, the share about which a network is right. */
  private static double right(Model model) {
    double right = 0;
    try (Explainer explainer = Explainer.of(model, Occlusion.DEFAULT)) {
      for (int i = 0; i < IMAGES; i++) {
        Shortcut.Picture honest = Shortcut.picture(i % 2, false, -1000 - i);
        SaliencyMap said =
            explainer.explain(
                honest.frame(), Optional.empty(), new Occlusion(48, 48, Fill.MEAN), Progress.NONE);
        if (said.name().equals(honest.label() == 0 ? "disc" : "ring")) right += 1.0 / IMAGES;
      }
    }
    return right;
  }

  @Test
  void theShortcutFools() {
    assertTrue(right(Shortcut.lookingAtTheObject()) > 0.9);
    assertTrue(right(Shortcut.lookingAtTheBuoy()) < 0.7);
  }

  @ParameterizedTest
  @MethodSource("all")
  void theMapLiesOnTheObjectThatIsLookedAt(Explanation explanation) {
    Seen seen = seen(Shortcut.lookingAtTheObject(), false, explanation);
    // the network asks for the brightest place alone, but Grad-CAM weights all places of a map
    // alike
    double least = explanation instanceof GradCam ? 0.4 : 0.8;
    assertTrue(seen.onObject() > least, seen.toString());
    assertTrue(seen.deletion()[0] < seen.deletion()[1], seen.toString());
    assertTrue(seen.insertion()[0] > seen.insertion()[1], seen.toString());
  }

  @ParameterizedTest
  @MethodSource("all")
  void theMapRevealsAShortcut(Explanation explanation) {
    Seen seen = seen(Shortcut.lookingAtTheBuoy(), true, explanation);
    assertTrue(seen.onObject() < 0.1, seen.toString());
    assertTrue(seen.deletion()[0] < seen.deletion()[1], seen.toString());
    assertTrue(seen.insertion()[0] > seen.insertion()[1], seen.toString());
  }

  /**
   * The shipped model for nuclei has learnt what it says, so that other weights give other maps:
   * magnitudes agree on no order.
   */
  @Test
  void mapsDependOnWhatWasLearnt() {
    Model model = ModelRegistry.standard().find("nuclei");
    Frame frame = Frames.of(ImageFiles.open(NUCLEI)).get(1, 1).crop(0, 0, 128, 128);
    Randomization all = Randomization.cascade(model, 1, 5).get(0);
    for (Explanation explanation : all().skip(1).toList()) {
      float[] learnt;
      float[] random;
      try (Explainer explainer = Explainer.of(model, explanation);
          Explainer other = explainer.with(all.model(), 1)) {
        learnt = explainer.explain(frame, Optional.empty(), explanation, Progress.NONE).values();
        random = other.explain(frame, Optional.empty(), explanation, Progress.NONE).values();
      }
      double r = RankCorrelation.ofMagnitudes(learnt, random);
      assertTrue(Double.isNaN(r) || r < 0.5, explanation.name() + ": " + r);
    }
  }
}
