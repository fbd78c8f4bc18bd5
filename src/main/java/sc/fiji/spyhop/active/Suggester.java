package sc.fiji.spyhop.active;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.KeypointDetection;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Estimates how uncertain a model is about an image. Of a classifier: about its class. Of a
 * segmenter: about its pixels, on average. Of a localizer: about the boxes it considers, on average
 * (Brust et al. 2019); of one that says the box of the only object, about that, see {@link
 * BoxStability}; of a keypoint finder, about its points. Holds native memory until closed.
 */
public final class Suggester implements AutoCloseable {

  /** Boxes and points of less confidence are not considered. */
  private static final double CONSIDERED = 0.1;

  private static final int BINS = 8;

  private interface Look {
    Candidate at(Runner<?> runner, Frame frame, Progress progress);
  }

  private final Runner<?> runner;
  private final Look look;

  /**
   * Compiles a model.
   *
   * @throws SpyhopException if it measures numbers, which come without uncertainty
   */
  public Suggester(Model model, Uncertainty measure, Engine engine, Device device) {
    look = model.spec().task().accept(new LookOf(model.spec(), measure));
    runner = Runner.of(model, Runner.Options.DEFAULT.withThreshold(CONSIDERED), engine, device);
  }

  /** How unsure each kind of model is. */
  private record LookOf(ModelSpec spec, Uncertainty measure) implements Task.FamilyVisitor<Look> {

    @Override
    public Look image(ImageTask<?> task) {
      if (!task.givesProbabilities()) throw unknown(task);
      boolean exclusive = task.heads().get(0).activation() == Layer.Function.SOFTMAX;
      return (runner, frame, progress) ->
          whole(runner.as(TaskKind.CLASSIFICATION).predict(frame, progress), exclusive, measure);
    }

    @Override
    public Look annotation(AnnotationTask task) {
      return (runner, frame, progress) ->
          boxes(runner.as(TaskKind.LOCALIZATION).predict(frame, progress), task.names(), measure);
    }

    @Override
    public Look localization(Localization task) {
      return task.mapped()
          ? annotation(task)
          : (runner, frame, progress) ->
              BoxStability.of(frame, runner.as(TaskKind.LOCALIZATION)::predict);
    }

    @Override
    public Look keypoints(KeypointDetection task) {
      return (runner, frame, progress) ->
          points(runner.as(TaskKind.KEYPOINTS).predict(frame, progress), task.names(), measure);
    }

    @Override
    public Look pixels(PixelTask<?> task) {
      Head head = task.heads().get(0);
      if (head.activation() == Layer.Function.IDENTITY) throw unknown(task);
      if (task instanceof InstanceSegmentation o && o.classed()) return objects(o);
      if (task instanceof MultiLabelSegmentation) return classes(head.channels());
      boolean classes = head.activation() == Layer.Function.SOFTMAX;
      return (runner, frame, progress) -> {
        Pixels sum = new Pixels(classes ? head.channels() : 2, measure);
        runner.outputs(frame, progress, (tile, outputs) -> sum.add(outputs.get(0), classes));
        return sum.candidate();
      };
    }

    /** How unsure it is of each class, on average. */
    private Look classes(int number) {
      return (runner, frame, progress) -> {
        List<Pixels> sums =
            IntStream.range(0, number).mapToObj(c -> new Pixels(2, measure)).toList();
        runner.outputs(
            frame,
            progress,
            (tile, outputs) -> {
              for (int c = 0; c < number; c++) sums.get(c).add(channel(outputs.get(0), c), false);
            });
        return Candidate.mean(sums.stream().map(Pixels::candidate).toList());
      };
    }

    @Override
    public Look restoration(Restoration task) {
      throw unknown(task);
    }

    /** A pixel is of an object of some class, or of none. */
    private Look objects(InstanceSegmentation task) {
      int of = task.classPosition().orElseThrow();
      return (runner, frame, progress) -> {
        Pixels sum = new Pixels(task.classes().size() + 1, measure);
        runner.outputs(
            frame,
            progress,
            (tile, outputs) -> sum.add(joint(outputs.get(0), outputs.get(of)), true));
        return sum.candidate();
      };
    }

    private SpyhopException unknown(Task<?, ?> task) {
      return new SpyhopException(
          Strings.format(
              "Model %s is for %s, which says nothing about how sure it is. Choose a model that segments, classifies, localizes or finds keypoints.",
              spec.name(), task.kind()));
    }
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Suggester open(String nameOrPath, Uncertainty measure) {
    Model model = ModelRegistry.standard().find(nameOrPath);
    Engine engine = Engines.forPrediction(model.network(), model.quantization());
    return new Suggester(model, measure, engine, engine.devices().get(0));
  }

  /** The model, put to work. */
  public Runner<?> runner() {
    return runner;
  }

