package sc.fiji.spyhop.engine;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Losses of a batch of 4 x 256 x 256 pixels, and an update of two million weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrainingBenchmark {

  private static final int WEIGHTS = 2_000_000;

  private Tensor one;
  private Tensor four;
  private Target mask;
  private Target classes;
  private float[] gradient;
  private Updater updater;

  @Setup
  public void prepare() {
    Random random = new Random(0);
    one = random(random, 1);
    four = random(random, 4);
    Tensor truth = Tensor.zeros(Axes.NCHW, 4, 1, 256, 256);
    Tensor numbers = Tensor.zeros(Axes.NCHW, 4, 1, 256, 256);
    for (int i = 0; i < truth.length(); i++) {
      truth.data()[i] = random.nextInt(2);
      numbers.data()[i] = random.nextInt(4);
    }
    mask = Target.of(truth);
    classes = Target.of(numbers);
    gradient = new float[four.length()];
    float[] slopes = new float[WEIGHTS];
    for (int i = 0; i < WEIGHTS; i++) slopes[i] = (float) random.nextGaussian();
    Parameter kernel = new Parameter("w", "layer", Parameter.Role.KERNEL, Axes.C, List.of(WEIGHTS));
    updater =
        new Updater(
            new Optimizer.Adam(),
            Map.of(),
            List.of(
                new Updater.Slot(
                    kernel, FloatBuffer.wrap(new float[WEIGHTS]), FloatBuffer.wrap(slopes))));
  }

  private static Tensor random(Random random, int channels) {
    Tensor t = Tensor.zeros(Axes.NCHW, 4, channels, 256, 256);
    for (int i = 0; i < t.length(); i++) t.data()[i] = (float) random.nextGaussian();
    return t;
  }

  @Benchmark
  public double binaryCrossEntropy() {
    return Losses.evaluate(new Loss.BinaryCrossEntropy(), one, mask, gradient);
  }

  @Benchmark
  public double huber() {
    return Losses.evaluate(new Loss.Huber(0.1), one, mask, gradient);
  }

  @Benchmark
  public double crossEntropy() {
    return Losses.evaluate(new Loss.CrossEntropy(), four, classes, gradient);
  }

  @Benchmark
  public double dice() {
    return Losses.evaluate(new Loss.Dice(), four, classes, gradient);
  }

  @Benchmark
  public void adam() {
    updater.update(1, 1e-3);
  }
}
