package sc.fiji.spyhop.exchange.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.graph.Imported;
import sc.fiji.spyhop.exchange.torch.Assembly.At;
import sc.fiji.spyhop.exchange.torch.Assembly.Enlarging;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.weights.Weights;

/**
 * U-Nets whose code is public, so that names and shapes of weights tell what they compute but for
 * what is named in {@link #open}.
 */
enum UNetFamily {
  /** Blocks {@code down.N}, {@code up.N} and {@code head}, with batch norm. */
  PLAIN("down.0.0", "a U-Net of down, up and head", false) {
    @Override
    List<Variant> variants() {
      return List.of(new Variant(Enlarging.NEAREST, Function.RELU));
    }

    @Override
    Imported build(Weights weights, Variant variant, Function last) {
      Assembly a = new Assembly(weights, "down.0.0");
      List<At> kept = new ArrayList<>();
      for (int i = 0; a.has("down." + i + ".0.weight"); i++) {
        if (i > 0) a.pool();
        normalizedTwice(a, "down." + i + ".");
        kept.add(a.here());
      }
      kept.remove(kept.size() - 1);
      for (int i = 0; a.has("up." + i + ".0.weight"); i++) {
        a.enlarge(variant.enlarging());
        a.join(a.here(), taken(kept));
        normalizedTwice(a, "up." + i + ".");
      }
      return a.pointwise("head").activation(last).build(label());
    }
  },

  /** Of {@code milesial/Pytorch-UNet}, whose names are those of many others too. */
  MILESIAL("inc.double_conv.0", "the U-Net of milesial/Pytorch-UNet", false) {
    @Override
    List<Variant> variants() {
      return List.of(new Variant(Enlarging.ALIGNED, Function.RELU));
    }

    @Override
    Imported build(Weights weights, Variant variant, Function last) {
      Assembly a = new Assembly(weights, "inc.double_conv.0");
      List<At> kept = new ArrayList<>();
      normalizedTwice(a, "inc.double_conv.");
      kept.add(a.here());
      for (int i = 1; a.has("down" + i + ".maxpool_conv.1.double_conv.0.weight"); i++) {
        a.pool();
        normalizedTwice(a, "down" + i + ".maxpool_conv.1.double_conv.");
        kept.add(a.here());
      }
      kept.remove(kept.size() - 1);
      for (int i = 1; a.has("up" + i + ".conv.double_conv.0.weight"); i++) {
        if (a.has("up" + i + ".up.weight")) {
          a.doubled("up" + i + ".up");
        } else {
          a.enlarge(variant.enlarging());
        }
        a.join(taken(kept), a.here());
        normalizedTwice(a, "up" + i + ".conv.double_conv.");
      }
      return a.pointwise("outc.conv").activation(last).build(label());
    }
  },

  /** {@code UNet2d} of torch-em, in many models of bioimage.io. */
  TORCH_EM("encoder.blocks.0.block.", "the UNet2d of torch-em", false) {
    @Override
    List<Variant> variants() {
      return List.of(new Variant(Enlarging.BILINEAR, Function.RELU));
    }

    @Override
    Imported build(Weights weights, Variant variant, Function last) {
      String first = "encoder.blocks.0.block.";
      boolean bare = weights.tensors().containsKey(first + "2.weight");
      Assembly a = new Assembly(weights, first + (bare ? "0" : "1"));
      List<At> kept = new ArrayList<>();
      for (int i = 0;
          a.has("encoder.blocks." + i + ".block." + (bare ? "0" : "1") + ".weight");
          i++) {
        block(a, "encoder.blocks." + i + ".block.", bare);
        kept.add(a.here());
        a.pool();
      }
      block(a, "base.block.", bare);
      for (int i = 0; a.has("decoder.samplers." + i + ".conv.weight"); i++) {
        a.enlarge(variant.enlarging()).pointwise("decoder.samplers." + i + ".conv");
        a.join(a.here(), taken(kept));
        block(a, "decoder.blocks." + i + ".block.", bare);
      }
      if (a.has("out_conv.weight")) a.pointwise("out_conv");
      return a.activation(last).build(label());
    }

    private void block(Assembly a, String prefix, boolean bare) {
      if (bare) {
        a.convolution(prefix + "0").relu().convolution(prefix + "2").relu();
        return;
      }
      norm(a, prefix + "0");
      a.convolution(prefix + "1").relu();
      norm(a, prefix + "3");
      a.convolution(prefix + "4").relu();
    }

    private void norm(Assembly a, String prefix) {
      int channels = a.here().channels();
      if (a.has(prefix + ".running_mean")) {
        a.batchNorm(prefix);
      } else {
        a.groupNorm(prefix, a.has(prefix + ".weight") ? Math.min(32, channels) : channels);
      }
    }
  },

