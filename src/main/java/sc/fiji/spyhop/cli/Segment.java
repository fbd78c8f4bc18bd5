package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.OrderedJobs;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.pipeline.Segmenter;

/** Segments image files. */
@Command(
    name = "segment",
    description = {
      "Finds the objects in images.",
      "Of each image NAME it writes NAME_labels.tif (a number for each object), NAME_rois.zip",
      "(outlines for the ROI Manager) and NAME_overlay.png (to look at), and of all together",
      "results.csv (area, position, probability). Stacks are done slice by slice."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop segment --model nuclei --output results image.tif",
      "  spyhop segment --model nuclei --output results --recursive plates/",
      "  spyhop segment --model my.spyhop --channel 2 --output results \"day?/*.tif\""
    })
final class Segment extends FolderJob {

  @Option(
      names = "--model",
      defaultValue = "nuclei",
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file (default: ${DEFAULT-VALUE}).")
  private String model;

  private long objects;

  @Override
  List<Path> files(String name) {
    return List.of(labels(name), rois(name), overlay(name));
  }

  @Override
  Optional<String> found() {
    return Optional.of(objects + " objects");
  }

  private Path labels(String name) {
    return output.resolve(name + "_labels.tif");
  }

  /** What became of a file. */
  private sealed interface Outcome {
    record Done(ResultsCsv.Rows rows, double seconds) implements Outcome {}

    record Failed(Throwable why) implements Outcome {}

    /** Cancelled, or a folder that cannot be written to, which ends it all. */
    record Stopped(RuntimeException why) implements Outcome {}
  }

  /**
   * Reading, predicting and writing of several files at the same time; the table, the messages and
   * what is told of problems are in the order of the files. Returns how many were segmented.
   */
  @Override
  int process(Map<String, Path> files, ChannelChoice choice) {
    int[] done = {0};
    List<RuntimeException> stops = new ArrayList<>();
    try (Segmenter segmenter = Segmenter.open(model);
        ResultsCsv csv = new ResultsCsv(output.resolve(table()))) {
      console().say("Model " + segmenter.model().spec().name() + " on " + segmenter.device());
      int threads = Math.min(files.size(), Runtime.getRuntime().availableProcessors() + 1);
      Admission admission = new Admission(Runtime.getRuntime().maxMemory() / 2);
      try (ConsoleProgress progress = new ConsoleProgress(console(), "Segmenting", files.size());
          OrderedJobs<Runnable> jobs =
              new OrderedJobs<>("spyhop-file", threads, 2 * threads, Runnable::run)) {
        for (Map.Entry<String, Path> entry : files.entrySet()) {
          if (progress.isCancelled()) stops.add(new CancellationException("Cancelled."));
          if (!stops.isEmpty()) break;
          String name = entry.getKey();
          Path file = entry.getValue();
          Admission.Ticket ticket = admission.ticket();
          Progress part = progress.begin(file.getFileName().toString());
          jobs.submit(
              () -> {
                Outcome outcome = segment(name, file, segmenter, choice, ticket, part);
                return () -> {
                  if (outcome instanceof Outcome.Done d) {
                    csv.add(d.rows());
                    objects += d.rows().count();
                    done[0]++;
                    progress.end(
                        String.format(
                            "%s: %d objects, %.1f s", file, d.rows().count(), d.seconds()));
                  } else if (outcome instanceof Outcome.Failed f) {
                    failed(file, f.why(), progress);
                  } else if (outcome instanceof Outcome.Stopped s) {
                    stops.add(s.why());
                  }
                };
              });
        }
        jobs.finish();
      } finally {
        csv.finish();
      }
    }
    if (stops.isEmpty()) return done[0];
    if (stops.get(0) instanceof CancellationException) {
      console().say("Stopped after " + done[0] + " of " + files.size() + " images.");
    }
    throw stops.get(0);
  }

  private Outcome segment(
      String name,
      Path file,
      Segmenter segmenter,
      ChannelChoice choice,
      Admission.Ticket ticket,
      Progress progress) {
    try (ticket) {
      ticket.await(sizeOf(file));
      progress.checkCancelled();
      long start = System.nanoTime();
      HyperstackSegmentation found;
      ImagePlus image;
      try {
        image = ImageFiles.open(file);
        ticket.enter(memoryFor(image));
        Frames frames = Frames.of(image, choice, segmenter.model().spec().input().channels());
        found =
            HyperstackSegmentation.run(
                frames, segmenter.task().labelNames(), segmenter::segment, progress);
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) {
        return new Outcome.Failed(e);
      }
      save(name, image, found);
      ResultsCsv.Rows rows = ResultsCsv.Rows.of(name, found);
      return new Outcome.Done(rows, (System.nanoTime() - start) / 1e9);
    } catch (RuntimeException e) {
      return new Outcome.Stopped(e);
    } catch (OutOfMemoryError e) {
      return new Outcome.Failed(e);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // opening it will tell why
    }
  }

  /**
   * About as much as an image takes until its results are written: its pixels, labels, runs and
   * outlines, and what is needed to take a tile apart.
   */
  private static long memoryFor(ImagePlus image) {
    long plane = (long) image.getWidth() * image.getHeight();
    int held = image.getStack().isVirtual() ? image.getNChannels() : image.getStackSize();
    long pixels = plane * held * image.getBytesPerPixel();
    long results = 8 * plane * image.getNSlices() * image.getNFrames();
    return pixels + results + 64 * Math.min(plane, 2_000_000) + 8_000_000;
  }

  private void save(String name, ImagePlus image, HyperstackSegmentation found) {
    LabelImages.save(found.labels(), labels(name));
    // Pixels of a large plane leave no room for the picture.
    found.labels().flush();
    Runnable outlines = () -> Rois.writeZip(rois(name), found.rois());
    Runnable picture = () -> Overlays.writePng(overlay(name), image, found.overlay());
    Stream.of(outlines, picture).parallel().forEach(Runnable::run);
  }
}
