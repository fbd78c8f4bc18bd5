package sc.fiji.spyhop.engine.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.EngineContract;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

class OneDnnEngineTest extends EngineContract {

  @BeforeAll
  static void skipWithoutTheLibrary() {
    Assumptions.assumeTrue(OneDnn.isAvailable(), "no oneDNN for this platform");
  }

  @Override
  protected Engine engine() {
    return new OneDnnEngine();
  }

  @Test
  void isChosenToTrain() {
    assertEquals("onednn", Engines.forTraining().name());
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
    Tensor zeros = Tensor.zeros(Axes.NCHW, 2, 1, 64, 64);
    Device device = device();
    long before = Pool.live();
    long during = 0;
    for (int i = 0; i < 3; i++) {
      try (Trainer t = engine().trainer(network, Initialization.of(network, 0), plan, device)) {
        for (int j = 0; j < 5; j++) {
          t.step(Map.of("image", zeros), Map.of("out", Target.of(zeros)), 1e-3);
          if (i == 0 && j == 1) during = Pool.live();
          if (j > 0) assertEquals(during, Pool.live(), "trainer " + i + ", step " + j);
        }
      }
      assertEquals(before, Pool.live(), "after closing trainer " + i);
    }
    assertTrue(during > before, "a step uses native memory");
    try (Predictor p = engine().predictor(network, Initialization.of(network, 0), device)) {
      p.predict(zeros);
      p.gradient(Map.of("image", zeros), "out", zeros, "image");
      String inner = network.layers().get(1).name();
      for (RectifierRule rule : RectifierRule.values()) {
        p.gradient(Map.of("image", zeros), "out", zeros, inner, rule);
      }
    }
    assertEquals(before, Pool.live(), "after closing a predictor");
  }
}
