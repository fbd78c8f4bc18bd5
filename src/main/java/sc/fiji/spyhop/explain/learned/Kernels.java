package sc.fiji.spyhop.explain.learned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * The kernels of a convolution. Those of the first one can be looked at as pictures: they are
 * templates of what is found in the image itself.
 *
 * @param layer name of the convolution
 * @param width columns
 * @param height rows
 * @param kernels in the order of the feature maps that they make
 */
public record Kernels(String layer, int width, int height, List<Kernel> kernels) {

  /** Of the largest norm. */
  private static final double DEAD = 0.01;

  /** Cosine of the angle between two kernels, from which they are the same. */
  private static final double SAME = 0.98;

  /** Copies the list. */
  public Kernels {
    kernels = List.copyOf(kernels);
  }

  /**
   * Those of a network.
   *
   * @param weights of the network
   * @param layer name of a convolution of images; empty for the first one
   * @throws SpyhopException if there is none
   */
  public static Kernels of(Network network, Weights weights, String layer) {
    OnnxGraph.refuse(network, "Kernels", "those of this model cannot be shown");
    Convolution convolution = convolution(network, layer.strip());
    Tensor all = weights.get(convolution.parameters().get(0).name());
    int height = convolution.kernel().get(0);
    int width = convolution.kernel().get(1);
    int channels = convolution.channels() / convolution.groups();
    List<float[][]> values = new ArrayList<>();
    for (int k = 0; k < convolution.filters(); k++) {
      float[][] kernel = new float[channels][];
      for (int c = 0; c < channels; c++) {
        int from = (k * channels + c) * width * height;
        kernel[c] = Arrays.copyOfRange(all.data(), from, from + width * height);
      }
      values.add(kernel);
    }
    double largest = values.stream().mapToDouble(v -> Math.sqrt(dot(v, v))).max().orElseThrow();
    double random = Spectrum.ofRandom(channels, width, height);
    List<Kernel> kernels = new ArrayList<>();
    for (int k = 0; k < values.size(); k++) {
      float[][] v = values.get(k);
      double norm = Math.sqrt(dot(v, v));
      boolean dead = norm <= DEAD * largest;
      Spectrum s = Spectrum.of(v, width, height);
      double cycles = s.frequency() * Math.min(width, height);
      boolean wave = !dead && cycles >= 0.5 && s.share() > random;
      OptionalInt twin = dead ? OptionalInt.empty() : twin(values, k);
      kernels.add(
          new Kernel(k + 1, v, norm, dead, twin, s.frequency(), s.orientation(), s.share(), wave));
    }
    return new Kernels(convolution.name(), width, height, kernels);
  }

  private static OptionalInt twin(List<float[][]> values, int k) {
    double own = dot(values.get(k), values.get(k));
    for (int i = 0; i < k; i++) {
      double other = dot(values.get(i), values.get(i));
      double both = Math.abs(dot(values.get(i), values.get(k)));
      if (both > 0 && both >= SAME * Math.sqrt(own * other)) return OptionalInt.of(i + 1);
    }
    return OptionalInt.empty();
  }

  private static double dot(float[][] a, float[][] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      for (int i = 0; i < a[c].length; i++) sum += (double) a[c][i] * b[c][i];
    }
    return sum;
  }

  private static Convolution convolution(Network network, String name) {
    List<Convolution> all = new ArrayList<>();
    for (Layer l : network.layers()) {
      if (l instanceof Convolution c && c.kernel().size() == 2) all.add(c);
    }
    return all.stream()
        .filter(c -> name.isEmpty() || c.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new SpyhopException(missing(all, name)));
  }

  private static String missing(List<Convolution> all, String name) {
    if (all.isEmpty()) return "Layer: the network has no convolution of images, so no kernels.";
    List<String> some = all.stream().limit(5).map(Convolution::name).toList();
    return "Layer: expected a convolution, such as "
        + String.join(", ", some)
        + ", received \""
        + name
        + "\".";
  }
}
