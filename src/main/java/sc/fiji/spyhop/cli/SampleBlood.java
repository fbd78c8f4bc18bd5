package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.sample.BloodGenerator;

/** Makes images of blood smears, as a data set to train on or to evaluate with. */
@Command(
    name = "blood",
    description = {
      "Makes images of stained blood smears, in colour.",
      "Writes images/NAME.png and boxes.csv, with a box of each red cell, white cell and platelet."
    },
    footer = {"", "Example:", "  spyhop sample blood --seed 1 --count 12 --output blood"})
final class SampleBlood extends Job {

  @Mixin private SampleOptions options;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "640x480",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private String size;

  @Override
  public Integer call() {
    int[] sides = SampleOptions.size(this, size);
    options.prepare(this, "boxes.csv", "images");
    StringBuilder boxes = new StringBuilder("image,class,x,y,width,height\n");
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Painting", options.count)) {
      for (int i = 0; i < options.count; i++) {
        progress.checkCancelled();
        progress.begin("image " + (i + 1));
        BloodGenerator.Smear made = BloodGenerator.ofSeries(options.seed, i, sides[0], sides[1]);
        String name = made.frame().name();
        options.writePicture(name, made.frame());
        for (LocalizedObject cell : made.truth().objects()) {
          boxes.append(name).append(".png,").append(cell.type());
          SampleOptions.numbers(boxes, cell.box());
        }
        progress.end(name + ": " + made.truth().objects().size() + " cells");
      }
    }
    options.writeTable("boxes.csv", boxes);
    return ExitCode.OK;
  }
}
