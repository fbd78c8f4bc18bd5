package sc.fiji.spyhop.training;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Diameters;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Transfer;
import sc.fiji.spyhop.weights.Weights;

/** Decides how a network that says where things are is built and fed. */
public final class DetectionTraining {

  /** Name of the default backbone. */
  public static final String COMPACT = "compact";

  /** Images are halved until their longest side is at most this, unless a scale is given. */
  private static final int USUAL_SIDE = 512;

  private DetectionTraining() {}

  /** What to train. */
  public record Plan(Network network, Weights weights, ModelSpec.Input input) {}

  /**
   * How a network is built.
   *
   * @param backbone {@link #COMPACT}, a {@link Preset}, or a model by name or file, whose weights
   *     are taken over as far as layers fit
   * @param widths of the default backbone; empty for the default ones
   */
  public record Design(String backbone, List<Integer> widths) {}

  /**
   * Images in some scale.
   *
   * @param scale pixels shown per pixel of the image; absent: the largest of 1, 1/2, 1/4 ... such
   *     that the longest side is at most 512 pixels
   * @return from what sizes have to be multiples of to the fit
   */
  public static IntFunction<Resize> scaled(Dataset<Annotation> train, Optional<Double> scale) {
    return multiple -> new Resize.Scaled(scale.orElseGet(() -> byDefault(train)), multiple);
  }

  /**
   * Looks at the images and decides how they are shown and what the network is like.
   *
   * @param train looked at for channels, sizes and intensities
   * @param fit of images to what the network is shown, given what sizes have to be multiples of
   */
  public static Plan plan(
      Dataset<Annotation> train,
      AnnotationTask task,
      Design design,
      IntFunction<Resize> fit,
      long seed,
      Progress progress) {
    String backbone = design.backbone();
    if (!backbone.equals(COMPACT) && !Preset.isName(backbone)) {
      return plan(train, task, ModelRegistry.standard().find(backbone), fit, seed, progress);
    }
    ModelSpec.Input looked = ImageInputs.of(train, Optional.empty(), Optional.empty(), progress);
    int channels = looked.channels();
    Decoder.Backbone features =
        backbone.equals(COMPACT)
            ? Decoder.Backbone.compact(
                channels, design.widths().isEmpty() ? DetectionNetwork.WIDTHS : design.widths())
            : Decoder.Backbone.of(preset(Preset.find(backbone), channels), channels);
    Network network = network(features, task, channels, fit);
    return new Plan(
        network,
        DetectionNetwork.withPrior(Initialization.of(network, seed), network, task),
        input(network, looked, fit).withObjects(sizes(train, task, fit.apply(1))));
  }

  /**
   * The same on the backbone of a model, whose weights are taken over.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the backbone has no features at the task's stride
   */
  public static Plan plan(
      Dataset<Annotation> train,
      AnnotationTask task,
      Model base,
      IntFunction<Resize> fit,
      long seed,
      Progress progress) {
    ModelSpec.Input looked = ImageInputs.of(train, Optional.empty(), Optional.empty(), progress);
    Decoder.Backbone backbone = Decoder.Backbone.of(base.network(), looked.channels());
    Network network = network(backbone, task, looked.channels(), fit);
    Weights weights =
        Transfer.to(
            network,
            Transfer.part(backbone.network(), base.weights()),
            Initialization.Scheme.FITTING,
            seed);
    boolean sameChannels = base.spec().input().channels() == looked.channels();
    return new Plan(
        network,
        DetectionNetwork.withPrior(weights, network, task),
        input(network, sameChannels ? likeBase(looked, base) : looked, fit)
            .withObjects(sizes(train, task, fit.apply(1))));
  }

  /** With the order of colours and the intensities that the base knows. */
  public static ModelSpec.Input likeBase(ModelSpec.Input looked, Model base) {
    ModelSpec.Input known = base.spec().input();
    return new ModelSpec.Input(
        looked.axes(),
        looked.channels(),
        known.colors() == Colors.NONE ? looked.colors() : known.colors(),
        looked.fit(),
        known.normalization(),
        looked.pixelSize());
  }

  /**
   * Of boxes, and of those that keypoints are in, in pixels of what the network is shown, where
   * that has a scale.
   */
  public static ObjectSizes sizes(Dataset<Annotation> train, AnnotationTask task, Resize fit) {
    if (!(fit instanceof Resize.Scaled scaled)) return ObjectSizes.UNKNOWN;
    DoubleStream.Builder found = DoubleStream.builder();
    for (int i = 0; i < train.size(); i++) {
      for (LocalizedObject o : task.relevant(train.get(i).truth()).objects()) {
        found.add(scaled.factor() * Diameters.ofBox(o.box()));
      }
    }
    return ObjectSizes.of(new Diameters(found.build().toArray()));
  }

  private static ModelSpec.Input input(
      Network network, ModelSpec.Input looked, IntFunction<Resize> fit) {
    return new ModelSpec.Input(
        looked.axes(),
        looked.channels(),
        looked.colors(),
        fit.apply(Collections.max(ReceptiveField.of(network).sizeMultiple())),
        looked.normalization(),
        looked.pixelSize());
  }

  private static Network network(
      Decoder.Backbone features, AnnotationTask task, int channels, IntFunction<Resize> fit) {
    if (task.mapped()) return DetectionNetwork.of(features, task);
    Resize.View view = fit.apply(1).view(1, 1);
    return DetectionNetwork.of(features, task, Shape.of(channels, view.height(), view.width()));
  }

  private static Network preset(Preset preset, int channels) {
    Shape defaults = preset.defaultInput();
    return preset.of(
        Shape.of(channels, defaults.space().get(0), defaults.space().get(1)),
        preset.defaultClasses());
  }

  private static double byDefault(Dataset<Annotation> train) {
    int longest = 1;
    for (int i = 0; i < train.size(); i++) {
      var size = train.get(i).truth().size();
      longest = Math.max(longest, Math.max(size.width(), size.height()));
    }
    double factor = 1;
    while (longest * factor > USUAL_SIDE) factor /= 2;
    return factor;
  }
}
