package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.ImageTask;

/** Trains a model that classifies. */
@Command(
    name = "classify",
    sortOptions = false,
    customSynopsis = "spyhop train classify --data DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that classifies images.",
      "DIR holds a folder for each class, or index.csv with the columns image and class (and subset),",
      "or IDX files as those of MNIST; or it is a stack whose slice labels are classes, or holds such",
      "stacks. Ctrl-C ends it and keeps the best network so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train classify --data mydata --output my.spyhop",
      "  spyhop train classify --data mnist --output lenet.spyhop --network \"20C5 MP2 50C5 MP2 FC256\""
    })
final class TrainClassify extends TrainImages<ClassScores> {

  @Option(
      names = "--smoothing",
      paramLabel = "SHARE",
      description = "Share of the truth that is spread over all classes (default: 0).")
  private double smoothing;

  private List<String> classes = List.of();

  @Override
  Split<ClassScores> split(long seed) {
    ClassImages images = read(images().subset(), List.of());
    classes = images.classes();
    images.notes().forEach(console()::say);
    return held()
        .split(
            images.samples(),
            share -> images.split(share, seed),
            name -> read(Optional.of(name), classes).samples());
  }

  private ClassImages read(Optional<String> subset, List<String> known) {
    return ClassImages.read(data(), images().index(), subset, known, images().reader(this));
  }

  @Override
  ImageTask<ClassScores> task(Split<ClassScores> split) {
    return new Classification(classes, List.of(), smoothing);
  }
}
