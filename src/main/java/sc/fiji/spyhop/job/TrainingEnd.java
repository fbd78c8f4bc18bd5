package sc.fiji.spyhop.job;

import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.training.StopReason;

/**
 * What came of a training.
 *
 * @param reason why it ended
 * @param explanation the same for the user
 * @param write writes what was trained; absent if that is nothing
 * @param file that is written
 * @param discard deletes what the training kept to be resumed
 */
public record TrainingEnd(
    StopReason reason, String explanation, Optional<Runnable> write, Path file, Runnable discard) {

  /** Of a training that was stopped before it began to learn. */
  public static TrainingEnd early(Path file, Runnable discard) {
    return new TrainingEnd(
        StopReason.CANCELLED,
        "Stopped before anything was learnt.",
        Optional.empty(),
        file,
        discard);
  }

  /** Writes what was trained, if there is something, and says what came of it. */
  public String written() {
    if (write.isEmpty()) return explanation;
    write.get().run();
    return explanation + " Written to " + file;
  }
}
