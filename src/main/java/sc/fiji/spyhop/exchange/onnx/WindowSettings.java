package sc.fiji.spyhop.exchange.onnx;

import static java.util.Collections.nCopies;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.exchange.graph.Feature;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;

/** The window of a convolution or a pooling, as its node says. */
final class WindowSettings {

  private WindowSettings() {}

  static Window window(NodeCall n, Feature in, List<Integer> kernel) {
    int rank = kernel.size();
    List<Integer> one = nCopies(rank, 1);
    List<Integer> stride = n.settings.ints("strides", one);
    List<Integer> dilation = n.settings.ints("dilations", one);
    return new Window(kernel, stride, dilation, border(n, in, kernel, stride, dilation));
  }

  static Border border(
      NodeCall n, Feature in, List<Integer> kernel, List<Integer> stride, List<Integer> dilation) {
    int rank = kernel.size();
    return switch (n.settings.text("auto_pad", "NOTSET")) {
      case "SAME_UPPER" -> new Border.Same();
      case "SAME_LOWER" -> sameLower(in, kernel, stride, dilation);
      case "VALID" -> Border.none(rank);
      default -> {
        List<Integer> pads = n.settings.ints("pads", nCopies(2 * rank, 0));
        yield new Border.Zeros(pads.subList(0, rank), pads.subList(rank, 2 * rank));
      }
    };
  }

  /** The odd zero in front: how many there are depends on the size. */
  private static Border sameLower(
      Feature in, List<Integer> kernel, List<Integer> stride, List<Integer> dilation) {
    if (!in.shape().isFixed()) throw new Unsupported("SAME_LOWER for images of any size");
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < kernel.size(); i++) {
      int size = in.shape().space().get(i);
      if (!in.margin().isEmpty()) {
        size += in.margin().get(i) + in.margin().get(i + kernel.size());
      }
      int step = stride.get(i);
      int extent = (kernel.get(i) - 1) * dilation.get(i) + 1;
      int missing = Math.max(0, ((size + step - 1) / step - 1) * step + extent - size);
      after.add(missing / 2);
      before.add(missing - missing / 2);
    }
    return new Border.Zeros(before, after);
  }
}
