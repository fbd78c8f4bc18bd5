package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.quantization.CalibrationImages;
import sc.fiji.spyhop.task.Task;

/** Makes a model of another one, whose weights it keeps, by what that says about images. */
abstract class RemadeModelCommand extends JobCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model, or path of its .spyhop file.")
  @InShell(arguments = true, value = "NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Images",
      style = "directory",
      persist = false,
      description =
          "Folder of images like those that the model is for, which it was not trained on. Of more"
              + " than 100 images, 100 are taken.")
  @InShell("DIR|FILE")
  private File data = new File("");

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "Model to write: a file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a model that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Only this subset of the table of images, or this folder of the data; empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Table of images",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Table of images, a CSV file; empty for index.csv of the data, if it is there.")
  @InShell("CSV")
  private File index = new File("");

  @Parameter(
      label = "Channel",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = LookCommand.CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  /** Puts the known models into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", Task.class);
  }

  @Override
  void check() {
    ModelChoice.require(model, Task.class);
    if (data.getPath().isBlank()) {
      throw SettingException.missing("data", "a path", "/path/to/it");
    }
    channels(channel);
  }

  /** What the model is called as it is made, in messages of progress. */
  abstract String doing();

  /** Makes the model and says what came of it. */
  abstract Model made(Model base, String name, Caller caller, Progress progress);

  @Override
  final void work(Caller caller) {
    ModelTarget target = ModelTarget.of(output, replace);
    if (!ModelSpec.isName(target.name())) {
      throw SettingException.wrong(
          "output",
          "the model is called after its file: expected a name of letters a to z, digits, dots,"
              + " hyphens and underscores, received "
              + target.name()
              + ".");
    }
    Model base = ModelRegistry.standard().find(model.strip());
    try (Caller.Shown progress = caller.progress(doing())) {
      Model made = made(base, target.name(), caller, progress);
      progress.checkCancelled();
      ModelFile.write(made, target.path());
    }
    caller.result("Written to " + target.path());
  }

  /** The images with their annotations, which are such as the model's task has. */
  final CalibrationImages annotated(Model base, Progress progress) {
    ImageFiles reader = reader(base);
    return CalibrationImages.annotated(
        base.spec().task(),
        new CalibrationImages.Source(
            folder(),
            word(index.getPath()).map(Path::of),
            word(subset),
            reader,
            new AnnotationFiles(reader)),
        progress);
  }

  final ImageFiles reader(Model base) {
    ChannelChoice choice = channels(channel);
    return choice.equals(ChannelChoice.AUTO)
        ? new ImageFiles()
        : new ImageFiles(choice, base.spec().input().channels());
  }

  /** Whether all images of the folder are meant. */
  final boolean takesAll() {
    return word(subset).isEmpty() && word(index.getPath()).isEmpty();
  }

  final Path folder() {
    return data.toPath().toAbsolutePath();
  }
}
