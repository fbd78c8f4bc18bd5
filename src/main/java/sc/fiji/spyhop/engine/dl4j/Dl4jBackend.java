package sc.fiji.spyhop.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.engine.graph.Backend;
import sc.fiji.spyhop.engine.graph.CompiledLayer;
import sc.fiji.spyhop.engine.graph.NativeHost;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.tensor.Tensor;

/** Feature maps and layers in the memory of ND4J. */
final class Dl4jBackend implements Backend<Block> {

  private final BlockPool pool = new BlockPool();

  @Override
  public CompiledLayer<Block> node(
      Layer layer, int number, List<Tensor> values, boolean trains, boolean frozen) {
    NativeLibrary.useFirstDevice();
    Dl4jNode node = layer.accept(new Dl4jNodes(number, frozen));
    List<Parameter> parameters = layer.parameters();
    List<Dl4jValue> slots = new ArrayList<>();
    try {
      for (int i = 0; i < values.size(); i++) {
        Parameter p = parameters.get(i);
        slots.add(new Dl4jValue(p, values.get(i), trains && !frozen && p.role().isTrained()));
      }
    } catch (RuntimeException | Error e) {
      slots.forEach(Dl4jValue::close);
      node.close();
      throw e;
    }
    node.attach(pool, List.copyOf(slots));
    return node;
  }

  @Override
  public Block copy(Tensor tensor) {
    NativeLibrary.useFirstDevice();
    return pool.copy(tensor);
  }

  @Override
  public Tensor read(Block map) {
    return map.toTensor();
  }

  @Override
  public Block add(Block a, Block b) {
    a.add(b);
    pool.give(b);
    return a;
  }

  @Override
  public void free(Block map) {
    pool.give(map);
  }

  @Override
  public void sizesChange() {
    pool.close();
  }

  @Override
  public void close() {
    pool.close();
    NativeHost.trim();
  }
}
