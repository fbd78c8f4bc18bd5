package sc.fiji.spyhop.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.diagnosis.ClassAnswers.Doubt;

/** Counts answers over minibatches, whatever the task: its objectives say what answers are. */
public sealed interface Tally {

  /**
   * For one objective; none for a loss that says nothing about single positions (Dice).
   *
   * @param classes names by number, as far as they are known
   */
  static Optional<Tally> of(Objective objective, List<String> classes) {
    if (objective.loss() instanceof Loss.CrossEntropy) {
      return Optional.of(new Classes(objective.layer(), classes, false));
    }
    if (objective.loss() instanceof Loss.BinaryCrossEntropy) {
      return Optional.of(new Classes(objective.layer(), List.of("absent", "present"), true));
    }
    if (objective.loss() instanceof Loss.SquaredError
        || objective.loss() instanceof Loss.AbsoluteError
        || objective.loss() instanceof Loss.StructuralSimilarity
        || objective.loss() instanceof Loss.Huber) {
      return Optional.of(new Values(objective.layer()));
    }
    if (objective.loss() instanceof Loss.Formula l) {
      return Optional.of(
          switch (l.formula().output()) {
            case SOFTMAX -> new Classes(objective.layer(), classes, false);
            case SIGMOID -> new Classes(objective.layer(), List.of("absent", "present"), true);
            case IDENTITY -> new Values(objective.layer());
          });
    }
    if (objective.loss() instanceof Loss.Plugin l && l.classes()) {
      return Optional.of(new Classes(objective.layer(), classes, false));
    }
    return Optional.empty();
  }

  /** Layer whose activations are counted. */
  String layer();

  /**
   * Adds a minibatch.
   *
   * @param activations of the layer, [N, C, space...] or [N, C]
   * @param samples names, one for each of N
   */
  void add(Tensor activations, Target target, List<String> samples);

  /** What was counted; none if nothing was. */
  Optional<Answers> answers();

  /** Offset of a position's first channel, and the step from channel to channel. */
  private static int at(Tensor activations, int plane, int position) {
    return position / plane * activations.size(1) * plane + position % plane;
  }

  private static int plane(Tensor activations) {
    return activations.length() / activations.size(0) / activations.size(1);
  }

  private static boolean counts(Target target, int position) {
    return target.weights().map(w -> w.data()[position] > 0).orElse(true);
  }

  /** Sums of a number and its square. */
  final class Moments {
    private long n;
    private double mean;
    private double squares;

    /** Welford 1962. */
    void add(double x) {
      n++;
      double d = x - mean;
      mean += d / n;
      squares += d * (x - mean);
    }

    double variance() {
      return n == 0 ? 0 : squares / n;
    }
  }

  /** Classes by softmax; or by sigmoid, each channel on its own, "absent" and "present". */
  final class Classes implements Tally {

    /** Probability below which a label, and above which another class is surely meant. */
    private static final double DOUBT = 0.02;

    private final String layer;
    private final boolean binary;
    private List<String> names;
    private long[][] confusion;
    private Moments[] probabilities;
    private final Moments truths = new Moments();
    private double squares;
    private final List<Doubt> doubts = new ArrayList<>();

    private Classes(String layer, List<String> names, boolean binary) {
      this.layer = layer;
      this.names = names;
      this.binary = binary;
    }

    @Override
    public String layer() {
      return layer;
    }

    @Override
    public void add(Tensor activations, Target target, List<String> samples) {
      int channels = activations.size(1);
      int plane = plane(activations);
      begin(binary ? 2 : channels, channels);
      double[] p = new double[channels];
      for (int i = 0; i < activations.size(0) * plane; i++) {
        if (!counts(target, i)) continue;
        int at = at(activations, plane, i);
        if (binary) {
          for (int c = 0; c < channels; c++) {
            float x = activations.data()[at + c * plane];
            float t = target.values().data()[at + c * plane];
            double said = 1 / (1 + Math.exp(-x));
            confusion[t > 0.5 ? 1 : 0][x > 0 ? 1 : 0]++;
            probabilities[c].add(said);
            truths.add(t);
            squares += (said - t) * (said - t);
          }
          continue;
        }
        int truth = (int) target.values().data()[i];
        if (truth < 0 || truth >= channels) continue;
        int answer = softmax(activations.data(), at, plane, p);
        confusion[truth][answer]++;
        for (int c = 0; c < channels; c++) probabilities[c].add(p[c]);
        if (plane == 1 && activations.rank() == 2 && p[truth] < DOUBT && p[answer] > 1 - DOUBT) {
          doubts.add(new Doubt(samples.get(i), truth, answer));
        }
      }
    }

    private void begin(int classes, int channels) {
      if (confusion != null) return;
      confusion = new long[classes][classes];
      probabilities =
          IntStream.range(0, channels).mapToObj(c -> new Moments()).toArray(Moments[]::new);
      if (names.size() != classes) {
        names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
      }
    }

    private static int softmax(float[] data, int at, int step, double[] p) {
      int best = 0;
      for (int c = 1; c < p.length; c++) if (data[at + c * step] > data[at + best * step]) best = c;
      double sum = 0;
      for (int c = 0; c < p.length; c++) {
        p[c] = Math.exp(data[at + c * step] - data[at + best * step]);
        sum += p[c];
      }
      for (int c = 0; c < p.length; c++) p[c] /= sum;
      return best;
    }

    @Override
    public Optional<Answers> answers() {
      if (confusion == null || probabilities[0].n == 0) return Optional.empty();
      double variance = 0;
      for (Moments m : probabilities) variance = Math.max(variance, m.variance());
      double explained =
          truths.variance() > 0 ? 1 - squares / truths.n / truths.variance() : Double.NaN;
      return Optional.of(
          new ClassAnswers(layer, names, confusion, Math.sqrt(variance), explained, doubts));
    }
  }

  /** Numbers. */
  final class Values implements Tally {

    private final String layer;
    private Moments[] truth;
    private Moments[] said;
    private double squares;

    private Values(String layer) {
      this.layer = layer;
    }

    @Override
    public String layer() {
      return layer;
    }

    @Override
    public void add(Tensor activations, Target target, List<String> samples) {
      int channels = activations.size(1);
      int plane = plane(activations);
      if (truth == null) {
        truth = IntStream.range(0, channels).mapToObj(c -> new Moments()).toArray(Moments[]::new);
        said = IntStream.range(0, channels).mapToObj(c -> new Moments()).toArray(Moments[]::new);
      }
      for (int i = 0; i < activations.size(0) * plane; i++) {
        if (!counts(target, i)) continue;
        int at = at(activations, plane, i);
        for (int c = 0; c < channels; c++) {
          double y = activations.data()[at + c * plane];
          double t = target.values().data()[at + c * plane];
          truth[c].add(t);
          said[c].add(y);
          squares += (y - t) * (y - t);
        }
      }
    }

    @Override
    public Optional<Answers> answers() {
      if (truth == null || truth[0].n == 0) return Optional.empty();
      double variance = 0;
      double spread = 0;
      for (int c = 0; c < truth.length; c++) {
        variance += truth[c].variance() / truth.length;
        if (truth[c].variance() == 0) continue;
        spread = Math.max(spread, Math.sqrt(said[c].variance() / truth[c].variance()));
      }
      return Optional.of(
          new ValueAnswers(
              layer,
              truth[0].n,
              squares / truth[0].n / truth.length,
              variance,
              variance > 0 ? spread : Double.NaN));
    }
  }
}
