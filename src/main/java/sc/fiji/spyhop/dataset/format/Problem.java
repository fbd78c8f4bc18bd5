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
    /** A box without area; left out. */
    DEGENERATE("box", "less than one pixel wide or high, left out"),
    /** A box whose corners give a negative size; left out. */
    NEGATIVE("box", "of a negative width or height, left out"),
    /** A box with its corners in the wrong order; kept, the right way round. */
    REVERSED("box", "with corners in reverse order, put in order"),
    /** A box of which nothing lies in the image; left out. */
    OUTSIDE("box", "outside the image, left out"),
    /** A box that reaches beyond the image; kept as far as it is inside. */
    CLIPPED("box", "cut off at the edge of the image"),
    /** A keypoint beyond the image; left out. */
    POINT_OUTSIDE("keypoint", "outside the image, left out"),
    /** An object of a class that the set does not declare; left out. */
    UNKNOWN_CLASS("object", "without a known class, left out"),
    /** A box whose score is no confidence; left out. */
    BAD_SCORE("box", "with a score that is not from 0 to 1, left out"),
    /** A box without a score where others have one; left out. */
    NO_SCORE("box", "without a score in a table with a column of scores, left out"),
    /** A table in which no box has a score; each counts as 1. */
    NO_SCORES(
        "table",
        "of boxes without scores, each taken for 1, so that average precision goes by the order of the rows"),
    /** A keypoint of which an object has two; the less sure one is left out. */
    POINT_TWICE("keypoint", "given twice for one object, the one with the lower score left out"),
    /** An annotation of an image that is not in the folder; left out. */
    MISSING_IMAGE("annotation", "without an image, left out"),
    /** An annotation whose image may be several files; left out. */
    AMBIGUOUS_IMAGE("annotation", "that several images fit, left out"),
    /** A second name for an image that has one; left out. */
    SAME_IMAGE("name", "of an image that another name of the file means too, left out"),
    /** A row in which a number was expected; left out. */
    NOT_A_NUMBER("row", "with something else than a number, left out"),
    /** A row of a plane that the image does not have; left out. */
    NO_PLANE("row", "of a slice or time point that the image does not have, left out"),
    /** A row with more or fewer values than its format has; left out. */
    WRONG_COLUMNS("row", "with the wrong number of values, left out"),
    /** A line that is neither box nor polygon; left out. */
    MORE_THAN_A_BOX(
        "line",
        "with a box and more numbers behind it rather than a polygon, left out. Are they keypoints? Then add kpt_shape: [points, 2 or 3] to data.yaml. Else keep class, x, y, width, height and at most a score"),
    /** Coordinates that are pixels where shares of the image were expected; left out. */
    NOT_RELATIVE("row", "with coordinates far outside of 0 to 1, left out"),
    /** An annotation that was given before; left out. */
    DUPLICATE("annotation", "given twice, the second left out"),
    /** A region of COCO in which objects are not told apart; its pixels count as unknown. */
    CROWD("crowd", "left out, with pixels of no known class and of no object"),
    /** An object of a kind that has no box; left out. */
    UNSUPPORTED("object", "of a kind that has no box, left out"),
    /** An image that does not show just one object where one is expected; left out. */
    NOT_ONE("image", "with none or several of what is to be shown once, left out"),
    /** Keypoints that lie in no box of their image; left out. */
    NO_BOX("individual", "with keypoints in no box, left out"),
    /** An object whose outline cannot be read; left out. */
    BAD_MASK("object", "with an outline that cannot be read, left out"),
    /** An image in which some object has no outline that covers a pixel; left out. */
    NO_MASK(
        "image", "with objects that have no outline, or one too small to hold a pixel, left out"),
    /** An image with more than one label image; left out. */
    SEVERAL_LABELS("image", "with several label images, left out; keep one of them"),
    /** An image without a label image, in a set of those; it counts as not annotated. */
    NO_LABELS("image", "without a label image, which is not among the annotated ones"),
    /** An image that was asked for by name, without an annotation; left out. */
    NO_ANNOTATION("image", "without an annotation, left out"),
    /** A file that cannot be opened; left out. */
    UNREADABLE("file", "that cannot be read, left out"),
    /** An annotation whose size differs from that of its image; left out. */
    OTHER_SIZE("annotation", "of an image of another size, left out"),
    /**
     * An image of which an annotation was left out, so that nothing can be said of it; left out.
     */
    UNREAD_IMAGE("image", "left out, as some of the annotations cannot be used"),
    /** Annotations made on a copy of another size; scaled to the image. */
    SCALED("image", "with annotations that say another size, scaled"),
    /** Annotations made on a photograph before it was turned upright; turned with it. */
    TURNED("photograph", "with annotations of the other orientation, turned"),
    /**
     * Annotations of a turned photograph that do not tell which way up it was; kept as they are.
     */
    TURNED_OR_NOT(
        "photograph",
        "turned upright as its EXIF says, with annotations that do not tell whether they were made before or after that; taken for those of the upright one. Look whether they lie where they belong; if not, save the photographs upright and annotate these"),
    /** A mask in place of numbers of objects; its connected parts are the objects. */
    ONE_MASK(
        "label image",
        "of 0 and 255 (or 65535), a mask rather than numbers of objects; each connected part was taken for an object. Is it one object, or is it a class? Then give it the label 1."),
    /** A mask among classes; its larger value is the class 1. */
    CLASS_255(
        "label image",
        "of 0 and 255 (or 65535); as there are two classes, the larger was taken for class 1"),
    /** A label whose pixels do not hang together; kept as one object. */
    SEVERAL_PARTS(
        "label image",
        "with one label in several separate parts, taken for one object. Is it a mask of many objects? Then number them, or save them as 0 and 255"),
    /** A few values up to 255, which look like a picture of classes; kept as objects. */
    FEW_GREYS(
        "label image",
        "of a few values of which 255 is the largest, such as 0, 128 and 255; each was taken for one object, in however many parts. Are they classes? Then give them the labels 0, 1, 2 and name these. Is it a mask of objects? Then number them, or save them as 0 and 255"),
    /** Objects whose class no table says; they train what an object is, and no class. */
    NO_CLASS(
        "label image",
        "with objects whose class no table says; they show what an object is, and not of which class"),
    /** Pixels marked as not labelled; they are neither object nor background. */
    UNKNOWN_PIXELS("label image", "with pixels that nobody has labelled"),
    /** The value that some programs give unlabelled pixels, undeclared; kept as a label. */
    LABEL_65535(
        "label image",
        "with the label 65535, taken for one that means something. Does it stand for pixels that nobody has labelled? Then write 65535 into a column unknown of index.csv beside their image, or give ignore=65535"),
    /** Categories of one name; taken for one class. */
    SAME_CLASS("name", "of a class that several categories have, taken for one"),
    /** Names that count on, such as those that ImageJ gives; taken for one class. */
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
