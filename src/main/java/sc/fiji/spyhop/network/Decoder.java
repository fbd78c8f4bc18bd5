package sc.fiji.spyhop.network;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

/**
 * Maps from features at several scales, for heads that say where things are: from the coarsest
 * scale up, features are enlarged, joined with those of the next finer scale and merged by a 3 x 3
 * convolution with batch norm and ReLU; each head is such a convolution and a 1 x 1 convolution.
 */
public final class Decoder {

  private Decoder() {}

  /**
   * Features of an image.
   *
   * @param network ends with the coarsest of them
   * @param scales for each stride, in pixels of the input, the layer that has them
   */
  public record Backbone(Network network, NavigableMap<Integer, String> scales) {

    /**
     * Of any network with one output, such as one that classifies, for images of any size.
     *
     * @param channels of the image
     * @throws SpyhopException if it has no backbone, or needs an image of one size
     */
    public static Backbone of(Network network, int channels) {
      NavigableMap<Integer, String> scales = Surgery.scales(network);
      Network cut = Surgery.cutAfter(network, scales.lastEntry().getValue());
      return new Backbone(Surgery.withInput(cut, Shape.of(channels, Shape.ANY, Shape.ANY)), scales);
    }

    /**
     * A convolution of 4 x 4 and stride 2, then two of 3 x 3 a level (one at the first), each with
     * batch norm and ReLU, and pooling by 2 between levels.
     *
     * @param channels of the image
     * @param widths channels of each level, finest first, at strides 2, 4, 8 ...
     */
    public static Backbone compact(int channels, List<Integer> widths) {
      NetworkBuilder b = NetworkBuilder.image(channels);
      NavigableMap<Integer, String> scales = new TreeMap<>();
      block(b, "stem", widths.get(0), 4, 2);
      for (int i = 0; i < widths.size(); i++) {
        String level = "down" + (i + 1);
        if (i > 0) {
          b.maxPool(level + "_pool", 2);
          block(b, level + "_conv1", widths.get(i), 3, 1);
        }
        block(b, level + "_conv2", widths.get(i), 3, 1);
        scales.put(2 << i, b.here());
      }
      return new Backbone(b.build(), scales);
    }
  }

  /**
   * A backbone with a decoder and heads on maps coarser than the image.
   *
   * @param stride pixels of the input per pixel of the heads' maps
   * @param most channels of a decoder level, which has no more than the features it is joined with
   * @param heads the outputs, in order
   * @throws SpyhopException if the backbone has no features at that stride
   */
  public static Network on(Backbone backbone, int stride, int most, List<UNet.Head> heads) {
    NetworkBuilder b = decoded(backbone, stride, most);
    String end = b.here();
    int width = Math.min(most, b.shape().channels());
    for (UNet.Head head : heads) {
      block(b.from(end), free(head.name() + "_conv", backbone.network()), width, 3, 1);
      head(b, head);
    }
    return build(b, heads);
  }

  /**
   * A backbone with a decoder and heads on maps of the size of the image: what the finest scale
   * gives is enlarged and joined with a thin branch at full size, for outlines.
   *
   * @param most channels of a decoder level, which has no more than the features it is joined with
   * @param details channels of the thin branch
   * @param heads the outputs, in order
   */
  public static Network atFullSize(
      Backbone backbone, int most, int details, List<UNet.Head> heads) {
    int finest = backbone.scales().firstKey();
    NetworkBuilder b = decoded(backbone, finest, most);
    String coarse = b.here();
    int width = Math.min(most, b.shape().channels());
    block(b.from(backbone.network().inputs().get(0).name()), "details", details, 3, 1);
    String fine = b.here();
    b.from(coarse);
    if (finest > 1) b.upsample("full_up", finest);
    block(b.concat("full_cat", fine), "full_conv", width, 3, 1);
    String end = b.here();
    for (UNet.Head head : heads) head(b.from(end), head);
    return build(b, heads);
  }

  /** A network that makes a map of the size of the image, up to the features of its last map. */
  public static Network withoutHead(Network network) {
    return Surgery.cutAfter(network, Surgery.backboneEnd(network, network.outputs().get(0)));
  }

  /**
   * Heads on the features that a network ends with.
   *
   * @param heads the outputs, in order
   */
  public static Network withHeads(Network features, List<UNet.Head> heads) {
    Network.Input input = features.inputs().get(0);
    NetworkBuilder b = NetworkBuilder.input(input.name(), input.shape());
    features.layers().forEach(b::layer);
    for (UNet.Head head : heads) head(b.from(features.outputs().get(0)), head);
    return build(b, heads);
  }

  private static NetworkBuilder decoded(Backbone backbone, int stride, int most) {
    NavigableMap<Integer, String> scales = backbone.scales().tailMap(stride, true);
    if (scales.isEmpty() || scales.firstKey() != stride) {
      throw new SpyhopException(
          "Decoder: expected a stride of the backbone's features, "
              + backbone.scales().keySet()
              + ", received "
              + stride
              + ".");
    }
    Network.Input input = backbone.network().inputs().get(0);
    NetworkBuilder b = NetworkBuilder.input(input.name(), input.shape());
    backbone.network().layers().forEach(b::layer);
    int coarse = scales.lastKey();
    b.from(scales.get(coarse));
    for (Map.Entry<Integer, String> scale : scales.descendingMap().entrySet()) {
      int here = scale.getKey();
      if (here == coarse) continue;
      String level = "decode" + here;
      int channels = Shapes.of(backbone.network()).get(scale.getValue()).channels();
      b.upsample(level + "_up", coarse / here).concat(level + "_cat", scale.getValue());
      block(b, level + "_conv", Math.min(most, channels), 3, 1);
      coarse = here;
    }
    return b;
  }

  /** A backbone that had such a head before may end in its convolution. */
  private static String free(String name, Network backbone) {
    boolean taken = backbone.layers().stream().anyMatch(l -> l.name().equals(name));
    return taken ? free(name + "_next", backbone) : name;
  }

  private static void head(NetworkBuilder b, UNet.Head head) {
    b.bias(true).convolution(head.logits(), head.channels(), 1);
    if (head.activation() != Function.IDENTITY) b.activation(head.name(), head.activation());
  }

  private static Network build(NetworkBuilder b, List<UNet.Head> heads) {
    return b.build(heads.stream().map(UNet.Head::name).toArray(String[]::new));
  }

  private static void block(NetworkBuilder b, String name, int filters, int kernel, int stride) {
    b.bias(false).convolution(name, filters, kernel, stride, 1).batchNorm().relu();
  }
}
