package sc.fiji.spyhop.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FolderLock;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/** Keeps a training on disk, see {@link Checkpoints}. Each file appears complete or not at all. */
public final class CheckpointStore implements AutoCloseable {

  private static final String LAST = Checkpoints.LAST;
  private static final String BEST = "best.safetensors";
  private static final String HISTORY = "history.csv";
  private static final String PROGRESS = "progress";
  private static final String MEMORY = "diagnosis";
  private static final String TRAINING = "training";
  private static final String EPOCH = "epoch";
  private static final String WEIGHTS = "weights/";
  private static final String AVERAGE = "average/";
  private static final String OPTIMIZER = "optimizer/";
  private static final String KEPT = "best/";

  /** Options that may change on resuming: they say how long to go on, not how to learn. */
  private static final List<String> CHANGEABLE = List.of("epochs", "patience", "validateEvery");

  private static final String WAYS =
      "Use what it was started with, or start anew in another folder.";

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * All that a training needs to go on as if it had not been interrupted.
   *
   * @param weights of the trainer
   * @param average what is validated
   * @param optimizer memory of the optimiser
   * @param best the best weights so far
   * @param memory what the observer knows
   */
  record State(
      Weights weights,
      Weights average,
      Weights optimizer,
      Optional<Weights> best,
      Numbers numbers,
      String memory) {}

  /**
   * @param step steps made
   */
  record Numbers(long step, TrainingHistory history, double bestValue, int epochsSinceBest) {

    Numbers {
      Objects.requireNonNull(history, "history");
    }

    /** Number of the epoch with the best weights; 0 for the start, or if none was judged. */
    int bestEpoch() {
      return history.best().map(Epoch::number).orElse(0);
    }
  }

  /** What is written beside the tensors. */
  private record Record(TrainingOptions options, Map<String, String> subject, Numbers numbers) {
    Record {
      Objects.requireNonNull(options, "options");
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(numbers, "numbers");
    }
  }

  private final Checkpoints checkpoints;
  private final TrainingOptions options;
  private final Map<String, String> subject;
  private final TrainingListener listener;
  private Optional<FolderLock> lock = Optional.empty();

