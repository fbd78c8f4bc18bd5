package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.ImageStack;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.generate.LabelDepth;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.GeneratedFiles;
import sc.fiji.spyhop.ij.GeneratedStacks;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;

/**
 * Images that a generating model makes, as a folder to train on: {@code images}, {@code labels} of
 * those models that make label images, {@code index.csv}, which is written last, and {@code
 * sheet.png}, the first of them to look at.
 */
public final class GeneratedFolder {

  /** The table of images. */
  public static final String TABLE = "index.csv";

  private static final String IMAGES = "images";
  private static final String LABELS = "labels";
  private static final String SHEET = "sheet.png";

  /** Images that are made at once. */
  private static final int PORTION = 256;

  private static final int MAX_SHOWN = 64;
  private static final int COLUMNS = 8;
  private static final int GAP = 2;

  /** Width below which images of a sheet are enlarged. */
  private static final int SMALL = 56;

  private GeneratedFolder() {}

  /**
   * Makes and writes images.
   *
   * @param codes what they are made from, by their names
   * @throws java.util.concurrent.CancellationException if the user asked to stop; what was written
   *     stays
   */
  public static void write(
      ImageMaker maker, Map<String, float[]> codes, Path folder, Progress progress) {
    GeneratorSpec.Output form = maker.generator().spec().output();
    Folders.requireWritable(folder.resolve(IMAGES));
    if (form.isLabelled()) Folders.requireWritable(folder.resolve(LABELS));
    List<String> names = List.copyOf(codes.keySet());
    List<float[]> all = List.copyOf(codes.values());
    List<String> files = new ArrayList<>();
    List<GeneratedImage> first = new ArrayList<>();
    for (int from = 0; from < all.size(); from += PORTION) {
      progress.checkCancelled();
      progress.update("Making images", from, all.size());
      int to = Math.min(all.size(), from + PORTION);
      Tensor part = maker.make(all.subList(from, to), progress.quiet());
      for (int i = from; i < to; i++) {
        GeneratedImage image = maker.image(names.get(i), part, i - from);
        files.add(IMAGES + "/" + FileNames.last(write(image, form, folder)));
        if (first.size() < MAX_SHOWN) first.add(image);
      }
    }
    BufferedImage sheet = sheet(first, form);
    AtomicFile.write(folder.resolve(SHEET), out -> ImageIO.write(sheet, "png", out));
    CsvFile.write(
        folder.resolve(TABLE),
        sink -> {
          sink.row(List.of("image"));
          for (String file : files) sink.row(List.of(file));
        });
    progress.update("Making images", all.size(), all.size());
  }

  /** Writes an image and, if there is one, its label image; the file of the image. */
  private static Path write(GeneratedImage image, GeneratorSpec.Output form, Path folder) {
    String name = image.image().name();
    String ending =
        GeneratedFiles.ending(
            1,
            form.channels(),
            form.colors() != Colors.NONE,
            form.bits(),
            form.pixelSize().isCalibrated());
    Path file = folder.resolve(IMAGES).resolve(name + ending);
    GeneratedFiles.write(stack(name, List.of(image), form), file);
    if (form.isLabelled()) {
      ImagePlus labels = LabelImages.of(name, labels(image));
      labels.setCalibration(FrameImages.calibration(image.image()));
      LabelImages.save(labels, folder.resolve(LABELS).resolve(name + ".tif"));
    }
    return file;
  }

  /** A stack of images, at least one. */
  public static ImagePlus stack(
      String title, List<GeneratedImage> images, GeneratorSpec.Output form) {
    return GeneratedStacks.of(
        title,
        images.stream().map(GeneratedImage::image).toList(),
        form.colors() != Colors.NONE,
        form.low(),
        form.high());
  }

  /** The label images that were made with images, a slice for each. */
  public static ImagePlus labels(String title, List<GeneratedImage> images) {
    List<LabelMap> maps = images.stream().map(GeneratedFolder::labels).toList();
    int max = maps.stream().mapToInt(LabelMap::max).max().orElse(0);
    ImageStack stack = new ImageStack();
    for (int i = 0; i < maps.size(); i++) {
      String name = images.get(i).image().name();
      stack.addSlice(name, LabelImages.of(name, maps.get(i)).getProcessor());
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

  /** Eight in a row, small ones twice as large. */
  private static BufferedImage sheet(List<GeneratedImage> images, GeneratorSpec.Output form) {
    int zoom = images.get(0).image().width() < SMALL ? 2 : 1;
    int w = zoom * images.get(0).image().width();
    int h = zoom * images.get(0).image().height();
    int columns = Math.min(images.size(), COLUMNS);
    int rows = (images.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * (w + GAP) - GAP, rows * (h + GAP) - GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < images.size(); i++) {
      BufferedImage image = stack("", List.of(images.get(i)), form).getBufferedImage();
      g.drawImage(image, i % columns * (w + GAP), i / columns * (h + GAP), w, h, null);
    }
    g.dispose();
    return sheet;
  }
}
