package sc.fiji.spyhop.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * A generating model at work: values in, images out. Holds native memory until closed; one thread
 * at a time.
 *
 * <pre>
 * try (ImageMaker maker = ImageMaker.open(registry.findGenerator("digits"))) {
 *   GeneratedImage image = maker.image("one", ImageMaker.noise(100, new Random(1)));
 * }
 * </pre>
 */
public final class ImageMaker implements AutoCloseable {

  /** Values of all maps of a minibatch of images, at most about so many in the output. */
  private static final int MAX_VALUES = 4 << 20;

  private static final int MAX_BATCH = 64;

  private final Generator generator;
  private final Predictor predictor;

  private ImageMaker(Generator generator, Predictor predictor) {
    this.generator = generator;
    this.predictor = predictor;
  }

  /** With the best engine there is for prediction. */
  public static ImageMaker open(Generator generator) {
    return open(generator, Engines.forPrediction(generator.network()));
  }

  /** With an engine, on its first device. */
  public static ImageMaker open(Generator generator, Engine engine) {
    return new ImageMaker(generator, generator.predictor(engine, engine.devices().get(0)));
  }

  /** What it makes images from, and of what size and kind they are. */
  public Generator generator() {
    return generator;
  }

  /** The device really used. */
  public Device device() {
    return predictor.device();
  }

  /**
   * What the network makes of some values, as it is.
   *
   * @param codes of each image as many values as the source of the model has; at least one image
   * @param progress told of images; ends the work where it is cancelled
   * @return [images, channels, height, width], about -1 to 1
   * @throws SpyhopException if values are too many or too few
   * @throws java.util.concurrent.CancellationException if it was cancelled
   */
  public Tensor make(List<float[]> codes, Progress progress) {
    int size = generator.spec().source().size();
    for (float[] code : codes) {
      if (code.length == size) continue;
      throw new SpyhopException(
          Strings.format(
              "Model %s: expected %d values for an image, received %d.",
              generator.spec().name(), size, code.length));
    }
    int image = generator.spec().output().mapChannels() * generator.width() * generator.height();
    int batch = Math.max(1, Math.min(MAX_BATCH, MAX_VALUES / image));
    List<Tensor> made = new ArrayList<>();
    for (int from = 0; from < codes.size(); from += batch) {
      progress.checkCancelled();
      progress.update("Making images", from, codes.size());
      made.add(predictor.predict(input(codes.subList(from, Math.min(codes.size(), from + batch)))));
    }
    progress.update("Making images", codes.size(), codes.size());
    return Tensor.concatenate(made.toArray(new Tensor[0]));
  }

  /**
   * Values of several images as the network takes them.
   *
   * @return [images, size, 1, 1]
   */
  public static Tensor input(List<float[]> codes) {
    int size = codes.get(0).length;
    float[] all = new float[codes.size() * size];
    for (int i = 0; i < codes.size(); i++) {
      System.arraycopy(codes.get(i), 0, all, i * size, size);
    }
    return new Tensor(Axes.NCHW, new int[] {codes.size(), size, 1, 1}, all);
  }

  /**
   * Images of some values, all in memory.
   *
   * @param names of the images, as many as there are codes
   */
  public List<GeneratedImage> images(List<String> names, List<float[]> codes, Progress progress) {
    Tensor made = make(codes, progress);
    List<GeneratedImage> images = new ArrayList<>();
    for (int i = 0; i < codes.size(); i++) images.add(image(names.get(i), made, i));
    return images;
  }

  /** One image. */
  public GeneratedImage image(String name, float[] code) {
    return image(name, make(List.of(code), Progress.NONE), 0);
  }

  /**
   * The image that values of the network stand for.
   *
   * @param made by {@link #make}
   * @param index of the image, from 0
   */
  public GeneratedImage image(String name, Tensor made, int index) {
    return GeneratedImage.of(name, made, index, generator.spec().output());
  }

  /**
   * Numbers drawn from the standard normal distribution.
   *
   * @param size how many
   */
  public static float[] noise(int size, Random random) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) values[i] = (float) random.nextGaussian();
    return values;
  }

  /**
   * Values on the way along several images, see {@link GeneratorSource#between}. Each of the
   * stations is on it, and the ways between them are divided alike.
   *
   * @param stations at least two
   * @param steps images of the way between two stations, the second one counted: at least 1
   * @return {@code (stations - 1) * steps + 1}
   */
  public static List<float[]> path(GeneratorSource source, List<float[]> stations, int steps) {
    List<float[]> way = new ArrayList<>();
    way.add(stations.get(0));
    for (int i = 1; i < stations.size(); i++) {
      for (int k = 1; k < steps; k++) {
        way.add(source.between(stations.get(i - 1), stations.get(i), (double) k / steps));
      }
      way.add(stations.get(i));
    }
    return way;
  }

  @Override
  public void close() {
    predictor.close();
  }
}
