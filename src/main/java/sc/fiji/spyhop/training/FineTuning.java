package sc.fiji.spyhop.training;

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
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Transfer;
import sc.fiji.spyhop.weights.Weights;

/**
 * Transfer learning from a model that classifies or measures: its last layer is replaced by a new
 * one, which is trained alone on what the frozen trunk makes of the images, computed once; then all
 * is trained with a smaller rate.
 *
 * @param base where the trunk comes from; its images are brought to it as before
 * @param task what the new model is for. If it is the base's own, nothing is replaced and the first
 *     phase left out
 * @param head how the head is trained; augmentation and layers play no part
 * @param whole how all is trained afterwards; 0 epochs cannot be, see {@code onlyHead}
 * @param onlyHead whether to leave out the second phase
 * @param keepStatistics whether batch norms stay as they are in the second phase too, which is
 *     better for few images, whose statistics are poor
 * @param from layer after which the second phase changes the network; absent: all of it
 */
public record FineTuning<T>(
    ModelTraining.About about,
    ModelTraining.Origin origin,
    Model base,
    ImageTask<T> task,
    Dataset<T> train,
    Dataset<T> validation,
    TrainingOptions head,
    TrainingOptions whole,
    boolean onlyHead,
    boolean keepStatistics,
    Optional<String> from)
    implements TrainingRun {

  /** Learns a head quickly. */
  public static final TrainingOptions HEAD =
      TrainingOptions.IMAGES.with().epochs(20).batch(32).learningRate(3e-3).averaging(0.9).build();

  /** Changes a trained network carefully. */
  public static final TrainingOptions WHOLE =
      TrainingOptions.IMAGES.with().epochs(15).batch(32).learningRate(3e-4).build();

  /**
   * Trains both phases; see {@link Training#run}.
   *
   * @param checkpoints of the second phase
   * @throws SpyhopException if the base is for another kind of task, such as segmentation, a layer
   *     that is named is not there, or the images cannot be trained on
   */
  @Override
  public ModelTraining.Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    check();
    Network network = base.network();
    Weights weights = base.weights();
    Optional<TrainingResult> first = Optional.empty();
    if (!task.equals(base.spec().task())) {
      network = network();
      weights = Transfer.to(network, weights, Initialization.Scheme.HE, whole.seed());
      TrainingResult result = trainHead(network, weights, engine, device, listener, progress);
      first = Optional.of(result);
      weights = merged(weights, result.best());
      if (result.reason() == StopReason.CANCELLED || result.reason() == StopReason.NOT_FINITE) {
        return finished(network, weights, first.get(), engine, device);
      }
    }
    if (onlyHead && first.isPresent()) {
      return finished(network, weights, first.get(), engine, device);
    }
    ModelTraining<T> second = training(network, weights, second(network));
    if (first.isEmpty()) return second.run(engine, device, checkpoints, listener, progress);
    ModelTraining.Outcome outcome;
    try {
      outcome = second.run(engine, device, checkpoints, listener, progress);
    } catch (CancellationException e) {
      return kept(
          network, weights, first.get(), StopReason.CANCELLED, "Cancelled.", engine, device);
    }
    if (outcome.model().isPresent()) return outcome;
    TrainingResult ended = outcome.result();
    return kept(network, weights, first.get(), ended.reason(), ended.explanation(), engine, device);
  }

  /** The head is worth keeping even if the second phase came to nothing. */
  private ModelTraining.Outcome kept(
      Network network,
      Weights weights,
      TrainingResult head,
      StopReason reason,
      String explanation,
      Engine engine,
      Device device) {
    TrainingResult result =
        new TrainingResult(
            head.best(),
            head.last(),
            head.history(),
            reason,
            explanation + " The network with its new last layer, trained alone, is kept.");
    return finished(network, weights, result, engine, device);
  }

  /**
   * Refuses what cannot be done, before any work.
   *
   * @throws SpyhopException if the base is for another kind of task, or has no layer that is named
   */
  void check() {
    if (!(base.spec().task() instanceof ImageTask<?>)) {
      throw new SpyhopException(
          "Model %s is for %s: expected one for classification or regression."
              .formatted(base.spec().name(), base.spec().task().kind()));
    }
    Network network = task.equals(base.spec().task()) ? base.network() : network();
    Freezing.requireLayers(network, base.spec().name(), from, whole);
  }

  /** The trunk of the base with a new end. */
  Network network() {
    Network changed = Surgery.withClasses(base.network(), task.names().size());
    Layer last = changed.layer(changed.outputs().get(0));
    boolean softmax = last instanceof Layer.Activation a && a.function() == Layer.Function.SOFTMAX;
    if (task instanceof Classification == softmax) return changed;
    if (softmax) return Surgery.cutAfter(changed, last.inputs().get(0));
    List<Layer> layers = new ArrayList<>(changed.layers());
    layers.add(new Layer.Activation("prob", last.name(), Layer.Function.SOFTMAX));
    return new Network(changed.inputs(), layers, List.of("prob"));
  }

  private TrainingResult trainHead(
      Network network,
      Weights weights,
      Engine engine,
      Device device,
      TrainingListener listener,
      Progress progress) {
    String at = Surgery.classifier(network, network.outputs().get(0)).inputs().get(0);
    Network trunk = Surgery.cutAfter(network, at);
    Network top = top(network, trunk, at);
    Ends ends = Ends.of(top, task);
    Features<T> features;
    try (Predictor predictor = engine.predictor(trunk, part(weights, trunk), device)) {
      features =
          new Features<>(
              task, ends, base.spec().input(), predictor, train, validation, head, progress);
    }
    int steps = features.stepsPerEpoch();
    listener.message(
        "%s %d epochs of %d minibatches of %d; %s."
            .formatted(features.description(), head.epochs(), steps, head.batch(), device));
    TrainingLoop.Validation scoring =
        (w, p) -> {
          try (Predictor predictor = engine.predictor(top, w, device)) {
            return features.score(predictor, p);
          }
        };
    return new TrainingLoop(
            engine,
            device,
            top,
            ends.objectives(task),
            head,
            steps,
            features,
            validation.size() > 0 ? Optional.of(scoring) : Optional.empty(),
            new CheckpointStore(Checkpoints.NONE, head, Map.of(), listener),
            TrainingObserver.NONE,
            listener,
            progress)
        .run(part(weights, top));
  }

  /** What comes after a layer, which is its input. */
  private Network top(Network network, Network trunk, String at) {
    Set<String> below = new HashSet<>();
    trunk.layers().forEach(l -> below.add(l.name()));
    Network.Input image = network.inputs().get(0);
    var view = base.spec().input().fit().view(1, 1);
    boolean fixed = base.spec().input().fit().isFixed();
    Shape shown =
        fixed ? Shape.of(image.shape().channels(), view.height(), view.width()) : image.shape();
    Shape shape = Shapes.of(network, Map.of(image.name(), shown)).get(at);
    return new Network(
        List.of(new Network.Input(at, shape)),
        network.layers().stream().filter(l -> !below.contains(l.name())).toList(),
        network.outputs());
  }

  private static Weights part(Weights weights, Network network) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    sc.fiji.spyhop.network.Parameters.of(network)
        .forEach(p -> part.put(p.name(), weights.get(p.name())));
    return new Weights(part);
  }

  private static Weights merged(Weights all, Weights changed) {
    Map<String, Tensor> merged = new LinkedHashMap<>(all.tensors());
    merged.putAll(changed.tensors());
    return new Weights(merged);
  }

  private TrainingOptions second(Network network) {
    return Freezing.of(network, base.network(), keepStatistics, from, whole);
  }

  private ModelTraining<T> training(Network network, Weights weights, TrainingOptions options) {
    return new ModelTraining<>(
        about,
        origin,
        task,
        network,
        Optional.of(weights),
        base.spec().input(),
        train,
        validation,
        options);
  }

  private ModelTraining.Outcome finished(
      Network network, Weights weights, TrainingResult result, Engine engine, Device device) {
    TrainingResult whole =
        new TrainingResult(
            weights, weights, result.history(), result.reason(), result.explanation());
    return training(network, weights, head).outcome(whole, engine, device);
  }
}
