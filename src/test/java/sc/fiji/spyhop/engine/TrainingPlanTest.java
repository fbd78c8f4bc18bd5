package sc.fiji.spyhop.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

class TrainingPlanTest {

  private static String layer(String notation, Loss loss) {
    Network network = Notation.parse(notation, Shape.of(4));
    return TrainingPlan.of(network, loss).objectives().get(0).layer();
  }

  /** Losses of logits look in front of softmax or sigmoid, those of values at the end. */
  @Test
  void lossesLookWhereTheyBelong() {
    assertEquals("fc2", layer("FC8 FC3", new Loss.CrossEntropy()));
    assertEquals("fc2", layer("FC8 FC3 sigmoid", new Loss.BinaryCrossEntropy()));
    assertEquals("out", layer("FC8 FC3 sigmoid", new Loss.SquaredError()));
    assertEquals("prob", layer("FC8 FC3", new Loss.Huber(1)));
    assertEquals("fc2", layer("FC8 FC3 linear", new Loss.SquaredError()));
  }

  @Test
  void severalOutputsAreNamedOneByOne() {
    Network two =
        NetworkBuilder.image(1)
            .convolution("a", 1, 1)
            .from("image")
            .convolution("b", 1, 1)
            .build("a", "b");
    assertThrows(SpyhopException.class, () -> TrainingPlan.of(two, new Loss.SquaredError()));
  }

  @Test
  void weightsAddUp() {
    Weights start =
        new Weights(
            Map.of(
                "a", Tensor.of(Axes.C, new float[] {1, 2}, 2),
                "b", Tensor.of(Axes.C, new float[] {7}, 1)));
    Weights slope = new Weights(Map.of("a", Tensor.of(Axes.C, new float[] {10, -4}, 2)));
    Weights sum = start.plus(slope, -0.5);
    assertArrayEquals(new float[] {-4, 4}, sum.get("a").data());
    assertArrayEquals(new float[] {7}, sum.get("b").data());
    assertArrayEquals(new float[] {1, 2}, start.get("a").data());
    assertThrows(SpyhopException.class, () -> slope.plus(start, 1));
    Weights other = new Weights(Map.of("a", Tensor.of(Axes.C, new float[] {1}, 1)));
    assertThrows(SpyhopException.class, () -> start.plus(other, 1));
  }
}
