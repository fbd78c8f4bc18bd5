package sc.fiji.spyhop.inference;

import java.util.OptionalDouble;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.task.Localization;

/**
 * Finds objects in images with a model: boxes with classes and scores, best first, cut off at the
 * edges.
 *
 * <p>Large images are shown to the network in tiles, with the same result as undivided. Compiles
 * the network once, for any number of images. Holds native memory until closed. Safe for use by
 * several threads, which may wait for each other.
 */
public final class Localizer implements AutoCloseable {

  private final Model model;
  private final Localization task;
  private final SceneModel compiled;

  /** Compiles a model, with the threshold that it comes with. */
  public Localizer(Model model, Engine engine, Device device) {
    this(model, OptionalDouble.empty(), model.spec().inference().tile(), engine, device);
  }

  /**
   * Compiles a model.
   *
   * @param threshold confidence from which something is reported, in [0, 1]; absent: the model's
   * @param tile largest width and height that the network is shown at once, but for the
   *     surroundings
   * @throws sc.fiji.spyhop.SpyhopException if the model is for something else, or its network does
   *     not take images of any size
   */
  public Localizer(Model model, OptionalDouble threshold, int tile, Engine engine, Device device) {
    this.model = model;
    Localization own = model.spec().task(Localization.class, "localization");
    task = threshold.isPresent() ? own.withThreshold(threshold.getAsDouble()) : own;
    compiled = new SceneModel(model, task, tile, engine, device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Localizer open(String nameOrPath) {
    return open(nameOrPath, OptionalDouble.empty());
  }

  /** The same with another threshold. */
  public static Localizer open(String nameOrPath, OptionalDouble threshold) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.forPrediction(model.network());
    return new Localizer(
        model, threshold, model.spec().inference().tile(), engine, engine.devices().get(0));
  }

  public Model model() {
    return model;
  }

  /** What the model is for. */
  public Localization task() {
    return task;
  }

  /** What really computes. */
  public Device device() {
    return compiled.device();
  }

  /** Whether the model still gives what it gave when it was made; see {@link Model#check}. */
  public Model.Check check() {
    return compiled.check();
  }

  /** As the longer form, without telling how far it is. */
  public Annotation localize(Frame frame) {
    return localize(frame, Progress.NONE);
  }

  /**
   * What is in an image, in its coordinates.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the image is empty, has other channels than the model
   *     expects, or pixels that are not finite numbers; before anything is computed
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public Annotation localize(Frame frame, Progress progress) {
    return compiled.find(frame, progress);
  }

  @Override
  public void close() {
    compiled.close();
  }
}
