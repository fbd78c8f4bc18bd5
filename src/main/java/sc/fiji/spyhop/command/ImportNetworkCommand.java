package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.Meaning;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.Source;
import sc.fiji.spyhop.exchange.bioimage.BioimageImport;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.download.BioimageZoo;
import sc.fiji.spyhop.training.ModelTraining;

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
    description =
        "Imports a network of ONNX, Keras, PyTorch, Caffe, Deeplearning4j or bioimage.io.")
public final class ImportNetworkCommand extends AboutCommand {

  private static final String DEFAULT_PREPARATION = "torchvision";

  @Parameter(
      label = "File of the network",
      style = "open",
      persist = false,
      description =
          "File of the network: .onnx, .h5, .keras, .caffemodel (with .prototxt beside it), .safetensors, .pt or .pth"
              + " of PyTorch, or .zip of Deeplearning4j; or a bioimage.io model: its folder, its rdf.yaml, a zip file of these, or its"
              + " nickname such as affable-shark, by which it is downloaded.")
  @InShell(arguments = true)
  private File file = new File("");

  @Parameter(
      label = "Classes",
      required = false,
      persist = false,
      description =
          "A file of their names, one a line, a JSON list or index, or a table; or names with commas;"
              + " empty: they are numbered.")
  @InShell("NAMES")
  private String classes = "";

  @Parameter(
      label = "Preparation of images",
      persist = false,
      description =
          "How the network wants its images, such as rgb/127.5-1, or a family: torchvision, caffe,"
              + " tf, mobilenet, keras-vgg; see docs/import.md. A bioimage.io model says that itself.")
  private String preprocess = DEFAULT_PREPARATION;

  @Parameter(
      label = "Network",
      required = false,
      persist = false,
      description =
          "For files with weights only: a preset such as vgg19, the input and layers such as"
              + " \"1x28x28 20C5 MP2 FC10\", a model of Spyhop, or the network as .onnx. For Caffe: the .prototxt, if it is not beside the .caffemodel.")
  @InShell("WHICH")
  private String network = "";

  @Parameter(
      label = "Task",
      choices = {"auto", "classify", "segment", "measure", "restore"},
      persist = false,
      description =
          "What comes out: classes of an image (classify) or of its pixels (segment), numbers (measure,"
              + " named by classes), or an image (restore); auto: as the network or the names of classes"
              + " tell.")
  private String task = "auto";

  @Parameter(
      label = "Output to keep",
      required = false,
      persist = false,
      description =
          "Of a network with several outputs: the name of the one that is kept, such as prob; empty:"
              + " the only one.")
  @InShell("NAME")
  private String keep = "";

  @Parameter(
      label = "Translation",
      choices = {"auto", "translate", "as-is"},
      persist = false,
      description =
          "translate: into Spyhop's layers, which can be trained further; as-is: an ONNX file is kept"
              + " and run by ONNX Runtime, for prediction only; auto: as-is where a layer is missing.")
  @InShell(flags = {"--translate=translate", "--as-is=as-is"})
  private String translation = "auto";

  @Parameter(
      label = "Boxes of a detector",
      required = false,
      persist = false,
      description =
          "Of a network that detects: what its outputs are, a family (yolov5, yolov8, yolov10, ssd,"
              + " detr, rfb320) and what differs, such as \"ssd unit=pixels\"; see docs/import.md.")
  @InShell(value = "WHAT", names = "--outputs")
  private String boxes = "";

  @Parameter(
      label = "Model to write",
      style = "save",
      required = false,
      persist = false,
      description =
          "Model to write: a file that ends in .spyhop; empty for one in the current folder, named as the network.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a model that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Classes that do not exclude each other",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Each class has a probability of its own, and one alone is there or not; known of networks"
              + " that end with sigmoids of several channels.")
  private boolean several = false;

  @Parameter(
      label = "Names of tensors",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "For safetensors and PyTorch: a file with lines of two names, the tensor's in the file and ours.")
  @InShell(names = "--names")
  private File tensors = new File("");

