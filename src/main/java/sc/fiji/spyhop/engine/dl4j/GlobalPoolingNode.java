package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;

/** One number per channel. */
final class GlobalPoolingNode extends Dl4jNode {

  private final boolean max;
  private int[] shape;

  GlobalPoolingNode(Layer.GlobalPooling layer) {
    max = layer.kind() == Layer.PoolingKind.MAX;
  }

  @Override
  public boolean needsInput() {
    return max;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    int space = in[0].space();
    Parallel.each(
        out.length,
        in[0].length,
        i -> {
          float[] plane = new float[space];
          in[0].data.get(i * space, plane);
          if (max) {
            out.data.put(i, plane[argMax(plane)]);
          } else {
            double sum = 0;
            for (float v : plane) sum += v;
            out.data.put(i, (float) (sum / space));
          }
        });
  }

  private static int argMax(float[] plane) {
    int best = 0;
    for (int j = 1; j < plane.length; j++) if (plane[j] > plane[best]) best = j;
    return best;
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    if (inGradients[0] == null) return;
    int space = inGradients[0].space();
    Parallel.each(
        gradient.length,
        inGradients[0].length,
        i -> {
          float[] plane = new float[space];
          if (max) {
            in[0].data.get(i * space, plane);
            int best = argMax(plane);
            Arrays.fill(plane, 0);
            plane[best] = gradient.data.get(i);
          } else {
            Arrays.fill(plane, gradient.data.get(i) / space);
          }
          inGradients[0].data.put(i * space, plane);
        });
  }
}
