package sc.fiji.spyhop.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.onednn.OneDnnEngine;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.sample.SyntheticImage;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * Models in 16 bits, as oneDNN keeps maps on this processor: where that has no such arithmetic it
 * computes in 32 bits in between.
 */
class PrecisionTest {

  private static final OneDnnEngine ONEDNN = new OneDnnEngine();

  /** As if the processor had arithmetic of 16 bits, or were asked for 32. */
  private record Chosen(Device device) implements Engine {
    @Override
    public String name() {
      return ONEDNN.name();
    }

    @Override
    public List<Device> devices() {
      return List.of(device);
    }

    @Override
    public Library library() {
      return ONEDNN.library();
    }

    @Override
    public Predictor predictor(Network network, Weights weights, Device on) {
      return ONEDNN.predictor(network, weights, on);
    }

    @Override
    public Trainer trainer(Network network, Weights weights, TrainingPlan plan, Device on) {
      return ONEDNN.trainer(network, weights, plan, on);
    }
  }

  @BeforeAll
  static void skipWithoutTheLibrary() {
    Assumptions.assumeFalse(ONEDNN.devices().isEmpty(), "no oneDNN for this platform");
  }

  private static Engine engine(Precision precision) {
    Device device = ONEDNN.devices().get(0);
    return new Chosen(precision == Precision.FLOAT32 ? device : device.in(Device.BFLOAT16));
  }

  private static <P> Runner<P> open(Model model, TaskKind<P, ?> kind, Precision precision) {
    return Runner.best(
        model,
        model.spec().task(kind),
        Runner.Options.DEFAULT.withPrecision(precision),
        PrecisionTest::engine);
  }

  private static Model nuclei() {
    return ModelRegistry.standard().find("nuclei");
  }

  /** Whose example says something else than the network does. */
  private static Model changed() {
    Model model = nuclei();
    Model.Example example = model.example().orElseThrow();
    List<Tensor> outputs = new ArrayList<>();
    for (Tensor t : example.outputs()) {
      Tensor other = new Tensor(t.axes(), t.shape(), t.data().clone());
      other.data()[7] += 0.5f;
      outputs.add(other);
    }
    return new Model(
        model.spec(),
        model.network(),
        model.weights(),
        Optional.of(new Model.Example(example.input(), outputs)));
  }

  @Test
  void aModelThatAgreesIsRunInSixteenBitsAndTheDeviceSaysSo() {
    for (Precision p : List.of(Precision.AUTO, Precision.BFLOAT16)) {
      try (Runner<?> runner = open(nuclei(), TaskKind.SEGMENTATION, p)) {
        assertEquals("CPU, bf16", runner.device().name());
        assertTrue(runner.check().passed(), "" + runner.check());
        assertTrue(runner.check().largestDifference() > 1e-4, "really in 16 bits");
      }
    }
    try (Runner<?> runner = open(nuclei(), TaskKind.SEGMENTATION, Precision.FLOAT32)) {
      assertEquals("CPU", runner.device().name());
      assertEquals(Model.TOLERANCE, runner.check().tolerance());
    }
  }

  @Test
  void aModelThatDoesNotAgreeIsRunInThirtyTwoOrRefused() {
    try (Runner<?> runner = open(changed(), TaskKind.SEGMENTATION, Precision.AUTO)) {
      assertEquals("CPU", runner.device().name());
    }
    SpyhopException e =
        assertThrows(
            SpyhopException.class,
            () -> open(changed(), TaskKind.SEGMENTATION, Precision.BFLOAT16));
    assertTrue(
        e.getMessage().startsWith("Model nuclei gives other outputs in 16 bits"), e.getMessage());
    assertTrue(e.getMessage().endsWith("Choose precision auto or float32."), e.getMessage());
  }

  @Test
  void aModelWithoutAnExampleIsRunInSixteenBitsOnlyIfTheyAreInsistedOn() {
    Model model = new Model(nuclei().spec(), nuclei().network(), nuclei().weights());
    try (Runner<?> runner = open(model, TaskKind.SEGMENTATION, Precision.AUTO)) {
      assertEquals("CPU", runner.device().name());
    }
    try (Runner<?> runner = open(model, TaskKind.SEGMENTATION, Precision.BFLOAT16)) {
      assertEquals("CPU, bf16", runner.device().name());
    }
  }

  /** Which objects are found does not depend on the last digits of numbers. */
  @Test
  void nucleiAreFoundAsWellInSixteenBits() {
    double[] f1 = new double[2];
    for (Precision p : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      InstanceMetrics metrics = new InstanceMetrics();
      try (var runner = open(nuclei(), TaskKind.SEGMENTATION, p)) {
        for (int i = 0; i < 5; i++) {
          SyntheticImage image = NucleiGenerator.ofSeries(1, i, 192, 192);
          metrics.add(runner.predict(image.frame()).labels(), image.labels());
        }
      }
      f1[p == Precision.FLOAT32 ? 0 : 1] = metrics.at(50).f1();
    }
    assertEquals(f1[0], f1[1], 0.02);
  }

  /** What a processor without such arithmetic says, and one that has it does. */
  @Test
  void whatIsInsistedOnIsDoneOrRefused() {
    Runner.Options options = Runner.Options.DEFAULT.withPrecision(Precision.BFLOAT16);
    if (ONEDNN.bfloat16().isPresent()) {
      try (Runner<?> runner = Runner.of(nuclei(), options)) {
        assertEquals("CPU, bf16", runner.device().name());
      }
    } else {
      SpyhopException e = assertThrows(SpyhopException.class, () -> Runner.of(nuclei(), options));
      assertTrue(e.getMessage().contains("no arithmetic of 16 bits"), e.getMessage());
    }
  }
}
