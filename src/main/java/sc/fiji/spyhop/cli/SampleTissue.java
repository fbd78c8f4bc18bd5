package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.sample.SyntheticImage;
import sc.fiji.spyhop.sample.TissueGenerator;

/** Makes images of stained tissue, as a data set to train on or to evaluate with. */
@Command(
    name = "tissue",
    description = {
      "Makes images of nuclei in stained tissue, in colour.",
      "Writes images/NAME.png, labels/NAME.tif (one number per nucleus) and index.csv."
    },
    footer = {"", "Example:", "  spyhop sample tissue --seed 1 --count 12 --output tissue"})
final class SampleTissue extends Job {

  @Mixin private SampleOptions options;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "384x384",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private String size;

  @Override
  public Integer call() {
    int[] sides = SampleOptions.size(this, size);
    options.prepare(this, "index.csv", "images", "labels");
    StringBuilder index = new StringBuilder("name,subset\n");
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Painting", options.count)) {
      for (int i = 0; i < options.count; i++) {
        progress.checkCancelled();
        progress.begin("image " + (i + 1));
        SyntheticImage made = TissueGenerator.ofSeries(options.seed, i, sides[0], sides[1]);
        options.writePicture(made.name(), made.frame());
        options.writeLabels(made);
        index.append(made.name()).append(',').append(made.subset()).append('\n');
        progress.end(made.name() + ": " + made.labels().max() + " nuclei");
      }
    }
    options.writeTable("index.csv", index);
    return ExitCode.OK;
  }
}
