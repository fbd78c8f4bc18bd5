package sc.fiji.spyhop.explain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Explains what a model says about an image, or about an object in it. Compiles its network once,
 * for any number of images; holds native memory until closed.
 *
 * <pre>
 * try (Explainer explainer = Explainer.open("species.spyhop")) {
 *   SaliencyMap map = explainer.explain(image, "orca", new GradCam(""));
 *   ScoreGradient slope = explainer.gradient(image, "orca");
 * }
 * </pre>
 */
public final class Explainer implements AutoCloseable {

  private static final int BATCH = 32;

  /** Values of all layers together, at most, unless one image has more. */
  private static final long MAX_VALUES = 1L << 26;

  /** Values of all layers for one image, at most, where a part of it will do. */
  private static final long MAX_IMAGE = 1L << 28;

  private final Engine engine;
  private final Runner<?> runner;

  /**
   * Compiles a model.
   *
   * @param engine one that gives gradients, if an explanation {@link Explanation#needsGradients
   *     needs} them
   */
  public Explainer(Model model, Engine engine, Device device) {
    this(model, Scaling.AUTO, engine, device);
  }

  private Explainer(Model model, Scaling scaling, Engine engine, Device device) {
    this.engine = engine;
    runner = Runner.of(model, Runner.Options.DEFAULT.withScaling(scaling), engine, device);
  }

  /**
   * Opens a model and compiles it for the best device of this machine that gives gradients, which
   * serves explanations of any kind.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   */
  public static Explainer open(String nameOrPath) {
    return open(nameOrPath, new InputGradient(RectifierRule.DERIVATIVE));
  }

  /**
   * Opens a model and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#find}
   * @param explanation what it is to be explained with
   */
  public static Explainer open(String nameOrPath, Explanation explanation) {
    return open(nameOrPath, List.of(explanation));
  }

  /** The same with several explanations. */
  public static Explainer open(String nameOrPath, List<Explanation> explanations) {
    return of(ModelRegistry.standard().find(nameOrPath), explanations);
  }

  /** Compiles a model for the best device of this machine, in 32 bits if gradients are needed. */
  public static Explainer of(Model model, Explanation explanation) {
    return of(model, List.of(explanation));
  }

  private static Explainer of(Model model, List<Explanation> explanations) {
    boolean gradients = explanations.stream().anyMatch(Explanation::needsGradients);
    if (gradients) model.requireLayers("it gives no gradients to explain it by");
    Model used = gradients ? model.unquantized() : model;
    Engine engine =
        gradients
            ? Engines.forGradients()
            : Engines.forPrediction(used.network(), used.quantization());
    return new Explainer(used, engine, engine.devices().get(0));
  }

  /**
   * Another model of the same kind, compiled for the same device.
   *
   * @param scale in which it is shown images, whatever it makes of them itself; 1 for models that
   *     {@link #looksAtWhole}
   */
  public Explainer with(Model model, double scale) {
    return new Explainer(model, new Scaling.Factor(scale), engine, runner.device());
  }

  /**
   * The scale in which the model is shown an image; 1 if it {@link #looksAtWhole}.
   *
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public double scale(Frame frame, Progress progress) {
    return runner.scale(List.of(frame), progress).factor();
  }

  /** The model, put to work. */
  public Runner<?> runner() {
    return runner;
  }

  /**
   * Whether it says something about an image as a whole, so that there are no objects in it to
   * choose from.
   */
  public boolean looksAtWhole() {
    return !runner.spec().task().mapped();
  }

  /**
   * Refuses to be asked about what the model does not know.
   *
   * @param name class, measure or point; absent: what is said most clearly
   * @throws SpyhopException if there is none of the name
   */
  public void requireName(Optional<String> name) {
    asked(name);
  }

  private Optional<String> asked(Optional<String> name) {
    return Subjects.checked(runner.spec().task(), runner.spec().name(), name);
  }

