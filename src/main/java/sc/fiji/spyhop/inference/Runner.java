package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * A model put to work: an image of any size in, a prediction out.
 *
 * <p>What the network says about an image as a whole it says about several at a time, and the next
 * ones are read meanwhile. Where it says something about each place, large images are shown to it
 * in tiles, with the same result as undivided. A network that looks at all of what it is shown, as
 * with instance normalization, is shown parts of one size that overlap: what it says then depends a
 * little on where these lie.
 *
 * <p>Compiles the network once, for any number of images. Holds native memory until closed. Safe
 * for use by several threads, which take turns at the network: it uses all cores by itself.
 *
 * <pre>
 * try (Runner&lt;Segmentation&gt; nuclei = Runner.open("nuclei", TaskKind.SEGMENTATION)) {
 *   Segmentation found = nuclei.predict(image);
 * }
 * </pre>
 *
 * @param <P> prediction for one image
 */
public final class Runner<P> implements AutoCloseable {

  /**
   * What can be chosen of how a model is run.
   *
   * @param threshold confidence from which something is reported, in [0, 1], by tasks that have
   *     such a thing; absent: the model's
   * @param tile largest width and height, but for the surroundings, that the network is shown at
   *     once, in its own pixels; absent: the model's
   * @param scaling in which scale images are shown, by tasks that say something about each place
   * @param precision in which the best device of this machine is asked to compute; a device that is
   *     named computes as it says
   * @param adjustment how outputs are decoded otherwise than the model has it
   */
  public record Options(
      OptionalDouble threshold,
      OptionalInt tile,
      Scaling scaling,
      Precision precision,
      Adjustment adjustment) {

    /** As the model says. */
    public static final Options DEFAULT =
        new Options(
            OptionalDouble.empty(),
            OptionalInt.empty(),
            Scaling.AUTO,
            Precision.AUTO,
            Adjustment.NONE);

    /** Confidence from which something is reported, from 0 to 1. */
    public Options withThreshold(double value) {
      return withThreshold(OptionalDouble.of(value));
    }

    /** Absent: the model's. */
    public Options withThreshold(OptionalDouble value) {
      return new Options(value, tile, scaling, precision, adjustment);
    }

    /**
     * Largest width and height shown at once, in the network's own pixels; smaller where memory is
     * short.
     */
    public Options withTile(int value) {
      return new Options(threshold, OptionalInt.of(value), scaling, precision, adjustment);
    }

    /** In which scale images are shown. */
    public Options withScaling(Scaling value) {
      return new Options(threshold, tile, value, precision, adjustment);
    }

    /** In how many bits the device is asked to compute. */
    public Options withPrecision(Precision value) {
      return new Options(threshold, tile, scaling, value, adjustment);
    }

    /** How outputs are decoded otherwise than the model has it. */
    public Options withAdjustment(Adjustment value) {
      return new Options(threshold, tile, scaling, precision, value);
    }
  }

  private static final System.Logger LOG = System.getLogger(Runner.class.getName());

  private final Model model;
  private final Task<?, P> task;
  private final Predictor predictor;
  private final String input;
  private final ImageDriver<P> driver;
  private final Scaling scaling;
  private final Precision precision;
  private volatile boolean closed;

  private Runner(Model model, Task<?, P> own, Options options, Engine engine, Device device) {
    this.model = model;
    Task<?, P> reporting =
        options.threshold().isPresent()
            ? own.withThreshold(options.threshold().getAsDouble())
            : own;
    task = reporting.adjusted(options.adjustment());
    requireAnySize();
    input = model.network().inputs().get(0).name();
    ModelSpec.Inference defaults = model.spec().inference();
    driver =
        ImageDriver.of(
            model.spec().input(),
            task,
            new ModelSpec.Inference(options.tile().orElse(defaults.tile()), defaults.halo()),
            model.network(),
            this::outputs,
            this::trim);
    scaling = options.scaling();
    precision = options.precision();
    predictor = model.predictor(engine, device);
  }

  private void trim() {
    predictor.trim();
  }

  /** Images are shown to it in parts of that size. */
  private static boolean ofOneSize(Shape takes) {
    return takes.isFixed() && takes.rank() == 2;
  }

  /** Where a task says something about each place, the network has to take images of any size. */
  private void requireAnySize() {
    if (!task.mapped()) return;
    Shape takes = model.network().inputs().get(0).shape();
    ReceptiveField field = ReceptiveField.of(model.network());
    if (ofOneSize(takes) && task.grid() == Task.Grid.PIXELS) return;
    if (takes.space().stream().allMatch(size -> size == Shape.ANY)
        && !spec().input().fit().isFixed()
        && field.placed()) {
      return;
    }
    throw new SpyhopException(
        Strings.format(
            "Model %s: expected a network that takes images of any size, received one that takes %s. It cannot be used for %s.",
            spec().name(), takes, task.kind()));
  }

