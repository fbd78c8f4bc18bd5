package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import sc.fiji.spyhop.engine.graph.LinearMap;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;

/** What moves or mixes values in Java, by the processor. */
final class LinearVertex extends CustomVertex {

  private final Layer layer;
  private final LinearMap map;

  LinearVertex(Layer layer, LinearMap map) {
    super(List.of());
    this.layer = layer;
    this.map = map;
  }

  private static int[] sizes(INDArray x) {
    return Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray();
  }

  private int[] outSizes(INDArray x) {
    int[] in = sizes(x);
    List<Integer> space = Arrays.stream(in).skip(2).boxed().toList();
    Shape out = Shapes.after(layer, List.of(new Shape(in[1], space)));
    int[] sizes = new int[out.rank() + 2];
    sizes[0] = in[0];
    sizes[1] = out.channels();
    for (int d = 0; d < out.rank(); d++) sizes[d + 2] = out.space().get(d);
    return sizes;
  }

  @Override
  INDArray forward(INDArray[] in, Mode mode, Memory memory) {
    INDArray x = in[0];
    int[] out = outSizes(x);
    INDArray y = memory.take(Arrays.stream(out).asLongStream().toArray());
    HostArray.toHost(x);
    map.forward(sizes(x), HostArray.values(x), out, HostArray.values(y));
    HostArray.fromHost(y);
    return y;
  }

  @Override
  INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory) {
    INDArray back = memory.take(in[0].shape());
    HostArray.toHost(gradient);
    map.backward(sizes(in[0]), HostArray.values(back), outSizes(in[0]), HostArray.values(gradient));
    HostArray.fromHost(back);
    return new INDArray[] {back};
  }
}
