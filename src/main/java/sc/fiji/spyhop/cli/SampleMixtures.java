package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.sample.MixtureGenerator;
import sc.fiji.spyhop.task.ClassTask;
import sc.fiji.spyhop.util.AtomicFile;

/** Makes images of what does not exclude each other, as a data set to train on. */
@Command(
    name = "mixtures",
    description = {
      "Makes images of cells, fibres and granules, which lie over each other.",
      "An image may show all, some or none of them, and a pixel may be of several.",
      "Writes images/NAME.png, masks/NAME_CLASS.png (255 where it is) and index.csv: image,",
      "classes (such as cell;fibre, or none) and subset."
    },
    footer = {
      "",
      "Example:",
      "  spyhop sample mixtures --seed 1 --count 200 --output mixtures",
      "  spyhop train classify --data mixtures --subset train --output mixtures.spyhop"
    })
final class SampleMixtures extends Job {

  @Mixin private SampleOptions options;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      defaultValue = "128x128",
      description = "Width and height in pixels, at least 32 (default: ${DEFAULT-VALUE}).")
  private String size;

  @Override
  public Integer call() {
    int[] sides = SampleOptions.size(this, size);
    if (sides[0] < 32 || sides[1] < 32) {
      throw misuse("--size: expected at least 32x32, received " + size + ".");
    }
    options.prepare(this, "index.csv", "images", "masks");
    StringBuilder index = new StringBuilder("image,classes,subset\n");
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Painting", options.count)) {
      for (int i = 0; i < options.count; i++) {
        progress.checkCancelled();
        progress.begin("image " + (i + 1));
        MixtureGenerator.Mixture made =
            MixtureGenerator.ofSeries(options.seed, i, sides[0], sides[1]);
        String name = made.frame().name();
        options.writePicture(name, made.frame());
        for (int c = 0; c < made.masks().size(); c++) {
          writeMask(
              name + "_" + MixtureGenerator.CLASSES.get(c),
              made.masks().get(c),
              sides[0],
              sides[1]);
        }
        String shown =
            made.shown().isEmpty()
                ? ClassTask.NONE
                : String.join(ClassTask.SEPARATOR, made.shown());
        index.append(name).append(".png,").append(shown).append(',').append(made.subset());
        index.append('\n');
        progress.end(name + ": " + shown);
      }
    }
    options.writeTable("index.csv", index);
    return ExitCode.OK;
  }

  private void writeMask(String name, boolean[] mask, int width, int height) {
    byte[] pixels = new byte[mask.length];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (mask[i] ? 255 : 0);
    BufferedImage picture =
        new ImagePlus(name, new ByteProcessor(width, height, pixels)).getBufferedImage();
    AtomicFile.write(
        options.output.resolve("masks").resolve(name + ".png"),
        out -> ImageIO.write(picture, "png", out));
  }
}
