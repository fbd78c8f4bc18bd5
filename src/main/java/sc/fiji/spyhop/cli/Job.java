package sc.fiji.spyhop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sc.fiji.spyhop.SpyhopException;

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

  /** Refuses to replace a file unless told to. */
  static void requireFree(Path file, boolean force) {
    if (Files.isDirectory(file)) {
      throw new SpyhopException(file + ": this is a folder. Name a file to write.");
    }
    if (!force && Files.exists(file)) {
      throw new SpyhopException(file + ": exists already. Name another, or add --force.");
    }
  }
}
