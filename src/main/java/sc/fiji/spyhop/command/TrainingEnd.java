package sc.fiji.spyhop.command;

import ij.IJ;
import java.nio.file.Path;
import java.util.Optional;
import org.scijava.Cancelable;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.training.StopReason;
import sc.fiji.spyhop.ui.TrainingView;

/**
 * What a command does when its training has ended.
 *
 * @param reason why it ended
 * @param explanation the same for the user
 * @param write writes what was trained; absent if that is nothing
 * @param file that is written
 * @param discard deletes what the training kept for going on with it
 */
record TrainingEnd(
    StopReason reason, String explanation, Optional<Runnable> write, Path file, Runnable discard) {

  /** Of a training that was stopped before it began to learn. */
  static TrainingEnd early(Path file, Runnable discard) {
    return new TrainingEnd(
        StopReason.CANCELLED,
        "Stopped before anything was learnt.",
        Optional.empty(),
        file,
        discard);
  }

  /**
   * Writes what was trained, unless the user wants nothing of it, and says so in the log and the
   * window. A training that was stopped by its button ends as one that ran to its end, so that a
   * macro goes on with the model; one that was cancelled, or has no model, ends the macro.
   *
   * @throws SpyhopException if the training came to no good end by itself
   */
  void conclude(TrainingView view, Cancelable command) {
    boolean discarded = view.isDiscarded();
    String said = explanation;
    if (discarded) {
      discard.run();
      said = "Cancelled; nothing of the training is kept.";
    } else if (write.isPresent()) {
      write.get().run();
      said += " Written to " + file;
    }
    IJ.log("Spyhop: " + said);
    view.ended(said);
    if (discarded) {
      Cancellations.end(command, said);
    } else if (reason == StopReason.NOT_FINITE) {
      throw new SpyhopException(said);
    } else if (reason == StopReason.CANCELLED && !(view.isStopped() && write.isPresent())) {
      Cancellations.end(command, said);
    }
  }
}
