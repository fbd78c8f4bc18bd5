package sc.fiji.spyhop.network;

import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.PoolingKind;

/** Residual networks (He et al. 2016), layers named as in torchvision. */
final class ResNet {

  private static final int[] WIDTHS = {64, 128, 256, 512};

  private final NetworkBuilder b;
  private final boolean bottleneck;

  private ResNet(Shape input, boolean bottleneck) {
    b = NetworkBuilder.input("image", input).bias(false);
    this.bottleneck = bottleneck;
  }

  static Network network(Shape input, int classes, boolean bottleneck, int... blocks) {
    return new ResNet(input, bottleneck).build(classes, blocks);
  }

  private Network build(int classes, int... blocks) {
    convolution("conv1", "bn1", 64, 7, 2);
    b.relu().pool("maxpool", PoolingKind.MAX, 3, 2, Padding.of(1, 1, 1, 1));
    for (int i = 0; i < blocks.length; i++) {
      for (int j = 0; j < blocks[i]; j++) {
        block("layer" + (i + 1) + "." + j, WIDTHS[i], i > 0 && j == 0 ? 2 : 1, j == 0);
      }
    }
    return b.globalPool("avgpool", PoolingKind.AVERAGE)
        .bias(true)
        .dense("fc", classes)
        .activation("prob", Function.SOFTMAX)
        .build();
  }

  private void convolution(String name, String norm, int filters, int kernel, int stride) {
    b.padHalf(kernel, stride).convolution(name, filters, kernel, stride, 1);
    b.batchNorm(norm, NetworkBuilder.EPSILON);
  }

  private void block(String name, int width, int stride, boolean first) {
    String shortcut = b.here();
    int out = bottleneck ? 4 * width : width;
    if (first && (stride > 1 || b.shape().channels() != out)) {
      convolution(name + ".downsample.0", name + ".downsample.1", out, 1, stride);
      String reduced = b.here();
      b.from(shortcut);
      shortcut = reduced;
    }
    if (bottleneck) {
      convolution(name + ".conv1", name + ".bn1", width, 1, 1);
      b.relu();
      convolution(name + ".conv2", name + ".bn2", width, 3, stride);
      b.relu();
      convolution(name + ".conv3", name + ".bn3", out, 1, 1);
    } else {
      convolution(name + ".conv1", name + ".bn1", width, 3, stride);
      b.relu();
      convolution(name + ".conv2", name + ".bn2", out, 3, 1);
    }
    b.add(name + ".add", shortcut).relu();
  }
}
