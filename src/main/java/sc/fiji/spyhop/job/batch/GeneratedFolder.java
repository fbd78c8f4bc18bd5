package sc.fiji.spyhop.job.batch;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.model.GeneratorSpec;
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
    Path images = folder.resolve(IMAGES);
    Folders.requireWritable(images);
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
        files.add(FileNames.last(GeneratedImages.write(image, form, images)));
        if (first.size() < GeneratedImages.SHEET) first.add(image);
      }
    }
    BufferedImage sheet = GeneratedImages.sheet(first, form);
    AtomicFile.write(folder.resolve(SHEET), out -> ImageIO.write(sheet, "png", out));
    CsvFile.write(
        folder.resolve(TABLE),
        sink -> {
          sink.row(List.of("image"));
          for (String file : files) sink.row(List.of(file));
        });
    progress.update("Making images", all.size(), all.size());
  }
}
