package sc.fiji.spyhop.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/** What the commands have in common. */
abstract class Job implements Callable<Integer> {

  @Spec CommandSpec spec;

  /** Does the work; returns the exit code. */
  @Override
  public abstract Integer call();

  Console console() {
    return Console.of(spec);
  }

  /**
   * Refuses a file to write that is there already, unless it may be replaced, and even so one that
   * this command reads: another option names it, or the data set that it is a part of.
   *
   * @param file the very value of its option
   */
  final void requireFree(Path file, boolean replace) {
    for (ArgSpec option : spec.args()) {
      Object value = option.getValue();
      if (value instanceof Optional<?> some) value = some.orElse(null);
      if (value != file && isPartOf(file, value)) {
        throw new SpyhopException(
            Strings.format(
                "%s: this is in use as %s. Name another file to write.",
                file, option instanceof OptionSpec o ? o.longestName() : option.paramLabel()));
      }
    }
    AtomicFile.requireFree(file, replace);
  }

  private static boolean isPartOf(Path file, Object value) {
    if (!(value instanceof Path || value instanceof String)) return false;
    try {
      return new AnnotationFiles(new ImageFiles()).holds(Path.of(value.toString()), file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The command line makes no sense: explains and leads to exit code 2. */
  ParameterException misuse(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
