package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.Learning;
import sc.fiji.spyhop.job.TrainingEnd;
import sc.fiji.spyhop.training.TrainingHistory.Epoch;
import sc.fiji.spyhop.training.TrainingListener;
import sc.fiji.spyhop.util.TableRow;

/** Who asks for a job in a shell: is answered on its console. */
final class ShellCaller implements Caller {

  private final CommandSpec spec;
  private final Console console;
  private int code = ExitCode.OK;

  ShellCaller(CommandSpec spec) {
    this.spec = spec;
    this.console = Console.of(spec);
  }

  /** The exit code. */
  int code() {
    return code;
  }

  @Override
  public void note(String line) {
    console.say(line);
  }

  @Override
  public void seen(String line) {
    result(line);
  }

  @Override
  public void result(String line) {
    console.out().println(line);
  }

  @Override
  public void report(String text) {
    console.out().print(text);
  }

  @Override
  public void table(String title, List<TableRow> rows) {
    // a shell has no windows
  }

  /** The command line, so that it can be typed again, to start anew. */
  @Override
  public String request() {
    return "spyhop "
        + spec.root().commandLine().getParseResult().originalArgs().stream()
            .filter(a -> !a.equals("--resume"))
            .map(a -> a.matches("[A-Za-z0-9_./:,=+~@-]+") ? a : "'" + a.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
  }

  @Override
  public Shown progress(String activity) {
    ConsoleProgress progress = new ConsoleProgress(console, activity, 1);
    progress.begin(activity);
    return progress;
  }

  @Override
  public Images images(String activity) {
    return new BatchConsole(console, activity);
  }

  @Override
  public void failed(List<String> failures, int of) {
    if (of > 1) console.error(failures.size() + " of " + of + " inputs failed:");
    failures.forEach(failure -> console.error(SafeWriter.line(failure)));
    code = ExitCode.FAILED;
  }

  @Override
  public void train(String name, Learning learning) {
    TrainingEnd end;
    try (ConsoleProgress progress = new ConsoleProgress(console, "Training", 1)) {
      progress.begin("training");
      end = learning.learn(listener(progress), progress);
    }
    String said = end.written();
    if (end.write().isPresent()) result(said);
    else console.error(said + " Nothing was written.");
    code =
        switch (end.reason()) {
          case FINISHED, NO_IMPROVEMENT -> ExitCode.OK;
          case CANCELLED -> ExitCode.STOPPED;
          case NOT_FINITE -> ExitCode.FAILED;
        };
  }

  private static TrainingListener listener(ConsoleProgress progress) {
    return new TrainingListener() {
      @Override
      public void message(String text) {
        progress.say(text);
      }

      @Override
      public void epoch(Epoch epoch, int epochs) {
        progress.say(epoch.line(epochs));
      }
    };
  }
}
