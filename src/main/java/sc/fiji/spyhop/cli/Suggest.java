package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.active.Uncertainty;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.ImageFinder;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.SuggestJob;

/** Ranks image files by what labelling them would teach. */
@Command(
    name = "suggest",
    sortOptions = false,
    description = {
      "Suggests which images to annotate next.",
      "A model learns most from those that it is unsure about and that are unlike each other.",
      "Images that have a label image are passed over.",
      "Writes suggestions.csv (rank, image, slice, frame, score from 0, sure, to 1) and scores.csv,",
      "the same of all images, with what the model sees in them."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop suggest --model my.spyhop --output next --count 20 images/",
      "  spyhop suggest --model my.spyhop --output next --count 50 --resume images/"
    })
final class Suggest extends FolderJob {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file.")
  private String model;

  @Option(names = "--count", paramLabel = "N", description = "How many to suggest (default: 10).")
  private int count = 10;

  @Option(
      names = "--measure",
      paramLabel = "NAME",
      description = "entropy, margin or confidence (default: entropy).")
  private String measure = "entropy";

  @Option(names = "--alike", description = "By score alone, even if the images are alike.")
  private boolean alike;

  private final Predicate<Path> labelled = SegmentationFolder.labelled();

  @Override
  BatchJob job() {
    if (count < 1) throw misuse("--count: expected at least 1, received " + count + ".");
    return new SuggestJob(model, Uncertainty.parse(measure));
  }

  /** Neither label images nor what they label. */
  @Override
  boolean wants(Path file) {
    return ImageFinder.isImage(file) && !labelled.test(file);
  }

  @Override
  String told(Batch.Summary summary, Path output) {
    Path table = output.resolve("suggestions.csv");
    int suggested = SuggestJob.rank(output, table, this::wants, count, !alike);
    return summary.text() + ", " + suggested + " suggested, written to " + table;
  }
}
