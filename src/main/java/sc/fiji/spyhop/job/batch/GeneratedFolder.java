package sc.fiji.spyhop.job.batch;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.PngFile;

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
   * @param replace whether files that exist are replaced
   * @return how many were written: fewer than were asked for if the user asked to stop; they and
   *     their table stay
   * @throws SettingException if a file exists that is not to be replaced; nothing is written then
   */
  public static int write(
      ImageMaker maker,
      Map<String, float[]> codes,
      Path folder,
      boolean replace,
      Progress progress) {
    GeneratorSpec.Output form = maker.generator().spec().output();
    Path images = folder.resolve(IMAGES);
    Path labels = folder.resolve(LABELS);
    List<String> names = List.copyOf(codes.keySet());
    List<float[]> all = List.copyOf(codes.values());
    if (!replace) {
      requireFree(folder.resolve(TABLE));
      requireFree(folder.resolve(SHEET));
      for (String name : names) {
        requireFree(images.resolve(name + GeneratedImages.ending(form)));
        if (form.isLabelled()) requireFree(labels.resolve(name + ".tif"));
      }
    }
    Folders.requireWritable(images);
    if (form.isLabelled()) Folders.requireWritable(labels);
    List<String> files = new ArrayList<>();
    List<GeneratedImage> first = new ArrayList<>();
    for (int from = 0; from < all.size() && !progress.isCancelled(); from += PORTION) {
      progress.update("Making images", from, all.size());
      int to = Math.min(all.size(), from + PORTION);
      Tensor part;
      try {
        part = maker.make(all.subList(from, to), progress.quiet());
      } catch (CancellationException e) {
        break; // what is written gets its table
      }
      for (int i = from; i < to; i++) {
        GeneratedImage image = maker.image(names.get(i), part, i - from);
        files.add(FileNames.last(GeneratedImages.write(image, form, images)));
        if (first.size() < GeneratedImages.SHEET) first.add(image);
      }
    }
    if (files.isEmpty()) return 0;
    BufferedImage sheet = GeneratedImages.sheet(first, form);
    PngFile.write(sheet, folder.resolve(SHEET));
    CsvFile.write(
        folder.resolve(TABLE),
        sink -> {
          sink.row(List.of("image"));
          for (String file : files) sink.row(List.of(file));
        });
    progress.update("Making images", all.size(), all.size());
    return files.size();
  }

  /** Refuses a file that exists. */
  public static void requireFree(Path file) {
    if (!AtomicFile.isThere(file)) return;
    throw SettingException.needs(
        file + " exists already. Name another folder, or replace it",
        new SettingException.Remedy("replace", "true"));
  }
}
