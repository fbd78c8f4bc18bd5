package sc.fiji.spyhop.task;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;

/** Classifies or measures an image as a whole; every output is a vector. */
public sealed interface ImageTask<T> extends Task<T, T> permits ClassTask, Regression {

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

  /** Numbers of the classes that a truth is of; absent if there are no classes. */
  default Optional<List<Integer>> classesOf(T truth) {
    return Optional.empty();
  }

  /** Whether the numbers are probabilities. */
  default boolean givesProbabilities() {
    return heads().get(0).activation() != Layer.Function.IDENTITY;
  }

  /** Whether there is anything to fit to images that were not trained on. */
  default boolean calibrates() {
    return false;
  }

  /**
   * This task with the settings that make the most of what a trained network says; what the network
   * is trained for stays the same.
   *
   * @param said of images that were not trained on
   * @param truth as many, in the same order; none leave the task as it is
   */
  default ImageTask<T> calibrate(List<T> said, List<T> truth) {
    return this;
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
