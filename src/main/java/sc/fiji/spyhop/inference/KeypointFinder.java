package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Fit;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.MappedAnnotation;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.KeypointDetection;

/**
 * Finds named points in images with a model: one pose, with each point's confidence or its absence.
 *
 * <p>Large images are shown to the network in tiles, with the same result as undivided. Compiles
 * the network once, for any number of images. Holds native memory until closed. Safe for use by
 * several threads, which may wait for each other.
 */
public final class KeypointFinder implements AutoCloseable {

  private final Model model;
  private final KeypointDetection task;
  private final SceneModel compiled;

  /** Compiles a model, with the threshold that it comes with. */
  public KeypointFinder(Model model, Engine engine, Device device) {
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
  public KeypointFinder(
      Model model, OptionalDouble threshold, int tile, Engine engine, Device device) {
    this.model = model;
    KeypointDetection own = model.spec().task(KeypointDetection.class, "keypoints");
    task = threshold.isPresent() ? own.withThreshold(threshold.getAsDouble()) : own;
    compiled = new SceneModel(model, task, tile, engine, device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static KeypointFinder open(String nameOrPath) {
    return open(nameOrPath, OptionalDouble.empty());
  }

  /** The same with another threshold. */
  public static KeypointFinder open(String nameOrPath, OptionalDouble threshold) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.forPrediction(model.network());
    return new KeypointFinder(
        model, threshold, model.spec().inference().tile(), engine, engine.devices().get(0));
  }

  public Model model() {
    return model;
  }

  /** What the model is for. */
  public KeypointDetection task() {
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
  public Annotation find(Frame frame) {
    return find(frame, Progress.NONE);
  }

  /**
   * What is in an image, in its coordinates.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the image is empty, has other channels than the model
   *     expects, or pixels that are not finite numbers; before anything is computed
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public Annotation find(Frame frame, Progress progress) {
    return compiled.find(frame, progress);
  }

  /** How boxes are shown to the network, if it was trained to find points in boxes. */
  public Optional<BoxPicture> picture() {
    return model.spec().input().fit() instanceof Fit.OfBox b
        ? Optional.of(b.picture())
        : Optional.empty();
  }

  /**
   * The points of each object of an image, in its coordinates.
   *
   * @return a pose for each object, in their order
   * @throws sc.fiji.spyhop.SpyhopException as {@link #find(Frame, Progress)}, or if the model was
   *     trained on whole images
   */
  public Annotation find(Frame frame, List<LocalizedObject> objects, Progress progress) {
    BoxPicture picture =
        picture()
            .orElseThrow(
                () ->
                    new SpyhopException(
                        "Model "
                            + model.spec().name()
                            + " finds keypoints in whole images: expected one that was trained on"
                            + " objects in boxes. Choose another, or leave out the boxes."));
    List<Pose> poses = new ArrayList<>();
    for (LocalizedObject o : objects) {
      progress.checkCancelled();
      Affine map = picture.toImage(o.box());
      Frame shown = Resampling.averaged(frame, map, picture.width(), picture.height());
      Pose pose = compiled.find(shown, Progress.NONE).poses().get(0);
      poses.add(new Pose("", Optional.of(o), MappedAnnotation.pose(pose, map).keypoints()));
      progress.update("Predicting " + frame.name(), poses.size(), objects.size());
    }
    return new Annotation(new ImageSize(frame.width(), frame.height()), objects, poses);
  }

  @Override
  public void close() {
    compiled.close();
  }
}
