package sc.fiji.spyhop.prediction;

/** Columns and rows of an image, each at least 1. */
public record ImageSize(int width, int height) {

  /** Throws an {@link IllegalArgumentException} if one of them is below 1. */
  public ImageSize {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "image size: expected at least one pixel, received " + width + " x " + height);
    }
  }

  /** The whole image. */
  public Box box() {
    return new Box(0, 0, width, height);
  }
}
