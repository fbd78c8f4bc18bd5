package sc.fiji.spyhop.engine.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.memory.AllocationsTracker;
import org.nd4j.linalg.api.memory.enums.AllocationKind;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.EngineContract;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

class Dl4jEngineTest extends EngineContract {

  @Override
  protected Engine engine() {
    return new Dl4jEngine();
  }

  @Test
  void isFound() {
    assertEquals("dl4j", Engines.named("dl4j").name());
    Device device = engine().devices().get(0);
    String kind = engine().gpus().isEmpty() ? "CPU, " : "GPU 0, ";
    assertTrue(device.description().startsWith(kind), device.description());
  }

  /** oneDNN sums in another order than ND4J's own convolution, so the last bits tell which ran. */
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
    assumeTrue(engine().gpus().isEmpty(), "a GPU does the work");
    String device = engine().devices().get(0).description();
    assertTrue(device.contains(" with oneDNN"), device);
    Network network = NetworkBuilder.image(64).convolution("c", 64, 3).build();
    Random random = new Random(1);
    float[] values = new float[64 * 32 * 32];
    for (int i = 0; i < values.length; i++) values[i] = random.nextFloat();
    Tensor x = new Tensor(Axes.NCHW, new int[] {1, 64, 32, 32}, values);
    try (Predictor p =
        engine().predictor(network, Initialization.of(network, 0), engine().devices().get(0))) {
      float[] with = p.predict(x).data();
      float[] again = p.predict(x).data();
      float[][] without = {null};
      NativeLibrary.withoutOneDnn(() -> without[0] = p.predict(x).data());
      assertArrayEquals(with, again);
      assertArrayEquals(with, without[0], 1e-4f);
      assertFalse(Arrays.equals(with, without[0]), "oneDNN made no difference");
    }
  }

  /** Bytes outside the heap that ND4J holds, in workspaces and beside them. */
  private static long live() {
    return Stream.of(AllocationKind.values())
        .mapToLong(k -> AllocationsTracker.getInstance().bytesOnDevice(k, 0))
        .sum();
  }

  @Test
  void nativeMemoryIsGivenBack() {
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
    long before = live();
    long during = 0;
    for (int i = 0; i < 3; i++) {
      try (Trainer t = engine().trainer(network, Initialization.of(network, 0), plan, device)) {
        for (int j = 0; j < 12; j++) {
          t.step(inputs, targets, 1e-3);
          // workspaces take some steps to find their size
          if (j == 7) during = live();
          if (j > 7) assertEquals(during, live(), "trainer " + i + ", step " + j);
        }
      }
      // of each workspace, ND4J counts a margin as taken and not as given back
      assertEquals(before, live(), 1 << 15, "after closing trainer " + i);
    }
    assertTrue(during > before + (1 << 20), "a step uses native memory");
  }
}
