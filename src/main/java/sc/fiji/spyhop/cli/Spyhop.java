package sc.fiji.spyhop.cli;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.host.headless.HeadlessImageJ;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * Spyhop from a shell. Exit codes: 0 all done, 1 something failed (said in one sentence on standard
 * error), 2 the command line is wrong, 130 stopped by the user.
 */
@Command(
    name = "spyhop",
    description = "Looks at images with convolutional networks: segments, classifies, measures.",
    versionProvider = VersionText.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  spyhop segment --model nuclei --output results images/",
      "  spyhop train segment --data mydata --output my.spyhop",
      "  spyhop models",
      "",
      "spyhop COMMAND --help explains a command."
    })
public final class Spyhop implements Callable<Integer>, Console.Owner {

  /** What can be asked for, in the order of the help. */
  static final List<String> COMMANDS =
      List.of(
          "segment",
          "classify",
          "regress",
          "restore",
          "localize",
          "keypoints",
          "batch",
          "page",
          "suggest",
          "review",
          "generate",
          "pipeline",
          "train",
          "finetune",
          "explain",
          "render",
          "fool",
          "style",
          "stain",
          "models",
          "engines",
          "network",
          "evaluate",
          "annotations",
          "benchmark",
          "sample",
          "gui",
          "macro");

