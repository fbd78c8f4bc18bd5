package sc.fiji.spyhop.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkJson;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.training.diagnosis.Census;
import sc.fiji.spyhop.training.sampling.MinibatchSampler;
import sc.fiji.spyhop.training.sampling.TrainingImages;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Weights;

/**
 * Trains a network for a task. Minibatches are drawn, varied and encoded in a thread of their own
 * while the engine learns; after each epoch, whole validation images are predicted and scored.
 *
 * @param network with one input, and the outputs that the task's heads ask for
 * @param weights to begin with
 * @param learned whether these weights have learned before: then they are kept if no epoch is
 *     better
 * @param input how images are brought to the network
 * @param validation may be empty: then the loss decides which network is the best
 * @param <T> kind of truth
 */
public record Training<T>(
    Network network,
    Weights weights,
    boolean learned,
    Task<T, ?> task,
    ModelSpec.Input input,
    Dataset<T> train,
    Dataset<T> validation,
    TrainingOptions options) {

  /** With weights that have not learned before. */
  public Training(
      Network network,
      Weights weights,
      Task<T, ?> task,
      ModelSpec.Input input,
      Dataset<T> train,
      Dataset<T> validation,
      TrainingOptions options) {
    this(network, weights, false, task, input, train, validation, options);
  }

  /**
   * Trains until all epochs are done, patience is over, the user cancels or numbers overflow; in
   * each case the best network so far is in the result.
   *
   * @param device one of the engine's
   * @param checkpoints where to keep what there is, and whether to resume
   * @param listener told after each epoch
   * @param progress shows the share of all steps done and the time left; can cancel
   * @throws SpyhopException before any work if the images cannot be trained on: none, unreadable,
   *     sizes or channels that do not fit, or truth that shows one class only
   */
  public TrainingResult run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    options.requireLossFor(task);
    CheckpointStore store = new CheckpointStore(checkpoints, options, subject(), listener);
    if (network.inputs().size() != 1) {
      throw new SpyhopException(
          "Training: expected a network with one input, received one with "
              + network.inputs().size()
              + ".");
    }
    if (train.size() == 0) {
      throw new SpyhopException(
          "The training set is empty: expected at least one image with its annotation.");
    }
    Ends ends = Ends.of(network, task);
    MinibatchSampler sampler =
        MinibatchSampler.of(
            new TrainingImages<>(network, input, train, validation, options.sampling()),
            task,
            ends,
            progress);
    int stepsPerEpoch =
        options.stepsPerEpoch() > 0 ? options.stepsPerEpoch() : sampler.stepsPerEpoch();
    listener.message(
        Strings.format(
            "%s %s of %s of %d; %s.",
            sampler.description(),
            Strings.count(options.epochs(), "epoch"),
            Strings.count(stepsPerEpoch, "minibatch"),
            options.batch(),
            device));
    TrainingLoop.Validation scoring =
        (w, p) -> {
          try (Predictor predictor = engine.predictor(network, w, device)) {
            return sampler.score(predictor, listener::example, p);
          }
        };
    TrainingSetup setup =
        new TrainingSetup(engine, device, network, ends.objectives(task, options.loss()));
    return new TrainingLoop(
            setup,
            options,
            stepsPerEpoch,
            sampler,
            validation.size() > 0 ? Optional.of(scoring) : Optional.empty(),
            store,
            new Diagnostics(
                setup,
                task.names(),
                Set.copyOf(options.frozenLayers()),
                sampler::probe,
                sampler.census().flatMap(Census::look).stream().toList(),
                listener),
            listener,
            progress)
        .run(weights, learned);
  }

  private Map<String, String> subject() {
    Map<String, String> subject = new LinkedHashMap<>();
    subject.put("task", task.toString());
    subject.put("input", input.toString());
    subject.put("network", Integer.toHexString(NetworkJson.write(network).hashCode()));
    subject.put("training images", names(train));
    subject.put("validation images", names(validation));
    return subject;
  }

  private static String names(Dataset<?> set) {
    return set.size() + " of checksum " + Integer.toHexString(set.names().hashCode());
  }
}
