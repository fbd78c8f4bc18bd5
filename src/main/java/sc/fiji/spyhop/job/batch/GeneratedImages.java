package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.LabelDepth;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.FrameStacks;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.PngFile;

/** Images that a network made, as those of ImageJ and as files. */
public final class GeneratedImages {

  /** Images that a sheet has place for. */
  public static final int SHEET = 64;

  private static final int COLUMNS = 8;
  private static final int GAP = 2;

  /** Width and height below which images of a sheet are enlarged. */
  private static final int SMALL = 56;

  private GeneratedImages() {}

  /**
   * A stack of images, in colour where their channels are colours, else with a channel for each.
   *
   * @param images at least one, all alike
   */
  public static ImagePlus stack(
      String title, List<GeneratedImage> images, GeneratorSpec.Output output) {
    List<Frame> frames = images.stream().map(GeneratedImage::image).toList();
    return FrameStacks.of(
        title,
        frames,
        frames.stream().map(Frame::name).toList(),
        output.colors() != Colors.NONE,
        output.low(),
        output.high());
  }

  /** The label images that were made with images, as a stack; a slice for each. */
  public static ImagePlus labels(String title, List<GeneratedImage> images) {
    ImageStack stack = new ImageStack();
    int max = 0;
    for (GeneratedImage image : images) {
      LabelMap labels = labels(image);
      max = Math.max(max, labels.max());
      stack.addSlice(
          image.image().name(), LabelImages.of(image.image().name(), labels).getProcessor());
    }
    ImagePlus made = new ImagePlus(title, stack);
    made.setCalibration(FrameImages.calibration(images.get(0).image()));
    made.setDisplayRange(0, Math.max(1, max));
    return made;
  }

  private static LabelMap labels(GeneratedImage image) {
    return LabelDepth.labels(
        image.depth().orElseThrow(), image.image().width(), image.image().height());
  }

  /** Of files of images: PNG where that keeps all there is, the size of pixels included. */
  public static String ending(GeneratorSpec.Output output) {
    boolean planes = output.channels() > 1 && output.colors() == Colors.NONE;
    boolean plain = output.bits() == 8 && !planes && !output.pixelSize().isCalibrated();
    return plain ? ".png" : ".tif";
  }

  /**
   * Writes an image: a PNG file if 8 bits in one channel or in colours will do, else a TIFF file.
   * Its label image, if there is one, goes into a folder {@code labels} beside that of images.
   *
   * @param folder of images; made if need be
   * @return the file of the image
   */
  public static Path write(GeneratedImage image, GeneratorSpec.Output output, Path folder) {
    ImagePlus made = stack(image.image().name(), List.of(image), output);
    String name = image.image().name();
    Path file = folder.resolve(name + ending(output));
    if (ending(output).equals(".png")) {
      PngFile.write(made.getProcessor().getBufferedImage(), file);
    } else {
      tiff(made, file);
    }
    if (output.isLabelled()) {
      ImagePlus labels = LabelImages.of(name, labels(image));
      labels.setCalibration(made.getCalibration());
      LabelImages.save(labels, folder.resolveSibling("labels").resolve(name + ".tif"));
    }
    return file;
  }

  /**
   * Images side by side, eight in a row; small ones twice as large.
   *
   * @param images at least one, at most {@link #SHEET} of which are shown
   */
  public static BufferedImage sheet(List<GeneratedImage> images, GeneratorSpec.Output output) {
    int shown = Math.min(images.size(), SHEET);
    int zoom = images.get(0).image().width() < SMALL ? 2 : 1;
    int w = zoom * images.get(0).image().width();
    int h = zoom * images.get(0).image().height();
    int columns = Math.min(shown, COLUMNS);
    int rows = (shown + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * (w + GAP) - GAP, rows * (h + GAP) - GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < shown; i++) {
      ImagePlus image = stack("", List.of(images.get(i)), output);
      g.drawImage(
          image.getProcessor().getBufferedImage(),
          i % columns * (w + GAP),
          i / columns * (h + GAP),
          w,
          h,
          null);
    }
    g.dispose();
    return sheet;
  }

  /** Writes an image or stack as a TIFF file. */
  public static void tiff(ImagePlus image, Path file) {
    byte[] bytes = new FileSaver(image).serialize();
    AtomicFile.write(file, out -> out.write(bytes));
  }
}
