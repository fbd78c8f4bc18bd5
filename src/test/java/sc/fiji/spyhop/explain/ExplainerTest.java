package sc.fiji.spyhop.explain;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.explain.Occlusion.Fill;
import sc.fiji.spyhop.model.Model;

/** The real engine learns an object, or the buoy beside it; the map says which. */
class ExplainerTest {

  private static Explainer explainer(Model model) {
    Engine engine = Engines.forPrediction(model.network());
    return new Explainer(model, engine, engine.devices().get(0));
  }

  /** What a network has learned, by what it says of pictures it has not seen. */
  private record Learned(double honest, double onObject, double drop) {}

  private static Learned learned(boolean shortcut) {
    double right = 0;
    double onObject = 0;
    double mass = 0;
    double drop = 0;
    int n = 20;
    try (Explainer explainer = explainer(Shortcut.model(shortcut))) {
      for (int i = 0; i < n; i++) {
        Shortcut.Picture p = Shortcut.picture(i % 2, shortcut, -1 - i);
        SaliencyMap map =
            explainer.occlusion(
                p.frame(), Optional.empty(), new Occlusion(12, 3, Fill.MEAN), Progress.NONE);
        for (int k = 0; k < map.values().length; k++) {
          double value = Math.max(0, map.values()[k]);
          mass += value;
          if (p.isObject(k)) onObject += value;
        }
        drop += map.largest() / n;
        Shortcut.Picture q = Shortcut.picture(i % 2, false, -1000 - i);
        SaliencyMap said =
            explainer.occlusion(
                q.frame(), Optional.empty(), new Occlusion(48, 48, Fill.MEAN), Progress.NONE);
        if (said.name().equals(q.label() == 0 ? "disc" : "ring")) right += 1.0 / n;
      }
    }
    return new Learned(right, onObject / mass, drop);
  }

  @Test
  void theMapLiesOnTheObjectWhereTheObjectWasLearned() {
    Learned learned = learned(false);
    assertTrue(learned.honest() >= 0.85, learned.toString());
    assertTrue(learned.onObject() > 0.5, learned.toString());
    assertTrue(learned.drop() > 0.1, learned.toString());
  }

  @Test
  void theMapRevealsAShortcut() {
    Learned learned = learned(true);
    assertTrue(learned.honest() <= 0.75, "was it not fooled? " + learned);
    assertTrue(learned.onObject() < 0.35, learned.toString());
    assertTrue(learned.drop() > 0.1, learned.toString());
  }
}
