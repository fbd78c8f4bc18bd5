package sc.fiji.spyhop.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.MappedAnnotation;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Refinement;

/**
 * Runs a pipeline: each object goes through all steps, and what is said of it comes out in the
 * coordinates of the original image. An object of which a step finds nothing stops there; the
 * others go on.
 *
 * <p>Compiles the networks once, for any number of images. Holds native memory until closed. Safe
 * for use by several threads, which may wait for each other.
 */
public final class PipelineRunner implements AutoCloseable {

  private final Pipeline pipeline;
  private final StepModels networks;
  private final KeptClasses kept;

  /**
   * @param kept see {@link #open}
   */
  PipelineRunner(Pipeline pipeline, StepModels networks, KeptClasses kept) {
    this.pipeline = pipeline;
    this.networks = networks;
    this.kept = kept;
  }

  /**
   * Compiles the models of a pipeline.
   *
   * @param engine one that can run all models
   * @param device one of the engine's
   */
  public PipelineRunner(Pipeline pipeline, Engine engine, Device device) {
    this(
        pipeline,
        new CompiledNetworks(
            pipeline, Scaling.AUTO, (model, options) -> Runner.of(model, options, engine, device)),
        KeptClasses.ALL);
  }

  /**
   * Opens a pipeline and compiles it for the best device of this machine, as its models say.
   *
   * @param nameOrPath see {@link ModelRegistry#findPipeline}
   * @throws SpyhopException if there is no such pipeline, or one of its models cannot be run
   */
  public static PipelineRunner open(String nameOrPath) {
    return open(nameOrPath, Scaling.AUTO, Precision.AUTO, KeptClasses.ALL);
  }

  /**
   * Opens a pipeline and compiles it for the best device of this machine.
   *
   * @param nameOrPath see {@link ModelRegistry#findPipeline}
   * @param scaling in which scale images are shown to the first step
   * @param precision in which the models are asked to compute
   * @param kept classes of what is kept, among {@link #allClasses}
   */
  public static PipelineRunner open(
      String nameOrPath, Scaling scaling, Precision precision, KeptClasses kept) {
    Pipeline pipeline = ModelRegistry.standard().findPipeline(nameOrPath);
    return new PipelineRunner(
        pipeline,
        new CompiledNetworks(
            pipeline,
            scaling,
            (model, options) -> Runner.of(model, options.withPrecision(precision))),
        kept);
  }

  /** The steps and models that it was made of. */
  public Pipeline pipeline() {
    return pipeline;
  }

  /** What really computes. */
  public String device() {
    return networks.devices().stream().map(Device::toString).collect(Collectors.joining(", "));
  }

