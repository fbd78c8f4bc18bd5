package sc.fiji.spyhop.engine.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.AlgoMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdDataAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.BwdFilterAlgo;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer.FwdAlgo;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What Deeplearning4j's convolution asks to compute. Its own helper for oneDNN fails where there is
 * dilation, and has none for cuDNN here; ND4J's operations find either by themselves.
 */
final class ConvolutionOpsHelper implements ConvolutionHelper {

  private static ConvolutionOps ops(
      int[] kernel, int[] stride, int[] padding, ConvolutionMode mode, int[] dilation) {
    boolean same = mode == ConvolutionMode.Same;
    return new ConvolutionOps("conv2d", kernel, stride, dilation, padding, same);
  }

  private static INDArray[] weights(INDArray kernel, INDArray bias) {
    return bias == null
        ? new INDArray[] {kernel}
        : new INDArray[] {kernel, bias.reshape(bias.length())};
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      INDArray weights,
      INDArray bias,
      int[] kernel,
      int[] stride,
      int[] padding,
      AlgoMode algorithm,
      FwdAlgo forward,
      ConvolutionMode mode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr manager) {
    INDArray x = HostArray.dense(input);
    ConvolutionOps ops = ops(kernel, stride, padding, mode, dilation);
    long[] space = ops.outputSize(x);
    INDArray y =
        manager.createUninitialized(
            ArrayType.ACTIVATIONS,
            DataType.FLOAT,
            new long[] {x.size(0), weights.size(0), space[0], space[1]},
            'c');
    ops.forward(x, weights(weights, bias), y);
    return y;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray weights,
      INDArray bias,
      INDArray delta,
      int[] kernel,
      int[] stride,
      int[] padding,
      INDArray biasGradient,
      INDArray weightGradient,
      IActivation function,
      AlgoMode algorithm,
      BwdFilterAlgo backFilter,
      BwdDataAlgo backData,
      ConvolutionMode mode,
      int[] dilation,
      CNN2DFormat format,
      LayerWorkspaceMgr manager) {
    INDArray x = HostArray.dense(input);
    INDArray back =
        manager.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, x.shape(), 'c');
    ops(kernel, stride, padding, mode, dilation)
        .backward(
            x,
            weights(weights, bias),
            HostArray.dense(delta),
            back,
            weights(weightGradient, bias == null ? null : biasGradient));
    Gradient gradients = new DefaultGradient();
    gradients.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
    return new Pair<>(gradients, back);
  }

  @Override
  public INDArray activate(INDArray z, IActivation function, boolean training) {
    return function.getActivation(z, training);
  }

  @Override
  public boolean checkSupported() {
    return true;
  }

  @Override
  public Map<String, Long> helperMemoryUse() {
    return Map.of();
  }
}