  /**
   * Compiles a model.
   *
   * @throws SpyhopException if the model is for something else, or its network does not take images
   *     of any size where its task asks for that
   */
  public static <P, K extends Task<?, P>> Runner<P> of(
      Model model, TaskKind<P, K> kind, Options options, Engine engine, Device device) {
    return new Runner<>(model, model.spec().task(kind), options, engine, device);
  }

  /** Compiles a model, whatever it is for. */
  public static Runner<?> of(Model model, Options options, Engine engine, Device device) {
    return new Runner<>(model, model.spec().task(), options, engine, device);
  }

  /**
   * Compiles a model for the best device of this machine. In 16 bits it has to give what it gave
   * when it was made; where that was not kept it is run in 32, unless 16 are insisted on.
   *
   * @throws SpyhopException as the longer form, or if this machine cannot run it in the precision
   *     that is insisted on
   */
  public static Runner<?> of(Model model, Options options) {
    return best(model, model.spec().task(), options);
  }

  /**
   * Compiles a model for the best device of this machine, as it says.
   *
   * @throws SpyhopException if the model is for something else
   */
  public static <P, K extends Task<?, P>> Runner<P> of(Model model, TaskKind<P, K> kind) {
    return best(model, model.spec().task(kind), Options.DEFAULT);
  }

  private static <P> Runner<P> best(Model model, Task<?, P> task, Options options) {
    return best(
        model,
        task,
        options,
        precision -> Engines.forPrediction(model.network(), model.quantization(), precision));
  }

  /**
   * @param engines the engine for a precision
   */
  static <P> Runner<P> best(
      Model model, Task<?, P> task, Options options, Function<Precision, Engine> engines) {
    Precision asked = options.precision();
    // numbers that are the answer itself keep their digits; of maps, 16 bits change hardly a pixel
    boolean exact = asked == Precision.AUTO && task.tellsValues();
    Precision precision = exact ? Precision.FLOAT32 : asked;
    Runner<P> first = compiled(model, task, options, engines.apply(precision));
    try {
      if (first.isTrusted()) return first;
    } catch (RuntimeException e) {
      first.close();
      throw e;
    }
    first.close();
    return compiled(model, task, options, engines.apply(Precision.FLOAT32));
  }

  private static <P> Runner<P> compiled(
      Model model, Task<?, P> task, Options options, Engine engine) {
    return new Runner<>(model, task, options, engine, engine.devices().get(0));
  }

  /**
   * Whether it may be run as it is.
   *
   * @throws SpyhopException if it may not and nothing else will do
   */
  private boolean isTrusted() {
    if (!device().arithmetic().equals(Device.BFLOAT16)) return true;
    boolean insists = precision == Precision.BFLOAT16;
    if (model.example().isEmpty()) return insists;
    Model.Check check = check();
    if (check.passed()) return true;
    String differs =
        Strings.format(
            "Model %s gives other outputs in 16 bits (bfloat16) than when it was made: a"
                + " difference of %.3g, expected at most %.3g.",
            spec().name(), check.largestDifference(), check.tolerance());
    if (insists) throw new SpyhopException(differs + " Choose precision auto or float32.");
    LOG.log(System.Logger.Level.WARNING, differs + " It is run in 32 bits.");
    return false;
  }

  /**
   * Opens a model and compiles it for the best device of this machine, as {@link #of(Model,
   * Options)}.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   * @throws SpyhopException as {@link #of}, or if there is no such model
   */
  public static <P, K extends Task<?, P>> Runner<P> open(
      String nameOrPath, TaskKind<P, K> kind, Options options) {
    // native libraries take as long to load as the model
    CompletableFuture<Void> loading = CompletableFuture.runAsync(Engines::preload, Runner::start);
    Model model = ModelRegistry.standard().find(nameOrPath);
    loading.join();
    return best(model, model.spec().task(kind), options);
  }

  /** In a thread of its own: those that Java shares may all wait for what is being opened. */
  private static void start(Runnable work) {
    Thread thread = new Thread(work, "spyhop-loading");
    thread.setDaemon(true);
    thread.start();
  }

  /** As the longer form, as the model says. */
  public static <P, K extends Task<?, P>> Runner<P> open(String nameOrPath, TaskKind<P, K> kind) {
    return open(nameOrPath, kind, Options.DEFAULT);
  }

  /**
   * This, with its predictions of a known kind.
   *
   * @throws SpyhopException if the model is for something else
   */
  @SuppressWarnings("unchecked")
  public <Q> Runner<Q> as(TaskKind<Q, ?> kind) {
    spec().task(kind);
    return (Runner<Q>) this;
  }

