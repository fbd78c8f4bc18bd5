package sc.fiji.spyhop.ij.measure;

/**
 * What can be measured of an object, and what its column is called in every table. Where ImageJ
 * measures the same, the definition and the number are those of its <em>Measure</em>.
 */
public enum Measurement {
  /** How long the outline is. */
  PERIMETER(
      "perimeter",
      Kind.SHAPE,
      Unit.LENGTH,
      "Length of the outline, with the corners of pixels cut"),
  /** How round it is, from 0 to 1. */
  CIRCULARITY(
      "circularity",
      Kind.SHAPE,
      Unit.NONE,
      "4π times the area by the square of the perimeter; at" + " most 1, which is a disc"),
  /** How far apart its two outermost points are. */
  FERET("feret", Kind.SHAPE, Unit.LENGTH, "Feret's diameter: maximum distance of two points"),
  /** Which way these two points lie, degrees against the horizontal. */
  FERET_ANGLE("feret_angle", Kind.SHAPE, Unit.DEGREES, "Angle of Feret's diameter, from 0 to 180"),
  /** How far apart two parallel lines are that just hold it. */
  MIN_FERET("min_feret", Kind.SHAPE, Unit.LENGTH, "Minimum caliper diameter"),
  /** Length of the ellipse that stands for it. */
  MAJOR(
      "major",
      Kind.SHAPE,
      Unit.LENGTH,
      "Major axis of the ellipse of the same area and second"
          + " moments; empty where pixels are no squares"),
  /** Width of that ellipse. */
  MINOR("minor", Kind.SHAPE, Unit.LENGTH, "Minor axis of that ellipse"),
  /** Which way that ellipse lies, degrees against the horizontal. */
  ANGLE("angle", Kind.SHAPE, Unit.DEGREES, "Angle of the major axis, from 0 to 180"),
  /** How much of its convex hull it fills, from 0 to 1. */
  SOLIDITY("solidity", Kind.SHAPE, Unit.NONE, "Area by the area of the convex hull"),
  /** Where its box begins, from the left. */
  BOX_X("box_x", Kind.SHAPE, Unit.POSITION, "Left edge of the bounding box"),
  /** Where its box begins, from the top. */
  BOX_Y("box_y", Kind.SHAPE, Unit.POSITION, "Upper edge of the bounding box"),
  /** How wide its box is. */
  BOX_WIDTH("box_width", Kind.SHAPE, Unit.LENGTH, "Width of the bounding box"),
  /** How high its box is. */
  BOX_HEIGHT("box_height", Kind.SHAPE, Unit.LENGTH, "Height of the bounding box"),
  /** Whether a part of it may lie beyond the image. */
  BORDER("border", Kind.SHAPE, Unit.NONE, "1 if it touches the border of the image, else 0"),
  /** Mean of its pixels. */
  MEAN("mean", Kind.INTENSITY, Unit.INTENSITY, "Mean of the pixels"),
  /** How much its pixels differ from their mean. */
  SD("sd", Kind.INTENSITY, Unit.INTENSITY, "Standard deviation of the pixels"),
  /** Its darkest pixel. */
  MIN("min", Kind.INTENSITY, Unit.INTENSITY, "Minimum"),
  /** Its brightest pixel. */
  MAX("max", Kind.INTENSITY, Unit.INTENSITY, "Maximum"),
  /** The value that half of its pixels do not exceed. */
  MEDIAN("median", Kind.INTENSITY, Unit.INTENSITY, "Median"),
  /** Sum of its pixels, by area. */
  INTEGRATED("integrated", Kind.INTENSITY, Unit.INTEGRATED, "Area times mean (ImageJ's IntDen)"),
  /** How bright it is around the object. */
  BACKGROUND(
      "background",
      Kind.INTENSITY,
      Unit.INTENSITY,
      "Median of the pixels two to five pixels away"
          + " that belong to no object; empty if there are none");

  /** Sets of measurements that are asked for by one word. */
  public enum Kind {
    /** Once for each object. */
    SHAPE,
    /** Once for each channel of the image. */
    INTENSITY
  }

  /** What the number is in. */
  public enum Unit {
    /** A plain number. */
    NONE("none"),
    /** Calibrated, as long as the image has a unit; else pixels. */
    LENGTH("unit"),
    /** A calibrated coordinate. */
    POSITION("unit, from the origin of the image"),
    /** An angle. */
    DEGREES("degrees"),
    /** As bright as a pixel. */
    INTENSITY("value of a pixel, calibrated if the image's values are"),
    /** Brightness times area. */
    INTEGRATED("unit² times value of a pixel");

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    /** For documentation; {@code unit} is what the column of that name says. */
    public String text() {
      return text;
    }
  }

  private final String column;
  private final Kind kind;
  private final Unit unit;
  private final String description;

  Measurement(String column, Kind kind, Unit unit, String description) {
    this.column = column;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
  }

  /** Name of the column; where there are several channels, {@code _c1} and so on follow. */
  public String column() {
    return column;
  }

  /** Whether it is measured once or in each channel. */
  public Kind kind() {
    return kind;
  }

  /** By which numbers of images with different calibrations compare. */
  public Unit unit() {
    return unit;
  }

  /** A phrase. */
  public String description() {
    return description;
  }
}
