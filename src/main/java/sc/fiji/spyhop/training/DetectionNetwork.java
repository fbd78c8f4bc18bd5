package sc.fiji.spyhop.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** A network that says where things are: a backbone, a decoder and the heads of a task. */
public final class DetectionNetwork {

  /** Channels of the default backbone, finest level first, at strides 2, 4, 8 and 16. */
  public static final List<Integer> WIDTHS = List.of(24, 48, 96, 128);

  private static final int MOST = 96;

  /** Units of the layer before the numbers, where the network gives no maps. */
  private static final int DENSE = 128;

  /** Of all cells, few hold something: Lin et al. 2017 start from this probability. */
  private static final double PRIOR = 0.02;

  private DetectionNetwork() {}

  /**
   * The network for a task that tells numbers instead of maps: all that the backbone ends with goes
   * through a dense layer.
   *
   * @param shown what it is shown: channels, rows, columns
   */
  static Network of(Decoder.Backbone backbone, AnnotationTask task, Shape shown) {
    Network sized = Surgery.withInput(backbone.network(), shown);
    NetworkBuilder b = NetworkBuilder.input(sized.inputs().get(0).name(), shown);
    sized.layers().forEach(b::layer);
    b.from(sized.outputs().get(0)).flatten("flat").dense("dense", DENSE).batchNorm().relu();
    String end = b.here();
    for (Head head : task.heads()) {
      b.from(end).dense(head.logits(), head.channels());
      if (head.activation() != Layer.Function.IDENTITY) {
        b.activation(head.name(), head.activation());
      }
    }
    return b.build(task.heads().stream().map(Head::name).toArray(String[]::new));
  }

  /**
   * The network for a task, on the default backbone or another.
   *
   * @param task whose heads are put on the backbone
   * @throws sc.fiji.spyhop.SpyhopException if the backbone has no features at the task's stride
   */
  public static Network of(Decoder.Backbone backbone, AnnotationTask task) {
    List<UNet.Head> heads =
        task.heads().stream()
            .map(h -> new UNet.Head(h.name(), h.channels(), h.activation()))
            .toList();
    return Decoder.on(backbone, task.stride(), MOST, heads);
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
