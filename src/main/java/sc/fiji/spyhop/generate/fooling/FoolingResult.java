package sc.fiji.spyhop.generate.fooling;

import java.util.List;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * How easily a model is fooled.
 *
 * @param model its name
 * @param images the best for each class, in the order in which these were asked for
 * @param sure probability that was asked for
 * @param generations that were made, or steps
 * @param warns whether the model knows what the images looked like that it learned from
 * @param isStopped whether it was cancelled
 */
public record FoolingResult(
    String model,
    List<FoolingImage> images,
    double sure,
    int generations,
    boolean warns,
    boolean isStopped) {

  /** Copies the list. */
  public FoolingResult {
    images = List.copyOf(images);
  }

  /** Of how many classes the model is as sure as was asked for. */
  public int found() {
    return (int) images.stream().filter(FoolingImage::isSure).count();
  }

  /** Of how many of these images the model warns. */
  public int warned() {
    return (int)
        images.stream().filter(FoolingImage::isSure).filter(i -> !i.unlike().isEmpty()).count();
  }

  /** The same for a heading. */
  public String heading() {
    return Strings.format(
        "%s: sure of %d of %s%s",
        model,
        found(),
        classes(),
        warns && found() > 0 ? ", warned of " + warned() + " (orange)" : "");
  }

  /** How easily the model is fooled, in a sentence. */
  public String sentence() {
    String first =
        Strings.format(
            "Model %s: for %d of %s an image was found of which it is at least %s sure",
            model, found(), classes(), Decimals.text(sure));
    if (found() == 0) return first + ".";
    if (!warns) {
      return first
          + "; it keeps no record of the images it learned from, so it gives no warning of unlike"
          + " ones.";
    }
    return first
        + (found() == 1 && warned() == 1
            ? "; the warning for unlike images speaks."
            : Strings.format(
                "; for %s of these the warning for unlike images speaks.",
                warned() == 0 ? "none" : warned() == found() ? "all" : warned()));
  }

  private String classes() {
    return Strings.count(images.size(), "class");
  }
}
