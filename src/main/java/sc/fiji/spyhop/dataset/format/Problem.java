package sc.fiji.spyhop.dataset.format;

/**
 * Something in an annotation file that was left out, or changed.
 *
 * @param file the file it is in; empty if it concerns all that is said of an image
 * @param where the row, object or line within it; may be empty
 * @param what was found
 */
public record Problem(Kind kind, String file, String where, String what) {

  /** What is wrong. */
  public enum Kind {
    DEGENERATE("boxes less than one pixel wide or high, left out"),
    NEGATIVE("boxes of a negative width or height, left out"),
    REVERSED("boxes whose corners are in reverse order; they were put in order"),
    OUTSIDE("boxes outside the image, left out"),
    CLIPPED("boxes cut off at the edge of the image"),
    POINT_OUTSIDE("keypoints outside the image, left out"),
    UNKNOWN_CLASS("objects without a known class, left out"),
    MISSING_IMAGE("annotations without their image, left out"),
    AMBIGUOUS_IMAGE("annotations that several images fit, left out"),
    NOT_A_NUMBER("rows with something else than a number, left out"),
    WRONG_COLUMNS("rows with the wrong number of values, left out"),
    MORE_THAN_A_BOX(
        "lines that are a box with more numbers behind it rather than a polygon, left out. Are they keypoints? Then add kpt_shape: [points, 2 or 3] to data.yaml. Else keep class, x, y, width, height and at most a score"),
    NOT_RELATIVE("rows with coordinates far outside of 0 to 1, left out"),
    DUPLICATE("annotations that are there twice, the second left out"),
    CROWD("crowds, left out; their pixels are of no known class, and of no object"),
    UNSUPPORTED("objects of a kind that has no box, left out"),
    NOT_ONE("images with none or several of what each is to show once, left out"),
    NO_BOX("sets of keypoints in no box, left out"),
    BAD_MASK("objects whose outline cannot be read, left out"),
    NO_MASK("images with objects that have a box but no outline, left out"),
    NO_ANNOTATION("images without an annotation, left out"),
    UNREADABLE("files that cannot be read, left out"),
    OTHER_SIZE("annotations of an image of another size, left out"),
    UNREAD_IMAGE("images left out, as not all that is said of them can be read"),
    SCALED("images whose annotations say another size; they were scaled"),
    TURNED("photographs whose annotations are of the other orientation; they were turned"),
    ONE_MASK(
        "label images of 0 and 255 (or 65535), a mask rather than numbers of objects; each connected part was taken for an object. Is it one object, or is it a class? Then give it the label 1."),
    CLASS_255(
        "label images of 0 and 255 (or 65535); as there are two classes, the larger was taken for class 1"),
    SEVERAL_PARTS(
        "label images with one label in several separate parts, taken for one object. Is it a mask of many objects? Then number them, or save them as 0 and 255"),
    UNKNOWN_PIXELS("label images with pixels that nobody has labelled"),
    LABEL_65535(
        "label images with the label 65535, taken for one that means something. Does it stand for pixels that nobody has labelled? Then write 65535 into a column unknown of index.csv beside their image, or give ignore=65535"),
    JOINED("names that ImageJ has numbered, or that are numbers, taken for one");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** Whether it leaves out what a file says. */
    boolean isLossy() {
      return switch (this) {
        case REVERSED,
            SCALED,
            TURNED,
            ONE_MASK,
            CLASS_255,
            SEVERAL_PARTS,
            UNKNOWN_PIXELS,
            LABEL_65535,
            JOINED ->
            false;
        default -> true;
      };
    }

    /** What they are and what becomes of them, in the plural. */
    public String text() {
      return text;
    }
  }

  /** One line, such as "a.xml, object 3: RBC, 0 x 12 pixels". */
  @Override
  public String toString() {
    if (file.isEmpty()) return what;
    return file + (where.isEmpty() ? "" : ", " + where) + ": " + what;
  }
}