  @Override
  void check() {
    if (file.getPath().isBlank()) {
      throw SettingException.missing("file", "a path", "/path/to/it");
    }
  }

  @Override
  void work(Caller caller) {
    String asked = file.getPath().replace('\\', '/');
    boolean zoo = BioimageZoo.takes(asked) && !file.exists();
    Path from = file.toPath().toAbsolutePath();
    boolean described = zoo || (BioimageImport.takes(from) && !Source.isOfDl4j(from));
    String name =
        zoo
            ? BioimageZoo.nameOf(asked)
            : described ? BioimageImport.nameAfter(from) : NetworkImport.nameAfter(from);
    ModelTarget target =
        ModelTarget.of(
            output.getPath().isBlank() ? new File(name + ModelFile.EXTENSION) : output, replace);
    NetworkImport.About about = about(about(target));
    if (described) refuseWhatIsDescribed();
    Importer job =
        zoo
            ? progress -> downloaded(asked, about, caller, progress)
            : described
                ? new BioimageImport(from, about, wanted())::run
                : network(from, about)::run;
    NetworkImport.Result result;
    try (Caller.Shown progress = caller.progress("Importing")) {
      result = job.run(progress);
      progress.checkCancelled();
      ModelFile.write(result.model(), target.path());
    }
    result.notes().forEach(caller::note);
    caller.result("Written to " + target.path());
  }

  private NetworkImport.Result downloaded(
      String asked, NetworkImport.About about, Caller caller, Progress progress) {
    BioimageZoo.Fetched fetched;
    try {
      fetched = BioimageZoo.standard().fetch(asked, progress);
    } catch (SpyhopException e) {
      if (!e.getMessage().startsWith(asked)) throw e;
      throw new SpyhopException(
          "There is no file " + asked + ", and the model " + e.getMessage(), e);
    }
    fetched.notes().forEach(caller::note);
    return new BioimageImport(fetched.folder(), about, wanted()).run(progress);
  }

  private BioimageImport.Wanted wanted() {
    return new BioimageImport.Wanted(classes, keep.strip(), several, meaning());
  }

  @FunctionalInterface
  private interface Importer {
    NetworkImport.Result run(Progress progress);
  }

  private static NetworkImport.About about(ModelTraining.About a) {
    return new NetworkImport.About(
        a.name(), a.description(), "", a.author(), a.license(), a.citation());
  }

  private NetworkImport network(Path from, NetworkImport.About about) {
    return new NetworkImport(
        about,
        new Source(from, network, word(tensors.getPath()).map(Path::of), word(keep)),
        setting("preprocess", () -> Preprocessing.parse(preprocess)),
        classes,
        way(),
        boxes,
        meaning(),
        several);
  }

  private Optional<Meaning> meaning() {
    if (several && task.equals(Meaning.MEASURE.word())) {
      throw SettingException.wrong("several", "it is of classes: numbers are measured here.");
    }
    return Stream.of(Meaning.values()).filter(m -> m.word().equals(task)).findFirst();
  }

  private NetworkImport.Way way() {
    return switch (translation) {
      case "translate" -> NetworkImport.Way.TRANSLATE;
      case "as-is" -> NetworkImport.Way.AS_IS;
      default -> NetworkImport.Way.AUTO;
    };
  }

  /** A bioimage.io model says itself what would be said twice otherwise. */
  private void refuseWhatIsDescribed() {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("preprocess", !preprocess.equals(DEFAULT_PREPARATION));
    given.put("network", !network.isBlank());
    given.put("translation", !translation.equals("auto"));
    given.put("boxes", !boxes.isBlank());
    given.put("tensors", !tensors.getPath().isBlank());
    String wrong = given.keySet().stream().filter(given::get).findFirst().orElse("");
    if (!wrong.isEmpty()) {
      throw SettingException.wrong(
          wrong, file + " is a bioimage.io model, which says that itself; leave this out.");
    }
  }
}
