package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Padding;

/**
 * Convolution, of all channels or of each by itself, or in groups, one after the other; and a ReLU
 * behind it. Deeplearning4j's own is computed once more on the way back, fails in oneDNN where
 * there is dilation, and asks for cuDNN in a module apart; ND4J's operations find either by
 * themselves.
 */
final class ConvolutionVertex extends CustomVertex {

  private final transient Convolution layer;
  private final transient Border border;
  private final boolean relu;
  private final boolean depthwise;
  private final int groups;
  private transient INDArray output;

  ConvolutionVertex(Convolution l, boolean relu) {
    super(l.parameters());
    layer = l;
    this.relu = relu;
    depthwise = l.groups() > 1 && l.groups() == l.channels() && l.groups() == l.filters();
    groups = depthwise ? 1 : l.groups();
    Padding p = l.padding();
    boolean even = p.before(0) == p.after(0) && p.before(1) == p.after(1);
    border =
        even
            ? new Border(0, 0, 0, 0)
            : new Border(p.before(0), p.after(0), p.before(1), p.after(1));
  }

  private void run(String suffix, INDArray[] in, INDArray... out) {
    List<Integer> k = layer.kernel();
    List<Integer> s = layer.stride();
    List<Integer> d = layer.dilation();
    int top = border.isEmpty() ? layer.padding().before(0) : 0;
    int left = border.isEmpty() ? layer.padding().before(1) : 0;
    int same = layer.padding() == Padding.SAME ? 1 : 0;
    int[] arguments = {
      k.get(0), k.get(1), s.get(0), s.get(1), top, left, d.get(0), d.get(1), same, 0, 1
    };
    String op = (depthwise ? "depthwise_conv2d" : "conv2d") + suffix;
    Runnable work = () -> Ops.exec(op, in, out, arguments);
    if (d.get(0) == 1 && d.get(1) == 1) work.run();
    else NativeLibrary.withoutOneDnn(work);
  }

  private static INDArray[] join(INDArray first, INDArray[] others, INDArray... last) {
    return Stream.of(Stream.of(first), Stream.of(others), Stream.of(last))
        .flatMap(s -> s)
        .toArray(INDArray[]::new);
  }

  /** Kernel and, if there is one, bias of a group, or their gradients. */
  private INDArray[] weights(int group, boolean gradients) {
    INDArray[] all = new INDArray[layer.bias() ? 2 : 1];
    long filters = layer.filters() / groups;
    for (int i = 0; i < all.length; i++) {
      INDArray whole = gradients ? gradient(i) : value(i);
      all[i] = whole.get(NDArrayIndex.interval(group * filters, (group + 1) * filters));
    }
    if (groups == 1) all[0] = gradients ? gradient(0) : value(0);
    if (depthwise) {
      all[0] = all[0].reshape('c', 1, layer.filters(), all[0].size(2), all[0].size(3));
    }
    return all;
  }

  /** The channels of a group, where they lie. */
  private INDArray part(INDArray maps, int group) {
    long size = maps.size(1) / groups;
    return maps.get(NDArrayIndex.all(), NDArrayIndex.interval(group * size, (group + 1) * size));
  }

  private INDArray copy(INDArray maps, int group) {
    return groups == 1 ? maps : part(maps, group).dup('c');
  }

  private INDArray room(INDArray maps, int group) {
    return groups == 1 ? maps : Nd4j.createUninitialized(part(maps, group).shape());
  }

  private void putBack(INDArray maps, int group, INDArray part) {
    if (groups > 1) part(maps, group).assign(part);
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray x = border.around(in[0], 0);
    long rows = layer.windows(0).over((int) in[0].size(2)).count();
    long columns = layer.windows(1).over((int) in[0].size(3)).count();
    output = memory.take(x.size(0), layer.filters(), rows, columns);
    for (int g = 0; g < groups; g++) {
      INDArray y = room(output, g);
      run("", join(copy(x, g), weights(g, false)), y);
      putBack(output, g, y);
    }
    if (relu) Ops.scalar("relu", output, output, 0.0);
    return output;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray result = memory.take(in[0].shape());
    if (relu) Ops.run("relu_bp", gradient, output, gradient);
    INDArray x = border.around(in[0], 0);
    INDArray back = border.isEmpty() ? result : Nd4j.createUninitialized(x.shape());
    for (int g = 0; g < groups; g++) {
      INDArray gx = room(back, g);
      run(
          "_bp",
          join(copy(x, g), weights(g, false), copy(gradient, g)),
          join(gx, weights(g, true)));
      putBack(back, g, gx);
    }
    if (!border.isEmpty()) result.assign(border.inside(back));
    return new INDArray[] {result};
  }
}