  /**
   * Which parts of an image made the network say that it is of a class, or has such a value; in the
   * image's own coordinates.
   *
   * @param image columns and rows, or columns, rows and channels, of any real type; see {@link
   *     Frame#of}
   * @param name class, measure or point to explain
   * @throws SpyhopException as the longest form
   */
  public SaliencyMap explain(
      RandomAccessibleInterval<? extends RealType<?>> image, String name, Explanation explanation) {
    return explain(Frame.of(image), Optional.of(name), explanation, Progress.NONE);
  }

  /**
   * How the score of a class, or what is measured, changes with what the network is shown.
   *
   * @param image as for {@link #explain}
   * @param name class, measure or point
   * @throws SpyhopException if there is none of the name, or the image does not suit the model
   */
  public ScoreGradient gradient(
      RandomAccessibleInterval<? extends RealType<?>> image, String name) {
    return gradient(Frame.of(image), Optional.of(name));
  }

  /**
   * The same.
   *
   * @param name absent: the most likely class, the first measure, or what is found most clearly
   */
  public ScoreGradient gradient(Frame frame, Optional<String> name) {
    Optional<String> asked = asked(name);
    ModelSpec.Input input = runner.spec().input();
    runner.spec().requireChannels(frame);
    requireBox(Optional.empty());
    if (!looksAtWhole()) input = scaled(input, scale(frame, Progress.NONE));
    Tensor shown = input.read(frame);
    Resize.View view = input.fit().view(frame.width(), frame.height());
    Asked said = asked(frame, shown, view, asked, Optional.empty());
    Gradients inside = said.question.gradients();
    return new ScoreGradient(
        said.subject.name(),
        said.question.score(),
        inside.values(shown)[0],
        shown,
        inside.gradient(shown, RectifierRule.DERIVATIVE));
  }

  /** As the longer form, of no place in particular. */
  public SaliencyMap explain(
      Frame frame, Optional<String> name, Explanation explanation, Progress progress) {
    return explain(frame, name, Optional.empty(), explanation, progress);
  }

  /**
   * Which parts of an image made the network say so.
   *
   * @param name class, measure or point to explain; absent: the most likely class, the first
   *     measure, or what is found most clearly
   * @param place pixels of the frame, counted from its first one: the object that lies there is
   *     explained; absent: the one that is found most clearly, or all pixels of the class. Of a
   *     model that is shown pictures of objects, the box of one. Of no account where the model
   *     {@link #looksAtWhole}
   * @return of the size of the image, in its coordinates, which begin at the frame's {@link
   *     Frame#origin}; 0 where the network is not shown it
   * @throws SpyhopException before anything is computed, if there is no such class, settings do not
   *     suit the image, the image does not suit the model, or there is no box where one is needed
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public SaliencyMap explain(
      Frame frame,
      Optional<String> name,
      Optional<Mask> place,
      Explanation explanation,
      Progress progress) {
    return explain(frame, name, place, explanation, MAX_IMAGE, progress)
        .shifted(frame.origin().x(), frame.origin().y());
  }

  /**
   * The same with other room.
   *
   * @param room values of all layers, at most, where a part of the image will do
   */
  SaliencyMap explain(
      Frame frame,
      Optional<String> name,
      Optional<Mask> place,
      Explanation explanation,
      long room,
      Progress progress) {
    Optional<String> asked = asked(name);
    ModelSpec.Input own = runner.spec().input();
    runner.spec().requireChannels(frame);
    if (looksAtWhole()) {
      Resize.View view = own.fit().view(frame.width(), frame.height());
      return explained(
          frame, own.read(frame), view, asked, Optional.empty(), explanation, progress);
    }
    requireBox(place.map(Mask::box));
    if (own.fit() instanceof Resize.OfBox b) {
      return ofBox(frame, b.picture(), place.orElseThrow().box(), asked, explanation, progress);
    }
    ModelSpec.Input input = scaled(own, scale(frame, progress));
    Box part = part(frame, room / values(frame, input), place);
    Frame seen = crop(frame, part);
    Resize.View view = input.fit().view(seen.width(), seen.height());
    Optional<Mask> moved = place.map(m -> moved(m, part));
    return explained(seen, read(seen, frame, input), view, asked, moved, explanation, progress)
        .within((int) part.x(), (int) part.y(), frame.width(), frame.height());
  }

