package sc.fiji.spyhop.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** How an image of any size is brought to the size a network reads. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Resize.AnySize.class, name = "any-size"),
  @JsonSubTypes.Type(value = Resize.Stretch.class, name = "stretch"),
  @JsonSubTypes.Type(value = Resize.CenterCrop.class, name = "center-crop"),
  @JsonSubTypes.Type(value = Resize.Cover.class, name = "cover"),
  @JsonSubTypes.Type(value = Resize.Letterbox.class, name = "letterbox"),
  @JsonSubTypes.Type(value = Resize.Scaled.class, name = "scaled"),
  @JsonSubTypes.Type(value = Resize.OfBox.class, name = "of-box"),
})
public sealed interface Resize {

  /** Largest width and height that can be asked for. */
  int MAX_SIDE = 16_384;

  /**
   * What a network is shown of an image.
   *
   * @param width of what it is shown
   * @param height of what it is shown
   * @param toImage from there to the image; scales and shifts only
   * @param interpolation between pixels of the image
   * @param fill value of what lies beyond the image; NaN: the nearest pixel
   */
  record View(int width, int height, Affine toImage, Interpolation interpolation, double fill) {

    /** A part of it, in the same scale. */
    public View part(int x, int y, int partWidth, int partHeight) {
      return new View(
          partWidth, partHeight, Affine.translation(x, y).then(toImage), interpolation, fill);
    }
  }

  /** What the network is shown of an image of some size. */
  View view(int width, int height);

  /** The same for a network that takes other sizes, where they are multiples of something. */
  default Resize withMultiple(int multiple) {
    if (this instanceof Scaled s) return new Scaled(s.factor(), multiple);
    if (this instanceof OfBox b) return new OfBox(b.margin(), b.width(), b.height(), multiple);
    return this;
  }

  /** Whether the network is shown the same size whatever the image. */
  default boolean isFixed() {
    return !(this instanceof AnySize || this instanceof Scaled || this instanceof OfBox);
  }

  /**
   * Pixel values as the network is shown them, before normalisation.
   *
   * @return channel by channel, row by row, of the size of the {@link #view}
   */
  default float[] read(Frame frame) {
    return Resampling.read(frame, view(frame.width(), frame.height()));
  }

  /** Pixel values of a view, or of a part of one; as {@link #read(Frame)}. */
  static float[] read(Frame frame, View view) {
    return Resampling.read(frame, view);
  }

  /** The image as it is. */
  record AnySize() implements Resize {
    @Override
    public View view(int width, int height) {
      return new View(width, height, Affine.IDENTITY, Interpolation.NEAREST, 0);
    }
  }

  /**
   * An image of any size in this scale, so that objects keep theirs; at the right and bottom edge
   * pixels are repeated until sizes are what a network takes.
   *
   * @param factor pixels that the network is shown per pixel of the image, in [{@link #MIN}, {@link
   *     #MAX}]
   * @param multiple of what sizes are multiples
   */
  record Scaled(@JsonProperty("factor") double factor, @JsonProperty("multiple") int multiple)
      implements Resize {

    /** Smallest factor that can be asked for. */
    public static final double MIN = 1.0 / 64;

    /** Largest factor that can be asked for. */
    public static final double MAX = 16;

    /**
     * Throws a {@link SpyhopException} if the factor is not from {@link #MIN} to {@link #MAX}, or
     * the multiple below 1.
     */
    public Scaled {
      if (!isFactor(factor)) {
        throw new SpyhopException(
            "Scale: expected a factor from 1/64 to 16, received " + factor + ".");
      }
      check("multiple", multiple);
    }

    /** Whether a number can be a factor; not if it is none. */
    public static boolean isFactor(double factor) {
      return factor >= MIN && factor <= MAX;
    }

    @Override
    public View view(int w, int h) {
      return new View(
          side(w),
          side(h),
          Affine.scale(1 / factor, 1 / factor),
          Interpolation.ANTIALIASED,
          Double.NaN);
    }

    private int side(int length) {
      double scaled = Math.max(1, Math.rint(length * factor));
      return Math.toIntExact((long) Math.ceil(scaled / multiple) * multiple);
    }
  }

  /**
   * A picture of each object: whoever knows the boxes cuts it out, see {@link #picture}; it is then
   * shown as it is, up to the multiple.
   *
   * @param margin around boxes, 0 to 10; see {@link BoxPicture}
   * @param multiple of what sizes are multiples
   */
  record OfBox(
      @JsonProperty("margin") double margin,
      @JsonProperty("width") int width,
      @JsonProperty("height") int height,
      @JsonProperty("multiple") int multiple)
      implements Resize {
    /**
     * Throws a {@link SpyhopException} if the margin is not from 0 to 10, or a size is below 1 or
     * too large.
     */
    public OfBox {
      check("width", width);
      check("height", height);
      check("multiple", multiple);
      if (!(margin >= 0 && margin <= 10)) {
        throw new SpyhopException(
            "Picture of a box: expected a margin from 0 to 10, received " + margin + ".");
      }
    }

    /** How a box becomes a picture. */
    public BoxPicture picture() {
      return new BoxPicture(margin, width, height);
    }

    /** Of a picture that has been cut out. */
    @Override
    public View view(int w, int h) {
      return new Scaled(1, multiple).view(w, h);
    }
  }

