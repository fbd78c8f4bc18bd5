package sc.fiji.spyhop.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.Head;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** A network that says where things are: a trunk, a decoder and the heads of a task. */
public final class SceneNetwork {

  /** Channels of the usual trunk, finest level first, at strides 2, 4, 8 and 16. */
  public static final List<Integer> WIDTHS = List.of(24, 48, 96, 128);

  private static final int MOST = 96;

  /** Of all cells, few hold something: Lin et al. 2017 start from this probability. */
  private static final double PRIOR = 0.02;

  private SceneNetwork() {}

  /**
   * The network for a task, on the usual trunk or another.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the trunk has no features at the task's stride
   */
  public static Network of(Decoder.Trunk trunk, AnnotationTask task) {
    List<UNet.Head> heads =
        task.heads().stream()
            .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
            .toList();
    return Decoder.on(trunk, task.stride(), MOST, heads);
  }

  /** The same weights with biases that make heat maps begin low. */
  static Weights withPrior(Weights weights, Network network, AnnotationTask task) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(weights.tensors());
    Ends ends = Ends.of(network, task);
    for (Head head : task.heads()) {
      if (head.activation() != Layer.Function.SIGMOID) continue;
      tensors.computeIfPresent(
          ends.logits().get(head.logits()) + ".bias",
          (name, bias) -> {
            float[] low = new float[bias.length()];
            Arrays.fill(low, (float) Math.log(PRIOR / (1 - PRIOR)));
            return new Tensor(bias.axes(), bias.shape(), low);
          });
    }
    return new Weights(tensors);
  }
}
