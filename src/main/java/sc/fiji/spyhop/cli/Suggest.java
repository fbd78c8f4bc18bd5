package sc.fiji.spyhop.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.CsvFile;
import sc.fiji.spyhop.Digits;
import sc.fiji.spyhop.Folders;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.batch.Inputs;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.format.ImageFinder;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.annotation.Unlabelled;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.active.Candidate;
import sc.fiji.spyhop.pipeline.active.Ranking;
import sc.fiji.spyhop.pipeline.active.Suggester;
import sc.fiji.spyhop.pipeline.active.Uncertainty;

/** Ranks image files by what labelling them would teach. */
@Command(
    name = "suggest",
    sortOptions = false,
    description = {
      "Says which images to label next, for a model to learn most: those it is unsure about, and",
      "that are unlike each other. Images that have a label image are passed over."
    },
    footer = {
      "",
      "Example:",
      "  spyhop suggest --model my.spyhop --output next.csv --count 20 images/"
    })
final class Suggest extends Job {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model (see spyhop models) or its file.")
  private String model;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Table to write: rank, image, slice, frame, score.")
  private Path output;

  @Option(names = "--count", paramLabel = "N", description = "How many to suggest (default: 10).")
  private int count = 10;

  @Option(
      names = "--measure",
      paramLabel = "NAME",
      description = "entropy, margin or confidence (default: entropy).")
  private String measure = "entropy";

  @Option(names = "--alike", description = "By score alone, even if the images are alike.")
  private boolean alike;

  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "Which channel to look at, from 1, if the images have more than the model.")
  private Optional<Integer> channel = Optional.empty();

  @Option(names = "--grey", description = "Make one channel out of all, such as grey out of RGB.")
  private boolean grey;

  @Option(names = "--recursive", description = "Search folders to any depth.")
  private boolean recursive;

  @Option(names = "--force", description = "Replace a table that exists.")
  private boolean force;

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Images, folders of images, or patterns such as \"*.tif\".")
  private List<String> arguments;

  @Override
  public Integer call() {
    if (count < 1) throw misuse("--count: expected at least 1, received " + count + ".");
    if (channel.isPresent() && grey) throw misuse("--channel and --grey exclude each other.");
    if (channel.isPresent() && channel.get() < 1) {
      throw misuse("--channel: expected a number from 1, received " + channel.get() + ".");
    }
    Uncertainty by = Uncertainty.parse(measure);
    if (Files.exists(output) && !force) {
      throw new SpyhopException(output + " exists already. Name another, or add --force.");
    }
    Path parent = output.toAbsolutePath().getParent();
    Folders.requireWritable(parent);
    Inputs inputs = Inputs.expand(arguments, recursive, parent);
    List<String> failures = new ArrayList<>(inputs.problems());
    List<Unlabelled> all = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    try (Suggester suggester = Suggester.open(model, by)) {
      console().say("Model " + suggester.spec().name() + " on " + suggester.device());
      ModelSpec.Input input = suggester.spec().input();
      ChannelChoice choice =
          grey
              ? ChannelChoice.GREY
              : channel.map(ChannelChoice::channel).orElse(ChannelChoice.AUTO);
      Unlabelled.Reader reader = new Unlabelled.Reader(choice, input.channels(), input.colors());
      List<Path> files =
          inputs.files().values().stream()
              .filter(f -> ImageFinder.isImage(f) && !SegmentationFolder.isLabelled(f))
              .toList();
      try (ConsoleProgress progress = new ConsoleProgress(console(), "Looking", files.size())) {
        for (Path file : files) {
          progress.checkCancelled();
          progress.begin(file.getFileName().toString());
          look(file, reader, suggester, all, candidates, failures);
          progress.end(file.toString());
        }
      }
    }
    if (!all.isEmpty()) write(all, candidates);
    else if (failures.isEmpty()) failures.add("All images are labelled; there is none to suggest.");
    failures.forEach(console()::error);
    return failures.isEmpty() ? Spyhop.OK : Spyhop.FAILED;
  }

  private static void look(
      Path file,
      Unlabelled.Reader reader,
      Suggester suggester,
      List<Unlabelled> all,
      List<Candidate> candidates,
      List<String> failures) {
    for (Unlabelled one : reader.inFile(file, failures)) {
      try {
        candidates.add(suggester.look(one.frame().get(), Progress.NONE));
        all.add(one);
      } catch (SpyhopException | OutOfMemoryError e) {
        failures.add(file + ": " + SpyhopException.describe(e));
      }
    }
  }

  private void write(List<Unlabelled> all, List<Candidate> candidates) {
    List<Integer> ranked = Ranking.of(candidates, count, !alike);
    CsvFile.write(
        output,
        csv -> {
          csv.row(List.of("rank", "image", "slice", "frame", "score"));
          int rank = 0;
          for (int i : ranked) {
            Unlabelled one = all.get(i);
            String score = Digits.six(candidates.get(i).score());
            csv.row(List.of(++rank, one.file().orElseThrow().toString(), one.z(), one.t(), score));
          }
        });
    console().out().printf("%d suggested, written to %s%n", ranked.size(), output);
  }
}
