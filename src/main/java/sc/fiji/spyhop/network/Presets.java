package sc.fiji.spyhop.network;

import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Layer.Padding;

/** Well-known networks; for segmentation see {@link UNet}. */
public final class Presets {

  private Presets() {}

  /**
   * LeNet in the form 20C5-MP2-50C5-MP2-FC256-FCn with ReLU, after LeCun et al. 1998.
   *
   * <p>Input {@code image} [channels, 28, 28]; output {@code prob} [classes], softmax of {@code
   * fc2}.
   */
  public static Network lenet(int channels, int classes) {
    return NetworkBuilder.input("image", Shape.of(channels, 28, 28))
        .padding(Padding.VALID)
        .convolution("conv1", 20, 5)
        .relu()
        .maxPool("pool1", 2)
        .convolution("conv2", 50, 5)
        .relu()
        .maxPool("pool2", 2)
        .flatten("flat")
        .dense("fc1", 256)
        .relu()
        .dense("fc2", classes)
        .activation("prob", Function.SOFTMAX)
        .build();
  }

  /**
   * VGG-19 (Simonyan and Zisserman 2015, configuration E), layers named as in its Caffe release.
   *
   * <p>Input {@code image} [3, 224, 224]; output {@code prob} [classes], softmax of {@code fc8}.
   * With 1000 classes 143,667,240 parameters.
   */
  public static Network vgg19(int classes) {
    NetworkBuilder b = NetworkBuilder.input("image", Shape.of(3, 224, 224));
    int[] widths = {64, 128, 256, 512, 512};
    int[] repeats = {2, 2, 4, 4, 4};
    for (int i = 0; i < widths.length; i++) {
      for (int j = 1; j <= repeats[i]; j++) {
        b.convolution("conv" + (i + 1) + "_" + j, widths[i], 3).relu();
      }
      b.maxPool("pool" + (i + 1), 2);
    }
    return b.flatten("flat")
        .dense("fc6", 4096)
        .relu()
        .dropout(0.5)
        .dense("fc7", 4096)
        .relu()
        .dropout(0.5)
        .dense("fc8", classes)
        .activation("prob", Function.SOFTMAX)
        .build();
  }
}
