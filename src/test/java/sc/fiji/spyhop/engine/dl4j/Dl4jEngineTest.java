package sc.fiji.spyhop.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.EngineContract;
import sc.fiji.spyhop.engine.Engines;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

class Dl4jEngineTest extends EngineContract {

  private static final Path STATUS = Path.of("/proc/self/status");

  @Override
  protected Engine engine() {
    return new Dl4jEngine();
  }

  @Test
  void isFound() {
    assertEquals("dl4j", Engines.first().name());
    Device device = Engines.first().devices().get(0);
    assertTrue(device.description().startsWith("CPU, "), device.description());
  }

  /** A convolution of 1.2 GFLOP takes the plain code path ten times as long. */
  @Test
  void oneDnnDoesTheWorkWhereItsJarIsPresent() {
    boolean present =
        Stream.of("linux-x86_64", "windows-x86_64", "macosx-x86_64")
            .flatMap(p -> Stream.of(p + "-onednn", p + "-onednn-avx2", p + "-onednn-avx512"))
            .flatMap(
                p ->
                    Stream.of("libnd4jcpu.so", "nd4jcpu.dll", "libnd4jcpu.dylib")
                        .map(f -> p + "/" + f))
            .anyMatch(
                f ->
                    getClass().getResource("/org/nd4j/linalg/cpu/nativecpu/bindings/" + f) != null);
    assumeTrue(present, "no native jar with oneDNN on the class path");
    String device = Engines.first().devices().get(0).description();
    assertTrue(device.endsWith(", oneDNN"), device);
    Network network = NetworkBuilder.image(64).convolution("c", 64, 3).build();
    Tensor x = Tensor.zeros(Axes.NCHW, 1, 64, 128, 128);
    try (Predictor p =
        engine().predictor(network, Initialization.of(network, 0), engine().devices().get(0))) {
      double with = fastest(() -> p.predict(x));
      double[] without = {0};
      NativeLibrary.withoutOneDnn(() -> without[0] = fastest(() -> p.predict(x)));
      assertTrue(without[0] > 2 * with, "with " + with + " ms, without " + without[0] + " ms");
    }
  }

  private static double fastest(Runnable work) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 6; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e6);
    }
    return best;
  }

  /** Each step makes some 20 MB of feature maps; leaking a hundredth of them would show. */
  @Test
  void nativeMemoryDoesNotGrow() throws IOException {
    assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    Network network =
        NetworkBuilder.image(1)
            .convolution("c1", 16, 3)
            .batchNorm()
            .relu()
            .maxPool("p1", 2)
            .convolution("c2", 16, 3)
            .relu()
            .upsample("u1", 2)
            .concat("cat", "c1")
            .convolution("out", 1, 1)
            .build();
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective("out", new Loss.SquaredError(), 1)),
            new Optimizer.Adam(),
            0);
    Map<String, Tensor> inputs = Map.of("image", Tensor.zeros(Axes.NCHW, 2, 1, 128, 128));
    Map<String, Target> targets = Map.of("out", Target.of(Tensor.zeros(Axes.NCHW, 2, 1, 128, 128)));
    Device device = engine().devices().get(0);
    long after100 = 0;
    for (int i = 0; i < 20; i++) {
      try (Trainer t = engine().trainer(network, Initialization.of(network, 0), plan, device)) {
        for (int j = 0; j < 10; j++) t.step(inputs, targets, 1e-3);
      }
      if (i == 9) after100 = residentMegabytes();
    }
    long after200 = residentMegabytes();
    // the heap may grow a little meanwhile
    assertTrue(after200 < after100 + 100, after100 + " MB -> " + after200 + " MB");
  }

  private static long residentMegabytes() throws IOException {
    System.gc();
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
