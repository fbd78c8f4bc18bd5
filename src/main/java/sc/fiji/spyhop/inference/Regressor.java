package sc.fiji.spyhop.inference;

import java.util.List;
import java.util.function.IntFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.Regression;

/**
 * Measures images. They may be of any size; the model says how they are fitted.
 *
 * <p>Compiles the network once, for any number of images. Holds native memory until closed. Safe
 * for use by several threads, which may wait for each other.
 */
public final class Regressor implements AutoCloseable {

  private final Model model;
  private final Regression task;
  private final ImagePredictor<RealValues> predictor;

  /**
   * Compiles a model.
   *
   * @throws SpyhopException if it is not for regression
   */
  public Regressor(Model model, Engine engine, Device device) {
    this.model = model;
    task = model.spec().task(Regression.class, "regression");
    predictor = new ImagePredictor<>(model, task, engine, device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Regressor open(String nameOrPath) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.forPrediction(model.network());
    return new Regressor(model, engine, engine.devices().get(0));
  }

  public Model model() {
    return model;
  }

  /** What is measured, in which units. */
  public Regression task() {
    return task;
  }

  /** What really computes. */
  public Device device() {
    return predictor.device();
  }

  /** Whether the model still gives what it gave when it was made; see {@link Model#check}. */
  public Model.Check check() {
    return predictor.check();
  }

  /**
   * Measures one image.
   *
   * @throws SpyhopException if the image is empty, has other channels than the model expects, or
   *     pixels that are not finite numbers
   */
  public RealValues measure(Frame frame) {
    return measure(1, i -> frame, Progress.NONE).get(0);
  }

  /**
   * Measures many images, several at a time.
   *
   * @param frames by position from 0, asked for once each, in order, in another thread
   * @throws SpyhopException as for one image; names it
   * @throws java.util.concurrent.CancellationException if cancelled, between two minibatches
   */
  public List<RealValues> measure(int count, IntFunction<Frame> frames, Progress progress) {
    return predictor.predict(count, frames, progress);
  }

  @Override
  public void close() {
    predictor.close();
  }
}
