package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.Source;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.util.Folders;

/** Makes a model of a network of another program. */
@Command(
    name = "import",
    description = {
      "Imports a network of another program.",
      "It reads ONNX (.onnx), Keras (.h5), Caffe (.caffemodel with .prototxt beside it), and weights",
      "in safetensors."
    },
    footer = {
      "",
      "--preprocess says how the network wants its images: the order of colours, then what is done",
      "to pixel values from left to right, then how an image is brought to the network's size, as in",
      "\"rgb/127.5-1\", \"bgr-104,117,123\", \"rgb/255-0.485,0.456,0.406/0.229,0.224,0.225 resize 256",
      "crop 224\", or a family: torchvision, caffe, tf, mobilenet, keras-vgg, keras-resnet.",
      "See docs/import.md.",
      "",
      "Examples:",
      "  spyhop models import net.onnx --classes names.txt --preprocess rgb/127.5-1 --output net.spyhop",
      "  spyhop models import vgg19.h5 --network vgg19 --classes names.txt --preprocess keras-vgg"
    })
final class ModelsImport extends Job {

  @Parameters(paramLabel = "FILE", description = "The network's file.")
  private Path file;

  @Option(
      names = "--classes",
      defaultValue = "",
      paramLabel = "NAMES",
      description = {
        "File of the names of classes, one a line, a JSON list or index, or a table; or the names",
        "with commas between. Without it they are numbered."
      })
  private String classes;

  @Option(
      names = "--preprocess",
      required = true,
      paramLabel = "TEXT",
      description = "How the network wants its images, see below.")
  private String preprocess;

  @Option(
      names = "--network",
      defaultValue = "",
      paramLabel = "WHICH",
      description = {
        "For files with weights only: a preset such as vgg19, layers such as \"20C5 MP2 FC10\", or a",
        "model of Spyhop. For Caffe: the .prototxt, if it is not beside the .caffemodel."
      })
  private String network;

  @Option(
      names = "--names",
      paramLabel = "FILE",
      description = "For safetensors: lines of two names, the tensor's in the file and ours.")
  private Optional<Path> names;

  @Option(names = "--license", defaultValue = "", description = "Licence of the weights.")
  private String license;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Model to write (default: in the current folder, named as the network).")
  private Optional<Path> output;

  @Option(names = "--force", description = "Replace the model if it exists.")
  private boolean force;

  @Override
  public Integer call() {
    Path target =
        output.orElseGet(() -> Path.of(NetworkImport.nameAfter(file) + ModelFile.EXTENSION));
    if (!target.toString().endsWith(ModelFile.EXTENSION)) {
      throw new SpyhopException(
          target + ": expected a name that ends in " + ModelFile.EXTENSION + ".");
    }
    requireFree(target, force);
    Folders.require(target.toAbsolutePath().getParent(), "a folder to write the model to");
    Preprocessing preprocessing = Preprocessing.parse(preprocess);
    NetworkImport job =
        new NetworkImport(
            new NetworkImport.About(NetworkImport.nameAfter(target), "", "", "", license, ""),
            new Source(file, network, names),
            preprocessing,
            classes);
    NetworkImport.Result result;
    try (ConsoleProgress progress = new ConsoleProgress(console(), "import", 1)) {
      progress.begin(file.getFileName().toString());
      result = job.run(progress);
      ModelFile.write(result.model(), target);
      progress.end("Written: " + target);
    }
    result.notes().forEach(console()::say);
    return Spyhop.OK;
  }
}
