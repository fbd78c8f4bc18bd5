package sc.fiji.spyhop.ij.measure;

/**
 * What can be measured of an object, and what its column is called in every table. Where ImageJ
 * measures the same, the definition and the number are those of its <em>Measure</em>.
 */
public enum Measurement {
  PERIMETER(
      "perimeter",
      Kind.SHAPE,
      Unit.LENGTH,
      "Length of the outline, with the corners of pixels cut"),
  CIRCULARITY(
      "circularity",
      Kind.SHAPE,
      Unit.NONE,
      "4π times the area by the square of the perimeter; at" + " most 1, which is a disc"),
  FERET("feret", Kind.SHAPE, Unit.LENGTH, "Feret's diameter: maximum distance of two points"),
  FERET_ANGLE("feret_angle", Kind.SHAPE, Unit.DEGREES, "Angle of Feret's diameter, from 0 to 180"),
  MIN_FERET("min_feret", Kind.SHAPE, Unit.LENGTH, "Minimum caliper diameter"),
  MAJOR(
      "major",
      Kind.SHAPE,
      Unit.LENGTH,
      "Major axis of the ellipse of the same area and second"
          + " moments; empty where pixels are no squares"),
  MINOR("minor", Kind.SHAPE, Unit.LENGTH, "Minor axis of that ellipse"),
  ANGLE("angle", Kind.SHAPE, Unit.DEGREES, "Angle of the major axis, from 0 to 180"),
  SOLIDITY("solidity", Kind.SHAPE, Unit.NONE, "Area by the area of the convex hull"),
  BOX_X("box_x", Kind.SHAPE, Unit.POSITION, "Left edge of the bounding box"),
  BOX_Y("box_y", Kind.SHAPE, Unit.POSITION, "Upper edge of the bounding box"),
  BOX_WIDTH("box_width", Kind.SHAPE, Unit.LENGTH, "Width of the bounding box"),
  BOX_HEIGHT("box_height", Kind.SHAPE, Unit.LENGTH, "Height of the bounding box"),
  BORDER("border", Kind.SHAPE, Unit.NONE, "1 if it touches the border of the image, else 0"),
  MEAN("mean", Kind.INTENSITY, Unit.INTENSITY, "Mean of the pixels"),
  SD("sd", Kind.INTENSITY, Unit.INTENSITY, "Standard deviation of the pixels"),
  MIN("min", Kind.INTENSITY, Unit.INTENSITY, "Minimum"),
  MAX("max", Kind.INTENSITY, Unit.INTENSITY, "Maximum"),
  MEDIAN("median", Kind.INTENSITY, Unit.INTENSITY, "Median"),
  INTEGRATED("integrated", Kind.INTENSITY, Unit.INTEGRATED, "Area times mean (ImageJ's IntDen)"),
  BACKGROUND(
      "background",
      Kind.INTENSITY,
      Unit.INTENSITY,
      "Median of the pixels two to five pixels away"
          + " that belong to no object; empty if there are none");

  /** Sets of measurements that are asked for by one word. */
  public enum Kind {
    SHAPE,
    /** Once for each channel of the image. */
    INTENSITY
  }

  /** What the number is in. */
  public enum Unit {
    NONE("none"),
    LENGTH("unit"),
    POSITION("unit, from the origin of the image"),
    DEGREES("degrees"),
    INTENSITY("value of a pixel, calibrated if the image's values are"),
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

  public Kind kind() {
    return kind;
  }

  public Unit unit() {
    return unit;
  }

  /** A phrase. */
  public String description() {
    return description;
  }
}
