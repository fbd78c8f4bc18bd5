package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.measure.ResultsTable;
import ij.plugin.frame.Recorder;
import java.awt.Component;
import java.awt.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.swing.JCheckBox;
import javax.swing.JComboBox;
import javax.swing.JLabel;
import javax.swing.JTextField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.util.Strings;

/**
 * Every command: its dialog is filled in, what the recorder writes is noted, and the command is
 * run. The recorded line, run by ImageJ's macro interpreter in a Java of its own, then has to leave
 * the same behind: pixels, regions, rows, files, and weights to the last bit.
 */
class ReplayTest {

  private static final String MODELS = "spyhop.models";

  @TempDir static Path folder;

  private static Context context;
  private static List<Replays.Replay> replays;

  /** The recorded line, and what the dialog left behind. */
  private record Result(String line, String dialog) {}

  /** Leave nothing behind in images, tables or a folder that they are given for it. */
  private static final Set<String> ONLY_TELL =
      Set.of("Spyhop Engines", "Spyhop Add Model", "Spyhop Page");

  private static final Map<Integer, Result> results = new TreeMap<>();

  @BeforeAll
  static void run() throws Exception {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
    Replays made = new Replays(folder);
    replays = made.all();
    String before = System.getProperty(MODELS);
    System.setProperty(MODELS, made.models().toString());
    StringBuilder macro = new StringBuilder();
    try {
      for (int i = 0; i < replays.size(); i++) {
        Result result = answer(replays.get(i));
        results.put(i, result);
        replays.get(i).open().forEach(f -> macro.append(Strings.format("open(%s);\n", quoted(f))));
        macro.append(result.line).append('\n');
        macro.append(
            Strings.format(
                "call(\"%s.write\", %s, %s);\n",
                Outcome.class.getName(), quoted(replays.get(i).made()), quoted(told(i))));
        macro.append("close(\"*\");\nrun(\"Clear Results\");\n");
      }
      Path file = folder.resolve("recorded.ijm");
      Files.writeString(file, macro);
      MacrosTest.Outcome outcome =
          MacrosTest.run(List.of("-D" + MODELS + "=" + made.models()), file);
      assertEquals(0, outcome.code(), outcome.text() + macro);
    } finally {
      if (before == null) System.clearProperty(MODELS);
      else System.setProperty(MODELS, before);
    }
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private static Path told(int replay) {
    return folder.resolve("replayed" + replay + ".txt");
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\") + '"';
  }

  /** Does what a person does, and forgets it. */
  private static Result answer(Replays.Replay replay) throws Exception {
    Files.createDirectories(replay.made());
    ResultsTable.getResultsTable().reset();
    Interpreter.batchMode = true; // images are open, though they have no window
    try {
      for (Path file : replay.open()) {
        Interpreter.addBatchModeImage(IJ.openImage(file.toString()));
      }
      String untouched = Outcome.of(replay.made());
      Module module = module(replay.entry());
      CommandDialog dialog = new CommandDialog(replay.entry(), module);
      replay.answers().forEach((key, value) -> fill(dialog, module, key, value));
      Map<String, Object> given = dialog.given();
      Recorder.resetCommandOptions();
      Recorder.record = true;
      Host.record(new MacroOptions(module), given);
      String options = Recorder.getCommandOptions();
      assertEquals(
          titled(given),
          titled(new MacroOptions(module(replay.entry())).read(options.translateEscapes() + " ")),
          options);
      context.service(ModuleService.class).run(module, true, given).get();
      String outcome = Outcome.of(replay.made());
      assertNotEquals(untouched, outcome, replay.entry() + " did nothing");
      return new Result(Strings.format("run(\"%s\", \"%s\");", replay.entry(), options), outcome);
    } finally {
      while (Interpreter.getBatchModeImageCount() > 0) {
        Interpreter.removeBatchModeImage(Interpreter.getLastBatchModeImage());
      }
      WindowManager.setTempCurrentImage(null);
      Interpreter.batchMode = false;
      Recorder.record = false;
      ResultsTable.getResultsTable().reset();
      delete(replay.made());
      Files.createDirectory(replay.made());
    }
  }

  private static Module module(String entry) throws Exception {
    for (CommandInfo info : context.service(CommandService.class).getCommands()) {
      if (!info.getMenuPath().isEmpty() && info.getMenuPath().getLeaf().getName().equals(entry)) {
        Module module = context.service(ModuleService.class).createModule(info);
        module.initialize();
        return module;
      }
    }
    throw new AssertionError("no command " + entry);
  }

  /** Types or chooses a value in the field beside a parameter's label. */
  private static void fill(CommandDialog dialog, Module module, String key, Object value) {
    ModuleItem<?> item = module.getInfo().getInput(key);
    Component field =
        components(dialog.form())
            .filter(c -> c instanceof JLabel l && l.getText().equals(item.getLabel()))
            .map(c -> ((JLabel) c).getLabelFor())
            .findFirst()
            .orElseThrow(() -> new AssertionError("no field for " + key));
    if (field instanceof JCheckBox box) box.setSelected((Boolean) value);
    else if (field instanceof JComboBox<?> box) box.setSelectedItem(value);
    else {
      components((Container) field)
          .filter(JTextField.class::isInstance)
          .forEach(c -> ((JTextField) c).setText(value.toString()));
    }
    Object given = dialog.given().get(key);
    assertEquals(
        value.toString(),
        given instanceof ImagePlus image ? image.getTitle() : given.toString(),
        key);
  }

  /** A component and all within it. */
  private static Stream<Component> components(Component component) {
    return component instanceof Container c
        ? Stream.concat(Stream.of(c), Stream.of(c.getComponents()).flatMap(ReplayTest::components))
        : Stream.of(component);
  }

  private static Map<String, Object> titled(Map<String, Object> values) {
    Map<String, Object> titled = new TreeMap<>(values);
    titled.replaceAll((k, v) -> v instanceof ImagePlus image ? image.getTitle() : v);
    return titled;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
    }
  }

  @Test
  void everyCommandIsReplayed() {
    TreeSet<String> entries = new TreeSet<>();
    for (CommandInfo info : context.service(CommandService.class).getCommands()) {
      if (info.getMenuPath().isEmpty()) continue;
      String entry = info.getMenuPath().getLeaf().getName();
      if (entry.startsWith("Spyhop ") && !ONLY_TELL.contains(entry)) entries.add(entry);
    }
    TreeSet<String> replayed = new TreeSet<>();
    replays.forEach(r -> replayed.add(r.entry()));
    assertEquals(entries, replayed);
  }

  @TestFactory
  Stream<DynamicTest> aRecordedLineLeavesTheSameBehind() {
    return IntStream.range(0, replays.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    results.get(i).line,
                    () -> assertEquals(results.get(i).dialog, Files.readString(told(i)))));
  }

  /** The same but for the seed: if these were equal, so would be what else differs. */
  @Test
  void anotherSeedLeavesSomethingElse() {
    List<String> trained =
        results.values().stream()
            .filter(r -> r.line.contains("Train Classifier"))
            .map(Result::dialog)
            .map(d -> d.replaceAll("(?m)^ by .*$", ""))
            .toList();
    assertEquals(2, trained.size());
    assertNotEquals(trained.get(0), trained.get(1));
  }
}
