package sc.fiji.spyhop.explain.learned;

/**
 * What one position of a feature map sees of an image, and what of it made the map high there.
 *
 * @param image name
 * @param activation of the map
 * @param x column of its middle, pixels of the image
 * @param y row of its middle, pixels of the image
 * @param width columns, pixels of what the network is shown
 * @param height rows
 * @param pixels of each channel as the network is shown them, before normalization, row by row; NaN
 *     beyond the image
 * @param low value to show as black
 * @param high value to show as white
 * @param projection of the activation alone, back to the pixels by a deconvnet (Zeiler and Fergus
 *     2014), of each channel, row by row; 0 beyond the image
 */
public record Patch(
    String image,
    double activation,
    double x,
    double y,
    int width,
    int height,
    float[][] pixels,
    double low,
    double high,
    float[][] projection) {}
