import java.util.Map;
import java.util.random.RandomGenerator;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.dataset.AugmentationPlugin;
import sc.fiji.spyhop.tensor.Tensor;

/** Some rows become brighter or darker, as those of scanners are. */
@Plugin(type = AugmentationPlugin.class, name = "stripes")
public class StripesAugmentation implements AugmentationPlugin {
  public Map<String, Double> settings() {
    return Map.of("share", 0.2, "strength", 0.1);
  }

  @Override
  public void vary(Tensor picture, Map<String, Double> settings, RandomGenerator random) {
    float[] values = picture.data();
    int width = picture.size('W');
    for (int row = 0; row < values.length / width; row++) {
      if (random.nextDouble() >= settings.get("share")) continue;
      float change = (float) (settings.get("strength") * random.nextGaussian());
      for (int i = row * width; i < (row + 1) * width; i++) values[i] += change;
    }
  }
}
