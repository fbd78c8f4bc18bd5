package sc.fiji.spyhop.inference;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Shows images to a network and hands its outputs to a task. What {@link Runner} does with a model
 * that is there; training looks with it at validation images.
 *
 * @param <P> prediction for one image
 */
public interface ImageDriver<P> {

  /**
   * The one that suits a task: whole images for outputs that are vectors, tiles for maps.
   *
   * @param outputs from a normalised input to the network's outputs
   */
  static <P> ImageDriver<P> of(
      ModelSpec.Input input,
      Task<?, P> task,
      ModelSpec.Inference inference,
      Network network,
      Function<Tensor, List<Tensor>> outputs) {
    return task.mapped()
        ? TiledImages.of(input, task, inference, network, outputs)
        : new WholeImages<>(input, task, outputs);
  }

  /**
   * What the network says about images, in their coordinates.
   *
   * @param frames by position from 0, asked for once each, in order, perhaps in another thread
   * @throws sc.fiji.spyhop.SpyhopException if an image is empty, has other channels than can be
   *     shown, or pixels that are not finite numbers
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles or
   *     minibatches
   */
  List<P> predict(int count, IntFunction<Frame> frames, Progress progress);

  /** The network's outputs for an image, part by part, one for each head. */
  void outputs(Frame frame, Progress progress, BiConsumer<Tile, List<Tensor>> sink);
}