  /** The same in short, such as {@code CPU}. */
  public String deviceName() {
    return networks.devices().stream()
        .map(Device::name)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** Classes of the last step that classifies; empty if none does. */
  public List<String> classes() {
    return names(PipelineStep.Classify.class);
  }

  /** Names of what the last step that measures measures; empty if none does. */
  public List<String> measures() {
    return names(PipelineStep.Regress.class);
  }

  /** Names of the keypoints of the last step that finds some; empty if none does. */
  public List<String> keypoints() {
    return names(PipelineStep.Keypoints.class);
  }

  /**
   * Classes of pixels that the last step tells apart which segments, by their labels; empty if none
   * does, or labels number objects.
   */
  public List<String> pixelClasses() {
    return last(PipelineStep.Segment.class)
        .map(model -> model.spec().task(TaskKind.SEGMENTATION).labelClasses())
        .orElse(List.of());
  }

  /** Names of the regions of the last step that segments, without those that are left out. */
  public RegionNames regionNames() {
    RegionNames all =
        last(PipelineStep.Segment.class)
            .map(model -> model.spec().task(TaskKind.SEGMENTATION).regionNames())
            .orElse(RegionNames.OBJECTS);
    return all.only(kept.of(all.types()));
  }

  /** Classes that boxes, and objects of the last step that segments, can have. */
  public List<String> allClasses() {
    return Stream.concat(types().stream(), regionNames().types().stream()).distinct().toList();
  }

  private List<String> names(Class<? extends PipelineStep> kind) {
    return last(kind).map(model -> model.spec().names()).orElse(List.of());
  }

  /** Model of the last step of a kind. */
  private Optional<Model> last(Class<? extends PipelineStep> kind) {
    return pipeline.spec().steps().stream()
        .filter(kind::isInstance)
        .flatMap(s -> s.modelName().stream())
        .reduce((a, b) -> b)
        .map(pipeline::model);
  }

  /** Classes that boxes can have: those of the scores, or else of the objects. */
  public List<String> types() {
    return classes().isEmpty() ? names(PipelineStep.Localize.class) : classes();
  }

  /** Keypoints with the skeleton that their model declares. */
  public KeypointLayout layout() {
    return last(PipelineStep.Keypoints.class)
        .map(model -> model.spec().task(TaskKind.KEYPOINTS).layout())
        .orElse(KeypointLayout.NONE);
  }

  /** What the first model reads; images are brought to it. */
  public ModelSpec.Input input() {
    return pipeline.models().values().stream()
        .findFirst()
        .map(Model::spec)
        .map(ModelSpec::input)
        .orElseThrow(
            () -> new SpyhopException("Pipeline " + pipeline.spec().name() + " has no model."));
  }

  /** An object on its way. */
  private record Item(Finding finding, Frame picture) {}

  /**
   * The scale in which an image is shown to the first step; others are shown pictures of one size.
   *
   * @param frames some planes of it, at least one
   */
  public ShownScale scale(List<Frame> frames, Progress progress) {
    return pipeline
        .spec()
        .steps()
        .get(0)
        .modelName()
        .map(model -> networks.scale(model, frames, progress))
        .orElse(ShownScale.SAME);
  }

  /**
   * Runs all steps on one image, in the scale that suits it.
   *
   * @param image columns and rows, or columns, rows and channels, of any real type; see {@link
   *     Frame#of}
   * @return in the image's own coordinates: those of the view, if it is one, with its minimum
   * @throws SpyhopException if the image has other dimensions, or as the longer form
   */
  public PipelineResult run(RandomAccessibleInterval<? extends RealType<?>> image) {
    return run(Frame.of(image));
  }

  /** As the longer form, without telling how far it is. */
  public PipelineResult run(Frame image) {
    return run(image, Progress.NONE);
  }

  /**
   * Runs all steps on one image, in the scale that suits it.
   *
   * @param image one plane, with its calibration
   * @param progress can cancel, between two objects or steps
   * @return in the image's coordinates
   */
  public PipelineResult run(Frame image, Progress progress) {
    return run(image, scale(List.of(image), progress).factor(), progress);
  }

  /**
   * Runs all steps on one image.
   *
   * @param scale in which the first step is shown it
   * @return in the image's coordinates, which begin at the frame's {@link Frame#origin}
   * @throws SpyhopException if the image is empty, has other channels than the models expect, or
   *     pixels that are not finite numbers
   * @throws java.util.concurrent.CancellationException if cancelled, between two objects or steps
   */
  public PipelineResult run(Frame image, double scale, Progress progress) {
    // pictures are cut out of it by where things lie in its pixels
    Frame whole = image.placedAtZero();
    return found(whole, scale, progress).shifted(image.origin().x(), image.origin().y());
  }

  private PipelineResult found(Frame image, double scale, Progress progress) {
    List<Item> items = List.of(new Item(Finding.at(1, Optional.empty(), Affine.IDENTITY), image));
    List<PipelineStep> steps = pipeline.spec().steps();
    for (int i = 0; i < steps.size(); i++) {
      PipelineStep step = steps.get(i);
      List<Item> next = new ArrayList<>();
      if (step instanceof PipelineStep.Localize localize) {
        progress.checkCancelled();
        next.addAll(localize(localize, image, scale));
      } else {
        for (Item item : items) {
          progress.checkCancelled();
          boolean ended = item.finding().missing().isPresent();
          next.add(ended ? item : apply(step, item, image, i == 0 ? scale : 1));
        }
      }
      items = next;
      progress.update("Step " + step.label() + " of " + image.name(), i + 1, steps.size());
    }
    Map<Boolean, List<Finding>> findings =
        items.stream().map(Item::finding).collect(Collectors.partitioningBy(this::isKept));
    return new PipelineResult(
        new ImageSize(image.width(), image.height()),
        findings.get(true),
        findings.get(false).stream().flatMap(f -> f.object().stream()).toList());
  }

  /** Of which a step finds nothing has no class, and is left out where classes are named. */
  private boolean isKept(Finding f) {
    KeptClasses boxes = kept.of(types());
    Stream<String> types =
        classes().isEmpty()
            ? f.object().map(LocalizedObject::type).stream()
            : f.told().stream().flatMap(t -> t.classes().stream()).map(classes()::get);
    return boxes.areAll() || types.anyMatch(boxes::contain);
  }

  private List<Item> localize(PipelineStep.Localize step, Frame image, double scale) {
    List<Item> items = new ArrayList<>();
    for (LocalizedObject o :
        networks.predict(TaskKind.LOCALIZATION, step.model(), image, scale).objects()) {
      if (items.size() == step.maxObjects()) break;
      boolean wanted = step.classes().isEmpty() || step.classes().contains(o.type());
      if (!wanted || o.score() < step.minScore()) continue;
      items.add(new Item(Finding.at(items.size() + 1, Optional.of(o), Affine.IDENTITY), image));
    }
    return items;
  }

  /**
   * @param scale in which the step is shown the picture
   */
  private Item apply(PipelineStep step, Item item, Frame image, double scale) {
    Finding f = item.finding();
    if (step instanceof PipelineStep.Crop s) {
      Affine map = s.picture().toImage(f.object().orElseThrow().box());
      return new Item(f.withToImage(map), Resampling.averaged(image, map, s.width(), s.height()));
    }
    if (step instanceof PipelineStep.Keypoints s) {
      Optional<Pose> pose =
          networks.predict(TaskKind.KEYPOINTS, s.model(), item.picture(), scale).poses().stream()
              .findFirst();
      if (pose.filter(p -> !p.located().isEmpty()).isEmpty()) {
        return new Item(f.without("no keypoints"), item.picture());
      }
      return new Item(f.withPose(MappedAnnotation.pose(pose.get(), f.toImage())), item.picture());
    }
    if (step instanceof PipelineStep.Align s) {
      return Pictures.align(s, f.pose().orElseThrow())
          .map(
              map ->
                  new Item(
                      f.withToImage(map), Resampling.averaged(image, map, s.width(), s.height())))
          .orElseGet(() -> new Item(f.without("too few keypoints to align"), item.picture()));
    }
    if (step instanceof PipelineStep.Classify s) {
      return new Item(
          f.withClasses(
              ToldClasses.of(
                  pipeline.model(s.model()).spec().task(TaskKind.CLASSIFICATION),
                  networks.predict(TaskKind.CLASSIFICATION, s.model(), item.picture(), scale))),
          item.picture());
    }
    if (step instanceof PipelineStep.Regress s) {
      return new Item(
          f.withValues(networks.predict(TaskKind.REGRESSION, s.model(), item.picture(), scale)),
          item.picture());
    }
    if (step instanceof PipelineStep.Segment s) {
      Finding.Regions regions =
          Pictures.toImage(
              Refinement.NONE.of(
                  networks.predict(TaskKind.SEGMENTATION, s.model(), item.picture(), scale),
                  regionNames(s)),
              f.toImage(),
              image);
      Finding found = f.withRegions(regions);
      return new Item(
          regions.segmentation().segments().isEmpty() ? found.without("no regions") : found,
          item.picture());
    }
    throw new IllegalStateException("no such step: " + step);
  }

  /** Those that are left out are of the last step that segments. */
  private RegionNames regionNames(PipelineStep.Segment step) {
    boolean last =
        pipeline.spec().steps().stream()
            .filter(PipelineStep.Segment.class::isInstance)
            .reduce((a, b) -> b)
            .filter(step::equals)
            .isPresent();
    return last
        ? regionNames()
        : pipeline.model(step.model()).spec().task(TaskKind.SEGMENTATION).regionNames();
  }

  @Override
  public void close() {
    networks.close();
  }
}
