package sc.fiji.spyhop.engine.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Convolution;
import sc.fiji.spyhop.network.Padding;

/**
 * Convolution in groups: of each channel by itself at once, of others one group after the other.
 * Deeplearning4j has the former with its weights in another order.
 */
final class GroupedConvolutionVertex extends CustomVertex {

  private final transient Convolution layer;
  private final transient ConvolutionOps ops;
  private final transient Border border;
  private final boolean depthwise;
  private final int groups;
  private final int channels;
  private final int filters;

  GroupedConvolutionVertex(Convolution l) {
    super(l.parameters());
    layer = l;
    depthwise = l.groups() == l.channels() && l.groups() == l.filters();
    ops = ConvolutionOps.of(depthwise ? "depthwise_conv2d" : "conv2d", l);
    groups = depthwise ? 1 : l.groups();
    channels = l.channels() / groups;
    filters = l.filters() / groups;
    Padding p = l.padding();
    border = new Border(p.before(0), p.after(0), p.before(1), p.after(1));
  }

  private static INDArray group(INDArray maps, int group, int size) {
    return maps.get(
        NDArrayIndex.all(), NDArrayIndex.interval(group * (long) size, (group + 1L) * size));
  }

  private INDArray part(INDArray parameter, int group) {
    INDArray part =
        parameter.get(NDArrayIndex.interval(group * (long) filters, (group + 1L) * filters));
    if (!depthwise || part.rank() == 1) return part;
    return part.reshape('c', 1, part.size(0), part.size(2), part.size(3));
  }

  private INDArray[] weights(int group, boolean gradients) {
    INDArray[] all = new INDArray[layer.bias() ? 2 : 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = part(gradients ? gradient(i) : value(i), group);
    }
    return all;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray x = border.isEmpty() ? in[0] : border.around(in[0], 0);
    long[] space = ops.outputSize(x);
    INDArray y = memory.take(x.size(0), layer.filters(), space[0], space[1]);
    for (int g = 0; g < groups; g++) {
      if (groups == 1) {
        ops.forward(x, weights(g, false), y);
        continue;
      }
      INDArray part = Nd4j.createUninitialized(x.size(0), filters, space[0], space[1]);
      ops.forward(group(x, g, channels).dup('c'), weights(g, false), part);
      group(y, g, filters).assign(part);
    }
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray result = memory.take(in[0].shape());
    INDArray x = border.isEmpty() ? in[0] : border.around(in[0], 0);
    INDArray back = border.isEmpty() ? result : Nd4j.createUninitialized(x.shape());
    for (int g = 0; g < groups; g++) {
      INDArray[] w = weights(g, false);
      INDArray[] gw = weights(g, true);
      if (groups == 1) {
        ops.backward(x, w, gradient, back, gw);
        continue;
      }
      INDArray part = group(x, g, channels).dup('c');
      INDArray partBack = Nd4j.createUninitialized(part.shape());
      ops.backward(part, w, group(gradient, g, filters).dup('c'), partBack, gw);
      group(back, g, channels).assign(partBack);
    }
    if (!border.isEmpty()) result.assign(border.inside(back));
    return new INDArray[] {result};
  }
}
