package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.Existing;
import sc.fiji.spyhop.job.batch.Inputs;

/** Looks at files, one by one; a bad file does not stop the others. */
abstract class FilesCommand extends LookCommand {

  @Parameter(
      label = "Folder of images",
      style = "directory",
      persist = false,
      description = "Images, folders of images, or patterns such as \"*.tif\".")
  @InShell(arguments = true, value = "INPUT...")
  private File input = new File("");

  @Parameter(
      label = "Folder for the results",
      style = "directory",
      persist = false,
      description = "Folder for the results; it is made if it is not there.")
  private File output = new File("");

  @Parameter(
      label = "Subfolders too",
      persist = false,
      description = "Searches folders to any depth.")
  private boolean recursive = false;

  @Parameter(
      label = "Earlier results",
      choices = {"resume", "replace", "refuse"},
      persist = false,
      description =
          "What to do with results that are in the folder. resume: images that are finished are"
              + " passed over; replace: all is done anew; refuse: nothing is done if there are some.")
  @InShell(flags = {"--resume=resume", "--force=replace"})
  private String existing = "resume";

  @Override
  void check() {
    if (input.getPath().isBlank()) {
      throw SettingException.wrong("input", "expected a folder, received nothing.");
    }
    if (output.getPath().isBlank()) {
      throw SettingException.wrong("output", "expected a folder, received nothing.");
    }
    channels();
  }

  @Override
  final void work(Caller caller) {
    BatchJob job = job(caller);
    Path to = output.toPath();
    Inputs inputs =
        Inputs.expand(List.of(input.getPath().split("\n")), recursive, to)
            .without(this::passedOver);
    List<String> failures = new ArrayList<>(inputs.problems());
    if (!inputs.files().isEmpty()) {
      try (Caller.Images shown = caller.images(activity())) {
        Batch.Summary summary =
            Batch.run(job, inputs.files(), to, channels(), Existing.parse(existing), shown);
        failures.addAll(summary.failures());
        if (summary.images() > 0) caller.result(told(summary, to));
      } catch (StoppedException e) {
        caller.note(e.getMessage());
        throw e;
      }
    }
    if (!failures.isEmpty()) {
      caller.failed(failures, inputs.files().size() + inputs.problems().size());
    }
  }
}
