package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;

/** Says where things are in image files: a table of all, and ROIs and a picture of each. */
abstract class ScenesJob extends FolderJob {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file.")
  private String model;

  @Option(
      names = "--score",
      paramLabel = "S",
      description =
          "Report what is at least this sure, from 0 to 1 (default: what was best for the model's"
              + " validation images; for figures such as mAP, use 0.01).")
  private Optional<Double> score = Optional.empty();

  private final List<AnnotatedImage> rows = new ArrayList<>();
  private int things;

  /** A compiled model. */
  interface Session extends AutoCloseable {
    ModelSpec spec();

    Device device();

    /** What is in a plane of a file; slice and time point count from 1. */
    Annotation look(Path file, int z, int t, Frame frame, Progress progress);

    @Override
    void close();
  }

  abstract Session open(String nameOrPath, OptionalDouble threshold);

  abstract void write(Path file, List<AnnotatedImage> images);

  abstract int count(HyperstackAnnotations found);

  /** Classes and keypoints, for names and colours. */
  abstract List<String> classes(ModelSpec spec);

  abstract KeypointLayout layout(ModelSpec spec);

  @Override
  void check() {
    if (score.isPresent() && !(score.get() >= 0 && score.get() <= 1)) {
      throw misuse("--score: expected a number from 0 to 1, received " + score.get() + ".");
    }
  }

  @Override
  List<Path> files(String name) {
    return List.of(rois(name), overlay(name));
  }

  @Override
  Optional<String> found() {
    return Optional.of(things + " found");
  }

  @Override
  int process(Map<String, Path> files, ChannelChoice choice) {
    int done = 0;
    OptionalDouble threshold = score.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    try (Session session = open(model, threshold)) {
      console().say("Model " + session.spec().name() + " on " + session.device());
      try (ConsoleProgress progress = new ConsoleProgress(console(), "Looking", files.size())) {
        for (Map.Entry<String, Path> entry : files.entrySet()) {
          progress.checkCancelled();
          progress.begin(entry.getValue().getFileName().toString());
          if (look(entry.getKey(), entry.getValue(), session, choice, progress)) done++;
        }
      } finally {
        if (!rows.isEmpty()) write(output.resolve(table()), rows);
      }
    } catch (CancellationException e) {
      console().say("Stopped after " + done + " of " + files.size() + " images.");
      throw e;
    }
    return done;
  }

  private boolean look(
      String name, Path file, Session session, ChannelChoice choice, ConsoleProgress progress) {
    HyperstackAnnotations found;
    ImagePlus image;
    try {
      image = ImageFiles.open(file);
      ModelSpec.Input input = session.spec().input();
      Frames frames = Frames.of(image, choice, input.channels(), input.colors());
      found =
          HyperstackAnnotations.run(
              frames, (z, t, frame, p) -> session.look(file, z, t, frame, p), progress);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      failed(file, e, progress);
      return false;
    }
    var classes = classes(session.spec());
    var layout = layout(session.spec());
    Rois.writeZip(rois(name), found.rois(classes, layout));
    Overlays.writePng(overlay(name), image, found.overlay(classes, layout));
    rows.addAll(found.rows(file.getFileName().toString(), file));
    things += count(found);
    progress.end(file + ": " + count(found) + " found");
    return true;
  }
}
