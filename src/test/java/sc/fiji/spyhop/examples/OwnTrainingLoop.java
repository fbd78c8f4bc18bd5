package sc.fiji.spyhop.examples;

import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** Gradient descent by hand: gradients of all parameters, and an update of one's own. */
public final class OwnTrainingLoop {

  static Weights learned(Tensor inputs, Tensor classes, int steps) {
    Network network = Notation.parse("FC8 tanh FC2", Shape.of(2));
    Weights weights = Initialization.of(network, 1);
    TrainingPlan plan = TrainingPlan.of(network, new Loss.CrossEntropy());
    try (Trainer trainer = Engines.forTraining().trainer(network, weights, plan)) {
      for (int step = 0; step < steps; step++) {
        Trainer.Gradients slope = trainer.gradients(inputs, Target.of(classes));
        if (step % 100 == 0) System.out.println("loss " + slope.loss());
        weights = weights.plus(slope.weights(), -0.5);
        trainer.load(weights);
      }
    }
    return weights;
  }

  public static void main(String[] none) {
    Tensor corners = Tensor.of(Axes.NC, new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    Tensor different = Tensor.of(Axes.NC, new float[] {0, 1, 1, 0}, 4, 1);
    System.out.println(learned(corners, different, 500).get("fc2.weight"));
  }
}
