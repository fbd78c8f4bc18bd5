package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.host.Macros;
import sc.fiji.spyhop.util.AtomicFile;

/** Runs an ImageJ macro without windows. */
@Command(
    name = RunMacro.NAME,
    description = {
      "Runs an ImageJ macro without windows.",
      "Tables, log and ROI Manager are there, though not shown.",
      "A macro stops at the first error, with exit code 1.",
      "In the macro, split(getArgument(), \"\\n\") gives the arguments."
    },
    footer = {"", "Example:", "  spyhop macro macros/Segment_Folder.ijm images/ results/ nuclei"})
final class RunMacro extends Job {

  static final String NAME = "macro";

  @Parameters(index = "0", paramLabel = "FILE.ijm", description = "The macro.")
  private Path file;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "ARGS", description = "Its arguments.")
  private List<String> arguments = List.of();

  @Override
  public Integer call() {
    if (!Files.isRegularFile(file)) {
      throw new SpyhopException(file + ": no such file. Expected a macro.");
    }
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new SpyhopException(file + " cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
    String result = Macros.run(text, String.join("\n", arguments));
    if (!result.isEmpty()) console().out().println(result);
    return ExitCode.OK;
  }
}
