package sc.fiji.spyhop.generate.adversarial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.TrainingHistory;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FolderLock;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/**
 * Keeps what an adversarial training needs to go on as if it had not been interrupted, in the
 * folder of {@link Checkpoints}: {@code last.safetensors} and {@code history.csv}.
 */
final class AdversarialCheckpoint implements AutoCloseable {

  private static final String LAST = "last.safetensors";
  private static final String HISTORY = "history.csv";
  private static final String PROGRESS = "progress";

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * All that is needed.
   *
   * @param weights by part: those of both networks, their optimizers' memories, the average
   * @param past what happened
   */
  record State(Map<String, Weights> weights, Past past) {}

  /**
   * What happened so far.
   *
   * @param step steps made
   * @param epochs in order
   * @param rounds what each showed
   */
  record Past(long step, List<Epoch> epochs, List<Round> rounds) {

    static final Past NONE = new Past(0, List.of(), List.of());

    Past {
      epochs = List.copyOf(epochs);
      rounds = List.copyOf(rounds);
    }
  }

  private record Record(AdversarialOptions options, String subject, Past past) {
    Record {
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(past, "past");
    }
  }

  private final Checkpoints checkpoints;
  private final AdversarialOptions options;
  private final String subject;
  private final TrainingListener listener;
  private final Optional<FolderLock> lock;

  /**
   * @param subject what is learned from what, in words; the same on resuming
   * @throws SpyhopException if the folder cannot be written to, another training holds it, or there
   *     is nothing to resume
   */
  AdversarialCheckpoint(
      Checkpoints checkpoints,
      AdversarialOptions options,
      String subject,
      TrainingListener listener) {
    this.checkpoints = checkpoints;
    this.options = options;
    this.subject = subject;
    this.listener = listener;
    checkpoints.requireResumable();
    lock = checkpoints.folder().map(AdversarialCheckpoint::take);
  }

  private static FolderLock take(Path folder) {
    try {
      Folders.tryWriting(folder);
      return FolderLock.take(folder)
          .orElseThrow(
              () ->
                  new SpyhopException(
                      folder
                          + ": another training keeps its checkpoints here. Wait until it has"
                          + " ended, or name another model."));
    } catch (IOException e) {
      throw Folders.cannotWrite(folder, e);
    }
  }

  /**
   * What was kept, if it is to be resumed.
   *
   * @throws SpyhopException if that was begun otherwise, but for the number of epochs
   */
  Optional<State> load() {
    if (!checkpoints.resume() || checkpoints.folder().isEmpty()) return Optional.empty();
    Path folder = checkpoints.folder().get();
    Path file = folder.resolve(LAST);
    try {
      Safetensors.Content content = Safetensors.read(file);
      Record record = JSON.readValue(content.metadata().getOrDefault(PROGRESS, ""), Record.class);
      AdversarialOptions then = record.options;
      AdversarialOptions now =
          new AdversarialOptions(
              then.epochs(),
              options.stepsPerEpoch(),
              options.batch(),
              options.learningRate(),
              options.momentum(),
              options.smoothing(),
              options.averaging(),
              options.seed());
      if (!then.equals(now) || !subject.equals(record.subject)) {
        throw new SpyhopException(
            Strings.format(
                "Cannot resume the training in %s: expected the same images, networks and settings"
                    + " as before, but for the number of epochs. Use those, or start anew.",
                folder));
      }
      return Optional.of(new State(parts(content.weights()), record.past));
    } catch (JsonProcessingException e) {
      throw new SpyhopException(
          file + " is not a checkpoint of such a training: its progress cannot be read.", e);
    } catch (IOException e) {
      throw new SpyhopException("Cannot read " + file + ": " + AtomicFile.reason(e) + ".", e);
    }
  }

  private static Map<String, Weights> parts(Weights all) {
    Map<String, Map<String, Tensor>> parts = new LinkedHashMap<>();
    all.tensors()
        .forEach(
            (name, tensor) -> {
              int at = name.indexOf('/');
              if (at < 0) return;
              parts
                  .computeIfAbsent(name.substring(0, at), p -> new LinkedHashMap<>())
                  .put(name.substring(at + 1), tensor);
            });
    Map<String, Weights> weights = new LinkedHashMap<>();
    parts.forEach((part, tensors) -> weights.put(part, new Weights(tensors)));
    return weights;
  }

  /** Keeps the state of a completed epoch; if that fails, says so and lets the training go on. */
  void save(State state) {
    if (checkpoints.folder().isEmpty()) return;
    Path folder = checkpoints.folder().get();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.weights.forEach(
        (part, weights) -> weights.tensors().forEach((n, t) -> tensors.put(part + "/" + n, t)));
    try {
      Safetensors.write(
          folder.resolve(LAST),
          new Weights(tensors),
          Map.of(PROGRESS, JSON.writeValueAsString(new Record(options, subject, state.past))));
      byte[] history =
          new TrainingHistory(state.past.epochs, Map.of()).csv().getBytes(StandardCharsets.UTF_8);
      AtomicFile.replace(folder.resolve(HISTORY), out -> out.write(history), true);
    } catch (IOException e) {
      listener.message(
          Strings.format(
              "Warning: cannot write the checkpoint to %s (%s); the training goes on without it.",
              folder, AtomicFile.reason(e)));
    }
  }

  /** Leaves the folder to others. */
  @Override
  public void close() {
    if (lock.isEmpty()) return;
    try {
      lock.get().close();
    } catch (IOException e) {
      throw Folders.cannotWrite(checkpoints.folder().orElseThrow(), e);
    }
  }
}
