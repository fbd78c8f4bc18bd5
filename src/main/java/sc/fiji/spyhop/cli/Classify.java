package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.io.FileSaver;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.AtomicFile;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ClassLabels;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Region;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.Classifier;
import sc.fiji.spyhop.prediction.ClassScores;

/** Classifies image files. */
@Command(
    name = "classify",
    sortOptions = false,
    description = {
      "Says of which class images are.",
      "Writes results.csv with the most likely classes of each image, slice or region and their",
      "probabilities. With --window it slides over each image (its first slice) and writes",
      "NAME_classes.tif instead, a probability image for each class."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop classify --model my.spyhop --output results --top 3 images/",
      "  spyhop classify --model my.spyhop --output results --window 64 --stride 16 slide.tif"
    })
final class Classify extends ImagesJob {

  @Option(
      names = "--top",
      paramLabel = "K",
      description = "Classes to list of each, the most likely ones (default: 1).")
  private int top = 1;

  @Option(
      names = "--window",
      paramLabel = "PIXELS",
      description = "Slide a window of this size over each image.")
  private Optional<Integer> window = Optional.empty();

  @Option(
      names = "--stride",
      paramLabel = "PIXELS",
      description = "From one window to the next (default: a quarter of the window).")
  private Optional<Integer> stride = Optional.empty();

  @Override
  public Integer call() {
    if (top < 1) throw misuse("--top: expected a number of at least 1, received " + top + ".");
    if (window.isEmpty() && stride.isPresent()) throw misuse("--stride goes with --window.");
    if (window.filter(w -> w < 1).isPresent() || stride.filter(s -> s < 1).isPresent()) {
      throw misuse("--window and --stride: expected at least 1 pixel.");
    }
    return super.call();
  }

  @Override
  List<Path> files(String name) {
    return window.isPresent() ? List.of(output.resolve(name + "_classes.tif")) : List.of();
  }

  @Override
  Session open(Path table) {
    Classifier classifier = Classifier.open(model);
    CsvRows rows = new CsvRows(table, "image", "slice", "roi", "rank", "class", "probability");
    return new Session() {
      @Override
      public ModelSpec spec() {
        return classifier.model().spec();
      }

      @Override
      public String device() {
        return classifier.device().toString();
      }

      @Override
      public String process(
          String name, Frames frames, List<Region> regions, ConsoleProgress progress) {
        if (window.isPresent()) return slide(classifier, name, frames, progress);
        List<ClassScores> scores =
            classifier.classify(regions.size(), i -> regions.get(i).frame().get(), progress);
        for (int i = 0; i < scores.size(); i++) {
          int[] ranked = scores.get(i).ranked();
          for (int k = 0; k < Math.min(top, ranked.length); k++) {
            rows.add(
                name,
                slice(regions.get(i), frames),
                roi(regions.get(i), i),
                k + 1,
                classifier.classes().get(ranked[k]),
                CsvRows.number(scores.get(i).probability(ranked[k])));
          }
        }
        ClassScores first = scores.get(0);
        return scores.size() > 1
            ? scores.size() + " classified"
            : "%s (%.3f)"
                .formatted(classifier.classes().get(first.best()), first.probability(first.best()));
      }

      @Override
      public void finish() {
        rows.finish();
      }

      @Override
      public void close() {
        rows.close();
        classifier.close();
      }
    };
  }

  private String slide(
      Classifier classifier, String name, Frames frames, ConsoleProgress progress) {
    int size = window.orElseThrow();
    ImagePlus maps =
        ClassLabels.maps(
            frames.image(),
            classifier.slide(
                frames.get(1, 1), size, stride.orElse(Math.max(1, size / 4)), progress),
            classifier.classes());
    byte[] tiff = new FileSaver(maps).serialize();
    if (tiff == null) throw new SpyhopException(name + ": the maps cannot be saved.");
    Path file = files(name).get(0);
    AtomicFile.write(file, out -> out.write(tiff));
    return "%d x %d windows for %d classes"
        .formatted(maps.getWidth(), maps.getHeight(), maps.getStackSize());
  }
}
