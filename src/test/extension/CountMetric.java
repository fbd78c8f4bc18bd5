import java.util.BitSet;
import java.util.Map;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.MetricPlugin;

/** By how much the number of objects is wrong, as a share of the true number. */
@Plugin(type = MetricPlugin.class, name = "miscount")
public class CountMetric implements MetricPlugin<LabelMap> {
  public Class<LabelMap> of() {
    return LabelMap.class;
  }

  public double measure(LabelMap predicted, LabelMap truth, Map<String, Double> settings) {
    double expected = count(truth);
    return expected == 0 ? Double.NaN : Math.abs(count(predicted) - expected) / expected;
  }

  private static int count(LabelMap labels) {
    BitSet seen = new BitSet();
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i) != LabelMap.UNLABELLED) seen.set(labels.get(i));
    }
    seen.clear(0);
    return seen.cardinality();
  }
}
