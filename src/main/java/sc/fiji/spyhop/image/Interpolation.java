package sc.fiji.spyhop.image;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an image is brought to another size. */
public enum Interpolation {
  /** The nearest pixel; values are never mixed. */
  @JsonProperty("nearest")
  NEAREST,
  /** Between the two nearest pixels a dimension, also when shrinking; as OpenCV and PyTorch. */
  @JsonProperty("bilinear")
  BILINEAR,
  /**
   * A triangle that is as wide as an output pixel when shrinking, so that every input pixel counts;
   * bilinear when enlarging. As Pillow (and so torchvision and Keras applications), but for its
   * rounding to whole numbers.
   */
  @JsonProperty("antialiased")
  ANTIALIASED,
  /**
   * The same, and what comes of whole numbers is rounded to whole numbers, after rows and again
   * after columns. As Pillow does with 8 bits, bit for bit up to ties; it matters for networks that
   * were trained on that.
   */
  @JsonProperty("antialiased-rounded")
  ANTIALIASED_ROUNDED;

  boolean isAntialiased() {
    return this == ANTIALIASED || this == ANTIALIASED_ROUNDED;
  }
}
