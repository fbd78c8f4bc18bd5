package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.ImageReader;

/** Which images of a folder, and which of their channels. */
final class ImageSetOptions {

  @Option(
      names = "--index",
      paramLabel = "CSV",
      description = "Table of images (default: DIR/index.csv if it is there).")
  private Optional<Path> index = Optional.empty();

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "Only this subset of the table, or this folder in DIR (MNIST: train or test).")
  private Optional<String> subset = Optional.empty();

  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "This channel only, from 1, if the images have several.")
  private Optional<Integer> channel = Optional.empty();

  @Option(names = "--grey", description = "Make one channel out of all, such as grey out of RGB.")
  private boolean grey;

  Optional<Path> index() {
    return index;
  }

  Optional<String> subset() {
    return subset;
  }

  ImageReader reader(Job job) {
    if (channel.isPresent() && grey) {
      throw job.misuse("--channel and --grey exclude each other.");
    }
    if (channel.isPresent() && channel.get() < 1) {
      throw job.misuse("--channel: expected a number from 1, received " + channel.get() + ".");
    }
    if (grey) return new ImageFiles(ChannelChoice.GREY, 1);
    return channel.map(c -> new ImageFiles(ChannelChoice.channel(c), 1)).orElseGet(ImageFiles::new);
  }
}
