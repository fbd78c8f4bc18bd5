package sc.fiji.spyhop.weights;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;

/**
 * Weights to start training from. Kernels that feed a ReLU or one of its kin are normal with
 * variance {@code 2 / fanIn} (He et al. 2015); all others uniform with variance {@code 2 / (fanIn +
 * fanOut)} (Glorot and Bengio 2010). Biases, shifts and running means are 0, scales and running
 * variances 1, slopes 0.25.
 *
 * <p>Each kernel's values depend on the seed and the parameter's name alone, so a layer starts from
 * the same values whatever else the network holds.
 */
public final class Initialization {

  /** How kernels are drawn. */
  public enum Scheme {
    /** He's where a kernel feeds a ReLU or one of its kin, Glorot's elsewhere. */
    FITTING,
    /** He's everywhere. */
    HE,
    /** Glorot's everywhere. */
    GLOROT
  }

  private Initialization() {}

  /**
   * Initial weights for a network, the same for the same seed on every machine.
   *
   * @param seed of all that is random
   * @return a tensor for each parameter, in the network's order
   * @throws SpyhopException if a parameter has more values than an array can hold
   */
  public static Weights of(Network network, long seed) {
    return of(network, Scheme.FITTING, seed);
  }

  /**
   * The same, with one way for all kernels or the fitting one for each.
   *
   * @param scheme for all kernels
   */
  public static Weights of(Network network, Scheme scheme, long seed) {
    return of(network, scheme, seed, p -> true);
  }

  /** The same, of some parameters only. */
  static Weights of(Network network, Scheme scheme, long seed, Predicate<Parameter> wanted) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Set<String> rectified = rectified(network);
    for (Layer layer : network.layers()) {
      boolean he =
          switch (scheme) {
            case FITTING -> rectified.contains(layer.name());
            case HE -> true;
            case GLOROT -> false;
          };
      for (Parameter p : layer.parameters()) {
        if (wanted.test(p)) tensors.put(p.name(), values(p, layer, he, seed));
      }
    }
    return new Weights(tensors);
  }

  private static Tensor values(Parameter p, Layer layer, boolean he, long seed) {
    if (p.length() > Integer.MAX_VALUE - 8) {
      throw new SpyhopException(
          "layer "
              + layer.name()
              + ": "
              + p.name()
              + " of shape "
              + p.shape()
              + " has more values than fit in memory");
    }
    float[] data = new float[(int) p.length()];
    switch (p.role()) {
      case KERNEL -> {
        Weighted weighted = (Weighted) layer;
        Random random = new Random(mix(seed, p.name()));
        if (he) {
          double deviation = Math.sqrt(2 / weighted.fanIn());
          for (int i = 0; i < data.length; i++) {
            data[i] = (float) (deviation * random.nextGaussian());
          }
        } else {
          double limit = Math.sqrt(6 / (weighted.fanIn() + weighted.fanOut()));
          for (int i = 0; i < data.length; i++) {
            data[i] = (float) (limit * (2 * random.nextDouble() - 1));
          }
        }
      }
      case SCALE, RUNNING_VARIANCE -> Arrays.fill(data, 1);
      case SLOPE -> Arrays.fill(data, 0.25f);
      case BIAS, SHIFT, RUNNING_MEAN -> {}
    }
    int[] shape = p.shape().stream().mapToInt(Integer::intValue).toArray();
    return new Tensor(p.axes(), shape, data);
  }

  /** Names whose values reach a rectifier before any other weighted layer or function. */
  private static Set<String> rectified(Network network) {
    Set<String> rectified = new HashSet<>();
    for (int i = network.layers().size() - 1; i >= 0; i--) {
      Layer layer = network.layers().get(i);
      boolean reaches =
          layer instanceof Activation a && a.function() != Layer.Function.IDENTITY
              ? layer.rectifies()
              : layer.rectifies()
                  || !(layer instanceof Weighted) && rectified.contains(layer.name());
      if (reaches) rectified.addAll(layer.inputs());
    }
    return rectified;
  }

  /** A seed for each name: FNV-1a of the name, finished as in SplitMix64. */
  private static long mix(long seed, String name) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) h = (h ^ name.charAt(i)) * 0x100000001b3L;
    return SplitMix64.mix(h + seed * SplitMix64.GOLDEN);
  }
}
