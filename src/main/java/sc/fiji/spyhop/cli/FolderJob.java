package sc.fiji.spyhop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;

/** Looks at image files, one bad one of which does not stop the others; writes into a folder. */
abstract class FolderJob extends Job {

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results; made if it is not there.")
  Path output;

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

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Images, folders of images, or patterns such as \"*.tif\".")
  private List<String> arguments;

  private final List<String> failures = new ArrayList<>();

  /** Refuses options that make no sense. */
  void check() {}

  /** Name of the table of all images. */
  String table() {
    return "results.csv";
  }

  /** What an image leaves in the folder. */
  abstract List<Path> files(String name);

  /** Returns how many images went well; {@link #failed} has been told of the others. */
  abstract int process(Map<String, Path> images, ChannelChoice choice);

  /** What was found, for the end: empty, or a text such as {@code 3 objects}. */
  abstract Optional<String> found();

  @Override
  public Integer call() {
    check();
    ChannelChoice choice = choice();
    Inputs inputs = Inputs.expand(arguments, recursive, output);
    failures.addAll(inputs.problems());
    int done = 0;
    if (!inputs.files().isEmpty()) {
      Folders.requireWritable(output);
      requireNoResults(inputs.files());
      done = process(inputs.files(), choice);
    }
    return summary(done, inputs.files().size() + inputs.problems().size());
  }

  Path rois(String name) {
    return output.resolve(name + "_rois.zip");
  }

  Path overlay(String name) {
    return output.resolve(name + "_overlay.png");
  }

  void failed(Path file, Throwable problem, ConsoleProgress progress) {
    String why = Spyhop.describe(problem);
    failures.add(why.contains(file.getFileName().toString()) ? why : file + ": " + why);
    progress.end(file + ": failed");
  }

  private ChannelChoice choice() {
    if (channel.isPresent() && grey) throw misuse("--channel and --grey exclude each other.");
    if (channel.isPresent() && channel.get() < 1) {
      throw misuse("--channel: expected a number from 1, received " + channel.get() + ".");
    }
    if (grey) return ChannelChoice.GREY;
    return channel.map(ChannelChoice::channel).orElse(ChannelChoice.AUTO);
  }

  private void requireNoResults(Map<String, Path> images) {
    if (force) return;
    List<Path> there = new ArrayList<>(List.of(output.resolve(table())));
    images.keySet().forEach(n -> there.addAll(files(n)));
    there.removeIf(f -> !Files.exists(f));
    if (there.isEmpty()) return;
    throw new SpyhopException(
        output
            + " holds earlier results ("
            + there.get(0).getFileName()
            + (there.size() > 1 ? " and " + (there.size() - 1) + " more files" : "")
            + "). Name another --output, or add --force to replace them.");
  }

  private int summary(int done, int wanted) {
    if (done > 0) {
      String what = found().map(f -> ", " + f).orElse("");
      console()
          .out()
          .printf("%d %s%s, written to %s%n", done, done == 1 ? "image" : "images", what, output);
    }
    if (failures.isEmpty()) return Spyhop.OK;
    if (wanted > 1) console().error(failures.size() + " of " + wanted + " inputs failed:");
    failures.forEach(console()::error);
    return Spyhop.FAILED;
  }
}
