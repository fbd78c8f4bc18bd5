package sc.fiji.spyhop.generate.adversarial;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an epoch showed. Distances between images are root mean squares over pixels.
 *
 * @param discriminatorLoss mean over the steps
 * @param generatorLoss the same
 * @param realTaken share of the real images that the discriminator took for real
 * @param generatedTaken the same of the generated ones
 * @param spread mean distance between generated images, relative to that between real ones
 * @param alike share of pairs of generated images that are nearer to each other than all but the
 *     nearest hundredth of pairs of real ones
 * @param drift how far the mean generated image has moved since the last epoch, the noise being the
 *     same, relative to the mean distance between real images; 0 in the first epoch
 */
public record Round(
    double discriminatorLoss,
    double generatorLoss,
    double realTaken,
    double generatedTaken,
    double spread,
    double alike,
    double drift) {

  /** Names under which figures are told. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("generator loss", generatorLoss);
    figures.put("real taken for real", realTaken);
    figures.put("generated taken for real", generatedTaken);
    figures.put("spread", spread);
    return figures;
  }
}
