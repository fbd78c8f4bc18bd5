package sc.fiji.spyhop.exchange.onnx;

import static java.util.Collections.nCopies;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.Unsupported;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Operators with weights: convolutions and matrices. */
final class WeightedOperators {

  static final Map<String, Operator> ALL =
      Map.of(
          "Conv", n -> n.mapped(convolution(n)),
          "ConvTranspose", n -> n.mapped(transposedConvolution(n)),
          "Gemm", n -> n.mapped(gemm(n)),
          "MatMul", n -> n.mapped(matMul(n)));

  private WeightedOperators() {}

  private static Feature convolution(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    Constant weight = n.constant(1);
    int rank = weight.shape().size() - 2;
    if (rank < 1 || rank > 3) throw new Unsupported("a kernel of shape " + weight.shape());
    return n.builder.convolution(
        n.name(),
        in,
        kernel("OI", weight),
        n.optional(2).map(Constant::floats),
        WindowSettings.window(n, in, weight.shape().subList(2, 2 + rank)),
        n.settings.number("group", 1));
  }

  private static Feature transposedConvolution(NodeCall n) {
    Feature in = n.channelsFirst(n.feature(0));
    Constant weight = n.constant(1);
    int rank = weight.shape().size() - 2;
    List<Integer> kernel = weight.shape().subList(2, 2 + rank);
    List<Integer> one = nCopies(rank, 1);
    List<Integer> stride = n.settings.ints("strides", one);
    if (n.settings.number("group", 1) != 1) throw new Unsupported("groups");
    if (!n.settings.ints("dilations", one).equals(one)) throw new Unsupported("dilation");
    if (n.settings.ints("output_shape").isPresent()) throw new Unsupported("output_shape");
    List<Integer> extra = n.settings.ints("output_padding", nCopies(rank, 0));
    Border border = cropped(n, in, kernel, stride, extra);
    return n.builder.transposedConvolution(
        n.name(), in, kernel("IO", weight), n.optional(2).map(Constant::floats), stride, border);
  }

  /**
   * What a transposed convolution cuts off. With {@code SAME_UPPER} and {@code SAME_LOWER} its
   * output is as many times larger as the stride says: {@code output_padding}, which makes it
   * larger behind, is part of what is cut off, half in front and half behind, the odd one behind or
   * in front.
   */
  private static Border cropped(
      NodeCall n, Feature in, List<Integer> kernel, List<Integer> stride, List<Integer> extra) {
    int rank = kernel.size();
    String pad = n.settings.text("auto_pad", "NOTSET");
    boolean upper = pad.equals("SAME_UPPER");
    boolean none = extra.stream().allMatch(e -> e == 0);
    if (upper && none) return new Border.Same();
    Border border =
        upper || pad.equals("SAME_LOWER")
            ? Border.none(rank)
            : WindowSettings.border(n, in, kernel, stride, nCopies(rank, 1));
    if (!(border instanceof Border.Zeros given)) throw new Unsupported("auto_pad " + pad);
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int front = given.before().get(i);
      int back = given.after().get(i);
      if (pad.startsWith("SAME")) {
        int total = extra.get(i) + kernel.get(i) - stride.get(i);
        if (total < 0) throw new Unsupported("auto_pad " + pad + " with a stride above the kernel");
        front = upper ? total / 2 : total - total / 2;
        back = total - front;
      }
      before.add(front);
      after.add(back - extra.get(i));
    }
    if (after.stream().anyMatch(a -> a < 0)) throw new Unsupported("output_padding " + extra);
    return new Border.Zeros(before, after);
  }

  private static Feature gemm(NodeCall n) {
    if (n.settings.number("transA", 0) != 0) throw new Unsupported("transA");
    Feature in = n.feature(0);
    Constant matrix = n.constant(1);
    if (n.settings.number("transB", 0) == 0) matrix = matrix.transposed(List.of(1, 0));
    float alpha = (float) n.settings.real("alpha", 1);
    float beta = (float) n.settings.real("beta", 1);
    float[] w = matrix.floats();
    if (alpha != 1) {
      w = w.clone();
      for (int i = 0; i < w.length; i++) w[i] *= alpha;
    }
    int units = matrix.shape().get(0);
    Tensor weight = new Tensor(Axes.OI, new int[] {units, matrix.shape().get(1)}, w);
    Optional<float[]> bias =
        n.optional(2)
            .map(
                c -> {
                  float[] b = c.floats();
                  float[] all = new float[units];
                  if (b.length != 1 && b.length != units) {
                    throw new Unsupported("a summand of shape " + c.shape());
                  }
                  for (int i = 0; i < units; i++) all[i] = beta * b[b.length == 1 ? 0 : i];
                  return all;
                });
    return n.builder.dense(n.name(), in.withOnes(0), weight, bias);
  }

  private static Feature matMul(NodeCall n) {
    Constant matrix = n.constant(1);
    if (matrix.shape().size() != 2) throw new Unsupported("a matrix of shape " + matrix.shape());
    Constant rows = matrix.transposed(List.of(1, 0));
    Tensor weight =
        new Tensor(Axes.OI, new int[] {rows.shape().get(0), rows.shape().get(1)}, rows.floats());
    return n.builder.dense(n.name(), n.feature(0), weight, Optional.empty());
  }

  private static Tensor kernel(String first, Constant weight) {
    int[] shape = weight.shape().stream().mapToInt(s -> s).toArray();
    Axes axes = new Axes(first + "DHW".substring(3 - (shape.length - 2)));
    return new Tensor(axes, shape, weight.floats());
  }
}
