package sc.fiji.spyhop.command;

import ij.IJ;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.ContextCommand;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.Source;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes a model of a network of another program. In a macro:
 *
 * <pre>run("Spyhop Import Network", "file=/data/net.onnx classes=/data/names.txt"
 *     + " preprocess=rgb/127.5-1 output=/data/net.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Import Network",
    headless = true,
    description = "Makes a model of a network of another program: ONNX, Keras, Caffe.")
public final class ImportNetworkCommand extends ContextCommand {

  @Parameter(
      label = "File of the network",
      style = "open",
      persist = false,
      description = "Ends in .onnx, .h5, .caffemodel (with .prototxt beside it) or .safetensors.")
  private File file = new File("");

  @Parameter(
      label = "Classes",
      required = false,
      persist = false,
      description = "A file of their names, or names with commas; empty: they are numbered.")
  private String classes = "";

  @Parameter(
      label = "Preparation of images",
      persist = false,
      description =
          "Such as rgb/127.5-1, or a family: torchvision, caffe, tf, mobilenet, keras-vgg.")
  private String preprocess = "torchvision";

  @Parameter(
      label = "Network",
      required = false,
      persist = false,
      description =
          "For files with weights only: a preset such as vgg19, layers, or a model of Spyhop.")
  private String network = "";

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "A file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Replace",
      persist = false,
      description = "Whether a model that exists may be replaced.")
  private boolean replace = false;

  @Parameter private StatusService statusService;

  @Parameter private TaskService taskService;

  @Override
  public void run() {
    Path source = given(file, "File of the network", "file");
    Path target = given(output, "Model to write", "output");
    if (!target.toString().endsWith(ModelFile.EXTENSION)) {
      throw new SpyhopException(
          Strings.format(
              "Model to write: expected a name that ends in %s, received %s.",
              ModelFile.EXTENSION, target.getFileName()));
    }
    if (!Files.isDirectory(target.getParent())) {
      throw new SpyhopException(
          Strings.format(
              "Model to write: there is no folder %s. Make it, or name another.",
              target.getParent()));
    }
    if (!replace && Files.exists(target)) {
      throw new SpyhopException(
          target + " exists already. Name another model, or replace it (in macros: replace=true).");
    }
    NetworkImport job =
        new NetworkImport(
            NetworkImport.About.named(NetworkImport.nameAfter(target)),
            new Source(source, network, Optional.empty()),
            Preprocessing.parse(preprocess),
            classes);
    try (CommandProgress progress =
        new CommandProgress(
            statusService, taskService, "Spyhop Import Network", this::isCanceled)) {
      NetworkImport.Result result = job.run(progress);
      progress.checkCancelled();
      ModelFile.write(result.model(), target);
      result.notes().forEach(note -> IJ.log("Spyhop: " + note));
      IJ.log("Spyhop: written to " + target);
    } catch (CancellationException e) {
      Cancellations.end(this, "Cancelled: nothing was written.");
    }
  }

  private static Path given(File file, String label, String key) {
    if (file == null || file.getPath().isBlank()) {
      throw new SpyhopException(
          label + ": expected a path, received nothing. In macros: " + key + "=[/path/to/it].");
    }
    return file.toPath().toAbsolutePath();
  }
}
