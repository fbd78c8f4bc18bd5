package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import net.imglib2.img.array.ArrayImgs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.ImagePairs;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.sample.CameraNoise;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.SplitMix64;

/** Makes noisy copies of images, to learn restoration with and to measure it. */
@Command(
    name = "noise",
    description = {
      "Makes noisy copies of images: noise of photons (Poisson) and of reading (Gaussian).",
      "Writes input/NAME.tif, 32 bits, and target/NAME.tif, the image as it was, so that",
      "spyhop train restore and spyhop evaluate restore can be tried. Images of one channel."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop sample nuclei --count 20 --output painted",
      "  spyhop sample noise --data painted --gain 4 --read 8 --output noisy"
    })
final class SampleNoise extends Job {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder of images, or one with a folder images.")
  private Path data;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder to write to.")
  private Path output;

  @Option(
      names = "--table",
      paramLabel = "CSV",
      description = "Table of images (default: index.csv of the data, if a subset is asked for).")
  private Optional<Path> table;

  @Option(names = "--subset", paramLabel = "NAME", description = "Only this subset of the table.")
  private Optional<String> subset;

  @Option(
      names = "--gain",
      paramLabel = "N",
      defaultValue = "4",
      description = "Grey values for each photon (default: ${DEFAULT-VALUE}).")
  private double gain;

  @Option(
      names = "--read",
      paramLabel = "N",
      defaultValue = "8",
      description = "Deviation of the noise of reading, grey values (default: ${DEFAULT-VALUE}).")
  private double read;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "With the same seed, the same noise is made (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--force", description = "Replace images that exist.")
  private boolean force;

  @Override
  public Integer call() {
    if (!(gain > 0) || !(read >= 0)) {
      throw misuse("--gain and --read: expected a gain above 0 and a deviation of 0 or more.");
    }
    CameraNoise noise = new CameraNoise(gain, read);
    Dataset<Frame> images = ImagePairs.alone(data, table, subset, new ImageFiles()).samples();
    Folders.requireWritable(output);
    try (ConsoleProgress progress = new ConsoleProgress(console(), "Making noise", images.size())) {
      for (int i = 0; i < images.size(); i++) {
        progress.checkCancelled();
        Frame frame = images.get(i).frame();
        progress.begin(frame.name());
        if (frame.channels() != 1) {
          throw misuse(frame.name() + ": expected one channel, received " + frame.channels() + ".");
        }
        float[] values = frame.values();
        noise.add(values, new SplittableRandom(SplitMix64.first(SplitMix64.first(seed) + i)));
        Frame noisy =
            new Frame(
                frame.name(),
                ArrayImgs.floats(values, frame.width(), frame.height(), 1),
                frame.pixelSize());
        write("input", noisy);
        write("target", frame);
        progress.end(frame.name());
      }
    }
    return ExitCode.OK;
  }

  private void write(String folder, Frame frame) {
    Path file = output.resolve(folder).resolve(frame.name() + ".tif");
    AtomicFile.requireFree(file, force);
    Folders.requireWritable(FileNames.folder(file));
    LabelImages.save(FrameImages.of(frame), file);
  }
}
