package sc.fiji.spyhop.pipeline;

import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * Segments images with a model: normalises, runs the network tile by tile, and puts the labels
 * together. Holds native memory until closed. Safe for use by several threads, which take turns.
 */
public final class Segmenter implements AutoCloseable {

  private final Model model;
  private final Device device;

  /** Compiles a model. */
  public Segmenter(Model model, Engine engine, Device device) {
    this.model = model;
    this.device = device;
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Segmenter open(String nameOrPath) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.first();
    return new Segmenter(model, engine, engine.devices().get(0));
  }

  public Model model() {
    return model;
  }

  /** What computes. */
  public Device device() {
    return device;
  }

  /** As the longer form, without telling how far it is. */
  public Segmentation segment(Frame frame) {
    return segment(frame, Progress.NONE);
  }

  /**
   * Labels one image.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the image has another number of channels than the
   *     model expects, or pixels that are not finite numbers
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public Segmentation segment(Frame frame, Progress progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
