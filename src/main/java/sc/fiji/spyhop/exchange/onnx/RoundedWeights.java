package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.ByteString;
import java.util.Optional;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Weight and bias of a layer as whole numbers of steps, those of each output channel of a size of
 * their own: {@code weight = step * whole}, {@code bias = step * input step * whole}.
 *
 * @param steps for each output channel
 * @param weight one byte each, in the order of the weight
 * @param bias in 32 bits, for each output channel; absent as it is in the layer
 */
record RoundedWeights(float[] steps, ByteString weight, Optional<int[]> bias) {

  /**
   * The largest weight in steps. Processors without instructions for eight bits add two products of
   * a weight and a value in 16 bits, cutting off what is above 32,767; 2 * 64 * 255 is not.
   */
  private static final int MAX = 64;

  /** The largest bias in steps, so that sums with it stay far below what 32 bits hold. */
  private static final double MAX_BIAS = 1 << 30;

  /**
   * @param weight output channels first
   * @param inputStep of the map that the layer reads
   */
  static RoundedWeights of(Tensor weight, Optional<Tensor> bias, float inputStep) {
    int channels = weight.size(0);
    int inner = weight.length() / channels;
    float[] steps = new float[channels];
    byte[] whole = new byte[weight.length()];
    for (int c = 0; c < channels; c++) {
      double largest = 0;
      for (int i = c * inner; i < (c + 1) * inner; i++) {
        largest = Math.max(largest, Math.abs(weight.data()[i]));
      }
      int channel = c;
      double added = bias.map(b -> Math.abs(b.data()[channel])).orElse(0f);
      double step = Math.max(largest / MAX, added / inputStep / MAX_BIAS);
      steps[c] = Math.max(Float.MIN_NORMAL, (float) step);
      for (int i = c * inner; i < (c + 1) * inner; i++) {
        whole[i] = (byte) Math.max(-MAX, Math.min(MAX, Math.rint(weight.data()[i] / steps[c])));
      }
    }
    return new RoundedWeights(
        steps, ByteString.copyFrom(whole), bias.map(b -> rounded(b.data(), steps, inputStep)));
  }

  private static int[] rounded(float[] bias, float[] steps, float inputStep) {
    int[] whole = new int[bias.length];
    for (int c = 0; c < whole.length; c++) {
      whole[c] = (int) Math.rint(bias[c] / (double) (steps[c] * inputStep));
    }
    return whole;
  }

  /** Steps of the bias. */
  float[] biasSteps(float inputStep) {
    float[] all = steps.clone();
    for (int c = 0; c < all.length; c++) all[c] *= inputStep;
    return all;
  }
}
