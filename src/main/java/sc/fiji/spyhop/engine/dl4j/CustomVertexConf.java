package sc.fiji.spyhop.engine.dl4j;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What Deeplearning4j keeps of a {@link CustomVertex}; the graph itself knows the rest. */
public final class CustomVertexConf extends GraphVertex {

  /** Number of its parameters. */
  public long parameters;

  @Override
  public GraphVertex clone() {
    CustomVertexConf copy = new CustomVertexConf();
    copy.parameters = parameters;
    return copy;
  }

  @Override
  public long numParams(boolean backprop) {
    return parameters;
  }

  @Override
  public int minVertexInputs() {
    return 1;
  }

  @Override
  public int maxVertexInputs() {
    return Integer.MAX_VALUE;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    CustomVertex vertex = ((CompiledGraph) graph).custom(name);
    vertex.attach(graph, name, index, parameters);
    return vertex;
  }

  @Override
  public InputType getOutputType(int index, InputType... inputs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CustomVertexConf c && parameters == c.parameters;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(parameters);
  }
}
