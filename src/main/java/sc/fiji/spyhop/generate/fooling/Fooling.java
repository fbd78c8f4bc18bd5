package sc.fiji.spyhop.generate.fooling;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.inference.Familiarity;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.TaskKind;

/**
 * Makes images that fool a classifier: how easily can one be made of which it is sure? Compiles its
 * network once; holds native memory until closed. For one thread.
 *
 * <pre>
 * FoolingMethod how = new FoolingMethod.Patterns(200);
 * try (Fooling fooling = Fooling.open("digits", how, OptionalInt.empty(), 0)) {
 *   FoolingResult found =
 *       fooling.run(List.of(3, 8), 0.99, 200, 1, Progress.NONE, FoolingListener.NONE);
 *   System.out.println(found.sentence());
 *   for (FoolingImage image : found.images()) System.out.println(image.type() + image.unlike());
 * }
 * </pre>
 */
public final class Fooling implements AutoCloseable {

  private final Model model;
  private final FoolingMethod how;
  private final Classifier classifier;

  /**
   * Compiles a model.
   *
   * @param size width and height of the images, for networks that take any; absent: that of the
   *     model's example
   * @param white largest value of a pixel; 0 for that of 8 bits, or of 16 where the model's
   *     normalization is made for these
   * @throws SpyhopException if the model does not classify, is not shown such images, or gives no
   *     gradients where these are needed
   */
  public Fooling(Model model, FoolingMethod how, OptionalInt size, double white) {
    this.model = model;
    this.how = how;
    model.spec().task(TaskKind.ONE_CLASS);
    boolean climbs = how instanceof FoolingMethod.Ascent;
    classifier = new Classifier(model, Canvas.of(model, size, white), climbs);
  }

  /**
   * Opens a model; as the constructor.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Fooling open(String nameOrPath, FoolingMethod how, OptionalInt size, double white) {
    return new Fooling(ModelRegistry.standard().find(nameOrPath), how, size, white);
  }

  /** What images are made of. */
  public Canvas canvas() {
    return classifier.canvas();
  }

  /** What computes. */
  public Device device() {
    return classifier.runner().device();
  }

  /** Names of all classes of the model. */
  public List<String> classes() {
    return model.spec().names();
  }

  /**
   * Makes an image for each of some classes, until the model is sure of all, generations are over,
   * or it is cancelled: then there is what was found so far.
   *
   * @param classes numbers, from 0, at least one; see {@link FoolingClasses#parse}
   * @param sure probability that is asked for, above 0, at most 1
   * @param generations at most, at least 1; of gradient ascent, steps
   * @param seed of everything random; the same gives the same images on the same device
   * @throws java.util.concurrent.CancellationException if cancelled before there is anything
   */
  public FoolingResult run(
      List<Integer> classes,
      double sure,
      int generations,
      long seed,
      Progress progress,
      FoolingListener listener) {
    if (how instanceof FoolingMethod.Direct d) {
      PixelGenomes genomes =
          new PixelGenomes(
              canvas(),
              FoolingMethod.Direct.RATE,
              FoolingMethod.Direct.HALVING,
              FoolingMethod.Direct.STRENGTH);
      Elites<float[]> elites = new Elites<>(classes, sure);
      Search search = search(generations, seed, progress, listener, elites);
      int last = new Evolution<>(genomes, d.images()).run(classifier, elites, sure, search);
      return result(elites, sure, last, progress);
    }
    if (how instanceof FoolingMethod.Patterns p) {
      Elites<Cppn> elites = new Elites<>(classes, sure);
      Search search = search(generations, seed, progress, listener, elites);
      int last =
          new Evolution<>(new CppnGenomes(canvas()), p.images())
              .run(classifier, elites, sure, search);
      return result(elites, sure, last, progress);
    }
    Elites<float[]> elites = new Elites<>(classes, sure);
    Search search = search(generations, seed, progress, listener, elites);
    GradientAscent ascent =
        new GradientAscent((FoolingMethod.Ascent) how, canvas(), ground(model, canvas()));
    return result(elites, sure, ascent.run(classifier, elites, sure, search), progress);
  }

  private Search search(
      int generations, long seed, Progress progress, FoolingListener listener, Elites<?> elites) {
    return new Search(
        generations,
        seed,
        progress,
        generation -> {
          if (listener == FoolingListener.NONE) return;
          listener.generation(generation, images(elites, false));
        });
  }

  /** The mean of the images that a model learned from, as far as its normalization tells it. */
  static double[] ground(Model model, Canvas canvas) {
    double[] ground = new double[canvas.channels()];
    for (int c = 0; c < ground.length; c++) {
      ground[c] = canvas.white() / 2;
      if (!(model.spec().input().normalization() instanceof Normalization.Fixed f)) continue;
      boolean reversed = model.spec().input().colors() == Colors.BGR;
      int own = reversed ? ground.length - 1 - c : c;
      double mean = f.offset().get(f.offset().size() == 1 ? 0 : own);
      if (mean > 0 && mean < canvas.white()) ground[c] = mean;
    }
    return ground;
  }

  private FoolingResult result(Elites<?> elites, double sure, int last, Progress progress) {
    if (elites.get(0).isEmpty()) progress.checkCancelled();
    return new FoolingResult(
        model.spec().name(),
        images(elites, true),
        sure,
        last,
        model.spec().input().images().isKnown(),
        progress.isCancelled() && !elites.isComplete());
  }

  /**
   * @param looks whether to look how like they are to the images that the model learned from
   */
  private List<FoolingImage> images(Elites<?> elites, boolean looks) {
    List<FoolingImage> images = new ArrayList<>();
    for (int i = 0; i < elites.classes().size(); i++) {
      Optional<? extends Elites.Elite<?>> best = elites.get(i);
      if (best.isEmpty()) continue;
      String type = model.spec().names().get(elites.classes().get(i));
      Frame frame = canvas().frame(type, best.get().picture());
      images.add(
          new FoolingImage(
              type,
              frame,
              best.get().probability(),
              best.get().generation(),
              best.get().reached(),
              looks ? unlike(frame) : List.of()));
    }
    return images;
  }

  /** Without the network, which may not be asked any more when the program ends. */
  private List<String> unlike(Frame frame) {
    ModelSpec.Input input = model.spec().input();
    return Familiarity.differences(input, frame, input.raw(frame));
  }

  @Override
  public void close() {
    classifier.close();
  }
}
