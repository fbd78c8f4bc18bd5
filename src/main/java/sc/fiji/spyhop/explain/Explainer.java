package sc.fiji.spyhop.explain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Explains what a model says about an image as a whole. Compiles its network once, for any number
 * of images; holds native memory until closed.
 */
public final class Explainer implements AutoCloseable {

  private static final int BATCH = 32;

  /** Values of all layers together, at most, unless one image has more. */
  private static final long MAX_VALUES = 1L << 26;

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
    Engine engine = Engines.forPrediction(model.network(), model.quantization());
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
   * @throws SpyhopException before anything is computed, if there is no such class, settings do not
   *     suit the image, or the image does not suit the model
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public SaliencyMap explain(
      Frame frame, Optional<String> name, Explanation explanation, Progress progress) {
    Optional<Integer> asked = name.map(this::index);
    Explanation fitted = explanation.fittedTo(frame.width(), frame.height());
    Tensor shown = runner.spec().input().read(frame);
    List<Tensor> said = runner.outputs(shown);
    int index = asked.orElseGet(() -> foremost(task, said));
    Question question =
        new Question(
            frame.name(),
            frame.width(),
            frame.height(),
            shown,
            runner.spec().input().fit().view(frame.width(), frame.height()),
            batch(shown),
            batch -> numbers(task, runner.outputs(batch), index),
            numbers(task, said, index)[0]);
    return new SaliencyMap(
        frame.width(),
        frame.height(),
        fitted.map(question, progress),
        task.names().get(index),
        question.score(),
        fitted);
  }

  private int index(String name) {
    int index = task.names().indexOf(name.strip());
    if (index >= 0) return index;
    throw new SpyhopException(
        Strings.format(
            "Class: model %s knows no \"%s\"; it knows %s.",
            runner.spec().name(), name.strip(), String.join(", ", task.names())));
  }

  /** The number that is explained, of each image. */
  private static <T> double[] numbers(ImageTask<T> task, List<Tensor> outputs, int index) {
    return task.decode(outputs).stream().mapToDouble(said -> task.numbers(said)[index]).toArray();
  }

  private static <T> int foremost(ImageTask<T> task, List<Tensor> outputs) {
    return task.foremost(task.decode(outputs).get(0));
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
    return (int) Math.max(1, Math.min(BATCH, MAX_VALUES / values));
  }

  @Override
  public void close() {
    runner.close();
  }
}
