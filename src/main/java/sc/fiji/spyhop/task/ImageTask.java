package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;

/** Says something about an image as a whole; every output is a vector. */
public sealed interface ImageTask<T> extends Task<T, T> permits Classification, Regression {

  @Override
  default Grid grid() {
    return Grid.WHOLE;
  }

  /**
   * What the network says about each image of a minibatch.
   *
   * @param outputs one per head, [images, channels]
   * @throws sc.fiji.spyhop.SpyhopException if an output holds a value that is not a number
   */
  List<T> decode(List<Tensor> outputs);

  @Override
  default Assembler<T> assembler(ImageSize shown) {
    return Assembler.of((tile, outputs) -> decode(outputs).get(0), said -> said.get(0));
  }
}
