package sc.fiji.spyhop.generate.fooling;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import sc.fiji.spyhop.image.Frame;

/**
 * An image that a model takes for something.
 *
 * @param type name of the class
 * @param frame the image, whose pixels are such as can be saved
 * @param probability of the class, by the model, 0 to 1
 * @param generation in which it was found, from 0; of gradient ascent, the step
 * @param reached the first one in which the model was as sure as was asked for; absent if it never
 *     was
 * @param unlike in which respects the image is unlike those that the model learned from, in words;
 *     empty if it is like them, or nothing is known of them, or nobody has looked yet
 */
public record FoolingImage(
    String type,
    Frame frame,
    double probability,
    int generation,
    OptionalInt reached,
    List<String> unlike) {

  /** Copies the list. */
  public FoolingImage {
    unlike = List.copyOf(unlike);
  }

  /** What the warning for unlike images says, without advice; empty if there is none. */
  public String warning() {
    return unlike.stream().map(u -> u.split("\\. ", 2)[0]).collect(Collectors.joining("; "));
  }

  /** Whether the model is as sure of it as was asked for. */
  public boolean isSure() {
    return reached.isPresent();
  }
}
