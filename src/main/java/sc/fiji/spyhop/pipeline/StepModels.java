package sc.fiji.spyhop.pipeline;

import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.task.TaskKind;

/** What the steps of a chain ask of models, each by the name that a step calls it. */
interface StepModels extends AutoCloseable {

  /**
   * What a model says about a picture, in the picture's coordinates.
   *
   * @param kind of the model's task
   * @param scale in which the model is shown the picture
   */
  <P> P predict(TaskKind<P, ?> kind, String model, Frame picture, double scale);

  /**
   * The scale in which an image is shown to a model.
   *
   * @param frames some planes of it
   */
  ShownScale scale(String model, List<Frame> frames, Progress progress);

  /** What really computes. */
  List<Device> devices();

  @Override
  void close();
}