  /**
   * Refuses a place that is no box where the model is shown pictures of what is in boxes.
   *
   * @param place in pixels of the image; one of a single pixel is none
   * @throws SpyhopException if there is none and it is needed
   */
  public void requireBox(Optional<Box> place) {
    if (!(runner.spec().input().fit() instanceof Resize.OfBox)) return;
    if (place.filter(b -> b.width() > 1 || b.height() > 1).isPresent()) return;
    throw new SpyhopException(
        "Model "
            + runner.spec().name()
            + " is shown pictures of objects in boxes: expected the box of one, received "
            + (place.isPresent() ? "one pixel" : "none")
            + ". Select the object, or name its box (at=x,y,width,height; in a shell, --at).");
  }

  /** Of the picture of a box, in the image. */
  private SaliencyMap ofBox(
      Frame frame,
      BoxPicture picture,
      Box box,
      Optional<String> name,
      Explanation explanation,
      Progress progress) {
    ModelSpec.Input input = runner.spec().input();
    Affine toImage = picture.toImage(box);
    Box part = whole(toImage, picture.width(), picture.height(), frame);
    Frame shown = Resampling.averaged(frame, toImage, picture.width(), picture.height());
    Resize.View view = input.fit().view(shown.width(), shown.height());
    Resize.View seen =
        new Resize.View(
            view.width(),
            view.height(),
            view.toImage().then(toImage).then(Affine.translation(-part.x(), -part.y())),
            view.interpolation(),
            view.fill());
    return explained(
            crop(frame, part),
            input.read(shown),
            seen,
            name,
            Optional.empty(),
            explanation,
            progress)
        .within((int) part.x(), (int) part.y(), frame.width(), frame.height());
  }

  /** The pixels of an image that a picture shows. */
  private static Box whole(Affine toImage, int width, int height, Frame frame) {
    double left = Math.max(0, Math.floor(toImage.x0()));
    double top = Math.max(0, Math.floor(toImage.y0()));
    double right = Math.min(frame.width(), Math.ceil(toImage.x(width, height)));
    double bottom = Math.min(frame.height(), Math.ceil(toImage.y(width, height)));
    return new Box(left, top, right - left, bottom - top);
  }

  private static Frame crop(Frame frame, Box part) {
    return frame.crop((int) part.x(), (int) part.y(), (int) part.width(), (int) part.height());
  }

  /** A part of an image, as bright as it is in the whole. */
  private static Tensor read(Frame part, Frame whole, ModelSpec.Input input) {
    float[] values = input.fit().read(input.arranged(part));
    input.normalization().fit(input.arranged(whole)).apply(values, input.channels());
    Resize.View view = input.fit().view(part.width(), part.height());
    int[] shape = {1, input.channels(), view.height(), view.width()};
    return new Tensor(Axes.NCHW, shape, values);
  }

  private SaliencyMap explained(
      Frame frame,
      Tensor shown,
      Resize.View view,
      Optional<String> name,
      Optional<Mask> place,
      Explanation explanation,
      Progress progress) {
    Explanation fitted = explanation.fittedTo(frame.width(), frame.height());
    Asked asked = asked(frame, shown, view, name, place);
    Attribution found = fitted.map(asked.question, progress);
    return new SaliencyMap(
        frame.width(),
        frame.height(),
        found.values(),
        found.figures(),
        asked.subject.name(),
        asked.question.score(),
        found.used(),
        asked.subject.reported());
  }

  /** What is asked, and the number that is asked about. */
  private record Asked(Question question, Subject subject) {}

