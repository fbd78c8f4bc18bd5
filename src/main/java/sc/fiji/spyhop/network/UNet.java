package sc.fiji.spyhop.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

/**
 * The U-Net family (Ronneberger et al. 2015): at every level two 3x3 convolutions under SAME
 * padding, each with batch norm and ReLU; max pooling by 2 on the way down; nearest upsampling by 2
 * and joining on the way up; one or more 1x1 heads that share all the rest. Input and output have
 * the same size, which must be a multiple of {@code 2^depth} ({@code 2^(depth + 1)} if halved).
 *
 * <pre>{@code
 * Network network = UNet.of(1, new UNet.Head("classes", 3, Function.SOFTMAX)).network();
 * }</pre>
 *
 * @param inputChannels channels of the input, which is named {@code image}
 * @param heads the outputs, in order; at least one
 * @param widths channels of each level, finest first; at least one
 * @param decoderLevels levels climbed after the coarsest, at most {@code widths.size() - 1}; with
 *     fewer the output is coarser than the input
 * @param batchNorm whether convolutions are normalised; if not, they have biases
 * @param dropout rate before the coarsest level's convolutions; 0 for none
 * @param halved whether a 4x4 convolution of stride 2 halves the image first, which costs a
 *     quarter; the finest level then has one convolution besides, and heads are 4x4 transposed
 *     convolutions of stride 2 unless there are details
 * @param details channels of a 3x3 convolution at full size, joined to the enlarged decoder's
 *     output and merged by a 3x3 convolution; 0 for none; only if halved
 * @param merged channels of that merging convolution; only with details
 */
