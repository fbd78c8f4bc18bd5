package sc.fiji.spyhop.inference;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Intensity;
import sc.fiji.spyhop.image.Mosaic;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.TiledPrediction;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.BatchNorm;
import sc.fiji.spyhop.network.Dropout;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.decode.Assembler;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.OrderedJobs;
import sc.fiji.spyhop.util.Strings;

/**
 * Segments images with a model: normalises, runs the network tile by tile, and puts the labels
 * together, the same as if the network had seen the image undivided. Images may be of any size,
 * also smaller than the network takes; what is missing is mirrored.
 *
 * <p>Compiles the network once, for any number of images. Holds native memory until closed. Safe
 * for use by several threads, which take turns at the network: it uses all cores by itself.
 */
public final class Segmenter implements AutoCloseable {

  /** A tile takes no more than this, as far as it can be told, unless it is tiny already. */
  private static final long MOST_TILE_BYTES = 1L << 30;

  private static final int SMALLEST_TILE = 128;

  /** The network uses all cores too; on two it leaves room for one more thread. */
  private static final int DECODERS =
      Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors() / 2));

  private final Model model;
  private final SegmentationTask task;
  private final Predictor predictor;
  private final String input;
  private final int halo;
  private final int multiple;
  private final double bytesPerPixel;

  /**
   * Compiles a model.
   *
   * @throws SpyhopException if it is not for segmentation, or its network does not take images of
   *     any size
   */
  public Segmenter(Model model, Engine engine, Device device) {
    this.model = model;
    task = model.spec().task(SegmentationTask.class, "segmentation");
    Network network = model.network();
    input = network.inputs().get(0).name();
    ReceptiveField field = ReceptiveField.of(network);
    Shape shape = network.inputs().get(0).shape();
    if (field.everything()
        || model.spec().input().fit().isFixed()
        || shape.space().stream().anyMatch(size -> size != Shape.ANY)) {
      throw new SpyhopException(
          "Model "
              + model.spec().name()
              + ": expected a network that takes images of any size, received one that takes "
              + shape
              + ". It cannot segment images.");
    }
    multiple = Collections.max(field.sizeMultiple());
    halo = Math.min(model.spec().inference().halo(), Collections.max(field.alignedHalo()));
    bytesPerPixel = bytesPerPixel(network, multiple);
    predictor = engine.predictor(network, model.weights(), device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Segmenter open(String nameOrPath) {
    // native libraries take as long to load as the model
    CompletableFuture<Void> loading = CompletableFuture.runAsync(Engines::preload);
    Model model = ModelRegistry.standard().find(nameOrPath);
    loading.join();
    Engine engine = Engines.forPrediction(model.network());
    return new Segmenter(model, engine, engine.devices().get(0));
  }

  public Model model() {
    return model;
  }

  /** What the model is for. */
  public SegmentationTask task() {
    return task;
  }

  /** What really computes. */
  public Device device() {
    return predictor.device();
  }

  /**
   * The network's outputs for a normalised input.
   *
   * @param normalized NCHW, sizes multiples of what the network asks for
   */
  public synchronized List<Tensor> predict(Tensor normalized) {
    return predictor.predict(Map.of(input, normalized));
  }

  /** Whether the model still gives what it gave when it was made; see {@link Model#check}. */
  public Model.Check check() {
    return model.check(this::predict);
  }

  /** As the longer form, without telling how far it is. */
  public Segmentation segment(Frame frame) {
    return segment(frame, Progress.NONE);
  }

  /**
   * Labels one image.
   *
   * @throws SpyhopException if the image is empty, has another number of channels than the model
   *     expects, or pixels that are not finite numbers; before anything is computed
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public Segmentation segment(Frame frame, Progress progress) {
    requireChannels(frame);
    Assembler assembler = task.assembler(frame.width(), frame.height());
    // the network is asked for the next tiles while others are taken apart
    try (OrderedJobs<Runnable> decoding =
        new OrderedJobs<>("spyhop-decoder", DECODERS, DECODERS + 1, Runnable::run)) {
      predict(
          frame,
          tileSize(),
          progress,
          (tile, outputs) -> decoding.submit(() -> assembler.prepare(tile, outputs)));
      decoding.finish();
    }
    return assembler.finish();
  }

  /**
   * The network's outputs, tile by tile, one for each head.
   *
   * @throws SpyhopException if the model cannot be shown the image
   */
  public void outputs(Frame frame, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    requireChannels(frame);
    predict(frame, tileSize(), progress, sink);
  }

  /** The network's outputs, tile by tile. */
  void predict(Frame frame, int tileSize, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    progress.checkCancelled();
    Intensity intensity = model.spec().input().normalization().fit(frame);
    int overlap = task.overlap();
    List<Tile> tiles = Tiles.plan(frame.width(), frame.height(), tileSize, overlap);
    Mosaic mosaic = new Mosaic(tiles, sink);
    TiledPrediction.run(
        frame, intensity, mosaic.cores(), halo, multiple, this::predict, progress, mosaic::add);
  }

  private void requireChannels(Frame frame) {
    int expected = model.spec().input().channels();
    int received = frame.channels();
    if (expected == received) return;
    String advice =
        expected == 1
            ? "Choose one channel, or convert the image to grey values."
            : "Give it an image with these channels, or choose another model.";
    throw new SpyhopException(
        Strings.format(
            "%s: model %s expects %d channel%s, the image has %d. %s",
            frame.name(),
            model.spec().name(),
            expected,
            expected == 1 ? "" : "s",
            received,
            advice));
  }

  /** The model's, or less where a tile would take too much memory. */
  private int tileSize() {
    int around = 2 * (halo + multiple);
    int tile = model.spec().inference().tile();
    while (tile > SMALLEST_TILE) {
      double side = (double) tile + around;
      if (side * side * bytesPerPixel <= MOST_TILE_BYTES) break;
      tile = Math.max(SMALLEST_TILE, tile / 2);
    }
    return tile;
  }

  /**
   * Of the feature maps that have to be kept at the same time, at the worst moment. Batch norm,
   * activations and dropout are taken to work in place.
   */
  private static double bytesPerPixel(Network network, int multiple) {
    int side = multiple * ((256 + multiple - 1) / multiple);
    Network.Input in = network.inputs().get(0);
    Shape shape = Shape.of(in.shape().channels(), side, side);
    Map<String, Double> sizes = new HashMap<>();
    Shapes.of(network, Map.of(in.name(), shape))
        .forEach((name, map) -> sizes.put(name, valuesOf(map)));
    Map<String, Integer> readers = new HashMap<>();
    network.layers().forEach(l -> l.inputs().forEach(i -> readers.merge(i, 1, Integer::sum)));
    network.outputs().forEach(o -> readers.merge(o, 1, Integer::sum));
    double kept = sizes.get(in.name());
    double most = kept;
    for (Layer layer : network.layers()) {
      boolean inPlace =
          layer instanceof BatchNorm || layer instanceof Activation || layer instanceof Dropout;
      double own = sizes.get(layer.name());
      kept += own;
      most = Math.max(most, inPlace ? kept - own : kept);
      for (String read : layer.inputs()) {
        if (readers.merge(read, -1, Integer::sum) == 0) kept -= sizes.get(read);
      }
    }
    return Float.BYTES * most / side / side;
  }

  private static double valuesOf(Shape map) {
    double values = map.channels();
    for (int length : map.space()) values *= length;
    return values;
  }

  @Override
  public void close() {
    predictor.close();
  }
}
