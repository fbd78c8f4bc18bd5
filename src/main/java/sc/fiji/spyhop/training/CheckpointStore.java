package sc.fiji.spyhop.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/** Keeps a training on disk, see {@link Checkpoints}. Each file appears complete or not at all. */
public final class CheckpointStore {

  private static final String LAST = "last.safetensors";
  private static final String BEST = "best.safetensors";
  private static final String HISTORY = "history.csv";
  private static final String PROGRESS = "progress";
  private static final String WEIGHTS = "weights/";
  private static final String AVERAGE = "average/";
  private static final String OPTIMIZER = "optimizer/";

  /** Options that may change on resuming: they say how long to go on, not how to learn. */
  private static final List<String> CHANGEABLE = List.of("epochs", "patience", "validateEvery");

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * All that a training needs to go on as if it had not been interrupted.
   *
   * @param weights of the trainer
   * @param average what is validated
   * @param optimizer memory of the optimiser
   * @param best the best weights so far
   */
  record State(
      Weights weights,
      Weights average,
      Weights optimizer,
      Optional<Weights> best,
      Numbers numbers) {}

  /**
   * @param step steps made
   */
  record Numbers(long step, TrainingHistory history, double bestValue, int epochsSinceBest) {}

  /** What is written beside the tensors. */
  private record Record(TrainingOptions options, Map<String, String> subject, Numbers numbers) {}

  private final Checkpoints checkpoints;
  private final TrainingOptions options;
  private final Map<String, String> subject;
  private final TrainingListener listener;

  /**
   * @param subject what is trained on what, by name of the aspect; has to be the same on resuming
   * @throws SpyhopException if the folder cannot be written to
   */
  public CheckpointStore(
      Checkpoints checkpoints,
      TrainingOptions options,
      Map<String, String> subject,
      TrainingListener listener) {
    this.checkpoints = checkpoints;
    this.options = options;
    this.subject = new LinkedHashMap<>(subject);
    this.listener = listener;
    checkpoints.folder().ifPresent(CheckpointStore::requireWritable);
  }

  private static void requireWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "probe", ".tmp"));
    } catch (IOException e) {
      throw new SpyhopException(
          "Cannot write checkpoints to "
              + folder
              + ": "
              + AtomicFile.reason(e)
              + ". Expected a folder that can be written to.",
          e);
    }
  }

  static void discard(Path folder) {
    try {
      for (String name : List.of(LAST, BEST, HISTORY)) Files.deleteIfExists(folder.resolve(name));
      try (Stream<Path> left = Files.list(folder)) {
        if (left.findAny().isPresent()) return;
      }
      Files.delete(folder);
    } catch (NoSuchFileException e) {
      // nothing was kept
    } catch (IOException e) {
      throw new SpyhopException(
          "Cannot delete checkpoints in " + folder + ": " + AtomicFile.reason(e) + ".", e);
    }
  }

  /** What was kept, if it is to be resumed. */
  Optional<State> load(Network network) {
    if (!checkpoints.resume() || checkpoints.folder().isEmpty()) return Optional.empty();
    Path folder = checkpoints.folder().get();
    Path file = folder.resolve(LAST);
    if (!Files.exists(file)) {
      throw new SpyhopException(
          "Nothing to resume in "
              + folder
              + ": expected the file "
              + LAST
              + " of an earlier training. Start anew instead.");
    }
    try {
      Safetensors.Content content = Safetensors.read(file);
      Record record = JSON.readValue(content.metadata().getOrDefault(PROGRESS, ""), Record.class);
      requireSame(folder, record);
      Path best = folder.resolve(BEST);
      return Optional.of(
          new State(
              part(content.weights(), WEIGHTS).fittedTo(network),
              part(content.weights(), AVERAGE).fittedTo(network),
              part(content.weights(), OPTIMIZER),
              Files.exists(best)
                  ? Optional.of(Safetensors.read(best).weights().fittedTo(network))
                  : Optional.empty(),
              record.numbers()));
    } catch (JsonProcessingException e) {
      throw new SpyhopException(
          file + " is not a checkpoint of a training: its progress cannot be read.", e);
    } catch (IOException e) {
      throw new SpyhopException("Cannot read " + file + ": " + AtomicFile.reason(e) + ".", e);
    }
  }

  private void requireSame(Path folder, Record record) {
    ObjectNode then = JSON.valueToTree(record.options());
    ObjectNode now = JSON.valueToTree(options);
    for (var fields = now.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode was = then.path(field.getKey());
      if (CHANGEABLE.contains(field.getKey()) || was.equals(field.getValue())) continue;
      throw different(folder, field.getKey(), was.toString(), field.getValue().toString());
    }
    subject.forEach(
        (aspect, value) -> {
          String was = String.valueOf(record.subject().get(aspect));
          if (!was.equals(value)) throw different(folder, aspect, was, value);
        });
  }

  private static SpyhopException different(Path folder, String what, String was, String is) {
    return new SpyhopException(
        "Cannot resume the training in "
            + folder
            + ": expected the same "
            + what
            + " as before, "
            + was
            + ", received "
            + is
            + ". Use what it was started with, or start anew in another folder.");
  }

  /** Keeps the state of a completed epoch; if that fails, says so and lets the training go on. */
  void save(boolean isBest, Supplier<State> supplier) {
    if (checkpoints.folder().isEmpty()) return;
    Path folder = checkpoints.folder().get();
    State state = supplier.get();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.weights().tensors().forEach((n, t) -> tensors.put(WEIGHTS + n, t));
    state.average().tensors().forEach((n, t) -> tensors.put(AVERAGE + n, t));
    state.optimizer().tensors().forEach((n, t) -> tensors.put(OPTIMIZER + n, t));
    try {
      if (isBest && state.best().isPresent()) {
        Safetensors.write(folder.resolve(BEST), state.best().get(), Map.of());
      }
      Safetensors.write(
          folder.resolve(LAST),
          new Weights(tensors),
          Map.of(PROGRESS, JSON.writeValueAsString(new Record(options, subject, state.numbers()))));
      Path temporary = folder.resolve(HISTORY + ".tmp");
      Files.writeString(temporary, state.numbers().history().csv());
      Files.move(temporary, folder.resolve(HISTORY), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      listener.message(
          "Warning: cannot write the checkpoint to "
              + folder
              + " ("
              + AtomicFile.reason(e)
              + "); the training goes on without it.");
    }
  }

  private static Weights part(Weights all, String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    all.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(prefix)) part.put(name.substring(prefix.length()), tensor);
            });
    return new Weights(part);
  }
}
