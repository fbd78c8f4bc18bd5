package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.tensor.Tensor;

/** Says something about an image as a whole; every output is a vector. */
public sealed interface ImageTask<T> extends Task<T> permits Classification, Regression {

  @Override
  default boolean mapped() {
    return false;
  }

  /**
   * What the network says about each image of a minibatch.
   *
   * @param outputs one per head, [images, channels]
   * @throws sc.fiji.spyhop.SpyhopException if an output holds a value that is not a number
   */
  List<T> decode(List<Tensor> outputs);
}