  /**
   * Whether the label of a slice says what the model would say of it: one of its classes. Of models
   * that say where things are, no label does.
   */
  public boolean isAnswer(String label) {
    return runner
        .spec()
        .task()
        .accept(
            new Task.FamilyVisitor<Boolean>() {
              @Override
              public Boolean image(ImageTask<?> task) {
                return task.names().contains(label);
              }

              @Override
              public Boolean classification(ClassTask task) {
                return task.isLabel(label);
              }

              @Override
              public Boolean annotation(AnnotationTask task) {
                return false;
              }

              @Override
              public Boolean pixels(PixelTask<?> task) {
                return false;
              }

              @Override
              public Boolean restoration(Restoration task) {
                return false;
              }
            });
  }

  /**
   * Looks at an image.
   *
   * @throws SpyhopException if the model cannot be shown it
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Candidate look(Frame frame, Progress progress) {
    return look.at(runner, frame, progress);
  }

  /** Of classes that do not exclude each other: how unsure it is of each, on average. */
  private static Candidate whole(ClassScores scores, boolean exclusive, Uncertainty measure) {
    float[] p = new float[scores.classes()];
    for (int k = 0; k < p.length; k++) p[k] = scores.probability(k);
    if (exclusive) return new Candidate(measure.of(p), p);
    double sum = 0;
    for (float one : p) sum += measure.of(one, 1 - one);
    return new Candidate(sum / p.length, p);
  }

  /** Mean uncertainty, and the share of pixels by class and by probability. */
  static final class Pixels {
    private final Uncertainty measure;
    private final float[] p;
    private final long[] histogram;
    private double sum;
    private long count;

    Pixels(int classes, Uncertainty measure) {
      this.measure = measure;
      p = new float[classes];
      histogram = new long[classes * BINS];
    }

    /**
     * Tiles come one at a time.
     *
     * @param output NCHW[1, classes, height, width], or one channel for yes and no
     */
    synchronized void add(Tensor output, boolean classes) {
      float[] values = output.data();
      int plane = output.size('H') * output.size('W');
      for (int i = 0; i < plane; i++) {
        for (int c = 0; c < p.length; c++) {
          p[c] = classes ? values[c * plane + i] : c == 0 ? values[i] : 1 - values[i];
          histogram[c * BINS + (int) Math.max(0, Math.min(BINS - 1, p[c] * BINS))]++;
        }
        sum += measure.of(p);
      }
      count += plane;
    }

    Candidate candidate() {
      float[] description = new float[histogram.length];
      for (int i = 0; i < description.length; i++) {
        description[i] = (float) ((double) histogram[i] / count);
      }
      return new Candidate(sum / count, description);
    }
  }

  private static Tensor channel(Tensor maps, int index) {
    int plane = maps.size('H') * maps.size('W');
    return new Tensor(
        Axes.NCHW,
        new int[] {1, 1, maps.size('H'), maps.size('W')},
        Arrays.copyOfRange(maps.data(), index * plane, (index + 1) * plane));
  }

  /**
   * Probabilities that pixels are of no object, or of one of each class.
   *
   * @param object NCHW[1, 1, height, width]
   * @param classes NCHW[1, classes, height, width]
   * @return NCHW[1, 1 + classes, height, width]
   */
  static Tensor joint(Tensor object, Tensor classes) {
    float[] is = object.data();
    float[] each = classes.data();
    float[] joint = new float[is.length + each.length];
    for (int i = 0; i < is.length; i++) joint[i] = 1 - is[i];
    for (int i = 0; i < each.length; i++) joint[is.length + i] = each[i] * is[i % is.length];
    int[] shape = {1, 1 + classes.size('C'), object.size('H'), object.size('W')};
    return new Tensor(Axes.NCHW, shape, joint);
  }

  static Candidate boxes(Annotation found, List<String> classes, Uncertainty measure) {
    float[] description = new float[classes.size() * BINS];
    double sum = 0;
    int n = found.objects().size();
    for (LocalizedObject o : found.objects()) {
      sum += measure.ofYes(o.score());
      int bin = (int) Math.min(BINS - 1, o.score() * BINS);
      description[classes.indexOf(o.type()) * BINS + bin] += 1f / (n + 1);
    }
    return new Candidate(n == 0 ? 0 : sum / n, description);
  }

  static Candidate points(Annotation found, List<String> names, Uncertainty measure) {
    float[] description = new float[names.size()];
    double sum = 0;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      double most = 0;
      for (Pose pose : found.poses()) {
        most =
            Math.max(
                most,
                pose.keypoint(name)
                    .filter(Keypoint::isLocated)
                    .map(Keypoint::confidence)
                    .orElse(0.0));
      }
      description[i] = (float) most;
      sum += measure.ofYes(most);
    }
    return new Candidate(sum / names.size(), description);
  }

  @Override
  public void close() {
    runner.close();
  }
}
