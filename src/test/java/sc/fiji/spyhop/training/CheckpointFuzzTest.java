package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.training.CheckpointStore.Numbers;
import sc.fiji.spyhop.training.CheckpointStore.State;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.util.ChangedFiles;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/** Checkpoints that were changed at random are resumed from, or refused with a sentence. */
class CheckpointFuzzTest {

  private static final int EACH = Integer.getInteger("spyhop.fuzz", 100);
  private static final long SEED = Long.getLong("spyhop.fuzz.seed", 1);
  private static final TrainingOptions OPTIONS = TrainingOptions.DEFAULT;

  @TempDir Path folder;
  private final Network network = TinyRun.linear(2);

  private CheckpointStore store(Checkpoints checkpoints) {
    return new CheckpointStore(
        checkpoints, OPTIONS, Map.of("network", "linear"), TrainingListener.NONE);
  }

  private void save() {
    Weights weights = Initialization.of(network, 3);
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      epochs.add(
          new Epoch(i, 10L * i, 1.0 / i, Map.of("accuracy", 0.5), 1e-3, 0.1, i == 2, List.of()));
    }
    Numbers numbers = new Numbers(30, new TrainingHistory(epochs, Map.of()), 0.5, 1);
    store(Checkpoints.startIn(folder))
        .save(
            false,
            () ->
                new State(
                    weights, weights, new Weights(Map.of()), Optional.of(weights), numbers, "{}"));
  }

  private Optional<State> load() {
    return store(Checkpoints.resumeIn(folder)).load(network);
  }

  @Test
  void changedCheckpointsAreResumedOrRefused() throws Exception {
    save();
    Path file = folder.resolve(Checkpoints.LAST);
    byte[] sound = Files.readAllBytes(file);
    assertEquals(3, load().orElseThrow().numbers().history().epochs().size());
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> faults = new ArrayList<>();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < EACH; i++) {
        Files.write(file, ChangedFiles.changed(sound, random));
        String fault = ChangedFiles.fault(thread, f -> load(), file);
        if (!fault.isEmpty()) faults.add("number " + i + ": " + fault);
      }
      // what JSON can be is more than what changes of single bytes lead to
      String text = new String(sound, StandardCharsets.ISO_8859_1);
      for (String[] change :
          new String[][] {
            {"\\\"epochs\\\":[{", "\\\"epochs\\\":[null,{"},
            {"\\\"numbers\\\":{", "\\\"nunbers\\\":{"},
            {"\\\"history\\\":{", "\\\"histery\\\":{"},
            {"\\\"subject\\\":{", "\\\"subjekt\\\":{"},
            {"\\\"metrics\\\":{", "\\\"metriks\\\":{"},
            {"\\\"options\\\":{", "\\\"optians\\\":{"},
          }) {
        assertTrue(text.contains(change[0]), change[0]);
        byte[] bytes = text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1);
        int longer = change[1].length() - change[0].length();
        long header =
            java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
        java.nio.ByteBuffer.wrap(bytes)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .putLong(header + longer);
        Files.write(file, bytes);
        String fault = ChangedFiles.fault(thread, f -> load(), file);
        if (!fault.isEmpty()) faults.add(change[1] + ": " + fault);
      }
    } finally {
      thread.shutdownNow();
    }
    assertEquals(List.of(), faults, "seed " + SEED);
  }
}
