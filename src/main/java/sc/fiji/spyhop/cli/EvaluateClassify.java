package sc.fiji.spyhop.cli;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.ij.ConfusionPicture;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.metrics.ConfusionMatrix;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Strings;

/** Compares predicted classes of images with the true ones. */
@Command(
    name = "classify",
    sortOptions = false,
    description = {
      "Compares predicted classes of images with the true ones.",
      "Writes accuracy, top-5 accuracy, and precision, recall and F1 of each class."
    },
    footer = {
      "",
      "Example:",
      "  spyhop evaluate classify --model lenet.spyhop --data mnist --subset test --table"
          + " confusion.csv"
    })
final class EvaluateClassify extends Job {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name of a model or its file.")
  private String model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description =
          "Folder of images: a folder for each class, index.csv with the columns image and class,"
              + " or files as those of MNIST.")
  private Path data;

  @Mixin private ImageSetOptions files = new ImageSetOptions();

  @Mixin private FiguresOptions figures = new FiguresOptions();

  @Option(
      names = "--table",
      paramLabel = "FILE",
      description = "Write the confusion matrix as CSV: a row for each true class.")
  private Optional<Path> table = Optional.empty();

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw the confusion matrix as PNG.")
  private Optional<Path> picture = Optional.empty();

  @Override
  public Integer call() {
    figures.check(this, table, picture);
    ConfusionMatrix matrix;
    try (Runner<ClassScores> classifier = Runner.open(model, TaskKind.CLASSIFICATION)) {
      List<String> classes = classifier.spec().names();
      ClassImages images =
          ClassImages.read(data, files.index(), files.subset(), classes, files.reader(this));
      matrix = new ConfusionMatrix(classes);
      try (ConsoleProgress progress = new ConsoleProgress(console(), "Evaluating", 1)) {
        progress.begin("evaluating");
        List<ClassScores> scores =
            classifier.predict(
                images.samples().size(), i -> images.samples().get(i).frame(), progress);
        for (int i = 0; i < scores.size(); i++) matrix.add(scores.get(i), images.numbers().get(i));
      }
    }
    report(matrix);
    figures.write(matrix.toMap());
    table.ifPresent(file -> table(file, matrix));
    picture.ifPresent(file -> draw(file, matrix));
    return ExitCode.OK;
  }

  private void report(ConfusionMatrix matrix) {
    console().out().println(Strings.count(matrix.images(), "image"));
    console()
        .print(
            "accuracy %.4f, error %.2f %%, top-5 accuracy %.4f, macro F1 %.4f%n",
            matrix.accuracy(), 100 * (1 - matrix.accuracy()), matrix.topFive(), matrix.macroF1());
    console().print("%-24s %8s %9s %8s %8s%n", "class", "images", "precision", "recall", "F1");
    for (int c = 0; c < matrix.classes().size(); c++) {
      if (matrix.truths(c) + matrix.predictions(c) == 0) continue;
      console()
          .print(
              "%-24s %8d %9.4f %8.4f %8.4f%n",
              matrix.classes().get(c),
              matrix.truths(c),
              matrix.precision(c),
              matrix.recall(c),
              matrix.f1(c));
    }
  }

  private static void table(Path file, ConfusionMatrix matrix) {
    List<String> classes = matrix.classes();
    List<String> header = new ArrayList<>(List.of("truth"));
    header.addAll(classes);
    CsvFile.write(
        file,
        csv -> {
          csv.row(header);
          for (int t = 0; t < classes.size(); t++) {
            List<Object> row = new ArrayList<>(List.of(classes.get(t)));
            for (int p = 0; p < classes.size(); p++) row.add(matrix.count(t, p));
            csv.row(row);
          }
        });
  }

  private static void draw(Path file, ConfusionMatrix matrix) {
    int n = matrix.classes().size();
    long[][] counts = new long[n][n];
    for (int t = 0; t < n; t++) for (int p = 0; p < n; p++) counts[t][p] = matrix.count(t, p);
    BufferedImage image = ConfusionPicture.render(matrix.classes(), counts);
    AtomicFile.write(file, out -> ImageIO.write(image, "png", out));
  }
}
