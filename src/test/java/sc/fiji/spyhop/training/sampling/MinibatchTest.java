package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class MinibatchTest {

  private static Tensor row(float... values) {
    return new Tensor(Axes.NC, new int[] {1, values.length}, values);
  }

  @Test
  void imagesAndTargetsAreJoinedInOrder() {
    Map<String, Target> first =
        Map.of("class", Target.of(row(1)), "box", Target.of(row(2, 3), row(0.5f)));
    Map<String, Target> second =
        Map.of("class", Target.of(row(4)), "box", Target.of(row(5, 6), row(0)));
    Minibatch minibatch =
        Minibatch.of(
            "image",
            List.of(row(10, 11, 12), row(20, 21, 22)),
            List.of(first, second),
            List.of("a.tif", "b.tif"));

    assertEquals(List.of("a.tif", "b.tif"), minibatch.names());
    assertEquals(Set.of("image"), minibatch.inputs().keySet());
    Tensor images = minibatch.inputs().get("image");
    assertEquals("NC[2, 3]", images.toString());
    assertArrayEquals(new float[] {10, 11, 12, 20, 21, 22}, images.data());

    assertEquals(Set.of("class", "box"), minibatch.targets().keySet());
    Target box = minibatch.targets().get("box");
    assertEquals("NC[2, 2]", box.values().toString());
    assertArrayEquals(new float[] {2, 3, 5, 6}, box.values().data());
    assertEquals("NC[2, 1]", box.weights().orElseThrow().toString());
    assertArrayEquals(new float[] {0.5f, 0}, box.weights().orElseThrow().data());

    Target ofClass = minibatch.targets().get("class");
    assertArrayEquals(new float[] {1, 4}, ofClass.values().data());
    assertEquals(Optional.empty(), ofClass.weights());
  }

  /** Weights of pixels keep their axes: how much each position counts. */
  @Test
  void weightsOfPixelsStayBesideTheirPixels() {
    Target first =
        Target.of(
            new Tensor(Axes.NCHW, new int[] {1, 2, 1, 2}, new float[] {1, 2, 3, 4}),
            new Tensor(Axes.NCHW, new int[] {1, 1, 1, 2}, new float[] {0, 1}));
    Target second =
        Target.of(
            new Tensor(Axes.NCHW, new int[] {1, 2, 1, 2}, new float[] {5, 6, 7, 8}),
            new Tensor(Axes.NCHW, new int[] {1, 1, 1, 2}, new float[] {3, 2}));
    Target joined =
        Minibatch.of(
                "x",
                List.of(row(1), row(2)),
                List.of(Map.of("mask", first), Map.of("mask", second)),
                List.of("a", "b"))
            .targets()
            .get("mask");
    assertArrayEquals(new int[] {2, 2, 1, 2}, joined.values().shape());
    Tensor weights = joined.weights().orElseThrow();
    assertEquals("NCHW[2, 1, 1, 2]", weights.toString());
    assertArrayEquals(new float[] {0, 1, 3, 2}, weights.data());
  }
}
