package sc.fiji.spyhop.explain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Fit;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.Regression;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Explains what a model says about an image as a whole. Compiles its network once, for any number
 * of images; holds native memory until closed.
 */
public final class Explainer implements AutoCloseable {

  private static final int BATCH = 32;

  /** Values of all layers together, at most, unless one image has more. */
  private static final long MOST_VALUES = 1L << 26;

  private final Runner<?> runner;
  private final ImageTask<?> task;

  /**
   * Compiles a model.
   *
   * @throws SpyhopException if it says nothing about images as a whole
   */
  public Explainer(Model model, Engine engine, Device device) {
    task = model.spec().task(ImageTask.class, "classification or regression");
    runner = Runner.of(model, Runner.Options.DEFAULT, engine, device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Explainer open(String nameOrPath) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.forPrediction(model.network());
    return new Explainer(model, engine, engine.devices().get(0));
  }

  /** The model, put to work. */
  public Runner<?> runner() {
    return runner;
  }

  /**
   * Which parts of an image made the network say so.
   *
   * @param name class or measure to explain; absent: the most likely class, or the first measure
   * @throws SpyhopException before anything is computed, if there is no such class, windows do not
   *     suit the image, or the image does not suit the model
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public SaliencyMap occlusion(
      Frame frame, Optional<String> name, Occlusion occlusion, Progress progress) {
    Optional<Integer> asked = name.map(this::index);
    Occlusion fitted = occlusion.fittedTo(frame.width(), frame.height());
    Tensor shown = runner.spec().input().read(frame);
    Fit.View view = runner.spec().input().fit().view(frame.width(), frame.height());
    double[] whole = scores(shown)[0];
    int index = asked.orElseGet(() -> task instanceof Classification ? best(whole) : 0);
    float[] values =
        OcclusionSaliency.map(
            frame.name(),
            shown,
            view,
            frame.width(),
            frame.height(),
            fitted,
            batch(shown),
            batch -> column(scores(batch), index),
            whole[index],
            progress);
    return new SaliencyMap(
        frame.width(), frame.height(), values, task.names().get(index), whole[index], fitted);
  }

  private int index(String name) {
    int index = task.names().indexOf(name.strip());
    if (index >= 0) return index;
    throw new SpyhopException(
        Strings.format(
            "Class: model %s knows no \"%s\"; it knows %s.",
            runner.spec().name(), name.strip(), String.join(", ", task.names())));
  }

  /** [images][classes or measures]. */
  private double[][] scores(Tensor images) {
    List<Tensor> outputs = runner.outputs(images);
    int n = task.names().size();
    double[][] scores = new double[images.size(0)][n];
    if (task instanceof Classification c) {
      var decoded = c.decode(outputs);
      for (int i = 0; i < scores.length; i++) {
        for (int k = 0; k < n; k++) scores[i][k] = decoded.get(i).probability(k);
      }
    } else if (task instanceof Regression r) {
      var decoded = r.decode(outputs);
      for (int i = 0; i < scores.length; i++) {
        for (int k = 0; k < n; k++) scores[i][k] = decoded.get(i).get(k);
      }
    }
    return scores;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int k = 1; k < scores.length; k++) if (scores[k] > scores[best]) best = k;
    return best;
  }

  private static double[] column(double[][] scores, int index) {
    double[] column = new double[scores.length];
    for (int i = 0; i < column.length; i++) column[i] = scores[i][index];
    return column;
  }

  /** As many images at once as memory has room for. */
  private int batch(Tensor shown) {
    Shape shape = Shape.of(shown.size('C'), shown.size('H'), shown.size('W'));
    double values = 0;
    Network network = runner.model().network();
    String input = network.inputs().get(0).name();
    for (Shape map : Shapes.of(network, Map.of(input, shape)).values()) {
      double size = map.channels();
      for (int length : map.space()) size *= length;
      values += size;
    }
    return (int) Math.max(1, Math.min(BATCH, MOST_VALUES / values));
  }

  @Override
  public void close() {
    runner.close();
  }
}
