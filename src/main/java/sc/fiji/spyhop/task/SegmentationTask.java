package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;

/** Gives every pixel a label. */
public sealed interface SegmentationTask extends PixelTask<Segmentation>
    permits SemanticSegmentation, InstanceSegmentation {

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.segmentation(this);
  }

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
    return labelClasses().stream().skip(1).toList();
  }

  @Override
  default LabelMap labels(Segmentation prediction) {
    return prediction.labels();
  }
}
