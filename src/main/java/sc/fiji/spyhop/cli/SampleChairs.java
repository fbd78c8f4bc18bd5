package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.sample.ChairGenerator;
import sc.fiji.spyhop.sample.ChairView;
import sc.fiji.spyhop.util.Strings;

/** Makes pictures of chairs, as a data set for networks that make images out of numbers. */
@Command(
    name = "chairs",
    description = {
      "Makes pictures of chairs in three dimensions, in colour.",
      "Twelve models of chairs, seen from all around and from different heights.",
      "Writes images/NAME.png and index.csv: image,style,azimuth,elevation,red,green,blue."
    },
    footer = {
      "",
      "Angles are in degrees, azimuth 0 being seen from the front; colours are from 0 to 1.",
      "A picture is told completely by its row. Examples:",
      "  spyhop sample chairs --seed 1 --count 2000 --output chairs",
      "  spyhop sample chairs --seed 1 --count 24 --views 24 --size 128 --output turntable"
    })
final class SampleChairs extends Job {

  @Mixin private SampleOptions options;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "64",
      description = "Columns and rows (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--views",
      paramLabel = "N",
      description = "Show each of --count chairs from N sides at equal angles.")
  private Optional<Integer> views = Optional.empty();

  /** A picture that is to be painted. */
  private record Planned(String name, ChairView view) {}

  @Override
  public Integer call() {
    if (size < 16 || size > 1024) {
      throw misuse("--size: expected 16 to 1024 pixels, received " + size + ".");
    }
    if (views.filter(v -> v < 1 || v > 360).isPresent()) {
      throw misuse("--views: expected 1 to 360, received " + views.get() + ".");
    }
    options.prepare(this, "index.csv", "images");
    List<Planned> all = planned();
    StringBuilder index = new StringBuilder("image,style,azimuth,elevation,red,green,blue\n");
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Painting", all.size())) {
      for (Planned planned : all) {
        progress.checkCancelled();
        progress.begin(planned.name());
        ChairView view = planned.view();
        options.writePicture(planned.name(), ChairGenerator.paint(planned.name(), view, size));
        index.append(
            Strings.format(
                "%s.png,%s,%.2f,%.2f,%.3f,%.3f,%.3f\n",
                planned.name(),
                view.style().word(),
                view.azimuth(),
                view.elevation(),
                view.red(),
                view.green(),
                view.blue()));
        progress.end(planned.name() + ": " + view.style().word());
      }
    }
    options.writeTable("index.csv", index);
    return ExitCode.OK;
  }

  private List<Planned> planned() {
    List<Planned> all = new ArrayList<>();
    for (int i = 0; i < options.count; i++) {
      String name = Strings.format("chair_%05d", i);
      ChairView chair = ChairGenerator.ofSeries(options.seed, i);
      if (views.isEmpty()) {
        all.add(new Planned(name, chair));
        continue;
      }
      for (ChairView view : ChairGenerator.around(chair, views.get())) {
        all.add(new Planned(Strings.format("%s_%03.0f", name, view.azimuth()), view));
      }
    }
    return all;
  }
}
