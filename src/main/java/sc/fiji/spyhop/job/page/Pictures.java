package sc.fiji.spyhop.job.page;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.job.batch.Endings;
import sc.fiji.spyhop.job.page.Findings.Finding;
import sc.fiji.spyhop.job.page.Findings.Place;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;

/**
 * Small pictures of images, beside a page: of each the whole, and what the model is least sure of.
 * Those of a picture that has not changed since are left as they are. Safe for several threads.
 */
final class Pictures {

  /** Folder of the pictures, in that of the page. */
  static final String FOLDER = "page";

  private static final String SMALL = "_thumbnail.jpg";
  private static final String UNSURE = "_unsure.jpg";

  /** Bytes of the name of a file. */
  private static final int MAX_NAME = 255;

  private final Path folder;
  private final Path pictures;

  /** What has no picture yet is opened one at a time, since it may be large. */
  private final Object opening = new Object();

  /**
   * Pictures of an image, by their path from the page, with slashes.
   *
   * @param full the large one; absent if there is none
   * @param small absent if there is nothing to be seen
   * @param unsure see {@link Squares}; absent if it is not known where anything is
   */
  record Of(Optional<String> full, Optional<String> small, Optional<String> unsure) {
    static final Of NOTHING = new Of(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Pictures for a page in a folder of results.
   *
   * @throws SpyhopException if it cannot be written to
   */
  Pictures(Path folder) {
    this.folder = folder;
    this.pictures = folder.resolve(FOLDER);
    try {
      Files.createDirectories(pictures);
    } catch (IOException e) {
      throw Folders.cannotWrite(pictures, e);
    }
  }

  /**
   * Makes the pictures of an image, if they are not there.
   *
   * @param least what is shown besides the whole
   * @throws SpyhopException if they cannot be written
   */
  Of of(LookedImages.Image image, List<Finding> least) {
    if (image.failed() || !isName(image.name())) return Of.NOTHING;
    Optional<Path> full = full(image.name());
    Optional<Path> source = full.or(() -> file(image));
    Path small = pictures.resolve(image.name() + SMALL);
    Path unsure = pictures.resolve(image.name() + UNSURE);
    if (source.isEmpty() || isTooLong(small)) return Of.NOTHING;
    FileTime time = modified(source.get());
    if (!Files.exists(small) || !modified(small).equals(time)) {
      Optional<BufferedImage> picture = full.isPresent() ? read(full.get()) : opened(source.get());
      if (picture.isEmpty()) return Of.NOTHING;
      Squares.of(picture.get(), places(image, picture.get(), least))
          .ifPresentOrElse(s -> Jpeg.write(unsure, s, time), () -> Jpeg.delete(unsure));
      Jpeg.write(small, Jpeg.reduced(picture.get()), time);
    }
    return new Of(
        full.map(FileNames::last),
        Optional.of(FOLDER + "/" + FileNames.last(small)),
        Optional.of(FOLDER + "/" + FileNames.last(unsure)).filter(u -> Files.exists(unsure)));
  }

  private Optional<Path> full(String name) {
    return Stream.of(Endings.OVERLAY, Endings.SALIENCY)
        .map(ending -> folder.resolve(name + ending))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static Optional<Path> file(LookedImages.Image image) {
    try {
      return Optional.of(Path.of(image.text("file"))).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty(); // of another system
    }
  }

  /** Whether it leads nowhere but into its folder, whoever wrote the table. */
  static boolean isName(String name) {
    try {
      return FileNames.last(Path.of(name + SMALL)).equals(name + SMALL);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean isTooLong(Path file) {
    return FileNames.last(file).getBytes(StandardCharsets.UTF_8).length > MAX_NAME;
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** Nothing if it is no picture any more. */
  private static Optional<BufferedImage> read(Path file) {
    try {
      return Optional.ofNullable(ImageIO.read(file.toFile()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Nothing if it cannot be opened any more. */
  private Optional<BufferedImage> opened(Path file) {
    synchronized (opening) {
      try {
        return Optional.of(Overlays.render(file));
      } catch (SpyhopException | OutOfMemoryError e) {
        return Optional.empty();
      }
    }
  }

  /** Where things are in the picture of an image; nothing where that is not known. */
  private List<Optional<Place>> places(
      LookedImages.Image image, BufferedImage picture, List<Finding> least) {
    double zoom = picture.getWidth() / image.number("width");
    List<String> outlines =
        least.stream()
            .filter(f -> !f.outline().isEmpty())
            .flatMap(f -> names(f.outline()))
            .toList();
    Map<String, Rectangle> traced =
        outlines.isEmpty()
            ? Map.of()
            : Rois.bounds(folder.resolve(image.name() + Endings.ROIS), outlines);
    return least.stream()
        .map(
            f ->
                f.place()
                    .or(
                        () ->
                            names(f.outline())
                                .filter(traced::containsKey)
                                .findFirst()
                                .map(name -> Place.of(traced.get(name)))))
        .map(place -> place.filter(p -> !Double.isNaN(zoom)).map(p -> p.times(zoom)))
        .toList();
  }

  /** What the outline of an object in the first plane may be called. */
  private static Stream<String> names(String outline) {
    return Stream.of("", "_z1", "_t1", "_z1_t1").map(plane -> outline + plane);
  }
}
