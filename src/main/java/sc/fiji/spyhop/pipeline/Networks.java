package sc.fiji.spyhop.pipeline;

import java.util.List;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.prediction.Segmentation;

/** What the steps of a chain ask of models, each by the name that a step calls it. */
interface Networks extends AutoCloseable {

  /** Boxes, best first. */
  Annotation localize(String model, Frame image);

  /** At most one pose, in the coordinates of the picture. */
  Annotation keypoints(String model, Frame picture);

  ClassScores classify(String model, Frame picture);

  RealValues measure(String model, Frame picture);

  Segmentation segment(String model, Frame picture);

  /** What really computes. */
  List<Device> devices();

  @Override
  void close();
}
