import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.image.ChannelStatistics;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.NormalizationPlugin;

/** Logarithms of intensities above the darkest pixel; the darkest becomes 0, the brightest 1. */
@Plugin(type = NormalizationPlugin.class, name = "logarithm")
public class LogarithmNormalization implements NormalizationPlugin {
  public Map<String, Double> settings() {
    return Map.of("floor", 1.0);
  }

  public List<DoubleUnaryOperator> fit(Frame frame, Map<String, Double> settings) {
    ChannelStatistics of = new ChannelStatistics(frame);
    return IntStream.range(0, frame.channels())
        .mapToObj(c -> curve(of.range(c), settings.get("floor")))
        .toList();
  }

  private static DoubleUnaryOperator curve(ChannelStatistics.Range r, double floor) {
    double whole = Math.log1p(Math.max(r.max() - r.min(), 1e-9) / floor);
    return v -> Math.log1p((v - r.min()) / floor) / whole;
  }
}
