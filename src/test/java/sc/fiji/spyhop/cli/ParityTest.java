package sc.fiji.spyhop.cli;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;
import org.scijava.module.ModuleService;
import org.scijava.service.Service;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The same settings in menu and shell, as each library knows its side: SciJava the parameters,
 * picocli the options.
 */
class ParityTest {

  /** What the shell calls what a menu entry does. */
  private static final Map<String, String> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("Spyhop Segment", "segment");
    COMMANDS.put("Spyhop Classify", "classify");
    COMMANDS.put("Spyhop Regress", "regress");
    COMMANDS.put("Spyhop Restore", "restore");
    COMMANDS.put("Spyhop Train Restorer", "train restore");
    COMMANDS.put("Spyhop Evaluate Restorer", "evaluate restore");
    COMMANDS.put("Spyhop Localize", "localize");
    COMMANDS.put("Spyhop Keypoints", "keypoints");
    COMMANDS.put("Spyhop Run Pipeline", "pipeline run");
    COMMANDS.put("Spyhop Check Saliency", "explain check");
    COMMANDS.put("Spyhop Transfer Style", "style");
    COMMANDS.put("Spyhop Normalize Stain", "stain");
    COMMANDS.put("Spyhop Suggest Slices", "suggest");
    COMMANDS.put("Spyhop Review Objects", "review");
    COMMANDS.put("Spyhop Batch", "batch");
    COMMANDS.put("Spyhop Page", "page");
    COMMANDS.put("Spyhop Train Segmenter", "train segment");
    COMMANDS.put("Spyhop Train Classifier", "train classify");
    COMMANDS.put("Spyhop Train Regressor", "train regress");
    COMMANDS.put("Spyhop Train Localizer", "train localize");
    COMMANDS.put("Spyhop Train Keypoints", "train keypoints");
    COMMANDS.put("Spyhop Train Generator", "train generate");
    COMMANDS.put("Spyhop Generate Images", "generate");
    COMMANDS.put("Spyhop Evaluate Generator", "evaluate generate");
    COMMANDS.put("Spyhop Train Renderer", "train render");
    COMMANDS.put("Spyhop Render Images", "render");
    COMMANDS.put("Spyhop Evaluate Renderer", "evaluate render");
    COMMANDS.put("Spyhop Train Pipeline", "pipeline train");
    COMMANDS.put("Spyhop Fine-Tune", "finetune");
    COMMANDS.put("Spyhop Build Pipeline", "pipeline build");
    COMMANDS.put("Spyhop Import Network", "models import");
    COMMANDS.put("Spyhop Add Model", "models add");
    COMMANDS.put("Spyhop Quantise Model", "models quantise");
    COMMANDS.put("Spyhop Calibrate Model", "models calibrate");
    COMMANDS.put("Spyhop Evaluate Segmenter", "evaluate segment");
    COMMANDS.put("Spyhop Evaluate Classifier", "evaluate classify");
    COMMANDS.put("Spyhop Evaluate Regressor", "evaluate regress");
    COMMANDS.put("Spyhop Evaluate Localizer", "evaluate localize");
    COMMANDS.put("Spyhop Evaluate Keypoints", "evaluate keypoints");
    COMMANDS.put("Spyhop Engines", "engines");
    COMMANDS.put("Spyhop Fool Model", "fool");
    COMMANDS.put("Spyhop Show Network", "network show");
    COMMANDS.put("Spyhop Show Kernels", "network kernels");
    COMMANDS.put("Spyhop Strongest Patches", "network patches");
  }

  /** About images that are open or to be opened, of which a shell has none. */
  private static final Set<String> OF_OPEN_IMAGES =
      Set.of("Spyhop Annotations To Dataset", "Spyhop Open Sample");

  /**
   * Settings about open images, windows and earlier macros. Whoever adds one here takes it from
   * those who work in a shell.
   */
  private static final Set<String> IN_IMAGEJ =
      Set.of(
          "image",
          "table",
          "manager",
          "rename",
          "write",
          "complete",
          "turns",
          "folder",
          "show",
          "plot",
          "Spyhop Adjust: source",
          "Spyhop Keypoints: regions",
          "Spyhop Review Objects: regions");

  /** Of the shell's commands for files, what the menu has in Spyhop Batch. */
  private static final Set<String> OF_FILES =
      Set.of("input", "output", "recursive", "existing", "group", "page", "adjust");

  /** In the shell a command for each method, with the settings of that alone. */
  private static final String SALIENCY = "Spyhop Saliency Map";

  /** In the shell an option of {@code segment}, which has all its settings. */
  private static final String ADJUST = "Spyhop Adjust";

  private static Context context;
  private static Map<String, CommandInfo> menu;

  @BeforeAll
  static void find() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
    menu =
        context.service(CommandService.class).getCommands().stream()
            .filter(c -> c.getDelegateClassName().startsWith("sc.fiji.spyhop."))
            .collect(Collectors.toMap(ParityTest::leaf, c -> c));
  }

  private static String leaf(CommandInfo command) {
    return command.getMenuPath().getLeaf().getName();
  }

  @AfterAll
  static void dispose() {
    context.dispose();
  }

  @Test
  void everyMenuEntryHasACommandInTheShell() {
    Set<String> entries = new TreeSet<>(COMMANDS.keySet());
    entries.addAll(OF_OPEN_IMAGES);
    entries.add(ADJUST);
    entries.add(SALIENCY);
    assertEquals(new TreeSet<>(menu.keySet()), entries);
  }

  @TestFactory
  Stream<DynamicTest> theSettingsAreTheSame() {
    return COMMANDS.entrySet().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.getKey(), () -> assertSame(menu.get(c.getKey()), shell(c.getValue()))));
  }

  @Test
  void whatIsAdjustedIsWhatIsSegmented() {
    requireOptions(menu.get(ADJUST), shell("segment"));
  }

  @Test
  void everyMethodOfTheMenuHasACommandInTheShell() {
    CommandInfo info = menu.get(SALIENCY);
    Set<String> open = parameters(info).stream().map(ModuleItem::getName).collect(toSet());
    List<?> methods = info.getInput("method").getChoices();
    assertEquals(6, methods.size());
    for (Object method : methods) {
      List<ModuleItem<?>> own =
          parameters(info).stream()
              .filter(p -> argument(shell("explain " + method), p.getName()) instanceof OptionSpec)
              .toList();
      assertLeft(requireOptions(info, own, shell("explain " + method)));
      own.forEach(p -> open.remove(p.getName()));
    }
    assertEquals(Set.of("method", "settings"), open); // the latter is for plugins
  }

  private static CommandLine shell(String words) {
    String[] path = words.split(" ");
    CommandLine command = Spyhop.command(path[0]);
    return path.length == 1 ? command : command.getSubcommands().get(path[1]);
  }

  private static void assertSame(CommandInfo info, CommandLine shell) {
    assertLeft(requireOptions(info, shell));
  }

  /** What is no parameter is about files, or a flag. */
  private static void assertLeft(Set<ArgSpec> left) {
    for (ArgSpec arg : left) {
      assertTrue(
          arg instanceof OptionSpec o && isFlag(o) || OF_FILES.contains(name(arg)),
          arg + " is no parameter");
    }
  }

  /** Every parameter is an option; those that are left. */
  private static Set<ArgSpec> requireOptions(CommandInfo info, CommandLine shell) {
    return requireOptions(info, parameters(info), shell);
  }

  private static List<ModuleItem<?>> parameters(CommandInfo info) {
    return StreamSupport.stream(info.inputs().spliterator(), false)
        .filter(i -> !Service.class.isAssignableFrom(i.getType()))
        .filter(i -> !Context.class.isAssignableFrom(i.getType()))
        .filter(i -> !IN_IMAGEJ.contains(i.getName()))
        .filter(i -> !IN_IMAGEJ.contains(leaf(info) + ": " + i.getName()))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Set<ArgSpec> requireOptions(
      CommandInfo info, List<ModuleItem<?>> parameters, CommandLine shell) {
    Module module = context.service(ModuleService.class).createModule(info);
    Set<ArgSpec> left = new java.util.HashSet<>(shell.getCommandSpec().args());
    for (ModuleItem<?> p : parameters) {
      ArgSpec arg = argument(shell, p.getName());
      assertTrue(arg != null, p.getName() + " is no option");
      left.remove(arg);
      String help = String.join(" ", arg.description()).replace("%%", "%");
      Object value = p.getValue(module);
      boolean switchedOff = Boolean.TRUE.equals(value);
      assertTrue(
          switchedOff || help.contains(p.getDescription().replaceAll("\n.*", "")), p.getName());
      boolean told = String.valueOf(value).isEmpty() || value instanceof Boolean;
      assertTrue(told || help.contains("(default: " + plain(value) + ")"), help);
    }
    return left;
  }

  private static String plain(Object value) {
    return value instanceof Double d
        ? new BigDecimal(d.toString()).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }

  /** A flag says which option it stands for. */
  private static boolean isFlag(OptionSpec option) {
    return option.description()[0].startsWith("The same as --");
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec o
        ? o.longestName().substring(2)
        : arg.paramLabel().toLowerCase(java.util.Locale.ROOT);
  }

  private static ArgSpec argument(CommandLine shell, String key) {
    for (OptionSpec o : shell.getCommandSpec().options()) {
      List<String> names = List.of(o.names());
      if (names.contains("--" + key) || names.contains("--no-" + key)) return o;
    }
    return shell.getCommandSpec().positionalParameters().stream().findFirst().orElse(null);
  }
}
