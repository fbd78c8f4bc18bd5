package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.sample.SyntheticImage;
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

  /**
   * Makes the folders of a data set, refusing what cannot be written or would be replaced.
   *
   * @param table the file that is written last
   */
  void prepare(Job job, String table, String... folders) {
    if (count < 1) throw job.misuse("--count: expected at least 1, received " + count + ".");
    Folders.requireWritable(output);
    AtomicFile.requireFree(output.resolve(table), force);
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

  /** Writes {@code images/NAME.png}, of 8 bits, grey or in colour. */
  void writePicture(String name, Frame frame) {
    BufferedImage picture = FrameImages.of(frame).getBufferedImage();
    AtomicFile.write(
        output.resolve("images").resolve(name + ".png"), out -> ImageIO.write(picture, "png", out));
  }

  /** Writes {@code labels/NAME.tif}, the number of an object in each of its pixels. */
  void writeLabels(SyntheticImage made) {
    ImagePlus labels = LabelImages.of(made.name(), made.labels());
    labels.setCalibration(FrameImages.calibration(made.frame()));
    LabelImages.save(labels, output.resolve("labels").resolve(made.name() + ".tif"));
  }

  /** Writes a table beside the folders of images. */
  void writeTable(String name, CharSequence rows) {
    byte[] text = rows.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(output.resolve(name), out -> out.write(text));
  }

  /** Appends a comma and a number with two digits behind the point. */
  static void number(StringBuilder row, double value) {
    row.append(',').append(Math.round(value * 100) / 100.0);
  }

  /** Ends a row of boxes.csv with a box, in pixels. */
  static void numbers(StringBuilder row, Box box) {
    for (double v : new double[] {box.x(), box.y(), box.width(), box.height()}) number(row, v);
    row.append('\n');
  }
}
