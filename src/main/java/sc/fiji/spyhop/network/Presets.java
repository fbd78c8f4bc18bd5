package sc.fiji.spyhop.network;

/** Short cuts to some {@link Preset}s. */
public final class Presets {

  private Presets() {}

  /** {@link Preset#LENET} for images of 28 x 28. */
  public static Network lenet(int channels, int classes) {
    return Preset.LENET.of(Shape.of(channels, 28, 28), classes);
  }

  /** {@link Preset#VGG19} for RGB images of 224 x 224; with 1000 classes 143,667,240 parameters. */
  public static Network vgg19(int classes) {
    return Preset.VGG19.of(Preset.VGG19.defaultInput(), classes);
  }
}
