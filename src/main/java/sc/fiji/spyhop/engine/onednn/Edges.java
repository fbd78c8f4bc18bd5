package sc.fiji.spyhop.engine.onednn;

import java.util.Collections;
import java.util.List;
import sc.fiji.spyhop.network.Layer;

/** How a layer's windows meet the border: the padding that oneDNN wants to be told. */
record Edges(
    List<Integer> kernel, List<Integer> stride, List<Integer> dilation, Layer.Padding padding) {

  static Edges dense(List<Integer> kernel, List<Integer> stride, Layer.Padding padding) {
    return new Edges(kernel, stride, Collections.nCopies(kernel.size(), 1), padding);
  }

  /** What the windows reach beyond the values, in front and behind, along one dimension. */
  private int missing(int i, int[] in, int[] out) {
    int extent = (kernel.get(i) - 1) * dilation.get(i) + 1;
    return (out[2 + i] - 1) * stride.get(i) + extent - in[2 + i];
  }

  /** Rows above, columns to the left. */
  long[] before(int[] in, int[] out) {
    long[] result = new long[kernel.size()];
    for (int i = 0; i < result.length; i++) {
      if (padding instanceof Layer.Padding.Explicit e) {
        result[i] = e.before().get(i);
      } else if (padding == Layer.Padding.SAME) {
        result[i] = Math.max(0, missing(i, in, out)) / 2;
      }
    }
    return result;
  }

  /** Rows below, columns to the right, with those that ceil mode adds. */
  long[] after(int[] in, int[] out) {
    long[] result = new long[kernel.size()];
    long[] before = before(in, out);
    for (int i = 0; i < result.length; i++) {
      int own = padding instanceof Layer.Padding.Explicit e ? e.after().get(i) : 0;
      result[i] = Math.max(own, missing(i, in, out) - before[i]);
    }
    return result;
  }
}
