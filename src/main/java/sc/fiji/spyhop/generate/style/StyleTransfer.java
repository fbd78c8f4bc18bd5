package sc.fiji.spyhop.generate.style;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.MatrixProduct;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints images in the style of another (Gatys, Ecker and Bethge 2016, Image Style Transfer Using
 * Convolutional Neural Networks): looks for pixels of which a network makes the same maps in its
 * content layers as of the one image, and the same correlations between maps in its style layers as
 * of the other. Compiles the network once, for any number of images of any size; holds native
 * memory until closed.
 *
 * <pre>
 * try (StyleTransfer transfer = StyleTransfer.of(model, StyleOptions.DEFAULT)) {
 *   Frame painted = transfer.paint(photo, painting, Progress.NONE).image();
 * }
 * </pre>
 */
public final class StyleTransfer implements AutoCloseable {

  /** Of the models known by name, the one that Gatys et al. used. */
  private static final String BEST = "vgg19";

  /** Small, and trained on tissue; finds edges and textures in colour all the same. */
  private static final String SHIPPED = "nuclei-tissue";

  /** Steps that tell L-BFGS the curvature. */
  static final int MEMORY = 20;

  /** Length of a step of Adam, of the range of pixels. */
  static final double RATE = 0.02;

  /** Weight of pixels that cannot be shown. */
  private static final double BOUNDS = 100;

  /** Copies of maps that a pass forward and back holds at once, about. */
  private static final double COPIES = 3;

  private final Model model;
  private final StyleOptions options;
  private final StyleNetwork network;
  private final Predictor predictor;
  private final MatrixProduct products;

  /** Is shown the image while it is painted. */
  public interface Viewer {

    /**
     * After a step.
     *
     * @param image made only where it is asked for
     */
    void seen(int iteration, Supplier<Frame> image);
  }

  private StyleTransfer(Model model, StyleOptions options, Engine engine, Device device) {
    this.model = model;
    this.options = options;
    Network whole = model.network();
    StyleLayers layers = StyleLayers.of(whole, options.contentLayers(), options.styleLayers());
    network = StyleNetwork.of(whole, model.weights(), layers, options.averaging());
    predictor = engine.predictor(network.network(), network.weights(), device);
    products = engine.products();
  }

  /**
   * With the network of a model, whatever it was trained for, on the best device of this machine.
   *
   * @throws SpyhopException if the model reads neither colours nor grey, its network is kept as
   *     another program wrote it, or it has no such layers
   */
  public static StyleTransfer of(Model model, StyleOptions options) {
    model.requireLayers("it gives no gradients to paint by");
    int channels = model.spec().input().channels();
    if (channels != 1 && channels != 3) {
      throw new SpyhopException(
          Strings.format(
              "Model %s reads %d channels: expected a model of images in grey (1) or colour (3)."
                  + " Choose another.",
              model.spec().name(), channels));
    }
    Engine engine = Engines.forGradients();
    return new StyleTransfer(model.unquantized(), options, engine, engine.devices().get(0));
  }

  /**
   * The model of a name or file; where there is none, VGG-19 if it was downloaded, or else one that
   * is always there.
   *
   * @param nameOrPath see {@link ModelRegistry#find}; may be blank
   */
  public static Model model(String nameOrPath) {
    ModelRegistry registry = ModelRegistry.standard();
    if (!nameOrPath.isBlank()) return registry.find(nameOrPath.strip());
    boolean downloaded = registry.list().stream().anyMatch(l -> l.name().equals(BEST));
    return registry.find(downloaded ? BEST : SHIPPED);
  }

  /** Which layers are looked at. */
  public StyleLayers layers() {
    return network.layers();
  }

  /** What really computes. */
  public Device device() {
    return predictor.device();
  }

  /** The model whose maps are compared. */
  public Model model() {
    return model;
  }

  /** Channels of the images it paints: 1 or 3. */
  public int channels() {
    return model.spec().input().channels();
  }

  /** As the longer form; nobody looks on. */
  public StyledImage paint(Frame content, Frame style, Progress progress) {
    return paint(content, style, (iteration, image) -> {}, progress);
  }