public record UNet(
    int inputChannels,
    List<Head> heads,
    List<Integer> widths,
    int decoderLevels,
    boolean batchNorm,
    double dropout,
    boolean halved,
    int details,
    int merged) {

  /**
   * One output.
   *
   * @param name of the output layer
   * @param channels of the output
   * @param activation applied at the end; identity for none
   */
  public record Head(String name, int channels, Function activation) {
    /** Refuses an empty name, and fewer than one channel. */
    public Head {
      Checks.name("head", name);
      Checks.positive(name, "channels", channels);
    }

    /** An output without an activation. */
    public Head(String name, int channels) {
      this(name, channels, Function.IDENTITY);
    }

    /** The layer before the activation, which losses look at. */
    public String logits() {
      return activation == Function.IDENTITY ? name : name + "_logits";
    }
  }

  /**
   * Copies the lists and checks them.
   *
   * @throws SpyhopException if there is no head, there are other than one to ten levels, or the
   *     sizes do not go together as told above
   */
  public UNet {
    heads = List.copyOf(heads);
    widths = List.copyOf(widths);
    if (heads.isEmpty()) throw new SpyhopException("U-Net: expected at least one head");
    if (widths.isEmpty() || widths.size() > 10 || widths.stream().anyMatch(w -> w < 1)) {
      throw new SpyhopException(
          "U-Net: expected one to ten levels of at least 1 channel, received " + widths);
    }
    if (decoderLevels < 0 || decoderLevels >= widths.size()) {
      throw new SpyhopException(
          "U-Net: expected 0 to "
              + (widths.size() - 1)
              + " decoder levels, received "
              + decoderLevels);
    }
    if (details != 0 && !(halved && decoderLevels == widths.size() - 1)) {
      throw new SpyhopException(
          "U-Net: details need a halved image and all decoder levels; set details to 0");
    }
    if (details < 0 || (details > 0) != (merged > 0)) {
      throw new SpyhopException(
          "U-Net: expected both details and merged to be positive, or both 0, received "
              + details
              + " and "
              + merged);
    }
  }

  /** Base 16, depth 4: widths 16, 32, 64, 128, 256. */
  public static UNet of(int inputChannels, Head... heads) {
    return new UNet(inputChannels, List.of(heads), doubling(16, 4), 4, true, 0, false, 0, 0);
  }

  /** With widths that double from level to level, and as many decoder levels as poolings. */
  public UNet sized(int base, int depth) {
    if (base < 1 || base > 65536 || depth < 0 || depth > 9) {
      throw new SpyhopException(
          "U-Net: expected a base of 1 to 65536 and a depth of 0 to 9, received "
              + base
              + " and "
              + depth);
    }
    List<Integer> doubling = doubling(base, depth);
    return withWidths(doubling.toArray(Integer[]::new));
  }

  /** With these channels a level, and as many decoder levels as poolings. */
  public UNet withWidths(Integer... channels) {
    return new UNet(
        inputChannels,
        heads,
        Arrays.asList(channels),
        channels.length - 1,
        batchNorm,
        dropout,
        halved,
        details,
        merged);
  }

  /** The same whose output is coarser than its input by 2 for each level that is not climbed. */
  public UNet withDecoderLevels(int levels) {
    return new UNet(
        inputChannels, heads, widths, levels, batchNorm, dropout, halved, details, merged);
  }

  /** The same with biases in place of normalisation. */
  public UNet withoutBatchNorm() {
    return new UNet(
        inputChannels, heads, widths, decoderLevels, false, dropout, halved, details, merged);
  }

  /** The same with dropout before the coarsest level's convolutions, of a rate in [0, 1). */
  public UNet withDropout(double rate) {
    return new UNet(
        inputChannels, heads, widths, decoderLevels, batchNorm, rate, halved, details, merged);
  }

  /** With a first convolution of stride 2 and heads that enlarge again. */
  public UNet onHalfSize() {
    return new UNet(inputChannels, heads, widths, decoderLevels, batchNorm, dropout, true, 0, 0);
  }

  /** On half size, with a thin branch at full size that is joined at the end. */
  public UNet onHalfSizeWithDetails(int channels, int mergedChannels) {
    return new UNet(
        inputChannels,
        heads,
        widths,
        decoderLevels,
        batchNorm,
        dropout,
        true,
        channels,
        mergedChannels);
  }

  private static List<Integer> doubling(int base, int depth) {
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i <= depth; i++) widths.add(Math.multiplyExact(base, 1 << i));
    return widths;
  }

  /** The network itself. */
  public Network network() {
    NetworkBuilder b = NetworkBuilder.image(inputChannels);
    if (halved) block(b, "stem", widths.get(0), 4, 2);
    int levels = widths.size();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < levels; i++) {
      String level = "down" + (i + 1);
      if (i > 0) b.maxPool(level + "_pool", 2);
      if (dropout > 0 && i == levels - 1) b.dropout(dropout);
      block(b, level + "_conv1", widths.get(i), 3, 1);
      if (i > 0 || !halved) block(b, level + "_conv2", widths.get(i), 3, 1);
      kept.add(b.here());
    }
    for (int i = levels - 2; i >= levels - 1 - decoderLevels; i--) {
      String level = "up" + (i + 1);
      b.upsample(level + "_up", 2).concat(level + "_cat", kept.get(i));
      block(b, level + "_conv1", widths.get(i), 3, 1);
      block(b, level + "_conv2", widths.get(i), 3, 1);
    }
    boolean atFullSize = halved && details == 0 && decoderLevels == levels - 1;
    if (details > 0) {
      String coarse = b.here();
      block(b.from("image"), "details", details, 3, 1);
      String fine = b.here();
      b.from(coarse).upsample("full_up", 2).concat("full_cat", fine);
      block(b, "full_conv", merged, 3, 1);
    }
    String backbone = b.here();
    b.bias(true);
    for (Head head : heads) {
      b.from(backbone);
      if (atFullSize) b.transposedConvolution(head.logits(), head.channels(), 4, 2);
      else b.convolution(head.logits(), head.channels(), 1);
      if (head.activation() != Function.IDENTITY) b.activation(head.name(), head.activation());
    }
    return b.build(heads.stream().map(Head::name).toArray(String[]::new));
  }

  private void block(NetworkBuilder b, String name, int filters, int kernel, int stride) {
    b.bias(!batchNorm).convolution(name, filters, kernel, stride, 1);
    if (batchNorm) b.batchNorm();
    b.relu();
  }
}
