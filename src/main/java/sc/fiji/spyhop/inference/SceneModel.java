package sc.fiji.spyhop.inference;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Scenes;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/** A compiled model that says where things are, in images of any size. */
final class SceneModel implements AutoCloseable {

  private final Model model;
  private final Predictor predictor;
  private final String input;
  private final Scenes scenes;

  /**
   * @param tile largest width and height of a tile's core, pixels of what the network is shown
   * @throws SpyhopException if the network does not take images of any size
   */
  SceneModel(Model model, AnnotationTask task, int tile, Engine engine, Device device) {
    this.model = model;
    ReceptiveField field = ReceptiveField.of(model.network());
    boolean any = !field.everything() && !model.spec().input().fit().isFixed();
    if (any != task.mapped()) {
      throw new SpyhopException(
          "Model "
              + model.spec().name()
              + ": expected a network that takes images of "
              + (task.mapped() ? "any size" : "one size")
              + ". It cannot say where things are.");
    }
    input = model.network().inputs().get(0).name();
    scenes =
        new Scenes(
            model.spec().input(),
            task,
            this::predict,
            tile,
            Collections.max(field.halo()),
            Collections.max(field.sizeMultiple()));
    predictor = engine.predictor(model.network(), model.weights(), device);
  }

  Device device() {
    return predictor.device();
  }

  List<Tensor> predict(Tensor normalized) {
    return predictor.predict(Map.of(input, normalized));
  }

  Model.Check check() {
    return model.check(this::predict);
  }

  Annotation find(Frame frame, Progress progress) {
    requireChannels(frame);
    return scenes.find(frame, progress);
  }

  private void requireChannels(Frame frame) {
    ModelSpec.Input expected = model.spec().input();
    if (expected.colors().fits(frame.channels(), expected.channels())) return;
    throw new SpyhopException(
        Strings.format(
            "%s: model %s expects %d channel%s, the image has %d. %s",
            frame.name(),
            model.spec().name(),
            expected.channels(),
            expected.channels() == 1 ? "" : "s",
            frame.channels(),
            expected.channels() == 1
                ? "Choose one channel, or convert the image to grey values."
                : "Give it an image with these channels, or choose another model."));
  }

  @Override
  public void close() {
    predictor.close();
  }
}
