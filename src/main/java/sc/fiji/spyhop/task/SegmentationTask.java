package sc.fiji.spyhop.task;

import java.util.List;
import java.util.stream.Stream;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segmentation;

/** Gives every pixel a label. */
public sealed interface SegmentationTask extends PixelTask<Segmentation>
    permits SemanticSegmentation, InstanceSegmentation, MultiLabelSegmentation {

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.segmentation(this);
  }

  /**
   * What there is to find. Semantic: the name of every class by its number, the first one being
   * background. Instances: the classes of objects, or the one name that all share.
   */
  List<String> classes();

  @Override
  default List<String> names() {
    return classes();
  }

  /** Names of the classes of objects; none if they have no classes, or labels are classes. */
  default List<String> types() {
    return List.of();
  }

  /** What its regions are called. */
  default RegionNames regionNames() {
    return new RegionNames(labelClasses(), types());
  }

  /**
   * This task with those heads alone that its decoder looks at; it decodes their outputs to the
   * same.
   */
  SegmentationTask decoder();

  /** What is adjusted of how outputs are decoded, as this task has it. */
  Adjustment adjustment();

  @Override
  SegmentationTask adjusted(Adjustment by);

  /** Names of the maps of all heads, in their order: of the classes, or else of the heads. */
  default List<String> mapNames() {
    return heads().stream()
        .flatMap(h -> h.channels() == 1 ? Stream.of(h.name()) : classes().stream())
        .toList();
  }

  @Override
  default Segmentation shifted(Segmentation found, int dx, int dy) {
    return found.shifted(dx, dy);
  }

  @Override
  default LabelMap labels(Segmentation prediction) {
    return prediction.classified();
  }
}
