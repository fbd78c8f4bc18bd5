package sc.fiji.spyhop.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands have in common. */
abstract class Job implements Callable<Integer> {

  @Spec CommandSpec spec;

  /** Does the work; returns the exit code. */
  @Override
  public abstract Integer call();

  Console console() {
    return Console.of(spec);
  }

  /** The command line makes no sense: explains and leads to exit code 2. */
  ParameterException misuse(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