  /** {@code UNet2D} of wolny/pytorch-3dunet, whose order of layers has no names. */
  WOLNY("encoders.0.basic_module.SingleConv1.", "the UNet2D of pytorch-3dunet", true) {
    @Override
    List<Variant> variants() {
      return Stream.of(Enlarging.NEAREST, Enlarging.BILINEAR)
          .flatMap(
              e ->
                  Stream.of(Function.RELU, Function.LEAKY_RELU, Function.ELU)
                      .map(f -> new Variant(e, f)))
          .toList();
    }

    @Override
    Imported build(Weights weights, Variant variant, Function last) {
      Assembly a = new Assembly(weights, "encoders.0.basic_module.SingleConv1.conv");
      List<At> kept = new ArrayList<>();
      for (int i = 0; a.has("encoders." + i + ".basic_module.SingleConv1.conv.weight"); i++) {
        if (i > 0) a.pool();
        both(a, "encoders." + i + ".basic_module.", variant.function());
        kept.add(a.here());
      }
      kept.remove(kept.size() - 1);
      for (int i = 0; a.has("decoders." + i + ".basic_module.SingleConv1.conv.weight"); i++) {
        a.enlarge(variant.enlarging());
        a.join(taken(kept), a.here());
        both(a, "decoders." + i + ".basic_module.", variant.function());
      }
      return a.pointwise("final_conv").activation(last).build(label());
    }

    private void both(Assembly a, String prefix, Function function) {
      single(a, prefix + "SingleConv1.", function);
      single(a, prefix + "SingleConv2.", function);
    }

    /** Group norm goes before the convolution by default, batch norm behind it. */
    private void single(Assembly a, String prefix, Function function) {
      if (a.has(prefix + "groupnorm.weight")) {
        int channels = a.here().channels();
        a.groupNorm(prefix + "groupnorm", channels < 8 ? 1 : 8);
      }
      a.convolution(prefix + "conv");
      if (a.has(prefix + "batchnorm.weight")) a.batchNorm(prefix + "batchnorm");
      a.activation(function);
    }
  };

  private final String key;
  private final String label;
  private final boolean open;

  UNetFamily(String key, String label, boolean open) {
    this.key = key;
    this.label = label;
    this.open = open;
  }

  /**
   * What names and shapes do not tell.
   *
   * @param enlarging how maps are made larger where no weights do
   * @param function behind convolutions
   */
  record Variant(Enlarging enlarging, Function function) {}

  /** In words. */
  String label() {
    return label;
  }

  /** Whether settings of the network that change what it says leave no trace in its weights. */
  boolean open() {
    return open;
  }

  /** Whether weights have names like this family's. */
  boolean takes(Weights weights) {
    return weights.tensors().keySet().stream().anyMatch(n -> n.startsWith(key));
  }

  /** What it may be, the default first. */
  abstract List<Variant> variants();

  /**
   * The network.
   *
   * @param last function behind it
   * @throws SpyhopException if names or shapes are not those of this family
   */
  abstract Imported build(Weights weights, Variant variant, Function last);

  private static void normalizedTwice(Assembly a, String prefix) {
    a.convolution(prefix + "0").batchNorm(prefix + "1").relu();
    a.convolution(prefix + "3").batchNorm(prefix + "4").relu();
  }

  private static At taken(List<At> kept) {
    if (kept.isEmpty()) {
      throw new SpyhopException("it has more levels up than down");
    }
    return kept.remove(kept.size() - 1);
  }
}
