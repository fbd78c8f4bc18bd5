package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A classifier that is shown pictures on a canvas, in the very way in which it is shown saved
 * images. Holds native memory until closed.
 */
final class Classifier implements AutoCloseable {

  /** Images that gradients are taken of at once, and their values. */
  private static final int MAX_IMAGES = 16;

  private static final int MAX_VALUES = 1_500_000;

  private final Runner<ClassScores> runner;
  private final Optional<Runner<ClassScores>> slopes;
  private final Canvas canvas;
  private final String logits;

  /**
   * Compiles a model.
   *
   * @param gradients whether {@link #gradients} will be asked for
   * @throws sc.fiji.spyhop.SpyhopException if it does not classify, or gives no gradients
   */
  Classifier(Model model, Canvas canvas, boolean gradients) {
    Classification task = model.spec().task(TaskKind.ONE_CLASS);
    Head head = task.heads().get(0);
    this.canvas = canvas;
    logits = Ends.of(model.network(), task).logits().get(head.logits());
    if (gradients) model.requireLayers("it gives no gradients to climb by. Choose direct or cppn");
    runner = Runner.of(model, Runner.Options.DEFAULT).as(TaskKind.ONE_CLASS);
    slopes = gradients ? Optional.of(slopes(model)) : Optional.empty();
  }

  private static Runner<ClassScores> slopes(Model model) {
    Engine engine = Engines.forGradients();
    return Runner.of(
        model.unquantized(),
        TaskKind.ONE_CLASS,
        Runner.Options.DEFAULT,
        engine,
        engine.devices().get(0));
  }

  Canvas canvas() {
    return canvas;
  }

  Runner<ClassScores> runner() {
    return runner;
  }

  /**
   * What it says of pictures.
   *
   * @param pictures rounded
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  List<ClassScores> look(List<float[]> pictures, Progress progress) {
    return runner.predict(
        pictures.size(), i -> canvas.frame("picture", pictures.get(i)), progress.quiet());
  }

  /**
   * How the logarithm of the probability of a class changes with each value of a picture.
   *
   * @param pictures rounded
   * @param said of each
   * @param classes one for each
   * @return of the length of the pictures; where a model measures intensities on each image, as if
   *     these stayed
   */
  List<float[]> gradients(List<float[]> pictures, List<ClassScores> said, List<Integer> classes) {
    List<float[]> all = new ArrayList<>();
    int most = Math.max(1, Math.min(MAX_IMAGES, MAX_VALUES / canvas.length()));
    for (int from = 0; from < pictures.size(); from += most) {
      int to = Math.min(pictures.size(), from + most);
      all.addAll(
          some(pictures.subList(from, to), said.subList(from, to), classes.subList(from, to)));
    }
    return all;
  }

  private List<float[]> some(
      List<float[]> pictures, List<ClassScores> said, List<Integer> classes) {
    Runner<ClassScores> network = slopes.orElseThrow();
    ModelSpec.Input in = network.spec().input();
    List<Frame> frames = pictures.stream().map(p -> canvas.frame("picture", p)).toList();
    Tensor shown = Tensor.concatenate(frames.stream().map(in::read).toArray(Tensor[]::new));
    Tensor weight = Tensor.zeros(Axes.NC, pictures.size(), said.get(0).classes());
    int n = said.get(0).classes();
    for (int i = 0; i < pictures.size(); i++) {
      for (int c = 0; c < n; c++) weight.data()[i * n + c] = -said.get(i).probability(c);
      weight.data()[i * n + classes.get(i)] += 1;
    }
    String input = network.model().network().inputs().get(0).name();
    Tensor back = network.gradient(shown, logits, weight, input, RectifierRule.DERIVATIVE);
    List<float[]> slopes = new ArrayList<>();
    for (int i = 0; i < pictures.size(); i++) {
      slopes.add(onCanvas(back.slice(i, i + 1), in, frames.get(i)));
    }
    return slopes;
  }

  /** From what the network is shown to the image: back through size, order and normalization. */
  private float[] onCanvas(Tensor slope, ModelSpec.Input in, Frame frame) {
    Intensity intensity = in.normalization().fit(in.arranged(frame));
    Resize.View view = in.fit().view(canvas.width(), canvas.height());
    Affine toImage = view.toImage();
    float[] found = new float[canvas.length()];
    int area = canvas.width() * canvas.height();
    int seen = view.width() * view.height();
    for (int c = 0; c < canvas.channels(); c++) {
      int own = in.colors() == Colors.BGR ? canvas.channels() - 1 - c : c;
      float scale = intensity.scale().get(own).floatValue();
      for (int i = 0; i < seen; i++) {
        double u = i % view.width() + 0.5;
        double v = i / view.width() + 0.5;
        int x = (int) Math.floor(toImage.x(u, v));
        int y = (int) Math.floor(toImage.y(u, v));
        if (x < 0 || y < 0 || x >= canvas.width() || y >= canvas.height()) continue;
        found[c * area + y * canvas.width() + x] += scale * slope.data()[own * seen + i];
      }
    }
    return found;
  }

  @Override
  public void close() {
    slopes.ifPresent(Runner::close);
    runner.close();
  }
}
