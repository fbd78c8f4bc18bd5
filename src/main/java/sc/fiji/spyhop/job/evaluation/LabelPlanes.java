package sc.fiji.spyhop.job.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.Strings;

/**
 * Labels of an image, plane by plane.
 *
 * @param all whether these are all planes of the image
 * @param planes slices and time points, from 1
 * @param labels of a plane, by its position among them
 */
record LabelPlanes(boolean all, List<ImageReader.Plane> planes, IntFunction<LabelMap> labels) {

  /**
   * Where these planes are among those that are predicted: by slice and time point, or by their
   * order where one has them as slices and the other as time points.
   *
   * @param file of the others, for the message
   * @throws SpyhopException if it has others
   */
  int[] positionsIn(List<ImageReader.Plane> predicted, Path file) {
    boolean ordered = planes.size() == predicted.size() && isRow(planes) && isRow(predicted);
    int[] positions = new int[planes.size()];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = ordered ? i : indexOf(planes.get(i), predicted);
      if (positions[i] >= 0 && (!all || planes.size() == predicted.size())) continue;
      throw new SpyhopException(
          Strings.format(
              "%s: expected %s, received %s.",
              file,
              all
                  ? size(planes) + " like its truth"
                  : "a plane for " + plane(planes.get(i)) + ", of which the truth is known",
              size(predicted)));
    }
    return positions;
  }

  private static int indexOf(ImageReader.Plane plane, List<ImageReader.Plane> among) {
    for (int i = 0; i < among.size(); i++) {
      if (among.get(i).z() == plane.z() && among.get(i).t() == plane.t()) return i;
    }
    return -1;
  }

  /** Whether they are all slices, or all time points. */
  private static boolean isRow(List<ImageReader.Plane> planes) {
    return planes.stream().allMatch(p -> p.z() == 1) || planes.stream().allMatch(p -> p.t() == 1);
  }

  private static String plane(ImageReader.Plane plane) {
    return Strings.format("slice %d at time point %d", plane.z(), plane.t());
  }

  private static String size(List<ImageReader.Plane> planes) {
    int slices = planes.stream().mapToInt(ImageReader.Plane::z).max().orElse(0);
    int frames = planes.stream().mapToInt(ImageReader.Plane::t).max().orElse(0);
    return Strings.count(slices, "slice") + " and " + Strings.count(frames, "time point");
  }
}
