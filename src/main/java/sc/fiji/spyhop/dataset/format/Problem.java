package sc.fiji.spyhop.dataset.format;

import sc.fiji.spyhop.util.Strings;

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
    DEGENERATE("box", "less than one pixel wide or high, left out"),
    NEGATIVE("box", "of a negative width or height, left out"),
    REVERSED("box", "with corners in reverse order, put in order"),
    OUTSIDE("box", "outside the image, left out"),
    CLIPPED("box", "cut off at the edge of the image"),
    POINT_OUTSIDE("keypoint", "outside the image, left out"),
    UNKNOWN_CLASS("object", "without a known class, left out"),
    BAD_SCORE("box", "with a score that is not from 0 to 1, left out"),
    NO_SCORE("box", "without a score in a table with a column of scores, left out"),
    NO_SCORES(
        "table",
        "of boxes without scores, each taken for 1, so that average precision goes by the order of the rows"),
    POINT_TWICE("keypoint", "given twice for one object, the one with the lower score left out"),
    MISSING_IMAGE("annotation", "without an image, left out"),
    AMBIGUOUS_IMAGE("annotation", "that several images fit, left out"),
    SAME_IMAGE("name", "of an image that another name of the file means too, left out"),
    NOT_A_NUMBER("row", "with something else than a number, left out"),
    NO_PLANE("row", "of a slice or time point that the image does not have, left out"),
    WRONG_COLUMNS("row", "with the wrong number of values, left out"),
    MORE_THAN_A_BOX(
        "line",
        "with a box and more numbers behind it rather than a polygon, left out. Are they keypoints? Then add kpt_shape: [points, 2 or 3] to data.yaml. Else keep class, x, y, width, height and at most a score"),
    NOT_RELATIVE("row", "with coordinates far outside of 0 to 1, left out"),
    DUPLICATE("annotation", "given twice, the second left out"),
    CROWD("crowd", "left out, with pixels of no known class and of no object"),
    UNSUPPORTED("object", "of a kind that has no box, left out"),
    NOT_ONE("image", "with none or several of what is to be shown once, left out"),
    NO_BOX("individual", "with keypoints in no box, left out"),
    BAD_MASK("object", "with an outline that cannot be read, left out"),
    NO_MASK(
        "image", "with objects that have no outline, or one too small to hold a pixel, left out"),
    SEVERAL_LABELS("image", "with several label images, left out; keep one of them"),
    NO_LABELS("image", "without a label image, which is not among the annotated ones"),
    NO_ANNOTATION("image", "without an annotation, left out"),
    UNREADABLE("file", "that cannot be read, left out"),
    OTHER_SIZE("annotation", "of an image of another size, left out"),
    UNREAD_IMAGE("image", "left out, as some of the annotations cannot be used"),
    SCALED("image", "with annotations that say another size, scaled"),
    TURNED("photograph", "with annotations of the other orientation, turned"),
    TURNED_OR_NOT(
        "photograph",
        "turned upright as its EXIF says, with annotations that do not tell whether they were made before or after that; taken for those of the upright one. Look whether they lie where they belong; if not, save the photographs upright and annotate these"),
    ONE_MASK(
        "label image",
        "of 0 and 255 (or 65535), a mask rather than numbers of objects; each connected part was taken for an object. Is it one object, or is it a class? Then give it the label 1."),
    CLASS_255(
        "label image",
        "of 0 and 255 (or 65535); as there are two classes, the larger was taken for class 1"),
    SEVERAL_PARTS(
        "label image",
        "with one label in several separate parts, taken for one object. Is it a mask of many objects? Then number them, or save them as 0 and 255"),
    FEW_GREYS(
        "label image",
        "of a few values of which 255 is the largest, such as 0, 128 and 255; each was taken for one object, in however many parts. Are they classes? Then give them the labels 0, 1, 2 and name these. Is it a mask of objects? Then number them, or save them as 0 and 255"),
    NO_CLASS(
        "label image",
        "with objects whose class no table says; they show what an object is, and not of which class"),
    UNKNOWN_PIXELS("label image", "with pixels that nobody has labelled"),
    LABEL_65535(
        "label image",
        "with the label 65535, taken for one that means something. Does it stand for pixels that nobody has labelled? Then write 65535 into a column unknown of index.csv beside their image, or give ignore=65535"),
    SAME_CLASS("name", "of a class that several categories have, taken for one"),
    JOINED("name", "that ImageJ has numbered, or that are numbers, taken for one");

    private final String one;
    private final String text;

    /**
     * @param one what one of them is called
     * @param text more about it, and what becomes of it, alike for one and for several
     */
    Kind(String one, String text) {
      this.one = one;
      this.text = text;
    }

    /** Whether it leaves out what a file says. */
    boolean isLossy() {
      return switch (this) {
        case REVERSED,
            SCALED,
            TURNED,
            NO_SCORES,
            TURNED_OR_NOT,
            ONE_MASK,
            CLASS_255,
            SEVERAL_PARTS,
            FEW_GREYS,
            NO_LABELS,
            NO_CLASS,
            UNKNOWN_PIXELS,
            LABEL_65535,
            SAME_CLASS,
            JOINED ->
            false;
        default -> true;
      };
    }

    /** So many, and what becomes of them, such as {@code 2 boxes outside the image, left out}. */
    public String text(int n) {
      return Strings.count(n, one) + " " + text;
    }
  }

  /** One line, such as "a.xml, object 3: RBC, 0 x 12 pixels". */
  @Override
  public String toString() {
    if (file.isEmpty()) return what;
    return file + (where.isEmpty() ? "" : ", " + where) + ": " + what;
  }
}