  /**
   * Paints an image in the style of another.
   *
   * @param content what is to be seen, of the model's channels; for a model of colours, red, green
   *     and blue, or grey
   * @param style how it is to be painted, the same, of any size
   * @param viewer is shown the image after each step
   * @param progress is told of each step. When it is cancelled, what was painted so far is the
   *     result
   * @throws SpyhopException before anything is computed, if an image has other channels or is too
   *     small, or memory will not do
   * @throws java.util.concurrent.CancellationException if cancelled before the first step
   */
  public StyledImage paint(Frame content, Frame style, Viewer viewer, Progress progress) {
    Picture shown = picture(content, options.size());
    Picture brush = picture(style, options.styleSize() == 0 ? options.size() : options.styleSize());
    requireMemory(shown, brush);
    Picture seen = shown;
    if (channels() == 3 && options.colors() == StyleOptions.Palette.LUMINANCE) {
      seen = shown.with(OtherColors.grey(shown.values()));
      brush = brush.with(OtherColors.matched(OtherColors.grey(brush.values()), seen.values()));
    } else if (channels() == 3 && options.colors() == StyleOptions.Palette.MATCH) {
      brush = brush.with(OtherColors.matched(brush.values(), seen.values()));
    }
    progress.update("Looking at both images", 0, options.iterations());
    Intensity intensity = intensity(seen);
    StyleLoss loss =
        new StyleLoss(
            layers(),
            maps(seen, intensity, layers().content()),
            maps(brush, intensity, layers().style()),
            options.strength(),
            products);
    progress.checkCancelled();
    return paint(shown, seen, intensity, loss, viewer, progress);
  }

  private StyledImage paint(
      Picture shown,
      Picture seen,
      Intensity intensity,
      StyleLoss loss,
      Viewer viewer,
      Progress progress) {
    float[] values = start(seen);
    Objective objective = new Objective(seen, intensity, loss);
    List<StyledImage.Picture> pictures = new ArrayList<>();
    if (options.every() > 0) pictures.add(new StyledImage.Picture(0, frame(shown, values)));
    boolean[] stopped = new boolean[1];
    int steps =
        minimizer()
            .minimize(
                values,
                objective,
                options.iterations(),
                (step, number, now) -> {
                  progress.update(
                      Strings.format(
                          "Loss %.4g (content %.3g, style %.3g), iteration %d of %d",
                          objective.total,
                          loss.content(),
                          loss.style(),
                          step,
                          options.iterations()),
                      step,
                      options.iterations());
                  viewer.seen(step, () -> frame(shown, now));
                  if (options.every() > 0 && step % options.every() == 0) {
                    pictures.add(new StyledImage.Picture(step, frame(shown, now)));
                  }
                  stopped[0] = step < options.iterations() && progress.isCancelled();
                  return !stopped[0];
                });
    objective.at(values, new float[values.length]);
    return new StyledImage(
        frame(shown, values),
        pictures,
        loss.content(),
        loss.style(),
        objective.total,
        steps,
        options.iterations(),
        stopped[0]);
  }

  private Minimizer minimizer() {
    return switch (options.optimizer()) {
      case LBFGS -> new Lbfgs(MEMORY);
      case ADAM -> new Adam(RATE);
    };
  }

  private Picture picture(Frame frame, int size) {
    int expected = channels();
    int there = frame.channels();
    if (there != expected && !(expected == 3 && there == 1)) {
      throw new SpyhopException(
          Strings.format(
              "%s: model %s paints images of %s, this one has %s.",
              frame.name(),
              model.spec().name(),
              Strings.count(expected, "channel"),
              Strings.count(there, "channel")));
    }
    Picture picture = Picture.of(frame, size);
    picture.requireSize(Collections.max(Shapes.smallest(network.network())));
    return expected == 3 ? picture.inColor() : picture;
  }

