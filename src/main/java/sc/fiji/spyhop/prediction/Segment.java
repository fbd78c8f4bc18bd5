package sc.fiji.spyhop.prediction;

/**
 * One labelled region of a plane, measured in pixels. A pixel's centre is at (x + 0.5, y + 0.5), as
 * in ImageJ.
 *
 * @param label its number in the label map, at least 1
 * @param area number of pixels
 * @param x centroid, column
 * @param y centroid, row
 * @param probability mean over its pixels of what the network gave for "belongs to an object" (or
 *     to this class), in [0, 1]
 * @param left first column
 * @param top first row
 * @param width columns of the bounding box
 * @param height rows of the bounding box
 */
public record Segment(
    int label,
    long area,
    double x,
    double y,
    double probability,
    int left,
    int top,
    int width,
    int height) {}
