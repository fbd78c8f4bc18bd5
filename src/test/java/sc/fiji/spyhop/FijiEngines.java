package sc.fiji.spyhop;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Optimizer;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.dl4j.Dl4jEngine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * Run with the jars for Fiji and no others: checks all engines and, with Deeplearning4j, trains and
 * predicts with it.
 */
public final class FijiEngines {

  static final String ALONE = "alone";
  static final String WITH_DEEPLEARNING4J = "with Deeplearning4j";

  private static final String RIGHT = "All engines compute right.";

  private FijiEngines() {}

  /** Ends with a line that says so if all is right. */
  public static void main(String[] arguments) {
    String report = Engines.report(true);
    System.out.println(report);
    if (report.contains("arithmetic   wrong") || !report.contains("arithmetic   right")) return;
    if (arguments[0].equals(ALONE)) {
      if (report.contains("Deeplearning4j is not installed.")) System.out.println(RIGHT);
      return;
    }
    Engine engine = new Dl4jEngine();
    Network line = NetworkBuilder.image(1).convolution("line", 1, 1).build();
    Tensor x = new Tensor(Axes.NCHW, new int[] {1, 1, 1, 4}, new float[] {-1, 0, 1, 2});
    Tensor y = new Tensor(Axes.NCHW, new int[] {1, 1, 1, 4}, new float[] {-1, 1, 3, 5});
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective("line", new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0);
    Weights weights;
    try (Trainer trainer =
        engine.trainer(line, Initialization.of(line, 0), plan, engine.devices().get(0))) {
      for (int i = 0; i < 300; i++) {
        trainer.step(Map.of("image", x), Map.of("line", Target.of(y)), 0.1);
      }
      weights = trainer.weights();
    }
    try (Predictor predictor = engine.predictor(line, weights, engine.devices().get(0))) {
      Tensor ten = new Tensor(Axes.NCHW, new int[] {1, 1, 1, 1}, new float[] {10});
      float found =
          predictor.activations(Map.of("image", ten), List.of("line")).get("line").data()[0];
      System.out.println("2 x + 1 for x = 10, as ND4J has learnt it: " + found);
      if (Math.abs(found - 21) < 1e-3) System.out.println(RIGHT);
    }
  }
}
