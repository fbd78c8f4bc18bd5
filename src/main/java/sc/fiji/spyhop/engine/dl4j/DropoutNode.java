package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Parallel;
import sc.fiji.spyhop.network.Layer;

/** Dropout; which values go depends on the seed and their place only. */
final class DropoutNode extends Node {

  private final double rate;
  private final long number;

  DropoutNode(Layer.Dropout layer, int number) {
    rate = layer.rate();
    this.number = number;
  }

  @Override
  boolean worksInPlace() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    if (in[0] != out) out.copyFrom(in[0]);
    apply(out, mode);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    apply(gradient, mode);
  }

  /** Each value's fate hangs on seed, layer and position alone, so that it can be repeated. */
  private void apply(Block block, Mode mode) {
    if (!mode.training() || rate == 0) return;
    long seed = mix(mode.dropoutSeed() + number * 0x9e3779b97f4a7c15L);
    float scale = (float) (1 / (1 - rate));
    Parallel.ranges(
        block.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            double u = (mix(seed + i * 0x9e3779b97f4a7c15L) >>> 11) * 0x1p-53;
            block.data.put(i, u < rate ? 0 : block.data.get(i) * scale);
          }
        });
  }

  /** The finaliser of SplitMix64 (Steele et al. 2014). */
  static long mix(long h) {
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
