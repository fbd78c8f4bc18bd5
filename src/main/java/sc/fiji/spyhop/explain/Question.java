package sc.fiji.spyhop.explain;

import java.util.function.Function;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Why an image has its score.
 *
 * @param image its name, for progress
 * @param width of the image, pixels
 * @param height of the image, pixels
 * @param shown what is scored, normalised, [1, channels, height, width]
 * @param view how that was made of the image
 * @param batch images to score at once, at least 1
 * @param scorer from [n, channels, height, width] to n scores
 * @param score of the image as it is
 * @param gradients the inside of the network, for explanations that look there
 */
public record Question(
    String image,
    int width,
    int height,
    Tensor shown,
    Resize.View view,
    int batch,
    Function<Tensor, double[]> scorer,
    double score,
    Gradients gradients) {}
