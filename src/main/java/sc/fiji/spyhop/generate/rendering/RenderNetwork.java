package sc.fiji.spyhop.generate.rendering;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Padding;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.TransposedConvolution;
import sc.fiji.spyhop.util.Strings;

/**
 * Networks in reverse, from the values of a row to an image, after Dosovitskiy, Springenberg and
 * Brox (2015), "Learning to generate chairs with convolutional neural networks": the values become
 * features of the whole, these a small map, and each further step makes the map twice as large.
 */
public final class RenderNetwork {

  /** The network that is made by size. */
  public static final String DEFAULT = "default";

  private static final int MIN_SIDE = 32;
  private static final int MAX_SIDE = 256;

  /** Maps at the narrow end are at least this high and wide, and less than twice that. */
  private static final int NARROW = 4;

  /** Maximum ratio of the sides of an image. */
  private static final int MAX_RATIO = 4;

  private static final int FEATURES = 512;

  /** Channels of the smallest map; half of that of each that is twice as large. */
  private static final int WIDEST = 256;

  private static final int NARROWEST = 32;

  private RenderNetwork() {}

  /**
   * A network by its layers.
   *
   * @param text {@link #DEFAULT}, or layers in the notation of {@link Notation}
   * @param size values of a row
   * @param image channels, height and width
   * @throws SpyhopException if the text is not understood, or the network does not make such an
   *     image
   */
  public static Network of(String text, int size, Shape image) {
    boolean own = !text.strip().equalsIgnoreCase(DEFAULT);
    if (!own) requireSuiting(image);
    Network network = own ? Notation.parse(text, Shape.of(size, 1, 1)) : bySize(size, image);
    Shape made = Shapes.of(network).get(network.outputs().get(0));
    if (!made.equals(image)) {
      throw new SpyhopException(
          Strings.format(
              "Network: expected one that makes %s of %s, received one that makes %s. Its last"
                  + " layers may be such as %dT4/2 tanh.",
              image, Shape.of(size, 1, 1), made, image.channels()));
    }
    return network;
  }

  /**
   * The network that is made by size. The values are given to each larger map once more, so that it
   * need not carry them, such as a colour, through all layers before.
   */
  private static Network bySize(int size, Shape image) {
    int rows = image.space().get(0);
    int columns = image.space().get(1);
    int doublings = doublings(Math.min(rows, columns));
    int height = rows >> doublings;
    int breadth = columns >> doublings;
    NetworkBuilder b = NetworkBuilder.input("values", Shape.of(size, 1, 1));
    b.convolution("features1", FEATURES, 1).relu().convolution("features2", FEATURES, 1).relu();
    b.layer(spread("map0", b.here(), FEATURES, WIDEST, height, breadth)).relu();
    for (int i = 1; i < doublings; i++) {
      int channels = Math.max(NARROWEST, WIDEST >> i);
      String map = b.transposedConvolution("map" + i, channels, 4, 2).here();
      b.layer(spread("told" + i, "values", size, channels, height << i, breadth << i));
      b.from(map).add("sum" + i, "told" + i).relu();
      b.convolution("drawn" + i, channels, 3).relu();
    }
    return b.transposedConvolution("pixels", image.channels(), 4, 2)
        .activation("image", Layer.Function.TANH)
        .build();
  }

  /** From one place to a map. */
  private static Layer spread(
      String name, String input, int channels, int filters, int height, int breadth) {
    return new TransposedConvolution(
        name,
        input,
        channels,
        filters,
        List.of(height, breadth),
        List.of(1, 1),
        Padding.VALID,
        true);
  }

  private static int doublings(int side) {
    int doublings = 0;
    while (side >> doublings >= 2 * NARROW) doublings++;
    return doublings;
  }

  private static void requireSuiting(Shape image) {
    int rows = image.space().get(0);
    int columns = image.space().get(1);
    Side suiting = suiting(columns, rows);
    if (suiting.width == columns && suiting.height == rows) return;
    throw new SpyhopException(
        Strings.format(
            "Size of images: the default network makes images such as %d x %d, received %d x %d."
                + " Choose that size, or give a network of your own.",
            suiting.width, suiting.height, columns, rows));
  }

  /** Width and height. */
  public record Side(int width, int height) {}

  /**
   * The size nearest to another that the default network can make: 32 to 256 pixels, the longer
   * side at most four times the shorter one.
   */
  public static Side suiting(int width, int height) {
    double scale = Math.min(1, (double) MAX_SIDE / Math.max(width, height));
    double w = width * scale;
    double h = height * scale;
    double shorter = Math.max(MIN_SIDE, Math.min(w, h));
    int step = 1 << doublings((int) Math.rint(shorter));
    return new Side(side(w, shorter, step), side(h, shorter, step));
  }

  private static int side(double length, double shorter, int step) {
    double bounded = Math.max(shorter, Math.min(MAX_RATIO * shorter, length));
    return (int) Math.min(MAX_SIDE, Math.rint(bounded / step) * step);
  }
}
