package sc.fiji.spyhop.task;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.Components;
import sc.fiji.spyhop.task.decode.Landscapes;
import sc.fiji.spyhop.task.decode.Watershed;

/** Taking a tile apart: the whole of it and its costly steps, for painted nuclei. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SeparationBenchmark {

  @Param({"512", "1024"})
  public int side;

  private InstanceSegmentation task;
  private List<Tensor> outputs;
  private float[] smooth;
  private float[] depth;
  private float[] landscape;
  private boolean[] mask;
  private int[] seeds;

  @Setup
  public void prepare() {
    task = InstanceSegmentation.of("nucleus");
    var truth = NucleiGenerator.ofSeries(1, 0, side, side).labels();
    var targets = task.encode(truth);
    Tensor object = targets.get("object_logits").values();
    Tensor deep = targets.get("depth").values();
    int[] shape = {1, 1, side, side};
    outputs =
        List.of(
            new Tensor(Axes.NCHW, shape, object.data()), new Tensor(Axes.NCHW, shape, deep.data()));
    depth = deep.data();
    smooth = Landscapes.smooth(depth, side, side, 1);
    mask = new boolean[depth.length];
    landscape = new float[depth.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = object.data()[i] > 0.5f;
      landscape[i] = -smooth[i];
    }
    boolean[] peaks = Landscapes.peaks(smooth, side, side, 0.1);
    for (int i = 0; i < peaks.length; i++) peaks[i] &= mask[i];
    seeds = new int[depth.length];
    Components.label(peaks, side, side, 8, seeds);
  }

  @Benchmark
  public int[] separate() {
    return task.separate(outputs);
  }

  @Benchmark
  public Object assemble() {
    Assembler<Segmentation> assembler = task.assembler(new ImageSize(side, side));
    assembler.add(new Tile(0, 0, side, side), outputs);
    return assembler.finish();
  }

  @Benchmark
  public float[] smooth() {
    return Landscapes.smooth(depth, side, side, 1);
  }

  @Benchmark
  public boolean[] peaks() {
    return Landscapes.peaks(smooth, side, side, 0.1);
  }

  @Benchmark
  public int[] watershed() {
    int[] labels = Arrays.copyOf(seeds, seeds.length);
    Watershed.flood(labels, landscape, mask, side, side);
    return labels;
  }
}
