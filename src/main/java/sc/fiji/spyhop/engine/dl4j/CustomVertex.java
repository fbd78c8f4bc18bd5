package sc.fiji.spyhop.engine.dl4j;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sc.fiji.spyhop.engine.graph.Mode;
import sc.fiji.spyhop.network.Parameter;

/**
 * A layer of ours in a graph of Deeplearning4j, for what its own layers compute otherwise. Arrays
 * are of floats, NCHW or NC, with their values row by row.
 */
abstract class CustomVertex extends BaseGraphVertex {

  private final transient List<Parameter> parameters;
  private transient INDArray values;
  private transient INDArray gradients;

  CustomVertex(List<Parameter> parameters) {
    super(null, "", 0, null, null, DataType.FLOAT);
    this.parameters = parameters;
  }

  /** Where an array is to lie that a vertex returns. */
  interface Memory {
    /** An array with undefined values. */
    INDArray take(long... shape);
  }

  final void attach(ComputationGraph graph, String name, int index, INDArray parameterValues) {
    setGraph(graph);
    setVertexName(name);
    setVertexIndex(index);
    values = parameterValues;
  }

  /** Computes the layer; what it returns is taken from the memory. */
  abstract INDArray forward(INDArray[] in, Mode mode, Memory memory);

  /**
   * Takes a gradient back; fills in the gradients of its parameters.
   *
   * @param gradient of the output
   * @return those of the inputs, taken from the memory
   */
  abstract INDArray[] backward(INDArray[] in, INDArray gradient, Mode mode, Memory memory);

  /** Makes changes of a training step last that are not made by gradient descent. */
  void commit() {}

  /** Frees what it holds besides its parameters. */
  void close() {}

  /** A parameter, in its shape. */
  final INDArray value(int index) {
    return part(values, index);
  }

  /** Where the gradient of a parameter is to be written. */
  final INDArray gradient(int index) {
    return part(gradients, index);
  }

  private INDArray part(INDArray all, int index) {
    long from = 0;
    for (int i = 0; i < index; i++) from += parameters.get(i).length();
    Parameter p = parameters.get(index);
    return all.reshape(all.length())
        .get(NDArrayIndex.interval(from, from + p.length()))
        .reshape('c', p.shape().stream().mapToLong(Integer::longValue).toArray());
  }

  /** The same values as samples, channels and places. */
  static INDArray places(INDArray maps) {
    return maps.reshape('c', maps.size(0), maps.size(1), space(maps));
  }

  /** Product of the spatial sizes. */
  static long space(INDArray maps) {
    return maps.length() / maps.size(0) / maps.size(1);
  }

  /** One value for each channel, to be used together with {@link #places}. */
  static INDArray perChannel(INDArray values) {
    return values.reshape('c', 1, values.length(), 1);
  }

  private static INDArray[] dense(INDArray[] arrays) {
    return Arrays.stream(arrays).map(HostArray::dense).toArray(INDArray[]::new);
  }

  private Mode mode() {
    return ((CompiledGraph) getGraph()).mode();
  }

  @Override
  public final INDArray doForward(boolean training, LayerWorkspaceMgr manager) {
    return forward(
        dense(getInputs()),
        mode(),
        shape -> manager.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c'));
  }

  @Override
  public final Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr manager) {
    return new Pair<>(
        null,
        backward(
            dense(getInputs()),
            HostArray.dense(getEpsilon()),
            mode(),
            shape ->
                manager.createUninitialized(
                    ArrayType.ACTIVATION_GRAD, DataType.FLOAT, shape, 'c')));
  }

  @Override
  public final boolean hasLayer() {
    return false;
  }

  @Override
  public final Layer getLayer() {
    return null;
  }

  @Override
  public final long numParams() {
    return values == null ? 0 : values.length();
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray view) {
    gradients = view;
  }

  @Override
  public final Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int minibatch) {
    return null;
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "(" + getVertexName() + ")";
  }
}