  private Asked asked(
      Frame frame, Tensor shown, Resize.View view, Optional<String> name, Optional<Mask> place) {
    List<Tensor> said = runner.outputs(shown);
    Subject subject =
        runner
            .spec()
            .task()
            .accept(
                new Subjects(
                    runner.model().network(),
                    said,
                    name,
                    place.map(m -> new Place(m, view.toImage())),
                    new ImageSize(view.width(), view.height())));
    Map<String, Shape> shapes = shapes(shown.size('H'), shown.size('W'));
    Question question =
        new Question(
            frame.name(),
            frame.width(),
            frame.height(),
            shown,
            view,
            (int) Math.max(1, Math.min(BATCH, MAX_VALUES / values(shapes))),
            batch -> subject.numbers(runner.outputs(batch).get(subject.head())),
            subject.numbers(said.get(subject.head()))[0],
            new Inside(runner, subject, shapes));
    return new Asked(question, subject);
  }

  /** In another scale, and in sizes that the network takes. */
  private ModelSpec.Input scaled(ModelSpec.Input input, double scale) {
    double own = input.fit() instanceof Resize.Scaled s ? s.factor() : 1;
    int multiple =
        ReceptiveField.of(runner.model().network()).sizeMultiple().stream()
            .max(Integer::compare)
            .orElse(1);
    return new ModelSpec.Input(
        input.axes(),
        input.channels(),
        input.colors(),
        new Resize.Scaled(own * scale, multiple),
        input.normalization(),
        input.pixelSize(),
        input.objects());
  }

  /** How many values all maps of an image have together. */
  private double values(Frame frame, ModelSpec.Input input) {
    Resize.View view = input.fit().view(frame.width(), frame.height());
    return values(shapes(view.height(), view.width()));
  }

  /**
   * As much of an image as memory has room for, around a place.
   *
   * @param room how many times there is room for all of it
   * @throws SpyhopException if that is not all and there is no place
   */
  static Box part(Frame frame, double room, Optional<Mask> place) {
    if (room >= 1) return new Box(0, 0, frame.width(), frame.height());
    double side = Math.floor(Math.sqrt(room * frame.width() * frame.height()));
    if (place.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected at most about %d x %d pixels to explain at once, received %d x %d. Say"
                  + " where the object is: its surroundings alone are looked at.",
              frame.name(), (int) side, (int) side, frame.width(), frame.height()));
    }
    Box around = place.get().box();
    double width = Math.min(frame.width(), side);
    double height = Math.min(frame.height(), side);
    double x =
        Math.max(0, Math.min(frame.width() - width, Math.rint(around.centerX() - width / 2)));
    double y =
        Math.max(0, Math.min(frame.height() - height, Math.rint(around.centerY() - height / 2)));
    return new Box(x, y, width, height);
  }

  private static Mask moved(Mask mask, Box part) {
    ImageSize size = new ImageSize((int) part.width(), (int) part.height());
    Mask.Builder builder = new Mask.Builder(size);
    Box box = mask.box();
    var pixels = mask.cutOut();
    for (int i = 0; i < pixels.size(); i++) {
      if (pixels.get(i) == 0) continue;
      int x = (int) (box.x() + i % pixels.width() - part.x());
      int y = (int) (box.y() + i / pixels.width() - part.y());
      if (x >= 0 && y >= 0 && x < size.width() && y < size.height()) builder.column(x, y, y + 1);
    }
    return builder.build();
  }

  private Map<String, Shape> shapes(int height, int width) {
    Network network = runner.model().network();
    Network.Input input = network.inputs().get(0);
    return Shapes.of(
        network, Map.of(input.name(), Shape.of(input.shape().channels(), height, width)));
  }

  /** How many values all maps have together. */
  private static double values(Map<String, Shape> shapes) {
    double values = 0;
    for (Shape map : shapes.values()) {
      double size = map.channels();
      for (int length : map.space()) size *= length;
      values += size;
    }
    return values;
  }

  @Override
  public void close() {
    runner.close();
  }
}
