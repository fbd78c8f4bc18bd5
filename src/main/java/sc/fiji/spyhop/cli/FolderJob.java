package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.Existing;
import sc.fiji.spyhop.job.batch.Inputs;

/** Does a batch of images: what a batch can be told, and how it is shown. */
abstract class FolderJob extends Job {

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results; made if it is not there.")
  private Path output;

  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "Which channel to look at, from 1, if the images have more than the model.")
  private Optional<Integer> channel = Optional.empty();

  @Option(names = "--grey", description = "Make one channel out of all, such as grey out of RGB.")
  private boolean grey;

  @Option(names = "--recursive", description = "Search folders to any depth.")
  private boolean recursive;

  @Option(names = "--force", description = "Replace results that exist.")
  private boolean force;

  @Option(
      names = "--resume",
      description =
          "Go on with a run that was interrupted: images that are finished are passed over.")
  private boolean resume;

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Images, folders of images, or patterns such as \"*.tif\".")
  private List<String> arguments;

  /**
   * What to do with each.
   *
   * @throws picocli.CommandLine.ParameterException if the options make no sense
   */
  abstract BatchJob job();

  /** What is done meanwhile, such as {@code Segmenting}. */
  String activity() {
    return "Looking";
  }

  /** Whether an image of a folder is one to look at. */
  boolean wants(Path file) {
    return true;
  }

  /** What is said at the end, if anything was finished. */
  String told(Batch.Summary summary, Path output) {
    return summary.text() + ", written to " + output;
  }

  @Override
  public Integer call() {
    BatchJob job = job();
    ChannelChoice choice = choice();
    if (force && resume) throw misuse("--force and --resume exclude each other.");
    Existing existing = force ? Existing.REPLACE : resume ? Existing.RESUME : Existing.REFUSE;
    Inputs inputs = Inputs.expand(arguments, recursive, output).where(this::wants);
    List<String> failures = new ArrayList<>(inputs.problems());
    if (!inputs.files().isEmpty()) {
      try (BatchConsole listener = new BatchConsole(console(), activity())) {
        Batch.Summary summary = Batch.run(job, inputs.files(), output, choice, existing, listener);
        failures.addAll(summary.failures());
        if (summary.images() > 0) {
          console().out().println(told(summary, output));
        }
      } catch (CancellationException e) {
        console().say(e.getMessage());
        throw e;
      }
    }
    if (failures.isEmpty()) return Spyhop.OK;
    int wanted = inputs.files().size() + inputs.problems().size();
    if (wanted > 1) console().error(failures.size() + " of " + wanted + " inputs failed:");
    failures.forEach(console()::error);
    return Spyhop.FAILED;
  }

  private ChannelChoice choice() {
    if (channel.isPresent() && grey) throw misuse("--channel and --grey exclude each other.");
    if (channel.isPresent() && channel.get() < 1) {
      throw misuse("--channel: expected a number from 1, received " + channel.get() + ".");
    }
    if (grey) return ChannelChoice.GREY;
    return channel.map(ChannelChoice::channel).orElse(ChannelChoice.AUTO);
  }
}
