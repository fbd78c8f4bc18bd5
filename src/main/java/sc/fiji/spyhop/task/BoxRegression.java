package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.task.decode.Outputs;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * The box of the one object that every image shows, as four real numbers: x and y of its centre,
 * width and height, as shares of the picture, standardised. Such a network always says one box and
 * has no idea how sure it is, so the score is 1; for images with no or several objects, see {@link
 * ObjectCenters}.
 *
 * @param object what it is called
 * @param means of the four numbers over the training set
 * @param deviations of the same, positive
 */
public record BoxRegression(
    @JsonProperty("object") String object,
    @JsonProperty("means") List<Double> means,
    @JsonProperty("deviations") List<Double> deviations)
    implements Localization {

  /** Name of the output layer. */
  public static final String HEAD = "box";

  /** Errors beyond this, in standard deviations, count linearly. */
  private static final double DELTA = 1;

  /** Where all boxes are alike they still move when images are varied. */
  private static final double MIN_DEVIATION = 0.02;

  /** Least width and height of a box, as a share of the picture. */
  private static final double SMALLEST = 1e-3;

  /**
   * Throws a {@link SpyhopException} if the name is blank, or there are not four means and four
   * deviations above 0.
   */
  public BoxRegression {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
    require(!object.isBlank(), "the name of the object", object);
    require(means.size() == 4 && means.stream().allMatch(Double::isFinite), "four means", means);
    require(
        deviations.size() == 4 && deviations.stream().allMatch(d -> d > 0 && Double.isFinite(d)),
        "four positive deviations",
        deviations);
  }

  /**
   * With the means and population standard deviations of a training set.
   *
   * @param object what it is called
   * @param truth of images with one such object each
   */
  public static BoxRegression of(String object, List<Annotation> truth) {
    require(!truth.isEmpty(), "at least one image with its box", "none");
    List<double[]> all = truth.stream().map(t -> shares(only(object, t), t.size())).toList();
    List<Double> means = new ArrayList<>();
    List<Double> deviations = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      int at = k;
      double mean = all.stream().mapToDouble(v -> v[at]).average().orElseThrow();
      double variance =
          all.stream().mapToDouble(v -> (v[at] - mean) * (v[at] - mean)).average().orElseThrow();
      means.add(mean);
      deviations.add(Math.max(MIN_DEVIATION, Math.sqrt(variance)));
    }
    return new BoxRegression(object, means, deviations);
  }

  private static Box only(String object, Annotation truth) {
    List<Box> boxes =
        truth.objects().stream()
            .filter(o -> o.type().equals(object))
            .map(LocalizedObject::box)
            .toList();
    require(boxes.size() == 1, "images with one " + object + " each", boxes.size() + " in one");
    return boxes.get(0);
  }

  private static double[] shares(Box b, ImageSize of) {
    return new double[] {
      b.centerX() / of.width(),
      b.centerY() / of.height(),
      b.width() / of.width(),
      b.height() / of.height()
    };
  }

  private static void require(boolean condition, String expected, Object received) {
    if (!condition) {
      throw new SpyhopException(
          "Box regression: expected " + expected + ", received " + received + ".");
    }
  }

  @Override
  public List<String> classes() {
    return List.of(object);
  }

  /** Its output is one vector for the whole picture. */
  @Override
  public Grid grid() {
    return Grid.WHOLE;
  }

  @Override
  public int overlap() {
    return 0;
  }

  @Override
  public int stride() {
    return 1;
  }

  /** There is none: see above. */
  @Override
  public double threshold() {
    return 0;
  }

  @Override
  public BoxRegression withThreshold(double value) {
    return this;
  }

  @Override
  public Annotation reported(Annotation found) {
    return found;
  }

  @Override
  public BoxRegression calibrate(List<Annotation> predicted, List<Annotation> truth) {
    return this;
  }

  @Override
  public List<Head> heads() {
    return List.of(new Head(HEAD, 4, Layer.Function.IDENTITY));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(new Objective(HEAD, new Loss.Huber(DELTA), 1));
  }

  /** Pictures out of which the object was moved teach nothing. */
  @Override
  public Map<String, Target> encode(Annotation truth) {
    float[] values = new float[4];
    boolean there = !truth.objects().isEmpty();
    if (there) {
      double[] shares = shares(only(object, truth), truth.size());
      for (int k = 0; k < 4; k++) {
        values[k] = (float) ((shares[k] - means.get(k)) / deviations.get(k));
      }
    }
    return Map.of(
        HEAD,
        Target.of(
            new Tensor(Axes.NC, new int[] {1, 4}, values),
            new Tensor(Axes.NC, new int[] {1, 1}, new float[] {there ? 1 : 0})));
  }

  @Override
  public Assembler<Annotation> assembler(ImageSize shown) {
    return Assembler.of(
        (tile, outputs) -> object(outputs, shown),
        found -> new Annotation(shown, found, List.of()));
  }

  private LocalizedObject object(List<Tensor> outputs, ImageSize shown) {
    Outputs.checkVectors(heads(), outputs);
    float[] values = outputs.get(0).data();
    double[] shares = new double[4];
    for (int k = 0; k < 4; k++) shares[k] = values[k] * deviations.get(k) + means.get(k);
    double width = Math.max(SMALLEST, shares[2]) * shown.width();
    double height = Math.max(SMALLEST, shares[3]) * shown.height();
    double left = shares[0] * shown.width() - width / 2;
    double top = shares[1] * shown.height() - height / 2;
    return new LocalizedObject(new Box(left, top, width, height), object);
  }
}
