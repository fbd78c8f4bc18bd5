package sc.fiji.spyhop.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;

/**
 * Where a training keeps what it needs to go on after an interruption: {@code last.safetensors}
 * (weights, averaged weights, optimiser state and progress of the last completed epoch, and the
 * best weights so far), {@code best.safetensors} (the same best weights by themselves, for who
 * looks on; its metadata names the training and the epoch) and {@code history.csv}.
 *
 * @param folder made if it is not there; absent: nothing is kept
 * @param resume go on from the last epoch found there
 */
public record Checkpoints(Optional<Path> folder, boolean resume) {

  static final String LAST = "last.safetensors";

  /** Keeps nothing on disk. */
  public static final Checkpoints NONE = new Checkpoints(Optional.empty(), false);

  /** Starts anew, replacing what an earlier training left in the folder. */
  public static Checkpoints startIn(Path folder) {
    return new Checkpoints(Optional.of(folder), false);
  }

  /**
   * Goes on where the training in the folder stopped; refused if there is none or if it was started
   * with other options.
   */
  public static Checkpoints resumeIn(Path folder) {
    return new Checkpoints(Optional.of(folder), true);
  }

  /**
   * Refuses to resume where there is nothing.
   *
   * @throws SpyhopException if there is no earlier training
   */
  public void requireResumable() {
    if (!resume || folder.isEmpty() || Files.exists(folder.get().resolve(LAST))) return;
    throw new SpyhopException(
        "Nothing to resume in "
            + folder.get()
            + ": expected the file "
            + LAST
            + " of an earlier training. Start anew instead.");
  }

  /** Deletes what was kept, and the folder if it holds nothing else. */
  public void discard() {
    folder.ifPresent(CheckpointStore::discard);
  }
}
