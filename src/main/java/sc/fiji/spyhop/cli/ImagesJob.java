package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.model.ModelSpec;

/** Says something about image files, slice by slice or region by region; writes results.csv. */
abstract class ImagesJob extends Job {

  private enum What {
    SLICES,
    OVERLAY
  }

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file.")
  String model;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results; made if it is not there.")
  Path output;

  @Option(
      names = "--regions",
      paramLabel = "slices|overlay",
      description =
          "Each slice as a whole, or each region of interest that is saved in the image's overlay"
              + " (default: slices).")
  private What regions = What.SLICES;

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

  /** A compiled model and the table that it fills. */
  interface Session extends AutoCloseable {
    ModelSpec spec();

    String device();

    /** Adds what is said about an image to the table; returns it in short. */
    String process(String name, Frames frames, List<Region> regions, ConsoleProgress progress);

    /** Puts the table in its place. */
    void finish();

    @Override
    void close();
  }

  /** Compiles the model, and begins the table. */
  abstract Session open(Path table);

  /** Files besides the table that come of an image. */
  List<Path> files(String name) {
    return List.of();
  }

  @Override
  public Integer call() {
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

  private ChannelChoice choice() {
    if (channel.isPresent() && grey) throw misuse("--channel and --grey exclude each other.");
    if (channel.isPresent() && channel.get() < 1) {
      throw misuse("--channel: expected a number from 1, received " + channel.get() + ".");
    }
    if (grey) return ChannelChoice.GREY;
    return channel.map(ChannelChoice::channel).orElse(ChannelChoice.AUTO);
  }

  private Path table() {
    return output.resolve("results.csv");
  }

  private void requireNoResults(Map<String, Path> images) {
    if (force) return;
    List<Path> there = new ArrayList<>(List.of(table()));
    images.keySet().forEach(n -> there.addAll(files(n)));
    there.removeIf(f -> !Files.exists(f));
    if (there.isEmpty()) return;
    throw new SpyhopException(
        output
            + " holds earlier results ("
            + there.get(0).getFileName()
            + "). Name another --output, or add --force to replace them.");
  }

  private int process(Map<String, Path> images, ChannelChoice choice) {
    int done = 0;
    try (Session session = open(table())) {
      console().say("Model " + session.spec().name() + " on " + session.device());
      try (ConsoleProgress progress = new ConsoleProgress(console(), "Looking", images.size())) {
        for (Map.Entry<String, Path> entry : images.entrySet()) {
          progress.checkCancelled();
          progress.begin(entry.getValue().getFileName().toString());
          if (process(entry.getKey(), entry.getValue(), session, choice, progress)) done++;
        }
      } finally {
        session.finish();
      }
    } catch (CancellationException e) {
      console().say("Stopped after " + done + " of " + images.size() + " images.");
      throw e;
    }
    return done;
  }

  private boolean process(
      String name, Path file, Session session, ChannelChoice choice, ConsoleProgress progress) {
    try {
      ImagePlus image = ImageFiles.open(file);
      ModelSpec.Input input = session.spec().input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      List<Region> parts =
          regions == What.SLICES
              ? Region.slices(frames)
              : Region.of(frames, ClassLabels.regions(image));
      progress.end(file + ": " + session.process(name, frames, parts, progress));
      return true;
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      String why = Spyhop.describe(e);
      failures.add(why.contains(file.getFileName().toString()) ? why : file + ": " + why);
      progress.end(file + ": failed");
      return false;
    }
  }

  private int summary(int done, int wanted) {
    if (done > 0) {
      console()
          .out()
          .printf("%d %s, written to %s%n", done, done == 1 ? "image" : "images", output);
    }
    if (failures.isEmpty()) return Spyhop.OK;
    if (wanted > 1) console().error(failures.size() + " of " + wanted + " inputs failed:");
    failures.forEach(console()::error);
    return Spyhop.FAILED;
  }

  /** Number of a region's slice in its stack, from 1. */
  static int slice(Region region, Frames frames) {
    return (region.t() - 1) * frames.slices() + region.z();
  }

  /** Name or number of a region of interest; empty for a whole slice. */
  static String roi(Region region, int index) {
    return region
        .roi()
        .map(r -> r.getName() == null || r.getName().isBlank() ? "" + (index + 1) : r.getName())
        .orElse("");
  }
}
