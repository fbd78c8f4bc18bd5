package sc.fiji.spyhop.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import sc.fiji.spyhop.engine.graph.Pass;

/** Joins along channels. */
final class OneDnnConcat extends OneDnnNode {

  private static final int CHANNELS = 1;

  private final Cache<List<Layout>, Primitive> cache = new Cache<>(SIZES);

  /** How the parts lay that were joined last. */
  private List<Layout> latest = List.of();

  OneDnnConcat(Maps maps) {
    super(maps);
  }

  private static Primitive compile(List<Layout> parts) {
    memory_desc_vector descs =
        new memory_desc_vector(parts.stream().map(Layout::desc).toArray(memory.desc[]::new));
    int[] arguments = new int[parts.size() + 1];
    for (int k = 0; k < parts.size(); k++) arguments[k] = DNNL_ARG_MULTIPLE_SRC + k;
    arguments[parts.size()] = DNNL_ARG_DST;
    return new Primitive(
        new concat.primitive_desc(
            OneDnn.engine(), CHANNELS, descs, Primitive.plainAttributes(), false),
        arguments);
  }

  /** That of all parts, which may differ. */
  private static DataType type(Pass<Blob> pass) {
    if (pass.isExact()) return DataType.F32;
    return IntStream.range(0, pass.inputs())
        .mapToObj(k -> pass.in(k).layout().type())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  @Override
  public Blob forward(Pass<Blob> pass) {
    Blob[] blobs = new Blob[pass.inputs() + 1];
    List<Layout> layouts = new ArrayList<>();
    DataType type = type(pass);
    for (int k = 0; k < pass.inputs(); k++) {
      blobs[k] = maps.in(pass.in(k), pass.in(k).layout().in(type));
      layouts.add(blobs[k].layout());
    }
    latest = List.copyOf(layouts);
    Primitive p = cache.get(latest, () -> compile(latest));
    Blob y = maps.take(p.layout(DNNL_ARG_DST));
    blobs[pass.inputs()] = y;
    p.run(maps, blobs);
    for (int k = 0; k < pass.inputs(); k++) maps.freeUnless(blobs[k], pass.in(k));
    return y;
  }

  @Override
  public void backward(Pass<Blob> pass, Blob gradient) {
    Blob g = gradient;
    int from = 0;
    for (int k = 0; k < pass.inputs(); k++) {
      Layout part = latest.get(k);
      if (pass.asks(k)) {
        Layout seen = g.layout().channels(from, part.size(CHANNELS));
        if (seen == null) {
          // blocks of channels cannot be cut
          g = maps.turn(g, Layout.plain(pass.outShape()));
          seen = g.layout().channels(from, part.size(CHANNELS));
        }
        Blob gx = maps.take(part);
        maps.copy(g.as(seen), gx);
        pass.give(k, gx);
      }
      from += part.size(CHANNELS);
    }
    maps.free(g);
  }
}
