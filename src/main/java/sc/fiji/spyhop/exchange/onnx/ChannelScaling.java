package sc.fiji.spyhop.exchange.onnx;

import java.util.Optional;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/** What batch norm does in prediction: {@code y = factor * x + summand} per channel. */
record ChannelScaling(double[] factors, double[] summands) {

  static ChannelScaling of(BatchNorm norm, Weights weights) {
    float[] scale = weights.get(norm.name() + ".weight").data();
    float[] shift = weights.get(norm.name() + ".bias").data();
    float[] mean = weights.get(norm.name() + ".running_mean").data();
    float[] variance = weights.get(norm.name() + ".running_var").data();
    double[] factors = new double[norm.channels()];
    double[] summands = new double[norm.channels()];
    for (int c = 0; c < factors.length; c++) {
      factors[c] = scale[c] / Math.sqrt(variance[c] + norm.epsilon());
      summands[c] = shift[c] - factors[c] * mean[c];
    }
    return new ChannelScaling(factors, summands);
  }

  /** The weight of a layer that does the scaling as well. */
  Tensor scaledWeight(Tensor weight, int channelAxis) {
    int inner = 1;
    for (int i = channelAxis + 1; i < weight.rank(); i++) inner *= weight.size(i);
    float[] values = weight.data().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factors[i / inner % factors.length]);
    }
    return new Tensor(weight.axes(), weight.shape(), values);
  }

  Tensor scaledBias(Optional<Tensor> bias) {
    float[] values = new float[factors.length];
    for (int c = 0; c < values.length; c++) {
      int channel = c;
      double before = bias.map(b -> b.data()[channel]).orElse(0f);
      values[c] = (float) (factors[c] * before + summands[c]);
    }
    return new Tensor(Axes.C, new int[] {values.length}, values);
  }
}
