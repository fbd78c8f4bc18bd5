package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Grouping;
import sc.fiji.spyhop.dataset.ReadableSamples;
import sc.fiji.spyhop.dataset.RowImages;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.Splitter;
import sc.fiji.spyhop.generate.rendering.ColumnFinder;
import sc.fiji.spyhop.generate.rendering.Pixels;
import sc.fiji.spyhop.generate.rendering.RenderNetwork;
import sc.fiji.spyhop.generate.rendering.RenderTraining;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.GeneratorLearning;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.training.Checkpoints;
import sc.fiji.spyhop.training.GeneratorTraining;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.Version;

/**
 * Trains a model that makes images from the rows of a table. In a macro:
 *
 * <pre>run("Spyhop Train Renderer", "data=/data/chairs output=/data/chairs.spyhop");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Train Renderer",
    headless = true,
    description = "Trains a model that makes images from the rows of a table.")
public final class TrainRendererCommand extends LearningCommand {

  private static final double DEFAULT_VALIDATION = 10;

  private static final Pattern SIZE = Pattern.compile("(\\d{1,4})(?:x(\\d{1,4}))?");

  @Parameter(
      label = "Images",
      style = "directory",
      persist = false,
      description = "Folder of images, which a table lists.")
  @InShell("DIR")
  private File data = new File("");

  @Parameter(
      label = "Table of images",
      required = false,
      persist = false,
      description =
          "Table with a row for each image, a CSV file: a column image, and columns of numbers, angles"
              + " and words that tell what is seen in it; empty for index.csv of the data.")
  @InShell(names = "--table", value = "CSV")
  private File index = new File("");

  @Parameter(
      label = "Model to write",
      style = "save",
      persist = false,
      description = "Model to write: a file that ends in .spyhop.")
  private File output = new File("");

  @Parameter(
      label = "Columns",
      required = false,
      persist = false,
      description =
          "Columns to make images from, with commas; empty for all in which not everything is the"
              + " same.")
  @InShell("NAME,...")
  private String columns = "";

  @Parameter(
      label = "Columns of angles",
      required = false,
      persist = false,
      description =
          "Columns of angles in degrees that go all the way round, so that 0 is 360, besides those"
              + " called azimuth, angle, rotation, orientation, direction, heading or yaw, or whose"
              + " unit is degrees; with commas.")
  @InShell("NAME,...")
  private String angles = "";

  @Parameter(
      label = "Columns of words",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Columns of numbers that are names, such as those of plates, with commas; columns of words"
              + " are known by themselves.")
  @InShell("NAME,...")
  private String choices = "";

  @Parameter(
      label = "Network",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Architecture of the network: default, which is made by the size of the images; or layers"
              + " from 1 x 1 to the size of the images, such as 512C1 256T4v 128T4/2 64T4/2 3T4/2"
              + " tanh, see docs/notation.md.")
  private String network = RenderNetwork.DEFAULT;

  @Parameter(
      label = "Size (pixels)",
      required = false,
      persist = false,
      description =
          "Width and height of images that are made, such as 64 or 96x64, to which those of the data"
              + " are scaled; 0 for their own, or what the network can make that is nearest to it.")
  @InShell("WxH")
  private String size = "0";

  @Parameter(
      label = "Subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Only this subset of the table of images; empty for all.")
  @InShell("NAME")
  private String subset = "";

  @Parameter(
      label = "Validation set (percent)",
      min = "0",
      max = "99.99",
      persist = false,
      description =
          "Percent of the images to validate on, which are never trained on; a number below 1 is a"
              + " share, such as 0.1.")
  private double validation = DEFAULT_VALIDATION;

  @Parameter(
      label = "Validation subset",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Validates on this subset of the table, instead of a percentage of the images.")
  @InShell(names = "--validation-subset", value = "NAME")
  private String holdout = "";

  @Parameter(
      label = "Epochs",
      min = "0",
      persist = false,
      description = "How often everything is shown to the network about once; 0 for the default.")
  private int epochs = RenderTraining.DEFAULT.epochs();

  @Parameter(
      label = "Seed",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "With the same seed, the same choices are made at random.")
  private long seed = RenderTraining.DEFAULT.seed();

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a model or a training that exists; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Resume an interrupted training",
      persist = false,
      description = "Goes on after the last epoch that was completed.")
  private boolean resume = false;

  @Parameter(
      label = "Folder of checkpoints",
      style = "directory",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Folder for history.csv and what is needed to resume; empty for one beside the model, named"
              + " after it.")
  private File checkpoints = new File("");

  @Parameter(
      label = "Channel",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Which channels to learn from: auto for all; grey for one made of all; or the number of"
              + " one.")
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  /** Made by ImageJ and by the shell, which then fill in the parameters. */
  public TrainRendererCommand() {
    super(RenderTraining.DEFAULT);
  }

  @Override
  void check() {
    if (data.getPath().isBlank()) {
      throw SettingException.missing("data", "a path", "/path/to/it");
    }
    if (!holdout.isBlank() && validation != DEFAULT_VALIDATION) {
      throw SettingException.wrong("holdout", "a percentage for validation excludes it.");
    }
    if (!holdout.isBlank() && subset.isBlank()) {
      throw SettingException.wrong(
          "holdout", "expected a subset to train on as well, received none.");
    }
    if (resume && replace) {
      throw SettingException.wrong("resume", "it and replacing what exists exclude each other.");
    }
    size();
    loss();
    channels(channel);
    options(defaults(), epochs, seed);
    grouping();
  }

  private RenderNetwork.Side size() {
    String text = size.strip().toLowerCase(java.util.Locale.ROOT);
    if (List.of("", "0").contains(text)) return new RenderNetwork.Side(0, 0);
    Matcher sides = SIZE.matcher(text);
    if (!sides.matches() || text.matches("0+(x.*)?|.*x0+")) {
      throw SettingException.wrong(
          "size", "expected pixels such as 64 or 96x64, received " + size + ".");
    }
    int width = Integer.parseInt(sides.group(1));
    return new RenderNetwork.Side(
        width, sides.group(2) == null ? width : Integer.parseInt(sides.group(2)));
  }

  private Optional<Path> table() {
    return word(index.getPath()).map(Path::of);
  }

  private Grouping grouping() {
    return grouping(data.toPath(), table());
  }

  @Override
  void work(Caller caller) {
    ModelTarget target = ModelTarget.of(output, replace || resume);
    about(target);
    Folders.require(data.toPath().toAbsolutePath(), "a folder of images and a table of them");
    caller.train(
        target.name(),
        new GeneratorLearning(
            target, checkpoints(target), precision(), p -> plan(target, caller, p)));
  }

  private Checkpoints checkpoints(ModelTarget target) {
    Path folder = target.trainingFolder(word(checkpoints.getPath()).map(Path::of));
    if (resume) {
      Checkpoints kept = Checkpoints.resumeIn(folder);
      kept.requireResumable();
      return kept;
    }
    if (!replace && ModelTarget.holdsTraining(folder)) throw ModelTarget.canBeResumed(folder);
    return Checkpoints.startIn(folder);
  }

  private GeneratorTraining plan(ModelTarget target, Caller caller, Progress progress) {
    RowImages images = read(word(subset));
    Split<Map<String, String>> split = split(images, caller, progress);
    List<Map<String, String>> rows = rows(split.train());
    ColumnFinder.Found found =
        new ColumnFinder(words(columns), words(angles), words(choices))
            .find(images.columns(), rows);
    found.notes().forEach(caller::note);
    Dataset<Map<String, String>> judged = known(split.validation(), found.columns(), caller);
    boolean own = !network.strip().equalsIgnoreCase(RenderNetwork.DEFAULT);
    Pixels pixels = Pixels.of(split.train(), size(), !own, progress);
    Shape image = Shape.of(pixels.output().channels(), pixels.height(), pixels.width());
    Network made =
        setting(
            own ? "network" : "size",
            () -> RenderNetwork.of(network, found.columns().size(), image));
    setting("loss", () -> RenderTraining.objective(made, loss()));
    return new RenderTraining(
        about(target),
        new ModelTraining.Origin(
            caller.request(), "Spyhop " + Version.number(), FileNames.last(folder())),
        found.columns(),
        pixels,
        made,
        split.train(),
        judged,
        options(defaults(), epochs, seed));
  }

  /** Those to validate on of which the network can know what is seen in them. */
  private static Dataset<Map<String, String>> known(
      Dataset<Map<String, String>> set, GeneratorSource.Columns columns, Caller caller) {
    List<Integer> known = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      try {
        columns.encode(set.get(i).truth());
        known.add(i);
      } catch (SpyhopException e) {
        problems.add(BadSamples.clause(set.names().get(i), e));
      }
    }
    if (problems.isEmpty()) return set;
    caller.note(
        Strings.format(
            "Left out of the validation, as no image to train on has the like, %d of %s: %s.",
            problems.size(), Strings.count(set.size(), "image"), BadSamples.first(problems)));
    return set.select(known);
  }

  private Path folder() {
    return data.toPath().toAbsolutePath();
  }

  private RowImages read(Optional<String> part) {
    Path folder = folder();
    if (table().isEmpty() && !Files.exists(folder.resolve("index.csv"))) {
      throw SettingException.wrong(
          "index", "expected a table of the images, as there is no index.csv in " + folder + ".");
    }
    return RowImages.read(folder, table(), part, grouping(), reader());
  }

  private ImageFiles reader() {
    ChannelChoice choice = channels(channel);
    return choice.equals(ChannelChoice.AUTO) ? new ImageFiles() : new ImageFiles(choice, 1);
  }

  private Split<Map<String, String>> split(RowImages images, Caller caller, Progress progress) {
    Splitter splitter =
        new Splitter(grouping(), validation < 1 ? validation : validation / 100, seed);
    if (holdout.isBlank()) {
      return ReadableSamples.drawn(images.samples(), splitter, progress, caller::note);
    }
    Split<Map<String, String>> split = new Split<>(images.samples(), read(word(holdout)).samples());
    splitter.check(split, caller::note);
    return ReadableSamples.of(split, progress, caller::note);
  }

  private static List<Map<String, String>> rows(Dataset<Map<String, String>> set) {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) rows.add(set.get(i).truth());
    return rows;
  }
}
