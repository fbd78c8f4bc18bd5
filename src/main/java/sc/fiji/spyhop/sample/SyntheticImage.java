package sc.fiji.spyhop.sample;

import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * A generated image and its exact truth.
 *
 * @param frame one channel, 8-bit or 16-bit unsigned, named, calibrated
 * @param labels one number for each object, from 1 without gaps; 0 for background
 * @param subset what the image is for: {@code train}, {@code validation} or {@code test}
 */
public record SyntheticImage(Frame frame, LabelMap labels, String subset) {

  /** Name of the frame, which that of its files begins with. */
  public String name() {
    return frame.name();
  }
}