  /**
   * Looks whether the folder can be written to, and whether there is what is to be resumed.
   *
   * @param subject what is trained on what, by name of the aspect; has to be the same on resuming
   * @throws SpyhopException if the folder cannot be written to, another training holds it, or there
   *     is nothing to resume
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
    checkpoints.requireResumable();
    checkpoints.folder().ifPresent(CheckpointStore::requireWritable);
  }

  private static void requireWritable(Path folder) {
    try {
      Folders.tryWriting(folder);
      take(folder).close();
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  private static SpyhopException cannotWrite(Path folder, IOException e) {
    return new SpyhopException(
        "Cannot write checkpoints to "
            + folder
            + ": "
            + AtomicFile.reason(e)
            + ". Expected a folder that can be written to.",
        e);
  }

  private static FolderLock take(Path folder) throws IOException {
    return FolderLock.take(folder)
        .orElseThrow(
            () ->
                new SpyhopException(
                    folder
                        + ": another training keeps its checkpoints here. Wait until it has ended,"
                        + " or name another model."));
  }

  /** Keeps other trainings out of the folder, until it is closed. */
  void hold() {
    if (checkpoints.folder().isEmpty()) return;
    Path folder = checkpoints.folder().get();
    try {
      lock = Optional.of(take(folder));
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  /** Leaves the folder to others, and no empty one. */
  @Override
  public void close() {
    if (lock.isEmpty()) return;
    Path folder = checkpoints.folder().orElseThrow();
    try {
      lock.get().close();
      lock = Optional.empty();
      if (!Files.exists(folder.resolve(LAST))) discard(folder);
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  static void discard(Path folder) {
    try {
      for (String name : List.of(LAST, BEST, HISTORY, FolderLock.NAME))
        Files.deleteIfExists(folder.resolve(name));
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
    try {
      Safetensors.Content content = Safetensors.read(file);
      Record record = JSON.readValue(content.metadata().getOrDefault(PROGRESS, ""), Record.class);
      requireSame(folder, record);
      return Optional.of(state(content, record, network));
    } catch (JsonProcessingException e) {
      // such as that a plugin is not there
      if (e.getCause() instanceof SpyhopException s) {
        throw new SpyhopException(file + ": " + s.getMessage(), e);
      }
      throw new SpyhopException(
          file + " is not a checkpoint of a training: its progress cannot be read.", e);
    } catch (IOException e) {
      throw new SpyhopException("Cannot read " + file + ": " + AtomicFile.reason(e) + ".", e);
    }
  }

  private State state(Safetensors.Content content, Record record, Network network)
      throws IOException {
    Weights average = part(content.weights(), AVERAGE).fittedTo(network);
    Numbers numbers = record.numbers();
    return new State(
        part(content.weights(), WEIGHTS).fittedTo(network),
        average,
        part(content.weights(), OPTIMIZER),
        best(content, numbers, average, network),
        numbers,
        content.metadata().getOrDefault(MEMORY, ""));
  }

  private Optional<Weights> best(
      Safetensors.Content content, Numbers numbers, Weights average, Network network)
      throws IOException {
    Weights kept = part(content.weights(), KEPT);
    if (!kept.tensors().isEmpty()) return Optional.of(kept.fittedTo(network));
    if (numbers.bestEpoch() == 0) return Optional.empty();
    if (numbers.bestEpoch() == numbers.history().epochs().size()) return Optional.of(average);
    // of older versions, which kept it in a file of its own only
    Path file = checkpoints.folder().orElseThrow().resolve(BEST);
    return Files.exists(file)
        ? Optional.of(Safetensors.read(file).weights().fittedTo(network))
        : Optional.of(average);
  }

  private void requireSame(Path folder, Record record) {
    ObjectNode then = JSON.valueToTree(record.options());
    ObjectNode now = JSON.valueToTree(options);
    for (var fields = now.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode was = then.path(field.getKey());
      JsonNode is = field.getValue();
      if (CHANGEABLE.contains(field.getKey()) || was.equals(is)) continue;
      boolean plain = was.isValueNode() && is.isValueNode();
      throw new OtherOptionException(
          field.getKey(),
          Strings.format(
              "expected %s as the training in %s was started with, received %s. %s",
              plain ? was.asText() + "," : "the same",
              folder,
              plain ? is.asText() : "something else",
              WAYS));
    }
    subject.forEach(
        (aspect, value) -> {
          String was = String.valueOf(record.subject().get(aspect));
          if (was.equals(value)) return;
          throw new SpyhopException(
              Strings.format(
                  "Cannot resume the training in %s: expected the same %s as before, received %s. %s",
                  folder,
                  aspect,
                  aspect.endsWith("images") ? others(was, value) : "another",
                  WAYS));
        });
  }

  /** Such as {@code 12 instead of 10}. */
  private static String others(String was, String is) {
    String before = was.replaceFirst(" .*", "");
    String now = is.replaceFirst(" .*", "");
    return before.equals(now) ? "others" : now + " instead of " + before;
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
    if (!isBest) {
      state.best().ifPresent(b -> b.tensors().forEach((n, t) -> tensors.put(KEPT + n, t)));
    }
    try {
      if (isBest && state.best().isPresent()) {
        Safetensors.write(
            folder.resolve(BEST),
            state.best().get(),
            Map.of(
                TRAINING, id(), EPOCH, String.valueOf(state.numbers().history().epochs().size())));
      }
      Record record = new Record(options, subject, state.numbers());
      Safetensors.write(
          folder.resolve(LAST),
          new Weights(tensors),
          Map.of(
              PROGRESS, JSON.writeValueAsString(record), TRAINING, id(), MEMORY, state.memory()));
      byte[] history = state.numbers().history().csv().getBytes(StandardCharsets.UTF_8);
      AtomicFile.replace(folder.resolve(HISTORY), out -> out.write(history), true);
    } catch (IOException e) {
      listener.message(
          "Warning: cannot write the checkpoint to "
              + folder
              + " ("
              + AtomicFile.reason(e)
              + "); the training goes on without it.");
    }
  }

  /** Of trainings of the same on the same: the same. */
  private String id() throws JsonProcessingException {
    CRC32 sum = new CRC32();
    sum.update(JSON.writeValueAsBytes(subject));
    return HexFormat.of().toHexDigits((int) sum.getValue());
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
