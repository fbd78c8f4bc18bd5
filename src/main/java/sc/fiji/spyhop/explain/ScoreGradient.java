package sc.fiji.spyhop.explain;

import sc.fiji.spyhop.tensor.Tensor;

/**
 * How what a network says changes with what it is shown (Simonyan et al. 2014).
 *
 * @param name class, or what is measured
 * @param score of the image: its probability, or the value
 * @param logit the number before the network's last function, softmax or sigmoid, which the
 *     gradient is of; it is not squeezed as the score is
 * @param shown what the network is shown of the image: in its size, normalised, [1, channels,
 *     height, width]
 * @param gradient of the logit with respect to each of these values, of the same shape
 */
public record ScoreGradient(
    String name, double score, double logit, Tensor shown, Tensor gradient) {}
