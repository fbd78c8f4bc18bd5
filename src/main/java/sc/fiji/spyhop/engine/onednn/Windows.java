package sc.fiji.spyhop.engine.onednn;

import java.util.Collections;
import java.util.List;
import sc.fiji.spyhop.network.Layer;

/** Where the windows of a layer begin and end: the padding that oneDNN wants to be told. */
record Windows(
    List<Integer> kernel, List<Integer> stride, List<Integer> dilation, Layer.Padding padding) {

  static Windows dense(List<Integer> kernel, List<Integer> stride, Layer.Padding padding) {
    return new Windows(kernel, stride, Collections.nCopies(kernel.size(), 1), padding);
  }

  /** Rows above, columns to the left. */
  long[] before(int[] in, int[] out) {
    return padding(in, out, false);
  }

  /** Rows below, columns to the right. */
  long[] after(int[] in, int[] out) {
    return padding(in, out, true);
  }

  private long[] padding(int[] in, int[] out, boolean after) {
    long[] result = new long[kernel.size()];
    for (int i = 0; i < result.length; i++) {
      long reach = (long) (kernel.get(i) - 1) * dilation.get(i) + 1;
      long missing = (out[2 + i] - 1L) * stride.get(i) + reach - in[2 + i];
      if (padding == Layer.Padding.SAME) {
        long total = Math.max(0, missing);
        result[i] = after ? total - total / 2 : total / 2;
      }
    }
    return result;
  }
}
