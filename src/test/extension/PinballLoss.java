import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.engine.LossPlugin;

/** Makes a network measure what nine of ten values are below, not their mean. */
@Plugin(type = LossPlugin.class, name = "pinball")
public class PinballLoss implements LossPlugin {
  private static final float QUANTILE = 0.9f;

  public double evaluate(Dimensions sizes, float[] z, float[] t, float[] w, float[] gradient) {
    double sum = 0;
    double all = 0;
    for (int i = 0; i < z.length; i++) {
      int sample = i / (sizes.channels() * sizes.places());
      float weight = w.length == 0 ? 1 : w[sample * sizes.places() + i % sizes.places()];
      gradient[i] = weight * (z[i] > t[i] ? 1 - QUANTILE : -QUANTILE);
      sum += gradient[i] * (z[i] - t[i]);
      all += weight;
    }
    double by = Math.max(all, 1e-9);
    for (int i = 0; i < z.length; i++) gradient[i] /= (float) by;
    return sum / by;
  }
}