  private float[] start(Picture content) {
    float[] values = content.values().clone();
    if (options.start() == StyleOptions.Start.IMAGE) return values;
    long state = SplitMix64.first(options.seed());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) SplitMix64.unit(SplitMix64.mix(state + i * SplitMix64.GOLDEN));
    }
    return values;
  }

  private Frame frame(Picture shown, float... values) {
    boolean bright = channels() == 3 && options.colors() == StyleOptions.Palette.LUMINANCE;
    float[] colored = bright ? OtherColors.luminance(values, shown.values()) : values.clone();
    return shown.with(colored).frame();
  }

  // ---- the network

  private boolean turned() {
    return model.spec().input().colors() == Colors.BGR;
  }

  /**
   * From values of the content to what the network reads; of the style as well, so that colours of
   * both mean the same.
   */
  private Intensity intensity(Picture content) {
    Frame frame =
        new Frame(
            content.name(),
            net.imglib2.img.array.ArrayImgs.floats(
                pixels(content), content.width(), content.height(), channels()),
            content.pixelSize());
    Normalization normalization = model.spec().input().normalization();
    if (normalization instanceof Normalization.Stained s) normalization = s.then();
    if (normalization instanceof Normalization.Plugged p) {
      throw new SpyhopException(
          Strings.format(
              "Model %s: its intensities are normalised by the plugin %s(), whose way back is not"
                  + " known. Expected a model with another normalisation.",
              model.spec().name(), p.plugin()));
    }
    Intensity own = normalization.fit(frame);
    double range = content.high() - content.low();
    List<Double> offset = new ArrayList<>();
    List<Double> scale = new ArrayList<>();
    for (int c = 0; c < channels(); c++) {
      offset.add((own.offset().get(c) - content.low()) / range);
      scale.add(own.scale().get(c) * range);
    }
    return new Intensity(offset, scale);
  }

  /** In the order and with the pixel values that the model is made for. */
  private float[] pixels(Picture picture) {
    float[] all = ordered(picture.values());
    float range = (float) (picture.high() - picture.low());
    for (int i = 0; i < all.length; i++) all[i] = (float) picture.low() + range * all[i];
    return all;
  }

  /** Channels in the order of the network, or, from there, of the picture; copied. */
  private float[] ordered(float... values) {
    float[] all = values.clone();
    if (!turned()) return all;
    int plane = values.length / 3;
    System.arraycopy(values, 0, all, 2 * plane, plane);
    System.arraycopy(values, 2 * plane, all, 0, plane);
    return all;
  }

  private Tensor input(float[] values, int height, int width, Intensity intensity) {
    float[] all = ordered(values);
    intensity.apply(all, channels());
    return new Tensor(Axes.NCHW, new int[] {1, channels(), height, width}, all);
  }

  private Map<String, Tensor> maps(
      Picture picture, Intensity intensity, Map<String, Double> layers) {
    Tensor input = input(picture.values(), picture.height(), picture.width(), intensity);
    return predictor.activations(Map.of(network.input(), input), layers.keySet());
  }

  /** The loss of pixels from 0 to 1; times their number, so that gradients are near to one. */
  private final class Objective implements Minimizer.Objective {

    private final Picture picture;
    private final Intensity intensity;
    private final StyleLoss loss;
    private double total;

    Objective(Picture picture, Intensity intensity, StyleLoss loss) {
      this.picture = picture;
      this.intensity = intensity;
      this.loss = loss;
    }

    @Override
    public double at(float[] values, float[] gradient) {
      int n = values.length;
      Tensor input = input(values, picture.height(), picture.width(), intensity);
      Tensor found =
          predictor.gradient(
              Map.of(network.input(), input),
              network.network().outputs(),
              loss::slopes,
              network.input());
      float[] slope = found.data();
      int plane = n / channels();
      for (int c = 0; c < channels(); c++) {
        int from = turned() ? channels() - 1 - c : c;
        float factor = (float) (n * intensity.scale().get(from));
        for (int i = 0; i < plane; i++) gradient[c * plane + i] = factor * slope[from * plane + i];
      }
      double rough = 0;
      if (options.smoothness() > 0) {
        double weight = n * options.smoothness();
        rough = Roughness.add(values, picture.width(), picture.height(), weight, gradient);
      }
      double beyond = Range.add(values, n * BOUNDS, gradient);
      total =
          loss.content()
              + options.strength() * loss.style()
              + options.smoothness() * rough
              + BOUNDS * beyond;
      return n * total;
    }
  }

  // ---- memory

  /** Refuses what memory will not do for, with a size for which it would. */
  private void requireMemory(Picture content, Picture style) {
    double maps = network.values(content.height(), content.width());
    double brush = network.values(style.height(), style.width());
    double looked = network.looked(content.height(), content.width());
    double own = (2.0 * MEMORY + 8) * content.values().length;
    double heap = Float.BYTES * (COPIES * looked + own);
    double all = Float.BYTES * COPIES * Math.max(maps, brush) + heap;
    String name = content.name();
    requireMemory(name, content.width(), content.height(), all, memory());
    double most = Runtime.getRuntime().maxMemory();
    requireMemory(name, content.width(), content.height(), heap, most);
  }

  static void requireMemory(String name, int width, int height, double needed, double there) {
    if (needed <= there) return;
    throw new SpyhopException(
        Strings.format(
            "%s: painting %d x %d pixels would take about %.1f GB of memory, there are %.1f. Choose a"
                + " size of %d or less.",
            name,
            width,
            height,
            needed / 1e9,
            there / 1e9,
            (int) (Math.max(width, height) * Math.sqrt(there / needed))));
  }

  private static double memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Double.POSITIVE_INFINITY;
  }

  @Override
  public void close() {
    products.close();
    predictor.close();
  }
}
