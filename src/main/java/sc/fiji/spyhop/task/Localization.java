package sc.fiji.spyhop.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.metrics.DetectionMetrics;
import sc.fiji.spyhop.task.metrics.Score;

/** Localizes objects with boxes. */
public sealed interface Localization extends AnnotationTask
    permits ObjectCenters, BoxRegression, CandidateBoxes {

  /** Of the objects. */
  List<String> classes();

  /** Any number of objects of these classes, with default settings. */
  static ObjectCenters of(List<String> classes, int stride) {
    return ObjectCenters.of(classes, stride);
  }

  @Override
  Localization withThreshold(double value);

  @Override
  default <R> R accept(Visitor<R> visitor) {
    return visitor.localization(this);
  }

  @Override
  default String kind() {
    return "localization";
  }

  @Override
  default List<String> names() {
    return classes();
  }

  @Override
  default Annotation relevant(Annotation truth) {
    return new Annotation(
        truth.size(),
        truth.objects().stream().filter(o -> classes().contains(o.type())).toList(),
        List.of());
  }

  @Override
  default Stream<String> shown(Annotation truth) {
    return truth.objects().stream().map(LocalizedObject::type);
  }

  /** Value: mAP at IoU 0.5, and a little of that over 0.5 to 0.95. */
  @Override
  default Score score(List<Annotation> predicted, List<Annotation> truth) {
    DetectionMetrics metrics = metrics(predicted, truth);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("mAP50", metrics.map50());
    figures.put("mAP50_95", metrics.map50to95());
    if (classes().size() > 1) {
      metrics.figures().forEach(f -> figures.put("AP50 " + f.type(), f.ap50()));
    }
    return new Score(metrics.map50() + 0.1 * metrics.map50to95(), figures);
  }

  /** As COCO has them, of at most 100 boxes of an image. */
  static DetectionMetrics metrics(List<Annotation> predicted, List<Annotation> truth) {
    DetectionMetrics metrics = new DetectionMetrics(100);
    for (int i = 0; i < truth.size(); i++) {
      metrics.add(predicted.get(i).objects(), truth.get(i).objects());
    }
    return metrics;
  }
}
