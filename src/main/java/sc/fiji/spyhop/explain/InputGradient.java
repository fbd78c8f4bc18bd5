package sc.fiji.spyhop.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;

/**
 * How the logit changes with each pixel: its gradient (Simonyan et al. 2014), or what goes for it
 * where the way back through rectifiers is another. Of the channels of a pixel, the one counts
 * whose value is the largest in magnitude, with its sign. Values are per unit of the normalised
 * pixel, as the network is shown it. It may be the mean over copies of the image with noise, which
 * leaves out what is true of this very image alone (Smilkov et al. 2017, SmoothGrad).
 *
 * @param rule how it goes back through rectifiers
 * @param samples copies of the image, 1 to 1000; of 1, the image as it is
 * @param noise standard deviation of what is added to each copy, normally distributed, as a share
 *     of the range of what the network is shown, in [0, 1]; the same copies each time
 */
public record InputGradient(RectifierRule rule, int samples, double noise) implements Explanation {

  private static final long SEED = 1;

  /**
   * Throws a {@link SpyhopException} if there are not 1 to 1000 copies, or the noise is not from 0
   * to 1.
   */
  public InputGradient {
    if (samples < 1 || samples > 1000) {
      throw new SpyhopException("Samples: expected 1 to 1000, received " + samples + ".");
    }
    if (!(noise >= 0 && noise <= 1)) {
      throw new SpyhopException("Noise: expected a share from 0 to 1, received " + noise + ".");
    }
  }

  /** Of the image as it is. */
  public InputGradient(RectifierRule rule) {
    this(rule, 1, 0);
  }

  @Override
  public String name() {
    return switch (rule) {
      case DERIVATIVE -> "gradient";
      case DECONVNET -> "deconvnet";
      case GUIDED -> "guided";
    };
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("samples", String.valueOf(samples));
    settings.put("noise", Digits.six(samples == 1 ? 0 : noise));
    return settings;
  }

  @Override
  public String largest() {
    return "largest_slope";
  }

  @Override
  public String effect(SaliencyMap map) {
    return "the largest slope is " + Digits.six(map.largest());
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    Tensor shown = question.shown();
    double deviation = samples == 1 ? 0 : noise * range(shown.data());
    Random random = new Random(SEED);
    double[] sum = new double[shown.length()];
    for (int first = 0; first < samples; first += question.batch()) {
      progress.checkCancelled();
      int count = Math.min(question.batch(), samples - first);
      Tensor copies = copies(shown, count, deviation, random);
      float[] slopes = question.gradients().gradient(copies, rule).data();
      for (int i = 0; i < slopes.length; i++) sum[i % sum.length] += slopes[i];
      progress.update("Explaining " + question.image(), first + count, samples);
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) mean[i] = (float) (sum[i] / samples);
    Tensor gradient = new Tensor(shown.axes(), shown.shape(), mean);
    return Attribution.of(this, Placement.of(question).mean(strongest(gradient)));
  }

  private static double range(float[] values) {
    float min = values[0];
    float max = values[0];
    for (float v : values) {
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    return (double) max - min;
  }

  private static Tensor copies(Tensor shown, int count, double deviation, Random random) {
    float[] data = new float[Math.multiplyExact(count, shown.length())];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (shown.data()[i % shown.length()] + deviation * random.nextGaussian());
    }
    int[] shape = shown.shape();
    shape[0] = count;
    return new Tensor(shown.axes(), shape, data);
  }

  /** Of the channels of each place, what is largest in magnitude. */
  private static float[] strongest(Tensor maps) {
    float[] values = maps.data();
    float[] strongest = new float[maps.size('H') * maps.size('W')];
    for (int i = 0; i < values.length; i++) {
      int at = i % strongest.length;
      if (Math.abs(values[i]) > Math.abs(strongest[at])) strongest[at] = values[i];
    }
    return strongest;
  }
}
