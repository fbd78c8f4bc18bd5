package sc.fiji.spyhop.image;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/** Opens image files, so that the core needs no particular file library. */
public interface ImageReader {

  /**
   * Reads an image of one slice and one time point.
   *
   * @param file an image of any format that is read here
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing, is no image, is empty, or is a
   *     stack
   */
  Frame readFrame(Path file);

  /**
   * Reads one plane of a stack.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing, is no image, or has no such
   *     plane
   */
  default Frame readFrame(Path file, int z, int t) {
    if (z == 1 && t == 1) return readFrame(file);
    throw new SpyhopException(
        Strings.format(
            "%s: expected an image of one plane, asked for slice %d at time point %d.",
            file, z, t));
  }

  /**
   * A plane of a stack.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param label the first line of what the file says about it; empty: nothing
   */
  record Plane(int z, int t, String label) {}

  /**
   * The planes of an image, without their pixels where the format allows.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing or is no image
   */
  default List<Plane> planes(Path file) {
    readFrame(file);
    return List.of(new Plane(1, 1, ""));
  }

  /**
   * Columns and rows of an image or of each plane of a stack, from the header alone where that
   * suffices. Those of a photograph are as {@link #readFrame} gives it, which is turned upright.
   *
   * @return pixels
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing or is no image
   */
  default ImageSize readSize(Path file) {
    Frame frame = readFrame(file);
    return new ImageSize(frame.width(), frame.height());
  }

  /**
   * Columns and rows as they are stored, which are those that other programs may have annotated:
   * the other way round than {@link #readSize} tells if the photograph is turned on its side.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing or is no image
   */
  default ImageSize readStoredSize(Path file) {
    return readSize(file);
  }

  /**
   * How the stored pixels were turned to be upright: 1 not at all, 2 to 8 as in EXIF; 6 for example
   * is a quarter to the right.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the file is missing
   */
  default int readOrientation(Path file) {
    return 1;
  }

  /**
   * Reads a label image: one channel, whole numbers, 0 for background.
   *
   * @throws sc.fiji.spyhop.SpyhopException as for {@link #readFrame}, or if a value is no label
   */
  default LabelMap readLabels(Path file) {
    return readLabels(file, label -> false);
  }

  /**
   * Reads a label image of which some numbers stand for pixels that nobody has labelled.
   *
   * @param unknown whether a number does; these become {@link LabelMap#UNLABELLED}
   * @throws sc.fiji.spyhop.SpyhopException as for {@link #readFrame}, or if a value is no label
   */
  LabelMap readLabels(Path file, IntPredicate unknown);
}
