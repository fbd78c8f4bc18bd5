package sc.fiji.spyhop.engine.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Deeplearning4j's convolution, which would be computed once more on the way back, to learn where
 * its function bends. The identity bends nowhere, and of a ReLU what came out tells.
 */
final class ConvolutionOnce extends ConvolutionLayer {

  private static final long serialVersionUID = 1;

  private transient INDArray output;

  ConvolutionOnce(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
    helper = new ConvolutionOpsHelper();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr manager) {
    output = super.activate(training, manager);
    return output;
  }

  @Override
  protected Pair<INDArray, INDArray> preOutput4d(
      boolean training, boolean forBackprop, LayerWorkspaceMgr manager) {
    return new Pair<>(output, null);
  }
}
