import java.util.Map;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.explain.ExplanationPlugin;
import sc.fiji.spyhop.explain.Question;

/** Each pixel times its gradient, summed over channels; the pixel to a power, if asked for. */
@Plugin(
    type = ExplanationPlugin.class,
    name = "times",
    description = "Maps each pixel of images, times how a prediction changes with it.")
public class InputTimesGradient implements ExplanationPlugin {
  public Map<String, Double> settings() {
    return Map.of("power", 1.0);
  }

  public float[] map(Question asked, Map<String, Double> settings, Progress progress) {
    float[] x = asked.shown().data();
    float[] slope = asked.gradients().gradient(asked.shown(), RectifierRule.DERIVATIVE).data();
    float[] map = new float[asked.shown().size('H') * asked.shown().size('W')];
    for (int i = 0; i < x.length; i++) {
      map[i % map.length] += slope[i] * (float) Math.pow(x[i], settings.get("power"));
    }
    return map;
  }
}
