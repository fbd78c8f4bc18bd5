package sc.fiji.spyhop.network;

import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.PoolingKind;

/** MobileNetV2 (Sandler et al. 2018), layers named as in torchvision. */
final class MobileNetV2 {

  /** Expansion, channels, repeats, stride: table 2 of the paper. */
  private static final int[][] STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  private MobileNetV2() {}

  static Network network(Shape input, int classes) {
    NetworkBuilder b = NetworkBuilder.input("image", input).bias(false);
    normalised(b, "features.0.0", "features.0.1", 32, 3, 2, 1);
    b.activation(Function.RELU6);
    int block = 1;
    for (int[] stage : STAGES) {
      for (int i = 0; i < stage[2]; i++) {
        block(b, "features." + block++, stage[0], stage[1], i == 0 ? stage[3] : 1);
      }
    }
    normalised(b, "features.18.0", "features.18.1", 1280, 1, 1, 1);
    return b.activation(Function.RELU6)
        .globalPool("avgpool", PoolingKind.AVERAGE)
        .dropout(0.2)
        .bias(true)
        .dense("classifier.1", classes)
        .activation("prob", Function.SOFTMAX)
        .build();
  }

  private static void block(NetworkBuilder b, String name, int expansion, int out, int stride) {
    String shortcut = b.here();
    int in = b.shape().channels();
    int wide = in * expansion;
    int at = 0;
    if (expansion > 1) {
      String expand = name + ".conv." + at++;
      normalised(b, expand + ".0", expand + ".1", wide, 1, 1, 1);
      b.activation(Function.RELU6);
    }
    String filter = name + ".conv." + at++;
    normalised(b, filter + ".0", filter + ".1", wide, 3, stride, wide);
    b.activation(Function.RELU6);
    normalised(b, name + ".conv." + at, name + ".conv." + (at + 1), out, 1, 1, 1);
    if (stride == 1 && in == out) b.add(name + ".add", shortcut);
  }

  private static void normalised(
      NetworkBuilder b, String name, String norm, int filters, int kernel, int stride, int groups) {
    b.padHalf(kernel, stride).convolution(name, filters, kernel, stride, 1, groups);
    b.batchNorm(norm, NetworkBuilder.EPSILON);
  }
}
