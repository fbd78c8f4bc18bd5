package sc.fiji.spyhop.training.finetuning;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.training.Training;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.training.TrainingOptions;
import sc.fiji.spyhop.training.TrainingRun;

/**
 * Transfer learning for what is told pixel by pixel or place by place: a new decoder is trained
 * alone on a backbone that stays as it is, then all of the network with a smaller rate.
 *
 * @param decoder the first phase, whose options freeze the backbone
 * @param whole how all is trained afterwards
 */
record DecoderTuning<T>(ModelTraining<T> decoder, TrainingOptions whole) implements TrainingRun {

  private static final String KEPT = " The network with its new layers, trained alone, is kept.";

  /**
   * Trains both phases; see {@link Training#run}. What the first came to is kept if the second
   * comes to nothing.
   *
   * @param checkpoints of the second phase
   */
  @Override
  public TrainingRun.Outcome run(
      Engine engine,
      Device device,
      Checkpoints checkpoints,
      TrainingListener listener,
      Progress progress) {
    listener.message("First the new layers learn, on those of the base as they are.");
    TrainingRun.Outcome first = decoder.run(engine, device, Checkpoints.NONE, listener, progress);
    Optional<Model> model = first.model();
    if (first.result().reason().isCutOff() || model.isEmpty()) return first;
    listener.message("Now all layers learn.");
    try {
      TrainingRun.Outcome second =
          ModelTraining.of(decoder.task(), decoder.train())
              .about(decoder.about())
              .origin(decoder.origin())
              .network(decoder.network())
              .start(model.get().weights())
              .input(decoder.input())
              .validation(decoder.validation())
              .options(whole)
              .build()
              .run(engine, device, checkpoints, listener, progress);
      boolean worse = second.result().history().isStartBest();
      if (second.model().isPresent() && !worse) return second;
      return first.ending(second.result().reason(), second.result().explanation() + KEPT);
    } catch (CancellationException e) {
      return first.ending(StopReason.CANCELLED, "Stopped." + KEPT);
    }
  }
}