  /** Makes one of {@link #COMMANDS}. */
  static CommandLine command(String name) {
    return switch (name) {
      case "segment" -> Jobs.segment();
      case "classify" -> Jobs.classify();
      case "regress" -> Jobs.regress();
      case "restore" -> Jobs.restore();
      case "localize" -> Jobs.localize();
      case "keypoints" -> Jobs.keypoints();
      case "batch" -> Jobs.batch();
      case "page" -> Jobs.page();
      case "suggest" -> Jobs.suggest();
      case "review" -> Jobs.review();
      case "generate" -> Jobs.generate();
      case "pipeline" -> group(new PipelineGroup(), Jobs.pipelines());
      case "train" -> group(new TrainGroup(), Jobs.trainings());
      case "finetune" -> Jobs.fineTuning();
      case "explain" -> group(new ExplainGroup(), Jobs.explanations());
      case "render" -> Jobs.render();
      case "fool" -> Jobs.fool();
      case "style" -> Jobs.style();
      case "stain" -> Jobs.stain();
      case "models" -> group(new ModelsGroup(), Jobs.models());
      case "engines" -> Jobs.engines();
      case "network" -> group(new NetworkGroup(), Jobs.networks());
      case "evaluate" -> group(new EvaluateGroup(), Jobs.evaluations());
      case "annotations" -> new CommandLine(new Annotations());
      case "benchmark" -> new CommandLine(new Benchmark());
      case "sample" -> new CommandLine(new SampleGroup());
      case "gui" -> new CommandLine(new Gui());
      case "macro" -> new CommandLine(new RunMacro());
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static CommandLine group(Object group, List<CommandLine> jobs) {
    CommandLine command = new CommandLine(group);
    for (CommandLine job : jobs) {
      String name = job.getCommandName();
      if (command.getSubcommands().containsKey(name)) {
        Plugins.tellOnce(
            Strings.format(
                "The plugin \"%s\" is called like a command that there is already, and is left out.",
                name));
      } else {
        command.addSubcommand(name, job);
      }
    }
    return command;
  }

  /** Loaded only where it is asked for. A logger that nobody holds loses its level. */
  private static final class Logs {
    static final Logger ALL = Logger.getLogger("sc.fiji.spyhop");
  }

  @Spec CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description =
          "On an error, also print where in the program it happened; of a training, also print how"
              + " long it waited for images.")
  boolean debug;

  private final Console console;

  private Spyhop(Console console) {
    this.console = console;
  }

  /** Runs one command line and ends the Java process with its exit code. */
  public static void main(String[] args) {
    // one line for a notice of the log, without the date and the place in the program
    String format = "java.util.logging.SimpleFormatter.format";
    if (System.getProperty(format) == null) System.setProperty(format, "%5$s%6$s%n");
    if (Arrays.asList(args).contains("--debug")) logDetails();
    Console console = Console.system();
    boolean headless = Boolean.getBoolean("java.awt.headless");
    boolean macro =
        Arrays.stream(args)
            .filter(a -> !a.startsWith("-"))
            .limit(1)
            .anyMatch(RunMacro.NAME::equals);
    if (headless && macro) HeadlessImageJ.prepare();
    StopSignal stop = StopSignal.install(console);
    int code;
    try {
      code = run(console, args);
    } finally {
      stop.finished();
    }
    note(code);
    System.exit(code);
  }

  private static void logDetails() {
    Logs.ALL.setLevel(Level.FINE);
    for (Handler handler : Logger.getLogger("").getHandlers()) handler.setLevel(Level.FINE);
  }

  /** Tells the launcher how the work ended, if it asked: what Java does afterwards may fail. */
  private static void note(int code) {
    String file = System.getProperty("spyhop.ended");
    if (file == null) return;
    try (RandomAccessFile ended = new RandomAccessFile(file, "rw")) {
      ended.write(String.valueOf(code).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // then Java's own exit code counts
    }
  }

  /**
   * Runs one command line within this process.
   *
   * @param out for results, such as tables
   * @param err for progress and errors
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(new Console(out, err, false), args);
  }

  static int run(Console console, String... args) {
    int code = execute(console, args);
    return console.flush() || code != ExitCode.OK ? code : ExitCode.FAILED;
  }

  /** {@code help COMMAND} asks for the same as {@code COMMAND --help}. */
  private static String[] asked(String... args) {
    if (args.length == 0 || !args[0].equals("help")) return args;
    return Stream.concat(Arrays.stream(args).skip(1), Stream.of("--help")).toArray(String[]::new);
  }

  private static int execute(Console console, String... words) {
    String[] args = asked(words);
    Spyhop spyhop = new Spyhop(console);
    try {
      CommandLine commandLine = new CommandLine(spyhop);
      addCommands(commandLine, args);
      return commandLine
          .registerConverter(Path.class, text -> Path.of(named(text)))
          .registerConverter(File.class, text -> new File(named(text)))
          .registerConverter(double.class, Spyhop::number)
          .registerConverter(int.class, text -> Math.toIntExact(whole(text, Integer.MAX_VALUE)))
          .registerConverter(long.class, text -> whole(text, Long.MAX_VALUE))
          .setOut(console.rawOut())
          .setErr(console.rawErr())
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setAbbreviatedOptionsAllowed(false)
          .setUsageHelpWidth(100)
          .setParameterExceptionHandler((e, a) -> usage(console, e))
          .setExecutionExceptionHandler((e, c, r) -> spyhop.failed(e))
          .execute(args);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      return spyhop.failed(e);
    }
  }

  /**
   * Nothing is not the folder that the shell is in, as a variable that is not set would have it.
   */
  private static String named(String path) {
    if (!path.isBlank()) return path;
    throw new TypeConversionException("expected a file or folder, received an empty name");
  }

  private static double number(String text) {
    double number = Decimals.parse(text);
    if (Double.isFinite(number)) return number;
    throw new TypeConversionException("expected a number, received \"" + text + "\"");
  }

  private static long whole(String text, long max) {
    try {
      long number = Long.parseLong(text.strip());
      if (Math.abs(number) <= max) return number;
    } catch (NumberFormatException e) {
      // told below
    }
    throw new TypeConversionException("expected a whole number, received \"" + text + "\"");
  }

  /**
   * The one that is called, or all: reading the options of all of them takes time at every start.
   */
  private static void addCommands(CommandLine root, String... args) {
    String first = Arrays.stream(args).filter(a -> !a.startsWith("-")).findFirst().orElse("");
    for (String name : COMMANDS) {
      if (name.equals(first) || !COMMANDS.contains(first)) {
        root.addSubcommand(name, command(name));
      }
    }
  }

  @Override
  public Console console() {
    return console;
  }

  /** Without a command there is nothing to do: says what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(console.rawErr());
    return ExitCode.USAGE;
  }

  private static int usage(Console console, ParameterException e) {
    CommandLine command = e.getCommandLine();
    console.error(e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, console.err());
    console
        .err()
        .println(
            "Try '" + command.getCommandSpec().qualifiedName() + " --help' for what it accepts.");
    return ExitCode.USAGE;
  }

  /** Reports a failure in the user's words; returns the exit code. */
  private int failed(Throwable e) {
    int code = ExitCode.FAILED;
    if (e instanceof CancellationException) {
      console.error("Stopped.");
      code = ExitCode.STOPPED;
    } else {
      console.error(SpyhopException.describe(e));
    }
    if (debug) e.printStackTrace(console.err());
    return code;
  }
}
