package sc.fiji.spyhop.training.sampling;

import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;

/**
 * A validation image beside what is known of it and what the network says of it.
 *
 * @param frame may be lazy: look at it while being told
 */
public record Example(Frame frame, Content truth, Content predicted) {

  /** What is seen of it where both are shown side by side, the truth left. */
  public String caption() {
    return predicted instanceof Content.Picture
        ? "Images: real left, generated right"
        : "Validation images: truth left, prediction right";
  }

  /** What a picture shows, in coordinates of the image. */
  public sealed interface Content {

    /** A label for each pixel. */
    record Labels(LabelMap labels) implements Content {}

    /** Boxes and keypoints. */
    record Objects(Annotation annotation) implements Content {}

    /** An image, of the same size, that is shown in the same range of pixel values. */
    record Picture(Frame frame) implements Content {}

    /** About the whole image: a class, or numbers. */
    record Words(String text) implements Content {}
  }
}
