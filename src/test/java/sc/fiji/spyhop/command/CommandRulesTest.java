package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.ItemVisibility;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.service.Service;
import org.scijava.task.TaskService;

/** What ImageJ's macro language demands of every command, whichever commands there are. */
class CommandRulesTest {

  /** Keys that mean the same in every command that has them. */
  private static final Set<String> SHARED =
      Set.of(
          "threshold",
          "split",
          "probability",
          "smallest",
          "largest",
          "fill",
          "whole",
          "probabilities",
          "diameter",
          "scale",
          "measure",
          "within",
          "edge",
          "normalize",
          "precision",
          "channel");

  private static Context context;
  private static List<CommandInfo> commands;

  @BeforeAll
  static void find() {
    context = new Context(CommandService.class, StatusService.class, TaskService.class);
    commands =
        context.service(CommandService.class).getCommands().stream()
            .filter(c -> c.getDelegateClassName().startsWith("sc.fiji.spyhop."))
            .toList();
  }

  @AfterAll
  static void dispose() {
    context.dispose();
  }

  private static List<ModuleItem<?>> parameters(CommandInfo command) {
    return StreamSupport.stream(command.inputs().spliterator(), false)
        .filter(i -> !Service.class.isAssignableFrom(i.getType()))
        .filter(i -> !Context.class.isAssignableFrom(i.getType()))
        .filter(i -> i.getVisibility() != ItemVisibility.MESSAGE)
        .collect(Collectors.toList());
  }

