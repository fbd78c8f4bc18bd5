package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.quantization.CalibrationImages;
import sc.fiji.spyhop.quantization.Quantizer;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes a model that predicts in eight bits of one that does so in 32. In a macro:
 *
 * <pre>run("Spyhop Quantise Model", "model=nuclei data=/data/cells output=/data/fast.spyhop");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Quantise Model",
    headless = true,
    initializer = "offerModels",
    description = "Quantises a model, so that it predicts in eight bits.")
public final class QuantizeModelCommand extends JobCommand {

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model, or path of its .spyhop file.")
  @InShell(arguments = true, value = "NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Images to measure on",
      style = "directory",
      persist = false,
      description =
          "Folder of images like those that the model is for; annotated, if the accuracy is to be"
              + " told. Of more than 100 images, 100 are taken.")
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
    ModelChoice.offer(getInfo().getMutableInput("model", String.class), Task.class);
  }

  @Override
  void check() {
    ModelChoice.require(model, Task.class);
    if (data.getPath().isBlank()) {
      throw SettingException.missing("data", "a path", "/path/to/it");
    }
    channels(channel);
  }

  @Override
  void work(Caller caller) {
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
    Quantizer quantizer = new Quantizer(base, target.name(), Quantizer.SHARE);
    Model made;
    try (Caller.Shown progress = caller.progress("Quantising")) {
      CalibrationImages images = images(base, caller, progress.part(0, 3));
      images.notes().forEach(caller::note);
      made = quantizer.run(images, progress.part(1, 3));
      progress.checkCancelled();
      ModelFile.write(made, target.path());
    }
    Map<String, Double> known = base.spec().training().figures();
    made.spec()
        .training()
        .figures()
        .forEach(
            (what, value) -> {
              if (!value.equals(known.get(what))) {
                caller.result(Strings.format("%s %.4f", what, value));
              }
            });
    caller.result("Written to " + target.path());
  }

  /** With their annotations, if these are such as the model's task has. */
  private CalibrationImages images(Model base, Caller caller, Progress progress) {
    ChannelChoice choice = channels(channel);
    ImageFiles reader =
        choice.equals(ChannelChoice.AUTO)
            ? new ImageFiles()
            : new ImageFiles(choice, base.spec().input().channels());
    Path folder = data.toPath().toAbsolutePath();
    try {
      return CalibrationImages.annotated(
          base.spec().task(),
          new CalibrationImages.Source(
              folder,
              word(index.getPath()).map(Path::of),
              word(subset),
              reader,
              new AnnotationFiles(reader, new RoiFormat())),
          progress);
    } catch (SpyhopException e) {
      if (word(subset).isPresent() || word(index.getPath()).isPresent()) throw e;
      Inputs inputs = Inputs.expand(List.of(folder.toString()), true, folder.resolve("."));
      if (inputs.files().isEmpty()) {
        throw SettingException.wrong(
            "data", "expected a folder with images, received " + folder + ", which has none.");
      }
      CalibrationImages plain = CalibrationImages.plain(inputs.files().values(), reader, progress);
      caller.note(
          "No accuracy is told, only how far outputs differ, as there is no truth to read: "
              + e.getMessage());
      return plain;
    }
  }
}
