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
   * @param trim called when a large image has been shown to the network and its memory is needed
   *     for what was seen in it; see {@link sc.fiji.spyhop.engine.Predictor#trim}
   */
  static <P> ImageDriver<P> of(
      ModelSpec.Input input,
      Task<?, P> task,
      ModelSpec.Inference inference,
      Network network,
      Function<Tensor, List<Tensor>> outputs,
      Runnable trim) {
    return task.mapped()
        ? TiledImages.of(input, task, inference, network, outputs, trim)
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
  default List<P> predict(int count, IntFunction<Frame> frames, Progress progress) {
    return predict(count, frames, progress, (frame, raw) -> {});
  }

  /**
   * The same, with a look at what is shown of images that are shown whole.
   *
   * @param shown told each image, in order, with what the network is shown of it, pixel values as
   *     they are, which change afterwards; perhaps in another thread. Never told by tasks that say
   *     something about each place
   */
  List<P> predict(
      int count, IntFunction<Frame> frames, Progress progress, BiConsumer<Frame, Tensor> shown);

  /**
   * What the network says about an image that is shown to it in another scale than the model's.
   *
   * @param scale pixels shown for each that would be shown otherwise; 1: as the model says
   * @throws sc.fiji.spyhop.SpyhopException besides as above, if the network is shown images in one
   *     size whatever theirs
   */
  default P predict(Frame frame, double scale, Progress progress) {
    return predict(frame, scale, progress, (tile, outputs) -> {});
  }

  /**
   * The same, with a look at what the prediction is made of.
   *
   * @param seen told each part and its outputs before they are taken apart, in the pixels that they
   *     are taken apart in; perhaps by several threads at the same time
   */
  P predict(Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> seen);

  /**
   * What the network says about a part of an image, which alone is shown to it, as far as it looks
   * around, by networks whose outputs are maps of cells: what it says about the whole image in the
   * cells of the part.
   *
   * @param part in pixels of the image; core and region are one
   */
  P predict(Frame frame, double scale, Tile part, Progress progress);

  /**
   * The network's outputs for a part of an image, which alone is shown to it, as far as it looks
   * around: those for the whole image, cut out, in the image's own pixels.
   *
   * @param part core and region are one
   */
  List<Tensor> maps(Frame frame, double scale, Tile part, Progress progress);

  /** How an image is divided in {@link #predict}, if that is in the image's own pixels. */
  Division division(double scale);

  /**
   * The network's outputs for some parts of an image.
   *
   * @param parts how many, at most; they are spread over the image
   * @param side largest width and height of a part, in pixels of what is shown; an image that is
   *     otherwise shown at once is one part
   * @param sink told each part in the pixels of what is shown
   */
  void sample(
      Frame frame,
      double scale,
      int parts,
      int side,
      Progress progress,
      BiConsumer<Tile, List<Tensor>> sink);

  /**
   * The network's outputs for an image, part by part, one for each head, in the pixels of what it
   * is shown.
   */
  void outputs(Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> sink);
}
