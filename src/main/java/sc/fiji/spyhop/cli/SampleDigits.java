package sc.fiji.spyhop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import sc.fiji.spyhop.sample.DigitGenerator;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/** Makes images of digits, as a data set to train on or to evaluate with. */
@Command(
    name = "digits",
    description = {
      "Makes images of handwritten digits, light on dark, 28 x 28 pixels, as of MNIST.",
      "Writes images/NAME.png and index.csv, which tells the class of each."
    },
    footer = {"", "Example:", "  spyhop sample digits --seed 1 --count 100 --output digits"})
final class SampleDigits extends Job {

  @Mixin private SampleOptions options;

  @Override
  public Integer call() {
    options.prepare(this, "index.csv", "images");
    StringBuilder index = new StringBuilder("image,class\n");
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Writing", options.count)) {
      for (int i = 0; i < options.count; i++) {
        progress.checkCancelled();
        progress.begin("digit " + (i + 1));
        int digit = i % 10;
        String name = Strings.format("digit_%03d", i);
        options.writePicture(
            name, DigitGenerator.of(digit, SplitMix64.mix(options.seed * 1_000_003 + i)));
        index.append(name).append(".png,").append(digit).append('\n');
        progress.end(name + ": " + digit);
      }
    }
    options.writeTable("index.csv", index);
    return ExitCode.OK;
  }
}
