package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.awt.event.KeyEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Lamp;

class BatchCommandTest {

  private static Context context;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private void run(Path input, Path output, Object model, Object... more) throws Exception {
    Map<String, Object> inputs = new HashMap<>();
    inputs.put("input", input.toFile());
    inputs.put("output", output.toFile());
    inputs.put("model", model.toString());
    for (int i = 0; i < more.length; i += 2) inputs.put((String) more[i], more[i + 1]);
    try {
      var info = context.service(CommandService.class).getCommand(BatchCommand.class);
      context.service(ModuleService.class).run(info, true, inputs).get();
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null && !(cause instanceof SpyhopException)) {
        cause = cause.getCause();
      }
      throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
    }
  }

  private String problem(Path input, Path output, Object model, Object... more) {
    return assertThrows(SpyhopException.class, () -> run(input, output, model, more)).getMessage();
  }

  private Path lamps() throws IOException {
    Path lamps = Files.createDirectory(folder.resolve("my lamps"));
    save(Lamp.plane(40, 30, 25, 10), lamps.resolve("on.tif"));
    save(new ByteProcessor(40, 30), lamps.resolve("off.tif"));
    return lamps;
  }

  private static void save(ByteProcessor pixels, Path file) {
    IJ.saveAsTiff(new ImagePlus("x", pixels), file.toString());
  }

  private static List<String> column(Path table, int index) throws IOException {
    return Files.readAllLines(table).stream().skip(1).map(r -> r.split(",")[index]).toList();
  }

  @Test
  void doesWhatAModelIsFor() throws Exception {
    Path output = folder.resolve("results");
    run(lamps(), output, Lamp.model(folder));
    assertEquals(List.of("off.tif", "on.tif"), column(output.resolve("results.csv"), 0));
    assertEquals(List.of("off", "on"), column(output.resolve("results.csv"), 4));
  }

  @Test
  void pipelinesAreRun() throws Exception {
    Path output = folder.resolve("named");
    Path photos = Files.createDirectory(folder.resolve("photos"));
    for (String name : List.of("photo_0001.png", "photo_0003.png")) {
      Files.copy(Path.of("test-images", "whales", "images", name), photos.resolve(name));
    }
    run(photos, output, "whales");
    assertEquals(List.of("whale_01", "whale_03"), column(output.resolve("results.csv"), 3));
    assertTrue(Files.exists(output.resolve("photo_0001_overlay.png")));
  }

  @Test
  void aBadImageDoesNotStopTheOthersAndIsTriedAgain() throws Exception {
    Path lamps = lamps();
    Path output = folder.resolve("results");
    Path model = Lamp.model(folder);
    Path bad = Files.writeString(lamps.resolve("bad.tif"), "no image");
    String problem = problem(lamps, output, model);
    assertTrue(problem.startsWith("1 of 3 inputs failed:\n"), problem);
    assertTrue(problem.contains("bad.tif"), problem);
    assertEquals(List.of("off.tif", "on.tif"), column(output.resolve("results.csv"), 0));
    byte[] journal = Files.readAllBytes(output.resolve("batch.jsonl"));
    save(Lamp.plane(40, 30, 5, 5), bad);
    run(lamps, output, model);
    assertEquals(List.of("bad.tif", "off.tif", "on.tif"), column(output.resolve("results.csv"), 0));
    byte[] longer = Files.readAllBytes(output.resolve("batch.jsonl"));
    assertArrayEquals(journal, java.util.Arrays.copyOf(longer, journal.length));
  }

  @Test
  void earlierResultsAreResumedReplacedOrKept() throws Exception {
    Path lamps = lamps();
    Path output = folder.resolve("results");
    Path model = Lamp.model(folder);
    run(lamps, output, model);
    assertTrue(
        problem(lamps, output, model, "existing", "refuse").contains("holds earlier results"));
    String other = problem(lamps, output, model, "top", 2);
    assertTrue(other.contains("had top 1, received 2"), other);
    run(lamps, output, model, "top", 2, "existing", "replace");
    assertEquals(List.of("1", "2", "1", "2"), column(output.resolve("results.csv"), 3));
  }

  @Test
  void escapeStopsAndTheNextRunGoesOn() throws Exception {
    Path lamps = Files.createDirectory(folder.resolve("many"));
    for (int i = 0; i < 300; i++) save(Lamp.plane(40, 30, 25, 10), lamps.resolve(i + ".tif"));
    Path output = folder.resolve("results");
    Path journal = output.resolve("batch.jsonl");
    Path model = Lamp.model(folder);
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(
            () -> {
              try {
                run(lamps, output, model);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    while (!running.isDone() && (!Files.exists(journal) || Files.size(journal) < 3_000)) {
      Thread.sleep(1);
    }
    IJ.setKeyDown(KeyEvent.VK_ESCAPE);
    running.get();
    int rows = column(output.resolve("results.csv"), 0).size();
    assertTrue(rows > 0 && rows < 300, rows + " of 300");
    assertEquals(rows + 1, Files.readAllLines(journal).size());
    run(lamps, output, model);
    assertEquals(300, column(output.resolve("results.csv"), 0).size());
    assertEquals(301, Files.readAllLines(journal).size());
  }

  @Test
  void whatMakesNoSenseIsRefusedBeforeAnythingIsDone() throws Exception {
    Path lamps = lamps();
    Path output = folder.resolve("results");
    Path model = Lamp.model(folder);
    assertTrue(problem(Path.of(""), output, model).startsWith("Folder of images: expected"));
    assertTrue(problem(lamps, Path.of(""), model).startsWith("Folder for the results: expected"));
    assertTrue(
        problem(lamps, output, "")
            .startsWith(
                "Model or pipeline: expected one of nuclei, nuclei-tissue, blood-cells, digits, whales"));
    assertTrue(problem(lamps, output, "lamps").contains("There is no model named"));
    assertTrue(problem(lamps, output, model, "top", 0).startsWith("Classes to list"));
    assertTrue(problem(lamps, output, model, "score", "2").startsWith("Score threshold"));
    assertTrue(problem(lamps, output, model, "regions", "all").startsWith("What to classify"));
    assertTrue(problem(lamps, output, model, "existing", "no").startsWith("Earlier results"));
    assertTrue(problem(lamps, output, model, "channel", "x").startsWith("Channel"));
    assertTrue(problem(lamps, output, model, "scale", "2").contains("a size of its own"));
    assertTrue(problem(lamps, output, model, "diameter", "20").contains("a size of its own"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertTrue(problem(empty, output, model).contains("no images in this folder"));
    assertTrue(problem(folder.resolve("none"), output, model).contains("no such file or folder"));
    assertFalse(Files.exists(output));
    assertInstanceOf(
        SpyhopException.class,
        assertThrows(Exception.class, () -> run(lamps, lamps.resolve("on.tif"), model)));
  }
}
