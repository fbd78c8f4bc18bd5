package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.Localization;

/** Trains a model that finds objects as boxes. */
@Command(
    name = "localize",
    sortOptions = false,
    customSynopsis = "spyhop train localize --data FILE|DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that finds objects of one or more classes and draws boxes around them.",
      "It learns from images with boxes of your own, in any of the formats that spyhop annotations",
      "reads. Rows that cannot be used are counted, named and left out. Ctrl-C ends it and keeps the",
      "best network so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train localize --data mydata --output cells.spyhop",
      "  spyhop train localize --data mydata --index split.csv --subset train --output cells.spyhop"
    })
final class TrainLocalize extends TrainScenes {

  private static final int STRIDE = 4;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description = "Learn these classes only (default: all that are annotated).")
  private List<String> classes = List.of();

  @Override
  AnnotationTask task(AnnotatedSet set, Optional<Integer> stride) {
    if (set.boxes() == 0) {
      throw new SpyhopException(
          "Nothing to learn: the annotations hold no boxes. Expected at least one; for points, use"
              + " spyhop train keypoints.");
    }
    List<String> names =
        classes.isEmpty()
            ? set.classes().stream().filter(c -> set.boxesByClass().get(c) > 0).toList()
            : classes;
    for (String name : names) {
      if (set.classes().contains(name)) continue;
      throw new SpyhopException(
          "--classes: no box is of class %s; expected some of %s."
              .formatted(name, String.join(", ", set.classes())));
    }
    return Localization.of(names, stride.orElse(STRIDE));
  }
}
