package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;

/** What all generators are asked. */
final class SampleOptions {

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder to write to.")
  Path output;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many images (default: ${DEFAULT-VALUE}); of a plate, in each well.")
  int count = 8;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "With the same seed, the same images are made (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(names = "--force", description = "Replace images that exist.")
  boolean force;

  /** Makes the folders of a data set, refusing what cannot be written or would be replaced. */
  void prepare(Job job, String... folders) {
    if (count < 1) throw job.misuse("--count: expected at least 1, received " + count + ".");
    Folders.requireWritable(output);
    AtomicFile.requireFree(output.resolve("index.csv"), force);
    for (String folder : folders) Folders.requireWritable(output.resolve(folder));
  }

  /** Width and height from a text such as {@code 512x384}. */
  static int[] size(Job job, String text) {
    if (!text.matches("[1-9][0-9]{0,4}x[1-9][0-9]{0,4}")) {
      throw job.misuse("--size: expected a size such as 512x512, received " + text + ".");
    }
    String[] parts = text.split("x");
    return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
  }
}
