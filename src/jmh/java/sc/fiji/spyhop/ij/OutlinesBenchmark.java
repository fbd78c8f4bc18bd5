package sc.fiji.spyhop.ij;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.sample.NucleiGenerator;

/** What is done with every pixel of an image before and after the network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OutlinesBenchmark {

  private static final int SIDE = 1024;

  private LabelMap labels;
  private Frame frame;

  @Setup
  public void prepare() {
    var image = NucleiGenerator.ofSeries(1, 0, SIDE, SIDE);
    labels = image.labels();
    frame = image.frame();
  }

  @Benchmark
  public Object trace() {
    return Rois.trace(labels);
  }

  @Benchmark
  public Object normalize() {
    return new Normalization.Percentile(1, 99.8).fit(frame);
  }
}
