package sc.fiji.spyhop.dataset.format;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a plane of an image is called.
 *
 * @param image path or name of its file
 * @param slice from 1
 * @param frame time point, from 1
 */
public record PlaneName(String image, int slice, int frame) {

  private static final Pattern PLANE =
      Pattern.compile("(.+?) slice (\\d{1,9})(?: frame (\\d{1,9}))?", Pattern.DOTALL);

  /** Of a sample, which is named like its image, and by slice and time point if that is a stack. */
  public static PlaneName ofSample(String name) {
    Matcher plane = PLANE.matcher(name);
    if (!plane.matches()) return new PlaneName(name, 1, 1);
    int frame = plane.group(3) == null ? 1 : Integer.parseInt(plane.group(3));
    return new PlaneName(plane.group(1), Integer.parseInt(plane.group(2)), frame);
  }

  /** What it is known by, see {@link EvaluationTables#key(String, int, int)}. */
  public String key() {
    return EvaluationTables.key(image, slice, frame);
  }

  /** For messages: the image, and slice and time point where they are not the first. */
  public String text() {
    return image + (slice > 1 ? " slice " + slice : "") + (frame > 1 ? " frame " + frame : "");
  }

  /** The same plane of an image that is called otherwise. */
  public PlaneName of(String other) {
    return new PlaneName(other, slice, frame);
  }
}
