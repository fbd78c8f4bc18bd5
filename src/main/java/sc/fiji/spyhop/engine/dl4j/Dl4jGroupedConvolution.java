package sc.fiji.spyhop.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Convolution;

/** Convolution in groups, one after the other. */
final class Dl4jGroupedConvolution extends Dl4jNode {

  private final Convolution layer;
  private final Dl4jConvolution single;
  private final int channels;
  private final int filters;

  Dl4jGroupedConvolution(Convolution l) {
    layer = l;
    single = new Dl4jConvolution(l);
    channels = l.channels() / l.groups();
    filters = l.filters() / l.groups();
  }

  @Override
  public boolean needsInput() {
    return true;
  }

  @Override
  void forward(Block[] in, Block out, Mode mode, BlockPool pool) {
    Block x = part(in[0], channels, pool);
    Block y = part(out, filters, pool);
    for (int g = 0; g < layer.groups(); g++) {
      x.channels(0, channels).assign(in[0].channels(g * channels, channels));
      single.slots = valuesOf(g);
      single.forward(new Block[] {x}, y, mode, pool);
      out.channels(g * filters, filters).assign(y.channels(0, filters));
    }
    pool.give(x);
    pool.give(y);
  }

  @Override
  void backward(
      Block[] in, Block out, Block gradient, Block[] inGradients, Mode mode, BlockPool pool) {
    Block x = part(in[0], channels, pool);
    Block gx = inGradients[0] == null ? null : pool.take(x.shape());
    Block gy = part(gradient, filters, pool);
    for (int g = 0; g < layer.groups(); g++) {
      x.channels(0, channels).assign(in[0].channels(g * channels, channels));
      gy.channels(0, filters).assign(gradient.channels(g * filters, filters));
      single.slots = valuesOf(g);
      single.backward(new Block[] {x}, out, gy, new Block[] {gx}, mode, pool);
      if (gx != null)
        inGradients[0].channels(g * channels, channels).assign(gx.channels(0, channels));
    }
    pool.give(x);
    pool.give(gy);
    if (gx != null) pool.give(gx);
  }

  private static Block part(Block maps, int count, BlockPool pool) {
    return pool.take(maps.size(0), count, maps.size(2), maps.size(3));
  }

  /** The filters of a group, where they lie. */
  private List<Dl4jValue> valuesOf(int group) {
    List<Dl4jValue> values = new ArrayList<>();
    for (Dl4jValue v : slots) values.add(v.part(group * filters, filters));
    return values;
  }
}
