package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.model.ModelSpec;

/** Says something about image files, slice by slice or region by region; writes results.csv. */
abstract class ImagesJob extends FolderJob {

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
      names = "--regions",
      paramLabel = "slices|overlay",
      description =
          "Each slice as a whole, or each region of interest that is saved in the image's overlay"
              + " (default: slices).")
  private What regions = What.SLICES;

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

  @Override
  List<Path> files(String name) {
    return List.of();
  }

  @Override
  Optional<String> found() {
    return Optional.empty();
  }

  @Override
  int process(Map<String, Path> images, ChannelChoice choice) {
    int done = 0;
    try (Session session = open(output.resolve(table()))) {
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
      failed(file, e, progress);
      return false;
    }
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
