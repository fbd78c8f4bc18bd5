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
  ANTIALIASED
}
