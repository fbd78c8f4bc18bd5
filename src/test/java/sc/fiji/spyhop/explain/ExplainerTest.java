package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.explain.Occlusion.Fill;
import sc.fiji.spyhop.model.Model;

/** Of networks that look at an object, or at the buoy beside it, the map says which. */
class ExplainerTest {

  private static Explainer explainer(Model model) {
    Engine engine = Engines.forPrediction(model.network());
    return new Explainer(model, engine, engine.devices().get(0));
  }

  /**
   * @param right share of honest pictures about which a network is right
   * @param onObject share of a disc's map that lies on the disc
   * @param drop largest value of a disc's map
   */
  private record Seen(double right, double onObject, double drop) {}

  private static Seen seen(Model model, boolean shortcut) {
    double right = 0;
    double onObject = 0;
    double mass = 0;
    double drop = 0;
    int n = 20;
    try (Explainer explainer = explainer(model)) {
      for (int i = 0; i < n; i++) {
        Shortcut.Picture disc = Shortcut.picture(0, shortcut, -1 - i);
        SaliencyMap map =
            explainer.explain(
                disc.frame(), Optional.of("disc"), new Occlusion(12, 3, Fill.MEAN), Progress.NONE);
        for (int k = 0; k < map.values().length; k++) {
          double value = Math.max(0, map.values()[k]);
          mass += value;
          if (disc.isObject(k)) onObject += value;
        }
        drop += map.largest() / n;
        Shortcut.Picture honest = Shortcut.picture(i % 2, false, -1000 - i);
        SaliencyMap said =
            explainer.explain(
                honest.frame(), Optional.empty(), new Occlusion(48, 48, Fill.MEAN), Progress.NONE);
        if (said.name().equals(honest.label() == 0 ? "disc" : "ring")) right += 1.0 / n;
      }
    }
    return new Seen(right, onObject / mass, drop);
  }

  @Test
  void theMapLiesOnTheObjectThatIsLookedAt() {
    Seen seen = seen(Shortcut.lookingAtTheObject(), false);
    assertTrue(seen.right() > 0.9, seen.toString());
    assertTrue(seen.onObject() > 0.8, seen.toString());
    assertTrue(seen.drop() > 0.3, seen.toString());
  }

  @Test
  void theMapRevealsAShortcut() {
    Seen seen = seen(Shortcut.lookingAtTheBuoy(), true);
    assertTrue(seen.right() < 0.7, "is it not fooled? " + seen);
    assertTrue(seen.onObject() < 0.1, seen.toString());
    assertTrue(seen.drop() > 0.3, seen.toString());
  }
}
