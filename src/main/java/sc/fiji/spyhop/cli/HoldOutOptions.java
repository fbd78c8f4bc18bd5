package sc.fiji.spyhop.cli;

import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;

/** Which images to validate on; they are never trained on. */
final class HoldOutOptions {

  private static final double USUAL = 0.1;

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description =
          "Share of the images to validate on, never trained on (default: 0.1; 0 for none).")
  private Optional<Double> share = Optional.empty();

  @Option(
      names = "--validation-subset",
      paramLabel = "NAME",
      description = "Validate on this subset of the table, or this folder in DIR, instead.")
  private Optional<String> subset = Optional.empty();

  /** Refuses what makes no sense. */
  void check(Job job, ImageSetOptions images) {
    if (share.isPresent() && !(share.get() >= 0 && share.get() < 1)) {
      throw job.misuse(
          "--validation: expected a share from 0 to below 1, received " + share.get() + ".");
    }
    if (share.isPresent() && subset.isPresent()) {
      throw job.misuse("--validation and --validation-subset exclude each other.");
    }
    if (subset.isPresent() && images.subset().isEmpty()) {
      throw job.misuse("--validation-subset needs --subset: the images to train on.");
    }
  }

  /**
   * Two parts of the images.
   *
   * @param train images to train on, or to draw those to validate on from
   * @param draw draws a share of them
   * @param read reads a subset
   */
  <T> Split<T> split(
      Dataset<T> train, Function<Double, Split<T>> draw, Function<String, Dataset<T>> read) {
    return subset
        .map(name -> new Split<>(train, read.apply(name)))
        .orElseGet(() -> draw.apply(share.orElse(USUAL)));
  }
}