  /** The model as it was opened, whatever the options. */
  public Model model() {
    return model;
  }

  /** The description of the model as it was opened, whatever the options. */
  public ModelSpec spec() {
    return model.spec();
  }

  /** What the model is for, as the options have it. */
  public Task<?, P> task() {
    return task;
  }

  /** What really computes. */
  public Device device() {
    return predictor.device();
  }

  /** Whether the model still gives what it gave when it was made; see {@link Model#check}. */
  public Model.Check check() {
    return model.check(this::outputs, device());
  }

  /**
   * The network's outputs, one for each head.
   *
   * @param normalized NCHW, of a size the network takes
   */
  public List<Tensor> outputs(Tensor normalized) {
    requireOpen();
    return predictor.predict(Map.of(input, normalized.require(Axes.NCHW)));
  }

  /**
   * What layers of the network give.
   *
   * @param normalized as for {@link #outputs(Tensor)}
   * @return by name, one for each that is asked
   */
  public Map<String, Tensor> activations(Tensor normalized, Collection<String> layers) {
    requireOpen();
    return predictor.activations(Map.of(input, normalized.require(Axes.NCHW)), layers);
  }

  /**
   * How a layer changes with another, or with what the network is shown; see {@link
   * Predictor#gradient}.
   *
   * @throws UnsupportedOperationException if the engine gives no gradients
   */
  public Tensor gradient(
      Tensor normalized, String layer, Tensor weight, String of, RectifierRule rule) {
    requireOpen();
    return predictor.gradient(
        Map.of(input, normalized.require(Axes.NCHW)), layer, weight, of, rule);
  }

  /**
   * The network's outputs for an image, tile by tile, one for each head.
   *
   * @throws SpyhopException if the model cannot be shown the image
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public void outputs(Frame frame, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    outputs(frame, 1, progress, sink);
  }

  /**
   * The same for an image in another scale.
   *
   * @param scale see {@link #predict(Frame, double, Progress)}
   * @param sink is told parts of what the network is shown
   */
  public void outputs(
      Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> sink) {
    require(frame);
    driver.outputs(frame, scale, progress, sink);
  }

  /**
   * What the model says about one image, in the image's own coordinates: those of the view, if it
   * is one, with its minimum.
   *
   * @param image columns and rows, or columns, rows and channels, of any real type; see {@link
   *     Frame#of}. For an image that is calibrated or has a name, make a {@link Frame} of it
   * @throws SpyhopException if the image has other dimensions, or as the longer form
   */
  public P predict(RandomAccessibleInterval<? extends RealType<?>> image) {
    return predict(Frame.of(image));
  }

  /**
   * What the model says about each image of an array.
   *
   * @param images NCHW, pixel values as they are, before they are fitted and normalised
   * @throws SpyhopException as for one image; names it
   */
  public List<P> predict(Tensor images) {
    List<Frame> frames = Frame.ofEach(images);
    return predict(frames.size(), frames::get, Progress.NONE);
  }

  /** As the longer form, without telling how far it is. */
  public P predict(Frame frame) {
    return predict(frame, Progress.NONE);
  }

  /**
   * What the model says about one image, in the image's coordinates, which begin at the frame's
   * {@link Frame#origin}.
   *
   * @throws SpyhopException if the image is empty, has other channels than the model expects, or
   *     pixels that are not finite numbers; before anything is computed
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public P predict(Frame frame, Progress progress) {
    return predict(1, i -> frame, progress).get(0);
  }

  /**
   * The scale in which an image is shown to the model, as the options say.
   *
   * @param frames some planes of one image, at least one
   * @throws SpyhopException if the model cannot be shown the image, or the options ask for a scale
   *     or size that it cannot be shown in
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public ShownScale scale(List<Frame> frames, Progress progress) {
    if (!task.scales() || spec().input().fit() instanceof Resize.OfBox) {
      scaling.requireNone(spec().name());
      if (!task.mapped() || spec().input().fit() instanceof Resize.OfBox) return ShownScale.SAME;
      require(frames.get(0));
      return ShownScale.SAME.with(Familiarity.differences(spec().input(), frames, 1));
    }
    require(frames.get(0));
    // with the model's own threshold, whatever is asked for
    ShownScale found =
        new ScaleFinder(spec().name(), spec().input(), spec().task(), driver)
            .find(scaling, frames, progress);
    return found.with(Familiarity.differences(spec().input(), frames, found.factor()));
  }

  /**
   * What the model says about one image that it is shown in another scale, in the image's
   * coordinates. Outlines are found in the pixels of the image.
   *
   * @param scale pixels shown for each that would be shown otherwise; 1: as the model says
   * @throws SpyhopException as for the shorter form, or if the model is shown images in one size
   */
  public P predict(Frame frame, double scale, Progress progress) {
    return predict(frame, scale, progress, (part, maps) -> {});
  }

