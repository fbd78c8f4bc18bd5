package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.pipeline.Pictures;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.sample.WhaleGenerator;
import sc.fiji.spyhop.sample.WhalePhoto;

/** Makes photographs of whales, as a data set to train on or to evaluate with. */
@Command(
    name = "whales",
    description = {
      "Makes aerial photographs of right whales.",
      "They differ by the pale patches on their heads.",
      "Writes images/NAME.png, index.csv (image,class), boxes.csv (image,class,x,y,width,height) and"
          + " keypoints.csv (image,keypoint,x,y)."
    },
    footer = {
      "",
      "Another --seed gives other photographs of the same whales. Example:",
      "  spyhop sample whales --seed 1 --count 240 --own-sea 1 --output train",
      "  spyhop sample whales --seed 2 --count 60 --own-sea 0 --output test"
    })
final class SampleWhales extends Job {

  /** Where the tip of the snout and the blowhole are in a picture of a head, as shares of it. */
  private static final double SNOUT = 0.1;

  private static final double BLOWHOLE = 0.63;

  @Mixin private SampleOptions options;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "384x384",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private String size;

  @Option(
      names = "--individuals",
      paramLabel = "N",
      defaultValue = "12",
      description = "Number of whales (default: ${DEFAULT-VALUE}).")
  private int individuals;

  @Option(
      names = "--population",
      paramLabel = "S",
      defaultValue = "" + WhaleGenerator.POPULATION,
      description = "Seed of the whales themselves (default: ${DEFAULT-VALUE}).")
  private long population;

  @Option(
      names = "--own-sea",
      paramLabel = "SHARE",
      defaultValue = "0.8",
      description =
          "Share of a whale's photographs taken in the same sea, 0 to 1; the others each have a sea"
              + " that nobody has seen (default: ${DEFAULT-VALUE}).")
  private double ownSea;

  @Option(
      names = "--heads",
      paramLabel = "SIDE",
      description = "Write heads instead, snout up, in squares of so many pixels.")
  private Optional<Integer> heads = Optional.empty();

  @Override
  public Integer call() {
    Optional<PipelineStep.Align> upright = heads.map(this::upright);
    int[] sides = SampleOptions.size(this, size);
    WhaleGenerator whales = generator(sides[0], sides[1]);
    options.prepare(this, "index.csv", "images");
    StringBuilder index = new StringBuilder("image,class\n");
    StringBuilder boxes = new StringBuilder("image,class,x,y,width,height\n");
    StringBuilder keypoints = new StringBuilder("image,keypoint,x,y\n");
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Painting", options.count)) {
      for (int i = 0; i < options.count; i++) {
        progress.checkCancelled();
        progress.begin("photograph " + (i + 1));
        WhalePhoto photo = whales.photo(options.seed, i);
        String file = photo.name() + ".png";
        Frame shown = upright.map(u -> head(photo, u)).orElse(photo.frame());
        options.writePicture(photo.name(), shown);
        index.append(file).append(',').append(photo.individual()).append('\n');
        boxes.append(file).append(',').append(photo.head().type());
        SampleOptions.numbers(boxes, photo.head().box());
        for (Keypoint k : photo.pose().keypoints()) {
          keypoints.append(file).append(',').append(k.name());
          SampleOptions.number(keypoints, k.x());
          SampleOptions.number(keypoints, k.y());
          keypoints.append('\n');
        }
        progress.end(file + ": " + photo.individual());
      }
    }
    if (upright.isEmpty()) {
      options.writeTable("boxes.csv", boxes);
      options.writeTable("keypoints.csv", keypoints);
    }
    options.writeTable("index.csv", index);
    return ExitCode.OK;
  }

  private PipelineStep.Align upright(int side) {
    if (side < 16 || side > 1024) {
      throw misuse("--heads: expected 16 to 1024 pixels, received " + side + ".");
    }
    return new PipelineStep.Align(
        List.of(
            new PipelineStep.Anchor(WhaleGenerator.BONNET, side / 2.0, side * SNOUT),
            new PipelineStep.Anchor(WhaleGenerator.BLOWHOLE, side / 2.0, side * BLOWHOLE)),
        side,
        side);
  }

  private static Frame head(WhalePhoto photo, PipelineStep.Align upright) {
    return Resampling.averaged(
        photo.frame(),
        Pictures.align(upright, photo.pose()).orElseThrow(),
        upright.width(),
        upright.height());
  }

  private WhaleGenerator generator(int width, int height) {
    try {
      return new WhaleGenerator(
          new WhaleGenerator.Settings(population, individuals, width, height, ownSea));
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage() + ".");
    }
  }
}
