import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.engine.Engine;
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
import sc.fiji.spyhop.weights.Weights;

/** Learns 2 x + 1 with one engine, and computes it with another, on what one dependency brings. */
public class Learns {

  public static void main(String[] arguments) {
    Network line = NetworkBuilder.image(1).convolution("line", 1, 1).build();
    Engine trains = engine(arguments, Engines.forTraining());
    Engine predicts = engine(arguments, Engines.forPrediction(line));
    TrainingPlan plan =
        new TrainingPlan(
            List.of(new TrainingPlan.Objective("line", new Loss.SquaredError(), 1)),
            new Optimizer.Sgd(0),
            0);
    Weights weights;
    try (Trainer trainer =
        trains.trainer(line, Initialization.of(line, 0), plan, trains.devices().get(0))) {
      for (int i = 0; i < 300; i++) {
        trainer.step(
            Map.of("image", row(-1, 0, 1, 2)), Map.of("line", Target.of(row(-1, 1, 3, 5))), 0.1);
      }
      weights = trainer.weights();
    }
    float y;
    try (Predictor predictor = predicts.predictor(line, weights, predicts.devices().get(0))) {
      y = predictor.activations(Map.of("image", row(10)), List.of("line")).get("line").data()[0];
    }
    System.out.println("learnt with " + trains.library().name() + ", computed with " + predicts.library().name());
    if (Math.abs(y - 21) > 1e-3) throw new IllegalStateException("2 x + 1 for x = 10 is " + y);
    System.out.println("2 x + 1 for x = 10 is 21");
  }

  private static Engine engine(String[] names, Engine otherwise) {
    return names.length == 0 ? otherwise : Engines.named(names[0]);
  }

  private static Tensor row(float... values) {
    return new Tensor(Axes.NCHW, new int[] {1, 1, 1, values.length}, values);
  }
}
