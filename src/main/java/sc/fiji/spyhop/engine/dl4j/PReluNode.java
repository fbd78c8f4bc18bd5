package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.engine.graph.Mode;

/** ReLU with a slope for negative values that is learned. */
final class PReluNode extends Dl4jNode {

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    int channels = out.size(1);
    int space = out.space();
    Parallel.each(
        out.size(0) * channels,
        out.length,
        p -> {
          float slope = slots.get(0).value.data.get(p % channels);
          float[] plane = new float[space];
          in[0].data.get(p * space, plane);
          for (int i = 0; i < space; i++) if (plane[i] < 0) plane[i] *= slope;
          out.data.put(p * space, plane);
        });
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    int channels = gradient.size(1);
    int space = gradient.space();
    Parallel.each(
        channels,
        gradient.length,
        c -> {
          float slope = slots.get(0).value.data.get(c);
          float[] x = new float[space];
          float[] g = new float[space];
          double sum = 0;
          for (int n = 0; n < gradient.size(0); n++) {
            int at = (n * channels + c) * space;
            in[0].data.get(at, x);
            gradient.data.get(at, g);
            for (int i = 0; i < space; i++) {
              if (x[i] >= 0) continue;
              sum += x[i] * g[i];
              g[i] *= slope;
            }
            if (inGradients[0] != null) inGradients[0].data.put(at, g);
          }
          if (isTrained()) slots.get(0).gradient.data.put(c, (float) sum);
        });
  }
}
