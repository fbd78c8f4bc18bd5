package sc.fiji.spyhop.network;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer.Function;

/**
 * Well-known networks by name. All but {@code unet} classify: their input is {@code image}, their
 * output {@code prob} is the softmax of as many values as there are classes. {@code resnet18},
 * {@code resnet50}, {@code mobilenetv2} and {@code inception} name layers as torchvision does, so
 * that weights can be taken over by name.
 */
public enum Preset {

  /** Two hidden layers of 256: FC256 FC256 FC. */
  MLP(Shape.of(1, 28, 28), 10) {
    @Override
    Network network(Shape input, int classes) {
      return Notation.parse("FC256 FC256 FC", input, OptionalInt.of(classes));
    }
  },

  /** 20C5 MP2 50C5 MP2 FC256 FC with ReLU, after LeCun et al. 1998. */
  LENET(Shape.of(1, 28, 28), 10) {
    @Override
    Network network(Shape input, int classes) {
      return Notation.parse("20C5 MP2 50C5 MP2 FC256 FC", input, OptionalInt.of(classes));
    }
  },

  /**
   * Krizhevsky 2014 ("one weird trick"), as in torchvision: 61,100,840 parameters. The original of
   * 2012, in two groups, is {@code 96C11/4 LRN MP3/2 256C5sg2 LRN MP3/2 384C3 384C3g2 256C3g2 MP3/2
   * FC4096 D50 FC4096 D50 FC1000} on 3 x 227 x 227.
   */
  ALEXNET(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return Notation.parse(
          "64C11/4p2 MP3/2 192C5s MP3/2 384C3 256C3 256C3 MP3/2 D50 FC4096 D50 FC4096 FC",
          input,
          OptionalInt.of(classes));
    }
  },

  /** Simonyan and Zisserman 2015, configuration D, layers named as in its Caffe release. */
  VGG16(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return vgg(input, classes, 2, 2, 3, 3, 3);
    }
  },

  /** Simonyan and Zisserman 2015, configuration E, layers named as in its Caffe release. */
  VGG19(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return vgg(input, classes, 2, 2, 4, 4, 4);
    }
  },

  /** Network in network (Lin et al. 2014), in the form of its authors' ImageNet model for Caffe. */
  NIN(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return Notation.parse(
          "96C11/4 96C1 96C1 MP3/2c 256C5s 256C1 256C1 MP3/2c 384C3 384C1 384C1 MP3/2c D50"
              + " 1024C3 1024C1 "
              + classes
              + "C1 GAP",
          input);
    }
  },

  /**
   * GoogLeNet (Szegedy et al. 2015) with batch norm and without auxiliary outputs, as in
   * torchvision (whose "5 x 5" branch has kernels of 3 x 3).
   */
  INCEPTION(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return Inception.network(input, classes);
    }
  },

  /** He et al. 2016 with two basic blocks a stage. */
  RESNET18(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return ResNet.network(input, classes, false, 2, 2, 2, 2);
    }
  },

  /** He et al. 2016 with bottlenecks, the stride on their 3 x 3 convolution as in torchvision. */
  RESNET50(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return ResNet.network(input, classes, true, 3, 4, 6, 3);
    }
  },

  /** Sandler et al. 2018, width 1. */
  MOBILENETV2(Shape.of(3, 224, 224), 1000) {
    @Override
    Network network(Shape input, int classes) {
      return MobileNetV2.network(input, classes);
    }
  },

  /** {@link UNet#of} for images of any size; its output is {@code classes}. */
  UNET(Shape.of(1, Shape.ANY, Shape.ANY), 3) {
    @Override
    Network network(Shape input, int classes) {
      Network network =
          UNet.of(input.channels(), new UNet.Head("classes", classes, Function.SOFTMAX)).network();
      return Surgery.withInput(network, input);
    }
  };

  private final Shape defaultInput;
  private final int defaultClasses;

  Preset(Shape defaultInput, int defaultClasses) {
    this.defaultInput = defaultInput;
    this.defaultClasses = defaultClasses;
  }

  abstract Network network(Shape input, int classes);

  /** Channels, height and width that the network was published for. */
  public Shape defaultInput() {
    return defaultInput;
  }

  /** Number of classes that it was published for. */
  public int defaultClasses() {
    return defaultClasses;
  }

  /** As {@link #find} knows it, such as {@code resnet18}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The network for an input and a number of classes.
   *
   * @param input channels, height, width
   * @param classes at least 1
   * @throws SpyhopException if the input is too small
   */
  public Network of(Shape input, int classes) {
    if (classes < 1) {
      throw new SpyhopException(
          text() + ": expected a number of classes of at least 1, received " + classes);
    }
    Network network = network(input, classes);
    Shapes.of(network);
    return network;
  }

  /** The names of all. */
  public static List<String> names() {
    return List.of(values()).stream().map(Preset::text).toList();
  }

  /** Whether a name is one of them; capitals do not matter. */
  public static boolean isName(String name) {
    return names().contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * One by name; capitals do not matter.
   *
   * @throws SpyhopException if there is none
   */
  public static Preset find(String name) {
    if (!isName(name)) {
      throw new SpyhopException("network: expected one of " + names() + ", received " + name);
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static Network vgg(Shape input, int classes, int... repeats) {
    int[] widths = {64, 128, 256, 512, 512};
    NetworkBuilder b = NetworkBuilder.input("image", input);
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
