package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Predicts something for every pixel, learnt from images with a label for every pixel. Settings of
 * how outputs are decoded belong to it, so that every model brings its own.
 *
 * @param <P> prediction for one image
 */
public non-sealed interface PixelTask<P> extends Task<LabelMap, P> {

  @Override
  default Grid grid() {
    return Grid.PIXELS;
  }

  /** Names of labels 0, 1, ... of a truth; empty if labels number objects. */
  default List<String> labelClasses() {
    return List.of();
  }

  /** How many labels there are from 0 on, where they tell classes. */
  default int labelCount() {
    return labelClasses().size();
  }

  /** Numbers among {@link #names} of the classes that a label of a truth stands for. */
  default List<Integer> classesOf(int label) {
    return List.of(label);
  }

  /** Whether pixels of this label in a truth were not annotated: they train and score nothing. */
  default boolean ignores(int label) {
    return label == LabelMap.UNLABELLED;
  }

  /** A prediction as labels, to be looked at beside the truth. */
  LabelMap labels(P prediction);

  /**
   * What a network said about an image that it was not trained on.
   *
   * @param outputs one per head, [1, channels, height, width], in pixels of the image
   * @param truth of the same size
   * @param scale in which the image was shown to the network
   */
  record Said(List<Tensor> outputs, LabelMap truth, double scale) {}

  /**
   * This task with the settings that decode a trained network's outputs best; what the network is
   * trained for stays the same. Costs a few dozen times as much as decoding.
   *
   * @param said none leaves the task as it is
   */
  default PixelTask<P> calibrate(List<Said> said) {
    return this;
  }

  /** How good this task's decoding of outputs is. */
  @SuppressWarnings("unchecked")
  default Score scored(List<Said> said) {
    return score(
        said.stream()
            .map(s -> ((PixelTask<P>) enlarged(1 / s.scale())).decode(s.outputs()))
            .toList(),
        said.stream().map(Said::truth).toList());
  }

  /**
   * The prediction for an undivided plane.
   *
   * @param outputs of the network, one per head, [1, channels, height, width]
   */
  default P decode(List<Tensor> outputs) {
    int height = outputs.get(0).size('H');
    int width = outputs.get(0).size('W');
    Assembler<P> assembler = assembler(new ImageSize(width, height));
    assembler.add(new Tile(0, 0, width, height), outputs);
    return assembler.finish();
  }
}
