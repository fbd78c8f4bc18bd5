package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.dataset.ValueImages;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.task.Regression;

/** Trains a model that measures. */
@Command(
    name = "regress",
    sortOptions = false,
    customSynopsis = "spyhop train regress --data DIR --output FILE [OPTIONS]",
    description = {
      "Trains a model that measures images: one or more numbers of each.",
      "DIR/index.csv has a column image and one for each number, its unit in brackets: image,length",
      "(µm),angle. A column subset sets images apart. Or DIR is a stack whose slice labels are",
      "numbers, or holds such stacks. Ctrl-C ends it and keeps the best network so far; --resume goes",
      "on."
    },
    footer = {
      "",
      "Example:",
      "  spyhop train regress --data mydata --output length.spyhop --values length"
    })
final class TrainRegress extends TrainImages<RealValues> {

  @Option(
      names = "--values",
      split = ",",
      paramLabel = "NAME",
      description = "Columns to learn (default: all but image and subset).")
  private List<String> values = List.of();

  private List<String> names = List.of();
  private List<String> units = List.of();

  @Override
  Split<RealValues> split(long seed) {
    ValueImages images = read(images().subset(), values);
    names = images.names();
    units = images.units();
    images.notes().forEach(console()::say);
    return held()
        .split(
            images.samples(),
            share -> images.split(share, seed),
            name -> read(Optional.of(name), names).samples());
  }

  private ValueImages read(Optional<String> subset, List<String> columns) {
    return ValueImages.read(data(), images().index(), subset, columns, images().reader(this));
  }

  @Override
  ImageTask<RealValues> task(Split<RealValues> split) {
    Dataset<RealValues> train = split.train();
    List<RealValues> truth = new ArrayList<>();
    for (int i = 0; i < train.size(); i++) truth.add(train.get(i).truth());
    return Regression.of(names, units, truth);
  }
}
