package sc.fiji.spyhop.explain;

import sc.fiji.spyhop.tensor.Tensor;

/**
 * A number that a network says of what it is shown: a weighted sum of one of its outputs. Before
 * the output's function, the same sum of logits is what gradients are taken of.
 *
 * @param name class, or what is measured
 * @param head which of the outputs, from 0
 * @param logits name of the layer that gives the logits
 * @param weight of the shape of that output for one image
 * @param offset added to the sum
 * @param reported whether the model says so, there or of the image; a class that is not the most
 *     likely one, and an object where there is none, can be asked about as well
 */
record Subject(
    String name, int head, String logits, Tensor weight, double offset, boolean reported) {

  /**
   * The number of each image.
   *
   * @param maps of the output, or of its logits, for a batch
   */
  double[] numbers(Tensor maps) {
    double[] numbers = new double[maps.size(0)];
    float[] values = maps.data();
    float[] weights = weight.data();
    for (int i = 0; i < values.length; i++) {
      numbers[i / weights.length] += (double) values[i] * weights[i % weights.length];
    }
    for (int i = 0; i < numbers.length; i++) numbers[i] += offset;
    return numbers;
  }

  /** The weights for each image of a batch. */
  Tensor weights(int images) {
    float[] data = new float[Math.multiplyExact(images, weight.length())];
    for (int i = 0; i < images; i++) {
      System.arraycopy(weight.data(), 0, data, i * weight.length(), weight.length());
    }
    int[] shape = weight.shape();
    shape[0] = images;
    return new Tensor(weight.axes(), shape, data);
  }
}
