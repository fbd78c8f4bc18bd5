package sc.fiji.spyhop.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * What each pixel contributes to the difference between the logit of the image and that of an image
 * with nothing to be seen: the gradient's mean on the straight way from there, times how far the
 * pixel goes (Sundararajan et al. 2017, integrated gradients). The values sum to the difference, as
 * far as steps are fine enough: pixels that are repeated beyond the edge of the image have the
 * shares of their repetitions, and a plain ground beyond it is there from the beginning.
 *
 * @param fill the image that the way begins with
 * @param steps on the way, whose middles are looked at; 0: as many as it takes, up to 512, for the
 *     sum to come within 1 % of the difference
 */
public record IntegratedGradients(Fill fill, int steps) implements Explanation {

  /** How far the sum may be from the difference, as a share of it, without a warning. */
  static final double TOLERANCE = 0.01;

  /** Steps to begin with, and at most, where none are given. */
  private static final int FEWEST = 32;

  private static final int MOST = 512;

  /** Of what is blurred away in the image to begin with, as a share of what is shown. */
  private static final double BLURRED = 0.5;

  /** Throws a {@link SpyhopException} if there are not 0 to 10,000 steps. */
  public IntegratedGradients {
    if (steps < 0 || steps > 10_000) {
      throw new SpyhopException(
          "Steps: expected 1 to 10000, or 0 for as many as it takes, received " + steps + ".");
    }
  }

  @Override
  public String name() {
    return "integrated";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("fill", fill.toString());
    settings.put("steps", String.valueOf(steps));
    return settings;
  }

  /** The difference of the logits, and how far the sum is from it, as a share of it. */
  @Override
  public List<String> figures() {
    return List.of("difference", "residual");
  }

  @Override
  public String largest() {
    return "largest_share";
  }

  @Override
  public String effect(SaliencyMap map) {
    double residual = map.figures().get(1);
    return Strings.format(
        "of a difference of %s to %s, the sum of the map misses %s %%%s",
        Digits.six(map.figures().get(0)),
        fill == Fill.BLUR ? "a blurred image" : "a plain image",
        Digits.six(100 * residual),
        residual <= TOLERANCE ? "" : ", which is more than 1 %: take more steps or another fill");
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    Tensor shown = question.shown();
    float[] from = start(question);
    Tensor start = new Tensor(shown.axes(), shown.shape(), from);
    double difference =
        question.gradients().values(shown)[0] - question.gradients().values(start)[0];
    Path path = new Path(question, from, progress);
    int n = steps == 0 ? FEWEST : steps;
    float[] values = path.values(n);
    while (steps == 0 && n < MOST && residual(values, difference) > TOLERANCE) {
      n *= 2;
      values = path.values(n);
    }
    return new Attribution(
        new IntegratedGradients(fill, n),
        values,
        List.of(difference, residual(values, difference)));
  }

  /** The image that the way begins with, in which what is no part of the image is as it is. */
  private float[] start(Question question) {
    Tensor shown = question.shown();
    Resize.View view = question.view();
    float[] start = Fills.of(fill, shown, BLURRED * shown.size('W'), BLURRED * shown.size('H'));
    if (Double.isNaN(view.fill())) return start;
    int plane = view.width() * view.height();
    for (int i = 0; i < start.length; i++) {
      double u = i % plane % view.width() + 0.5;
      double v = i % plane / view.width() + 0.5;
      double x = view.toImage().x(u, v);
      double y = view.toImage().y(u, v);
      boolean within = x >= 0 && y >= 0 && x < question.width() && y < question.height();
      if (!within) start[i] = shown.data()[i];
    }
    return start;
  }

  private static double residual(float[] values, double difference) {
    double sum = 0;
    for (float v : values) sum += v;
    return difference == 0 ? Math.abs(sum) : Math.abs((sum - difference) / difference);
  }

  /** The way from one image to another. */
  private record Path(Question question, float[] from, Progress progress) {

    /** What each pixel of the image contributes. */
    float[] values(int steps) {
      float[] shares = shares(steps);
      float[] sums = new float[question.view().width() * question.view().height()];
      for (int i = 0; i < shares.length; i++) sums[i % sums.length] += shares[i];
      return Placement.of(question).shared(sums);
    }

    /** What each value shown contributes. */
    private float[] shares(int steps) {
      Tensor shown = question.shown();
      double[] sum = new double[from.length];
      for (int first = 0; first < steps; first += question.batch()) {
        progress.checkCancelled();
        int count = Math.min(question.batch(), steps - first);
        Tensor batch = images(first, count, steps);
        float[] slopes = question.gradients().gradient(batch, RectifierRule.DERIVATIVE).data();
        for (int i = 0; i < slopes.length; i++) sum[i % from.length] += slopes[i];
        progress.update("Explaining " + question.image(), first + count, steps);
      }
      float[] shares = new float[from.length];
      for (int i = 0; i < shares.length; i++) {
        shares[i] = (float) (sum[i] / steps * (shown.data()[i] - from[i]));
      }
      return shares;
    }

    private Tensor images(int first, int count, int steps) {
      Tensor shown = question.shown();
      float[] data = new float[Math.multiplyExact(count, from.length)];
      for (int k = 0; k < count; k++) {
        double share = (first + k + 0.5) / steps;
        for (int i = 0; i < from.length; i++) {
          data[k * from.length + i] = (float) (from[i] + share * (shown.data()[i] - from[i]));
        }
      }
      int[] shape = shown.shape();
      shape[0] = count;
      return new Tensor(shown.axes(), shape, data);
    }
  }
}
