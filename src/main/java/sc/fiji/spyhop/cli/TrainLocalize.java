package sc.fiji.spyhop.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.training.SceneLesson;

/** Trains a model that finds objects as boxes. */
@Command(
    name = "localize",
    sortOptions = false,
    customSynopsis = "spyhop train localize --data FILE|DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that localizes objects of one or more classes with boxes.",
      "It learns from images with boxes of your own, in any of the formats that spyhop annotations",
      "reads. Rows that cannot be used are counted, named and left out. Ctrl-C ends it and keeps the",
      "best network so far; --resume goes on."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop train localize --data mydata --output cells.spyhop",
      "  spyhop train localize --data mydata --index split.csv --subset train --output cells.spyhop",
      "  spyhop train localize --data heads --single --output head.spyhop"
    })
final class TrainLocalize extends TrainScenes {

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME",
      description = "Learn these classes only (default: all that are annotated).")
  private List<String> classes = List.of();

  @Option(
      names = "--single",
      description =
          "Each image shows one object: learn the four numbers of its box, instead of a map of where"
              + " objects are. Images with none or several are left out.")
  private boolean single;

  @Override
  SceneLesson lesson(AnnotatedSet set) {
    if (!single) return SceneLesson.boxes(set, classes, stride(), scale());
    if (stride().isPresent()) throw misuse("--single and --stride exclude each other.");
    return SceneLesson.singleBox(set, classes, side());
  }
}