  /** To this size, whatever becomes of the proportions. */
  record Stretch(
      @JsonProperty("width") int width,
      @JsonProperty("height") int height,
      @JsonProperty("interpolation") Interpolation interpolation)
      implements Resize {
    /** Throws a {@link SpyhopException} if a size is below 1 or too large. */
    public Stretch {
      check("width", width);
      check("height", height);
    }

    @Override
    public View view(int w, int h) {
      return new View(
          width, height, Affine.scale((double) w / width, (double) h / height), interpolation, 0);
    }
  }

  /**
   * So that the shorter side has {@code side} pixels (the longer one rounded down), and of that the
   * middle, as torchvision's Resize and CenterCrop.
   *
   * @param side at least as long as the crop's longer side
   * @param width of the crop
   * @param height of the crop
   */
  record CenterCrop(
      @JsonProperty("side") int side,
      @JsonProperty("width") int width,
      @JsonProperty("height") int height,
      @JsonProperty("interpolation") Interpolation interpolation)
      implements Resize {
    /**
     * Throws a {@link SpyhopException} if a size is below 1 or too large, or the side is shorter
     * than the crop.
     */
    public CenterCrop {
      check("side", side);
      check("width", width);
      check("height", height);
      if (side < Math.max(width, height)) {
        throw new SpyhopException(
            Strings.format(
                "Center crop: expected a side of at least the %d x %d pixels of the crop, received %d.",
                width, height, side));
      }
    }

    @Override
    public View view(int w, int h) {
      long newW = w <= h ? side : (long) side * w / h;
      long newH = h <= w ? side : (long) side * h / w;
      double left = Math.rint((newW - width) / 2.0);
      double top = Math.rint((newH - height) / 2.0);
      Affine toImage =
          Affine.translation(left, top).then(Affine.scale((double) w / newW, (double) h / newH));
      return new View(width, height, toImage, interpolation, 0);
    }
  }

  /**
   * The middle of the image, as much of it as has these proportions, brought to this size: first
   * cropped, then resized, as Pillow's crop and resize. What is cut off plays no part.
   */
  record Cover(
      @JsonProperty("width") int width,
      @JsonProperty("height") int height,
      @JsonProperty("interpolation") Interpolation interpolation)
      implements Resize {
    /** Throws a {@link SpyhopException} if a size is below 1 or too large. */
    public Cover {
      check("width", width);
      check("height", height);
    }

    /** Width, height, and where the middle begins. */
    private int[] middle(int w, int h) {
      boolean wide = (long) w * height > (long) h * width;
      int cropW = wide ? (int) Math.max(1, Math.round((double) h * width / height)) : w;
      int cropH = wide ? h : (int) Math.max(1, Math.round((double) w * height / width));
      return new int[] {cropW, cropH, (w - cropW) / 2, (h - cropH) / 2};
    }

    @Override
    public View view(int w, int h) {
      int[] m = middle(w, h);
      Affine toImage =
          Affine.scale((double) m[0] / width, (double) m[1] / height)
              .then(Affine.translation(m[2], m[3]));
      return new View(width, height, toImage, interpolation, 0);
    }

    @Override
    public float[] read(Frame frame) {
      int[] m = middle(frame.width(), frame.height());
      return new Stretch(width, height, interpolation).read(frame.crop(m[2], m[3], m[0], m[1]));
    }
  }

  /**
   * As large as fits into this size, proportions kept, in the middle of a plain ground.
   *
   * @param fill pixel value of the ground, before normalisation
   */
  record Letterbox(
      @JsonProperty("width") int width,
      @JsonProperty("height") int height,
      @JsonProperty("fill") double fill,
      @JsonProperty("interpolation") Interpolation interpolation)
      implements Resize {
    /**
     * Throws a {@link SpyhopException} if a size is below 1 or too large, or the fill is not
     * finite.
     */
    public Letterbox {
      check("width", width);
      check("height", height);
      if (!Double.isFinite(fill)) {
        throw new SpyhopException("Letterbox: expected a finite fill, received " + fill + ".");
      }
    }

    @Override
    public View view(int w, int h) {
      double zoom = Math.min((double) width / w, (double) height / h);
      long newW = Math.max(1, Math.min(width, Math.round(w * zoom)));
      long newH = Math.max(1, Math.min(height, Math.round(h * zoom)));
      Affine toImage =
          Affine.translation(-((width - newW) / 2), -((height - newH) / 2))
              .then(Affine.scale((double) w / newW, (double) h / newH));
      return new View(width, height, toImage, interpolation, fill);
    }
  }

  private static void check(String what, int size) {
    if (size < 1 || size > MAX_SIDE) {
      throw new SpyhopException(
          Strings.format(
              "Fit: expected a %s of 1 to %d pixels, received %d.", what, MAX_SIDE, size));
    }
  }
}
