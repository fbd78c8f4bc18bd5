package sc.fiji.spyhop.training.finetuning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Activation;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.CheckpointStore;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.DetectionTraining;
import sc.fiji.spyhop.training.ImageInputs;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.Training;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingLoop;
import sc.fiji.spyhop.training.TrainingObserver;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingResult;
import sc.fiji.spyhop.training.TrainingRun;
import sc.fiji.spyhop.training.TrainingSetup;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Transfer;
import sc.fiji.spyhop.weights.Weights;

/**
 * Transfer learning for classes and numbers. Of a model that classifies or measures the last layer
 * is replaced by a new one; of any other the coarsest features get global pooling and a layer. The
 * new layer is trained alone on what the frozen backbone makes of the images, computed once; then
 * all is trained, each layer in proportion to the size of its own weights.
 *
 * @param base where the backbone comes from; if it classifies or measures, images are brought to it
 *     as before, else as for a new network, with the intensities that the base knows
 * @param task what the new model is for. If it is the base's own, nothing is replaced and the first
 *     phase left out
 * @param head how the head is trained; augmentation and layers play no part
 * @param whole how all is trained afterwards, in rounds, each from the best network so far; without
 *     validation, which could not tell what is the best, only the first
 * @param kept what the second phase leaves as it is; all but the head: there is no second phase
 */
