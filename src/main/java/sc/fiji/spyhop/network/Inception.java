package sc.fiji.spyhop.network;

import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.PoolingKind;

/** GoogLeNet (Szegedy et al. 2015) with batch norm, layers named as in torchvision. */
final class Inception {

  private static final double EPSILON = 1e-3;

  private final NetworkBuilder b;

  private Inception(Shape input) {
    b = NetworkBuilder.input("image", input).bias(false);
  }

  static Network network(Shape input, int classes) {
    return new Inception(input).build(classes);
  }

  private Network build(int classes) {
    convolution("conv1", 64, 7, 2);
    b.maxPoolCeil("maxpool1", 3, 2);
    convolution("conv2", 64, 1, 1);
    convolution("conv3", 192, 3, 1);
    b.maxPoolCeil("maxpool2", 3, 2);
    block("inception3a", 64, 96, 128, 16, 32, 32);
    block("inception3b", 128, 128, 192, 32, 96, 64);
    b.maxPoolCeil("maxpool3", 3, 2);
    block("inception4a", 192, 96, 208, 16, 48, 64);
    block("inception4b", 160, 112, 224, 24, 64, 64);
    block("inception4c", 128, 128, 256, 24, 64, 64);
    block("inception4d", 112, 144, 288, 32, 64, 64);
    block("inception4e", 256, 160, 320, 32, 128, 128);
    b.maxPoolCeil("maxpool4", 2, 2);
    block("inception5a", 256, 160, 320, 32, 128, 128);
    block("inception5b", 384, 192, 384, 48, 128, 128);
    return b.globalPool("avgpool", PoolingKind.AVERAGE)
        .dropout(0.2)
        .bias(true)
        .dense("fc", classes)
        .activation("prob", Function.SOFTMAX)
        .build();
  }

  private void convolution(String name, int filters, int kernel, int stride) {
    b.padHalf(kernel, stride).convolution(name + ".conv", filters, kernel, stride, 1);
    b.batchNorm(name + ".bn", EPSILON).relu();
  }

  /** Channels of the four branches: 1 x 1; reduced and 3 x 3; the same again; pooled. */
  private void block(String name, int ones, int in3, int out3, int in5, int out5, int pooled) {
    String from = b.here();
    convolution(name + ".branch1", ones, 1, 1);
    String branch1 = b.here();
    b.from(from);
    convolution(name + ".branch2.0", in3, 1, 1);
    convolution(name + ".branch2.1", out3, 3, 1);
    String branch2 = b.here();
    b.from(from);
    convolution(name + ".branch3.0", in5, 1, 1);
    convolution(name + ".branch3.1", out5, 3, 1);
    String branch3 = b.here();
    b.from(from).pool(name + ".branch4.0", PoolingKind.MAX, 3, 1, Padding.SAME);
    convolution(name + ".branch4.1", pooled, 1, 1);
    String branch4 = b.here();
    b.from(branch1).concat(name + ".cat", branch2, branch3, branch4);
  }
}
