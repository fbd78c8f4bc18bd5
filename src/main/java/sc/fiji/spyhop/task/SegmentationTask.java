package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Gives every pixel a label. The records behind it are what a model's description keeps; thresholds
 * belong to them, so that every model brings its own.
 */
public sealed interface SegmentationTask extends Task<LabelMap, Segmentation>
    permits SemanticSegmentation, InstanceSegmentation {

  /**
   * What there is to find. Semantic: the name of every class by its number, the first one being
   * background. Instances: the one name that all objects share.
   */
  List<String> classes();

  @Override
  default List<String> names() {
    return classes();
  }

  /** Names of labels 1, 2, ...; empty if labels number objects. */
  default List<String> labelNames() {
    return this instanceof SemanticSegmentation s
        ? s.classes().subList(1, s.classes().size())
        : List.of();
  }

  /** Whether pixels of this label in a truth were not annotated: they train and score nothing. */
  default boolean ignores(int label) {
    return label == LabelMap.UNLABELLED;
  }

  /** What the pixels of a label show, for tables and ROIs. */
  String className(int label);

  @Override
  default Grid grid() {
    return Grid.PIXELS;
  }

  /**
   * This task with the thresholds that decode a trained network's outputs best; what the network is
   * trained for stays the same. Costs a few dozen times as much as decoding.
   *
   * @param outputs for images that were not trained on, each one per head, [1, channels, height,
   *     width]
   * @param truth of these images; none leaves the task as it is
   */
  default SegmentationTask calibrate(List<List<Tensor>> outputs, List<LabelMap> truth) {
    return this;
  }

  /**
   * Labels of an undivided plane.
   *
   * @param outputs of the network, one per head, [1, channels, height, width]
   */
  default Segmentation decode(List<Tensor> outputs) {
    int height = outputs.get(0).size('H');
    int width = outputs.get(0).size('W');
    Assembler<Segmentation> assembler = assembler(new ImageSize(width, height));
    assembler.add(new Tile(0, 0, width, height), outputs);
    return assembler.finish();
  }
}