public record FineTuning<T>(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    Model base,
    ImageTask<T> task,
    Split<T> split,
    TrainingOptions head,
    List<TrainingOptions> whole,
    Kept kept)
    implements TrainingRun {

  /** Learns a head quickly. */
  public static final TrainingOptions HEAD =
      TrainingOptions.IMAGES.with().epochs(20).batch(32).learningRate(3e-3).averaging(0.9).build();

  /** How much faster the second round is, for images that are not at all like those of the base. */
  private static final double BOLDER = 4;

  private static final String KEPT = " The network as it was before is kept.";

  /** Changes a trained network carefully: each layer by about a thousandth of itself in a step. */
  public static final TrainingOptions WHOLE =
      TrainingOptions.IMAGES.with().epochs(15).batch(32).learningRate(1e-3).build();

  /** A careful round, then a bolder one that ends soon if it is of no use. */
  public static List<TrainingOptions> rounds(TrainingOptions careful) {
    TrainingOptions.Builder bolder = careful.with().learningRate(BOLDER * careful.learningRate());
    if (careful.patience() == 0) bolder.patience(Math.max(3, careful.epochs() / 3));
    return List.of(careful, bolder.build());
  }

  /**
   * Trains both phases; see {@link Training#run}.
   *
   * @param checkpoints of the second phase
   * @throws SpyhopException if the base has no backbone, a layer that is named is not there, or the
   *     images cannot be trained on
   */
  @Override
  public TrainingRun.Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    return run(engine, device, checkpoints, listener, progress, FeatureFile.defaultMemory());
  }

  /**
   * @param memory bytes of what the backbone makes of the images that are kept in memory
   */
  TrainingRun.Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress,
      long memory) {
    check();
    Network network = base.network();
    Weights weights = base.weights();
    ModelSpec.Input input = input(listener, progress);
    Optional<TrainingRun.Outcome> known = Optional.empty();
    if (!task.equals(base.spec().task())) {
      network = network();
      weights = Transfer.to(network, backbone(), Initialization.Scheme.HE, head.seed());
      TrainingResult result =
          trainHead(network, weights, input, engine, device, listener, progress, memory);
      weights = merged(weights, result.best());
      known = Optional.of(finished(network, weights, input, result, engine, device));
      if (kept.allButHead() || result.reason().isCutOff()) return known.get();
    }
    for (TrainingOptions round : split.validation().size() > 0 ? whole : whole.subList(0, 1)) {
      listener.message(
          round == whole.get(0)
              ? "All layers learn."
              : "All layers learn faster, for as long as that helps.");
      TrainingRun.Outcome next;
      try {
        next =
            training(network, weights, input, second(network, weights, round))
                .run(engine, device, checkpoints, listener, progress);
      } catch (CancellationException e) {
        if (known.isEmpty()) throw e;
        return known.get().ending(StopReason.CANCELLED, "Stopped." + KEPT);
      }
      TrainingResult result = next.result();
      boolean worse = result.history().isStartBest();
      if (known.isPresent() && (worse || next.model().isEmpty())) {
        String explanation = result.explanation() + (worse ? "" : KEPT);
        known = Optional.of(known.get().ending(result.reason(), explanation));
      } else {
        known = Optional.of(next);
      }
      if (next.model().isEmpty() || result.reason().isCutOff()) return known.get();
      weights = known.get().model().orElseThrow().weights();
    }
    return known.orElseThrow();
  }

  /**
   * Refuses what cannot be done, before any work.
   *
   * @throws SpyhopException if the base has no backbone, or no layer that is named
   */
  void check() {
    Network network = task.equals(base.spec().task()) ? base.network() : network();
    Freezing.requireLayers(network, base.spec().name(), kept.upTo(), whole.get(0));
  }

  /** The backbone of the base with a new end. */
  Network network() {
    if (!(base.spec().task() instanceof ImageTask<?>)) return pooled();
    Network changed = Surgery.withClasses(base.network(), task.names().size());
    Layer last = changed.layer(changed.outputs().get(0));
    Layer.Function wanted = task.heads().get(0).activation();
    Layer.Function known = last instanceof Activation a ? a.function() : Layer.Function.IDENTITY;
    if (known == wanted) return changed;
    boolean probabilities = known == Layer.Function.SOFTMAX || known == Layer.Function.SIGMOID;
    Network logits = probabilities ? Surgery.cutAfter(changed, last.inputs().get(0)) : changed;
    if (wanted == Layer.Function.IDENTITY) return logits;
    String name = probabilities ? last.name() : "prob";
    List<Layer> layers = new ArrayList<>(logits.layers());
    layers.add(new Activation(name, logits.outputs().get(0), wanted));
    return new Network(logits.inputs(), layers, List.of(name));
  }

  /** Weights that are taken over. */
  private Weights backbone() {
    if (base.spec().task() instanceof ImageTask<?>) return base.weights();
    int channels = split.train().get(0).frame().channels();
    return Transfer.part(Decoder.Backbone.of(base.network(), channels).network(), base.weights());
  }

  /**
   * The backbone of a network that says where things are, with an end that sees the whole image.
   */
  private Network pooled() {
    Decoder.Backbone backbone =
        Decoder.Backbone.of(base.network(), split.train().get(0).frame().channels());
    String at = backbone.scales().lastEntry().getValue();
    NetworkBuilder b =
        NetworkBuilder.input("features", Shapes.of(backbone.network()).get(at))
            .globalPool("pooled", Layer.PoolingKind.AVERAGE)
            .dense("logits", task.names().size());
    if (task.givesProbabilities()) b.activation("prob", task.heads().get(0).activation());
    return Surgery.graft(backbone.network(), at, b.build());
  }

  /** How images are brought to the network. */
  private ModelSpec.Input input(TrainingListener listener, Progress progress) {
    ModelSpec.Input known = base.spec().input();
    if (base.spec().task() instanceof ImageTask<?>) {
      return ImageInputs.goingOn(known, split.train(), listener::message, progress);
    }
    ModelSpec.Input looked =
        ImageInputs.of(split.train(), Optional.empty(), Optional.empty(), progress);
    return known.channels() == looked.channels()
        ? DetectionTraining.likeBase(looked, base)
        : looked;
  }

  private TrainingResult trainHead(
      Network network,
      Weights weights,
      ModelSpec.Input input,
      Engine engine,
      Device device,
      TrainingListener listener,
      Progress progress,
      long memory) {
    Weighted classifier = Surgery.classifier(network, network.outputs().get(0));
    String at = classifier.inputs().get(0);
    Network backbone = Surgery.cutAfter(network, at);
    Network top = top(network, backbone, at, input.fit());
    Ends ends = Ends.of(top, task);
    try (Features<T> features =
        features(backbone, weights, ends, input, engine, device, progress, memory)) {
      TrainingOptions learning = head.with().l2(features.shrinkage()).build();
      int steps = features.stepsPerEpoch();
      listener.message(
          Strings.format(
              "%s %s of %s of %d; %s.",
              features.description(),
              Strings.count(learning.epochs(), "epoch"),
              Strings.count(steps, "minibatch"),
              learning.batch(),
              device));
      TrainingLoop.Validation scoring =
          (w, p) -> {
            try (Predictor predictor = engine.predictor(top, w, device)) {
              return features.score(predictor, p);
            }
          };
      TrainingResult result =
          new TrainingLoop(
                  new TrainingSetup(engine, device, top, ends.objectives(task, learning.loss())),
                  learning,
                  steps,
                  features,
                  split.validation().size() > 0 ? Optional.of(scoring) : Optional.empty(),
                  new CheckpointStore(Checkpoints.NONE, learning, Map.of(), listener),
                  TrainingObserver.NONE,
                  listener,
                  progress)
              .run(Transfer.part(top, weights), false);
      return new TrainingResult(
          scaled(result.best(), classifier, features.scale()),
          scaled(result.last(), classifier, features.scale()),
          result.history(),
          result.reason(),
          result.explanation());
    }
  }

  /** The kernel of a layer times a number, as if what it reads were multiplied by that. */
  private static Weights scaled(Weights weights, Weighted layer, float factor) {
    Map<String, Tensor> changed = new LinkedHashMap<>(weights.tensors());
    for (Parameter p : layer.parameters()) {
      if (p.role() != Parameter.Role.KERNEL) continue;
      Tensor old = weights.get(p.name());
      float[] values = old.data().clone();
      for (int i = 0; i < values.length; i++) values[i] *= factor;
      changed.put(p.name(), new Tensor(old.axes(), old.shape(), values));
    }
    return new Weights(changed);
  }

  private Features<T> features(
      Network backbone,
      Weights weights,
      Ends ends,
      ModelSpec.Input input,
      Engine engine,
      Device device,
      Progress progress,
      long memory) {
    try (Predictor predictor =
        engine.predictor(backbone, Transfer.part(backbone, weights), device)) {
      return new Features<>(
          task, ends, input, predictor, split.train(), split.validation(), head, memory, progress);
    }
  }

  /** What comes after a layer, which is its input. */
  private static Network top(Network network, Network backbone, String at, Resize fit) {
    Set<String> below = new HashSet<>();
    backbone.layers().forEach(l -> below.add(l.name()));
    Network.Input image = network.inputs().get(0);
    Resize.View view = fit.view(1, 1);
    Shape shown =
        fit.isFixed()
            ? Shape.of(image.shape().channels(), view.height(), view.width())
            : image.shape();
    Shape shape = Shapes.of(network, Map.of(image.name(), shown)).get(at);
    return new Network(
        List.of(new Network.Input(at, shape)),
        network.layers().stream().filter(l -> !below.contains(l.name())).toList(),
        network.outputs());
  }

  private static Weights merged(Weights all, Weights changed) {
    Map<String, Tensor> merged = new LinkedHashMap<>(all.tensors());
    merged.putAll(changed.tensors());
    return new Weights(merged);
  }

  private TrainingOptions second(Network network, Weights weights, TrainingOptions round) {
    Map<String, Double> rates = OwnRates.of(network, weights);
    round.rates().forEach((layer, factor) -> rates.merge(layer, factor, (a, b) -> a * b));
    TrainingOptions options = round.with().rates(rates).build();
    return Freezing.of(network, base.network(), kept.statistics(), kept.upTo(), options);
  }

  private ModelTraining<T> training(
      Network network, Weights weights, ModelSpec.Input input, TrainingOptions options) {
    return ModelTraining.of(task, split)
        .about(about)
        .origin(origin)
        .network(network)
        .start(weights)
        .input(input)
        .options(options)
        .build();
  }

  private TrainingRun.Outcome finished(
      Network network,
      Weights weights,
      ModelSpec.Input input,
      TrainingResult result,
      Engine engine,
      Device device) {
    TrainingResult whole =
        new TrainingResult(
            weights, weights, result.history(), result.reason(), result.explanation());
    return training(network, weights, input, head).outcome(whole, engine, device);
  }
}
