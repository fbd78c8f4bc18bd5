package sc.fiji.spyhop.image;

/**
 * Physical size of a pixel.
 *
 * @param width of one column, positive
 * @param height of one row, positive
 * @param unit such as {@code "µm"}; {@code "pixel"} if the image is not calibrated
 */
public record PixelSize(double width, double height, String unit) {

  /** No calibration. */
  public static final PixelSize UNCALIBRATED = new PixelSize(1, 1, "pixel");

  public boolean isCalibrated() {
    return !unit.equals(UNCALIBRATED.unit);
  }
}
