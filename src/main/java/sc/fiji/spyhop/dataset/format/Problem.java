package sc.fiji.spyhop.dataset.format;

/**
 * Something in an annotation file that was left out, or changed.
 *
 * @param file the file it is in
 * @param where the row, object or line within it; may be empty
 * @param what was found
 */
public record Problem(Kind kind, String file, String where, String what) {

  /** What is wrong. */
  public enum Kind {
    DEGENERATE("boxes less than one pixel wide or high, left out"),
    OUTSIDE("boxes outside the image, left out"),
    CLIPPED("boxes cut off at the edge of the image"),
    POINT_OUTSIDE("keypoints outside the image, left out"),
    UNKNOWN_CLASS("objects without a known class, left out"),
    MISSING_IMAGE("annotations without their image, left out"),
    AMBIGUOUS_IMAGE("annotations that several images fit, left out"),
    NOT_A_NUMBER("rows with something else than a number, left out"),
    WRONG_COLUMNS("rows with the wrong number of values, left out"),
    DUPLICATE("annotations that are there twice, the second left out"),
    UNSUPPORTED("objects of a kind that has no box, left out"),
    NOT_ONE("images with none or several of what each is to show once, left out"),
    NO_BOX("sets of keypoints in no box, left out"),
    NO_MASK("images with objects that have a box but no outline, left out"),
    NO_ANNOTATION("images without an annotation, left out"),
    UNREADABLE("files that cannot be read, left out");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** What they are and what becomes of them, in the plural. */
    public String text() {
      return text;
    }
  }

  /** One line, such as "a.xml, object 3: RBC, 0 x 12 pixels". */
  @Override
  public String toString() {
    return file + (where.isEmpty() ? "" : ", " + where) + ": " + what;
  }
}