  /**
   * The same, with a look at what the prediction is made of.
   *
   * @param seen told each part of the image and the outputs of all heads for its region, [1,
   *     channels, height, width], by tasks that say something about every pixel; perhaps by several
   *     threads at the same time. The cores of the parts partition the image
   */
  public P predict(
      Frame frame, double scale, Progress progress, BiConsumer<Tile, List<Tensor>> seen) {
    require(frame);
    return placed(driver.predict(frame, scale, progress, seen), frame.origin());
  }

  /**
   * What the model says about a part of an image, by tasks that find things at places: what it says
   * of the whole image there, without the rest being looked at. Things at the border of the part
   * may be cut off, or found twice, or not at all.
   *
   * @param part in pixels of the frame, from its first one; core and region are one
   * @return in the coordinates of the image
   * @throws SpyhopException as for the whole image
   * @throws UnsupportedOperationException if images are shown whole, in a size of their own, or the
   *     task says something about every pixel
   * @throws java.util.concurrent.CancellationException if cancelled, between two tiles
   */
  public P predict(Frame frame, double scale, Tile part, Progress progress) {
    require(frame);
    return placed(driver.predict(frame, scale, part, progress), frame.origin());
  }

  /**
   * The network's outputs for a part of an image, by tasks that say something about every pixel:
   * those for the whole image, cut out, without the rest being looked at.
   *
   * @param part core and region are one
   * @return for each head, [1, channels, height, width] of the part, in pixels of the image
   * @throws SpyhopException if the model cannot be shown the image
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public List<Tensor> maps(Frame frame, double scale, Tile part, Progress progress) {
    require(frame);
    return driver.maps(frame, scale, part, progress);
  }

  /** How images are divided, by tasks that say something about every pixel. */
  public Division division(double scale) {
    return driver.division(scale);
  }

  /**
   * What the model says about many images.
   *
   * @param frames by position from 0, asked for once each, in order, perhaps in another thread
   * @throws SpyhopException as for one image; names it
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public List<P> predict(int count, IntFunction<Frame> frames, Progress progress) {
    if (!task.mapped()) {
      Frame.Origin[] origins = new Frame.Origin[count];
      List<P> said = driver.predict(count, checked(frames, origins), progress);
      return IntStream.range(0, count).mapToObj(i -> placed(said.get(i), origins[i])).toList();
    }
    List<P> said = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Frame frame = frames.apply(i);
      Progress part = progress.part(i, count);
      said.add(predict(frame, scale(List.of(frame), part).factor(), part));
    }
    return said;
  }

  /** In the coordinates of what the frame is a view of. */
  private P placed(P said, Frame.Origin origin) {
    return task.shifted(said, origin.x(), origin.y());
  }

  /**
   * @param origins are filled in
   */
  private IntFunction<Frame> checked(IntFunction<Frame> frames, Frame.Origin[] origins) {
    return i -> {
      Frame frame = frames.apply(i);
      require(frame);
      origins[i] = frame.origin();
      return frame;
    };
  }

  /**
   * What is said of parts of an image, each shown whole.
   *
   * @param said of each
   * @param unlike in which respects the image is unlike those that the model learned from, in
   *     words; empty if it is like them or nothing is known of them
   */
  public record Looked<P>(List<P> said, List<String> unlike) {}

  /**
   * What the model says about parts of an image, such as slices or regions, by tasks that say
   * something about an image as a whole; and whether the image is like those that it learned from.
   *
   * @param frames as for {@link #predict(int, IntFunction, Progress)}
   * @throws SpyhopException as for one image; names it
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Looked<P> look(int count, IntFunction<Frame> frames, Progress progress) {
    List<List<String>> unlike = new ArrayList<>();
    Frame.Origin[] origins = new Frame.Origin[count];
    List<P> said =
        driver.predict(
            count,
            checked(frames, origins),
            progress,
            (frame, raw) -> unlike.add(Familiarity.differences(spec().input(), frame, raw)));
    return new Looked<>(
        IntStream.range(0, count).mapToObj(i -> placed(said.get(i), origins[i])).toList(),
        Familiarity.ofParts(unlike));
  }

  /** Throws if it is closed, or the model cannot be shown the image. */
  private void require(Frame frame) {
    requireOpen();
    spec().requireChannels(frame);
  }

  private void requireOpen() {
    if (closed)
      throw new IllegalStateException("the runner of model " + spec().name() + " is closed");
  }

  @Override
  public void close() {
    closed = true;
    predictor.close();
  }
}
