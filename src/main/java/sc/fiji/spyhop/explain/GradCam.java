package sc.fiji.spyhop.explain;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Pooling;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Where a deep layer found what speaks for it: the positive part of the sum of its feature maps,
 * each weighted by the mean of the logit's gradient over the map (Selvaraju et al. 2017, Grad-CAM).
 * Of networks that say something about each place, each place is weighted by its own gradient
 * (Draelos and Carin 2020, HiResCAM), since a mean over the image would tell no object from
 * another. Enlarged linearly to the image; values are in units of the logit.
 *
 * @param layer whose maps are looked at; empty: the last one before maps become vectors, or, of
 *     networks that say something about each place, the last of those with the coarsest maps
 */
public record GradCam(String layer) implements Explanation {

  /**
   * Takes blanks around the name away; whether there is such a layer is looked at when it is used.
   */
  public GradCam {
    layer = layer.strip();
  }

  @Override
  public String name() {
    return "gradcam";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("layer", layer);
  }

  @Override
  public String largest() {
    return "largest_weight";
  }

  @Override
  public String effect(SaliencyMap map) {
    return map.largest() > 0
        ? "layer " + layer + " finds what speaks for it where the map is bright"
        : "layer " + layer + " finds nothing that speaks for it";
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    progress.checkCancelled();
    Gradients gradients = question.gradients();
    String from = layer.isEmpty() ? deepest(gradients) : named(gradients);
    Tensor maps = gradients.activations(question.shown(), from);
    Tensor slopes = gradients.gradient(question.shown(), from, RectifierRule.DERIVATIVE);
    progress.update("Explaining " + question.image(), 1, 1);
    int columns = maps.size('W');
    int rows = maps.size('H');
    float[] weights = slopes.data();
    if (!isMapped(gradients)) flatten(weights, columns * rows);
    float[] sum = weighted(maps.data(), weights, columns * rows);
    return Attribution.of(new GradCam(from), Placement.of(question, columns, rows).smooth(sum));
  }

  /** Each value becomes the mean of its map. */
  private static void flatten(float[] maps, int places) {
    for (int first = 0; first < maps.length; first += places) {
      double sum = 0;
      for (int i = 0; i < places; i++) sum += maps[first + i];
      Arrays.fill(maps, first, first + places, (float) (sum / places));
    }
  }

  private static float[] weighted(float[] maps, float[] weights, int places) {
    float[] sum = new float[places];
    for (int i = 0; i < maps.length; i++) sum[i % places] += weights[i] * maps[i];
    for (int i = 0; i < places; i++) sum[i] = Math.max(0, sum[i]);
    return sum;
  }

  private String named(Gradients gradients) {
    List<String> known = candidates(gradients).stream().map(Layer::name).toList();
    Shape shape = gradients.shapes().get(layer);
    boolean reached = upstream(gradients).stream().anyMatch(l -> l.name().equals(layer));
    if (reached && !shape.space().isEmpty()) {
      return layer;
    }
    throw new SpyhopException(
        "Layer: expected one with feature maps that the answer depends on, such as "
            + String.join(", ", known.subList(Math.max(0, known.size() - 5), known.size()))
            + ", received \""
            + layer
            + "\".");
  }

  private static String deepest(Gradients gradients) {
    List<Layer> candidates = candidates(gradients);
    if (candidates.isEmpty()) {
      throw new SpyhopException(
          "gradcam: the network has no layer of feature maps; use another method.");
    }
    boolean mapped = isMapped(gradients);
    Layer last = candidates.get(candidates.size() - 1);
    for (Layer l : candidates) {
      if (mapped && places(gradients, l) <= places(gradients, last)) last = l;
    }
    return last.name();
  }

  /** Whether the answer is a map. */
  private static boolean isMapped(Gradients gradients) {
    return !gradients.shapes().get(gradients.end().name()).space().isEmpty();
  }

  /** Layers of feature maps that are not only pooled, the answer itself left out. */
  private static List<Layer> candidates(Gradients gradients) {
    return upstream(gradients).stream()
        .filter(l -> l != gradients.end() && !(l instanceof Pooling))
        .filter(l -> places(gradients, l) > 1)
        .toList();
  }

  private static List<Layer> upstream(Gradients gradients) {
    return Upstream.of(gradients.network(), gradients.end().name());
  }

  private static long places(Gradients gradients, Layer layer) {
    return gradients.shapes().get(layer.name()).space().stream()
        .mapToLong(Integer::longValue)
        .reduce(1, (a, b) -> a * b);
  }
}
