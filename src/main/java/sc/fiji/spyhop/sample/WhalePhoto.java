package sc.fiji.spyhop.sample;

import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/**
 * A generated photograph of a whale and its exact truth.
 *
 * @param frame red, green and blue, 8-bit unsigned, named
 * @param individual such as {@code whale_03}
 * @param head the box of the head, of class {@code head}, inside the image
 * @param pose the keypoints {@code bonnet} (tip of the snout) and {@code blowhole}
 */
public record WhalePhoto(Frame frame, String individual, LocalizedObject head, Pose pose) {

  /** Name of the frame, which that of its file begins with. */
  public String name() {
    return frame.name();
  }
}
