package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;

/** Joins along channels. */
final class ConcatNode extends Dl4jNode {

  private int[] channels;

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    channels = Arrays.stream(in).mapToInt(b -> b.size(1)).toArray();
    copy(in, out, true);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    copy(inGradients, gradient, false);
  }

  private void copy(Block[] parts, Block whole, boolean join) {
    int samples = whole.size(0);
    int space = whole.space();
    int total = whole.size(1);
    Parallel.each(
        samples * parts.length,
        whole.length,
        task -> {
          int n = task / parts.length;
          int k = task % parts.length;
          if (parts[k] == null) return;
          int before = 0;
          for (int i = 0; i < k; i++) before += channels[i];
          int at = (n * total + before) * space;
          int length = channels[k] * space;
          if (join) {
            whole.data.put(at, parts[k].data, n * length, length);
          } else {
            parts[k].data.put(n * length, whole.data, at, length);
          }
        });
  }
}