  private static Set<String> keys(CommandInfo command) {
    return parameters(command).stream()
        .map(ModuleItem::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String leaf(CommandInfo command) {
    return command.getMenuPath().getLeaf().getName();
  }

  /** What is shown from the start; an image is the active one in Fiji. */
  @Test
  void dialogsHaveAtMostTenRows() {
    for (CommandInfo command : commands) {
      long rows =
          parameters(command).stream()
              .filter(p -> p.getVisibility() != ItemVisibility.INVISIBLE)
              .count();
      assertTrue(rows <= 10, command.getMenuPath().getLeaf() + " has " + rows + " rows");
    }
  }

  @Test
  void thereAreCommands() {
    assertEquals(
        Set.of(
            "Spyhop Segment",
            "Spyhop Adjust",
            "Spyhop Classify",
            "Spyhop Regress",
            "Spyhop Restore",
            "Spyhop Train Restorer",
            "Spyhop Evaluate Restorer",
            "Spyhop Localize",
            "Spyhop Keypoints",
            "Spyhop Train Segmenter",
            "Spyhop Train Localizer",
            "Spyhop Train Keypoints",
            "Spyhop Run Pipeline",
            "Spyhop Build Pipeline",
            "Spyhop Train Pipeline",
            "Spyhop Train Classifier",
            "Spyhop Train Regressor",
            "Spyhop Train Generator",
            "Spyhop Generate Images",
            "Spyhop Evaluate Generator",
            "Spyhop Train Renderer",
            "Spyhop Render Images",
            "Spyhop Evaluate Renderer",
            "Spyhop Fine-Tune",
            "Spyhop Annotations To Dataset",
            "Spyhop Suggest Slices",
            "Spyhop Review Objects",
            "Spyhop Saliency Map",
            "Spyhop Check Saliency",
            "Spyhop Transfer Style",
            "Spyhop Normalize Stain",
            "Spyhop Batch",
            "Spyhop Evaluate Segmenter",
            "Spyhop Evaluate Classifier",
            "Spyhop Evaluate Regressor",
            "Spyhop Evaluate Localizer",
            "Spyhop Evaluate Keypoints",
            "Spyhop Page",
            "Spyhop Engines",
            "Spyhop Fool Model",
            "Spyhop Show Network",
            "Spyhop Show Kernels",
            "Spyhop Strongest Patches",
            "Spyhop Import Network",
            "Spyhop Add Model",
            "Spyhop Quantise Model",
            "Spyhop Calibrate Model",
            "Spyhop Open Sample"),
        commands.stream().map(CommandRulesTest::leaf).collect(Collectors.toSet()));
  }

  @Test
  void allAreInTheMenuUnderNamesOfTheirOwn() {
    Set<String> leaves = new HashSet<>();
    for (CommandInfo c : commands) {
      assertEquals("Plugins > Spyhop > " + leaf(c), c.getMenuPath().getMenuString());
      assertTrue(leaf(c).startsWith("Spyhop "), leaf(c));
      assertTrue(leaves.add(leaf(c)), leaf(c));
    }
  }

  @Test
  void allRunHeadless() {
    for (CommandInfo c : commands) assertTrue(c.canRunHeadless(), leaf(c));
  }

  @Test
  void allAreDescribed() {
    for (CommandInfo c : commands) {
      assertFalse(c.getDescription() == null || c.getDescription().isBlank(), leaf(c));
      for (ModuleItem<?> item : parameters(c)) {
        String where = leaf(c) + ", " + item.getName();
        assertFalse(item.getDescription() == null || item.getDescription().isBlank(), where);
        assertFalse(item.getLabel() == null || item.getLabel().isBlank(), where);
      }
    }
  }

  /**
   * Fields of several commands cannot be inherited from one class where these have superclasses and
   * orders of fields of their own; so what they say is held together here.
   */
  @Test
  void whatCountsAsAnObjectAndHowIsLookedIsDeclaredAlike() {
    Map<String, String> first = new HashMap<>();
    for (Class<? extends JobCommand> job :
        List.of(
            SegmentCommand.class,
            AdjustCommand.class,
            BatchCommand.class,
            RunPipelineCommand.class,
            LocalizeCommand.class,
            KeypointsCommand.class)) {
      for (Setting s : JobCommand.defaults(job).settings()) {
        if (!SHARED.contains(s.key())) continue;
        String declared =
            List.of(
                    s.type(),
                    s.label(),
                    s.help(),
                    s.choices(),
                    s.options(),
                    s.flags(),
                    s.valueLabel(),
                    s.isRequired(),
                    s.get())
                .toString();
        assertEquals(first.computeIfAbsent(s.key(), k -> declared), declared, job + ": " + s.key());
      }
    }
  }

  @Test
  void keysAreLowerCaseWords() {
    for (CommandInfo c : commands) {
      for (String key : keys(c)) assertTrue(key.matches("[a-z]+"), leaf(c) + ": " + key);
    }
  }

  @Test
  void noKeyEndsWithAnother() {
    for (CommandInfo c : commands) {
      for (String key : keys(c)) {
        for (String other : keys(c)) {
          assertTrue(key.equals(other) || !key.endsWith(other), key + " ends with " + other);
        }
      }
    }
  }

  @Test
  void nothingIsRemembered() {
    for (CommandInfo c : commands) {
      for (ModuleItem<?> item : parameters(c)) {
        boolean image = ij.ImagePlus.class.isAssignableFrom(item.getType());
        assertTrue(image || !item.isPersisted(), leaf(c) + ": " + item.getName());
      }
    }
  }

  @Test
  void allButImagesHaveDefaults() throws Exception {
    for (CommandInfo c : commands) {
      var module = context.service(ModuleService.class).createModule(c);
      for (ModuleItem<?> item : parameters(c)) {
        boolean image = ij.ImagePlus.class.isAssignableFrom(item.getType());
        assertTrue(image || item.getValue(module) != null, leaf(c) + ": " + item.getName());
      }
    }
  }

  @Test
  void modelsAreOfferedWithADescription() throws Exception {
    int offered = 0;
    for (CommandInfo c : commands) {
      var module = context.service(ModuleService.class).createModule(c);
      module.initialize();
      JobCommand job = (JobCommand) module.getDelegateObject();
      for (String key : List.of("model", "pipeline")) {
        if (job.offered(key).isEmpty()) continue;
        JobCommand.Offer offer = job.offered(key).get();
        for (String name : offer.choices()) {
          String line = "\n" + name + ": ";
          int at = offer.lines().indexOf(line);
          assertTrue(at >= 0 && offer.lines().length() > at + line.length(), leaf(c) + line);
          offered++;
        }
      }
    }
    assertTrue(offered > 5, "models offered: " + offered);
  }

  /** The keys are in users' macros: whoever has to change this test breaks those. */
  @Test
  void keysStayAsTheyAre() {
    Map<String, Set<String>> keys =
        commands.stream().collect(Collectors.toMap(CommandRulesTest::leaf, CommandRulesTest::keys));
    assertKept(keys, "Spyhop Segment", Set.of("image", "model", "channel", "table", "manager"));
    assertKept(keys, "Spyhop Calibrate Model", Set.of("model", "data", "output", "replace"));
    assertKept(keys, "Spyhop Quantise Model", Set.of("model", "data", "output", "replace"));
    assertKept(
        keys,
        "Spyhop Adjust",
        Set.of(
            "image",
            "source",
            "threshold",
            "split",
            "probability",
            "score",
            "smallest",
            "largest",
            "fill",
            "whole",
            "folder",
            "output"));
    assertKept(
        keys,
        "Spyhop Classify",
        Set.of(
            "image", "model", "channel", "regions", "top", "table", "rename", "write", "window",
            "stride"));
    assertKept(keys, "Spyhop Regress", Set.of("image", "model", "channel", "regions"));
    assertKept(
        keys,
        "Spyhop Batch",
        Set.of(
            "input",
            "output",
            "model",
            "channel",
            "recursive",
            "existing",
            "regions",
            "top",
            "score"));
    assertKept(
        keys,
        "Spyhop Saliency Map",
        Set.of(
            "image",
            "model",
            "category",
            "method",
            "window",
            "stride",
            "fill",
            "layer",
            "steps",
            "samples",
            "noise",
            "at",
            "slice",
            "frame",
            "table",
            "channel"));
    assertKept(
        keys,
        "Spyhop Check Saliency",
        Set.of(
            "image",
            "model",
            "category",
            "methods",
            "fill",
            "stages",
            "seed",
            "at",
            "slice",
            "frame",
            "channel"));
    assertKept(
        keys,
        "Spyhop Fool Model",
        Set.of(
            "model",
            "method",
            "classes",
            "generations",
            "sure",
            "seed",
            "output",
            "replace",
            "batch",
            "size",
            "white",
            "rate",
            "decay",
            "blur",
            "clip",
            "start"));
    assertKept(
        keys,
        "Spyhop Transfer Style",
        Set.of(
            "image",
            "style",
            "model",
            "strength",
            "iterations",
            "size",
            "colors",
            "start",
            "steps",
            "smoothness",
            "brush",
            "optimizer",
            "pooling",
            "contentlayers",
            "stylelayers",
            "seed",
            "slice",
            "frame",
            "table"));
    assertKept(keys, "Spyhop Normalize Stain", Set.of("image", "reference", "method", "table"));
    assertKept(
        keys, "Spyhop Show Network", Set.of("network", "input", "classes", "output", "replace"));
    assertKept(keys, "Spyhop Show Kernels", Set.of("model", "layer", "output", "replace"));
    assertKept(
        keys,
        "Spyhop Strongest Patches",
        Set.of(
            "model",
            "data",
            "layer",
            "patches",
            "maps",
            "recursive",
            "channel",
            "seed",
            "output",
            "replace"));
    assertKept(
        keys,
        "Spyhop Train Segmenter",
        Set.of(
            "data",
            "image",
            "complete",
            "output",
            "classes",
            "subset",
            "validation",
            "network",
            "epochs",
            "seed",
            "resume",
            "replace",
            "steps",
            "batch",
            "crop",
            "widths"));
    Set<String> images =
        Set.of(
            "data",
            "image",
            "output",
            "subset",
            "validation",
            "network",
            "size",
            "epochs",
            "seed",
            "resume",
            "replace",
            "batch",
            "rate");
    assertKept(keys, "Spyhop Train Classifier", images);
    Set<String> values = new HashSet<>(images);
    values.add("numbers");
    assertKept(keys, "Spyhop Train Regressor", values);
    assertKept(
        keys,
        "Spyhop Fine-Tune",
        Set.of(
            "model",
            "data",
            "image",
            "complete",
            "output",
            "purpose",
            "subset",
            "validation",
            "epochs",
            "seed",
            "head",
            "replace",
            "classes",
            "layers",
            "rate",
            "factors"));
    assertKept(
        keys,
        "Spyhop Annotations To Dataset",
        Set.of(
            "image", "output", "kind", "regions", "naming", "complete", "classes", "add", "table"));
    assertKept(
        keys,
        "Spyhop Suggest Slices",
        Set.of("image", "folder", "model", "channel", "measure", "count", "diverse"));
    assertKept(
        keys,
        "Spyhop Import Network",
        Set.of("file", "classes", "preprocess", "network", "output", "replace"));
  }

  private static void assertKept(
      Map<String, Set<String>> keys, String command, Set<String> earlier) {
    Set<String> gone = new TreeSet<>(earlier);
    gone.removeAll(keys.get(command));
    assertEquals(Set.of(), gone, command);
  }

  @Test
  void macrosUseKeysThatExist() throws IOException {
    Map<String, CommandInfo> byLeaf =
        commands.stream().collect(Collectors.toMap(CommandRulesTest::leaf, c -> c));
    Pattern call = Pattern.compile("run\\(\"(Spyhop [^\"]+)\"(?:, *\"([^\"]*)\")?\\)");
    int found = 0;
    try (Stream<Path> files = Files.walk(Path.of("."), 2)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*macros.*\\.ijm|\\./README\\.md")).toList()) {
        Matcher calls = call.matcher(Files.readString(file));
        while (calls.find()) {
          found++;
          CommandInfo command = byLeaf.get(calls.group(1));
          assertTrue(command != null, file + ": no command " + calls.group(1));
          String options = calls.group(2) == null ? "" : calls.group(2);
          for (String option : options.strip().split(" +(?=[a-z]+=)")) {
            assertTrue(option.contains("="), file + ": a bare word is not read: " + option);
            String key = option.substring(0, option.indexOf('='));
            assertTrue(keys(command).contains(key), file + ": no key " + key);
          }
        }
      }
    }
    assertTrue(found > 0, "no macro calls a command");
  }
}
