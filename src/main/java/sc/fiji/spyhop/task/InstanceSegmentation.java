package sc.fiji.spyhop.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.TrainingPlan.Objective;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Objects one by one, touching ones apart. The network tells background, interior and inner
 * boundary of objects; connected interiors seed a watershed that runs over the foreground.
 *
 * @param classes the one name that all objects share
 * @param foreground a pixel belongs to an object if its background probability is below one minus
 *     this
 * @param seed interior probability above which foreground pixels seed objects
 * @param minSeedArea seeds of fewer pixels are dropped
 * @param minArea objects of fewer pixels are dropped
 * @param touchWeight how much more pixels between touching objects count in training
 * @param overlap see {@link #overlap}; twice the diameter of objects is safe
 */
public record InstanceSegmentation(
    @JsonProperty("classes") List<String> classes,
    @JsonProperty("foreground") double foreground,
    @JsonProperty("seed") double seed,
    @JsonProperty("minSeedArea") int minSeedArea,
    @JsonProperty("minArea") int minArea,
    @JsonProperty("touchWeight") double touchWeight,
    @JsonProperty("overlap") int overlap)
    implements SegmentationTask {

  public InstanceSegmentation {
    classes = List.copyOf(classes);
    if (classes.size() != 1) {
      throw new SpyhopException(
          "Instance segmentation: expected one name for the objects, received " + classes + ".");
    }
  }

  /** Settings found good for nuclei. */
  public static InstanceSegmentation of(String object) {
    return new InstanceSegmentation(List.of(object), 0.5, 0.5, 3, 12, 3, 96);
  }

  @Override
  public String className(int label) {
    return classes.get(0);
  }

  @Override
  public List<Head> heads() {
    return List.of(new Head("parts", 3, Layer.Function.SOFTMAX));
  }

  @Override
  public List<Objective> objectives() {
    return List.of(
        new Objective(
            heads().get(0).logits(), new Loss.CrossEntropy(List.of(1.0, 1.0, 2.0), 0), 1));
  }

  @Override
  public Map<String, Target> encode(LabelMap truth) {
    int w = truth.width();
    int h = truth.height();
    int[] labels = Labels.toArray(truth);
    boolean[] boundary = Labels.innerBoundary(labels, w, h);
    boolean[] touch = Labels.touching(labels, w, h, 2);
    float[] values = new float[labels.length];
    float[] weights = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      values[i] = labels[i] == 0 ? 0 : boundary[i] ? 2 : 1;
      weights[i] = touch[i] ? (float) touchWeight : 1;
    }
    int[] shape = {1, 1, h, w};
    Map<String, Target> targets = new LinkedHashMap<>();
    targets.put(
        heads().get(0).logits(),
        Target.of(new Tensor(Axes.NCHW, shape, values), new Tensor(Axes.NCHW, shape, weights)));
    return targets;
  }

  @Override
  public Assembler assembler(int width, int height) {
    return new ObjectAssembler(width, height, minArea, new Decoder());
  }

  /** Value: mean of F1 at IoU 0.5 and AP averaged over IoU 0.50, 0.55 ... 0.95. */
  @Override
  public Score score(List<LabelMap> predicted, List<LabelMap> truth) {
    InstanceMetrics metrics = new InstanceMetrics();
    for (int i = 0; i < truth.size(); i++) metrics.add(predicted.get(i), truth.get(i));
    InstanceMetrics.Figures half = metrics.at(50);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("F1", half.f1());
    figures.put("mean AP", metrics.meanAp());
    return new Score((half.f1() + metrics.meanAp()) / 2, figures);
  }

  private final class Decoder implements ObjectAssembler.Decoder {

    @Override
    public int[] labels(List<Tensor> outputs, int w, int h) {
      float[] p = outputs.get(0).data();
      int plane = w * h;
      boolean[] mask = new boolean[plane];
      boolean[] inside = new boolean[plane];
      float[] landscape = new float[plane];
      for (int i = 0; i < plane; i++) {
        mask[i] = p[i] < 1 - foreground;
        inside[i] = mask[i] && p[plane + i] > seed;
        landscape[i] = -p[plane + i];
      }
      int[] labels = new int[plane];
      int n = Components.label(inside, w, h, 4, labels);
      n = Components.removeSmall(labels, n, minSeedArea);
      Components.addUnseeded(labels, n, mask, w, h);
      Watershed.flood(labels, landscape, mask, w, h);
      return labels;
    }

    @Override
    public float[] probability(List<Tensor> outputs, int w, int h) {
      float[] p = outputs.get(0).data();
      float[] probability = new float[w * h];
      for (int i = 0; i < probability.length; i++) probability[i] = 1 - p[i];
      return probability;
    }
  }
}
