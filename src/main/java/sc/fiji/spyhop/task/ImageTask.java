package sc.fiji.spyhop.task;

import java.util.List;
import java.util.OptionalInt;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;

/** Classifies or measures an image as a whole; every output is a vector. */
public sealed interface ImageTask<T> extends Task<T, T> permits Classification, Regression {

  @Override
  default Grid grid() {
    return Grid.WHOLE;
  }

  /** The class of what is said of an image. */
  Class<T> saidAs();

  /** What is said of an image as numbers, one for each of {@link #names()}. */
  double[] numbers(T said);

  /** Which of the numbers stands for all, such as that of the most likely class. */
  int foremost(T said);

  /** What is said of an image, in short. */
  String words(T said);

  /** The class that a truth is of; absent if there are no classes. */
  default OptionalInt classOf(T truth) {
    return OptionalInt.empty();
  }

  /** Whether the numbers are probabilities that sum to 1. */
  default boolean givesProbabilities() {
    return heads().get(0).activation() == Layer.Function.SOFTMAX;
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
