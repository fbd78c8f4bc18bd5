package sc.fiji.spyhop.pipeline;

import java.util.Optional;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.prediction.Segmentation;

/**
 * What a chain says of one object, in the coordinates of the original image.
 *
 * @param number from 1, in the order of localisation
 * @param object absent if no step localises: then it is of the whole image
 * @param pose absent before a step that finds keypoints
 * @param toImage from the last picture of the object to the image
 * @param told its classes; absent before a step that classifies
 * @param missing what a step did not find, a clause such as "no keypoints"; the steps after it were
 *     not run
 */
public record Finding(
    int number,
    Optional<LocalizedObject> object,
    Optional<Pose> pose,
    Affine toImage,
    Optional<ToldClasses> told,
    Optional<RealValues> values,
    Optional<Regions> regions,
    Optional<String> missing) {

  /**
   * Regions in a part of the image.
   *
   * @param x column of the image where the labels begin
   * @param y row of the image where the labels begin
   * @param looked pixels of the image that were looked at, among those of the labels
   */
  public record Regions(int x, int y, Segmentation segmentation, long looked) {

    private Regions shifted(int dx, int dy) {
      return new Regions(x + dx, y + dy, segmentation.shifted(dx, dy), looked);
    }
  }

  /** How likely each class is; absent before a step that classifies. */
  public Optional<ClassScores> scores() {
    return told.map(ToldClasses::scores);
  }

  /** The same in an image in which all lies further to the right and down. */
  Finding shifted(int dx, int dy) {
    return new Finding(
        number,
        object.map(o -> o.shifted(dx, dy)),
        pose.map(p -> p.shifted(dx, dy)),
        toImage.then(Affine.translation(dx, dy)),
        told,
        values,
        regions.map(r -> r.shifted(dx, dy)),
        missing);
  }

  /** Nothing but a place. */
  static Finding at(int number, Optional<LocalizedObject> object, Affine toImage) {
    return new Finding(
        number,
        object,
        Optional.empty(),
        toImage,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  Finding withPose(Pose found) {
    return new Finding(number, object, Optional.of(found), toImage, told, values, regions, missing);
  }

  Finding withToImage(Affine map) {
    return new Finding(number, object, pose, map, told, values, regions, missing);
  }

  Finding withClasses(ToldClasses found) {
    return new Finding(number, object, pose, toImage, Optional.of(found), values, regions, missing);
  }

  Finding withValues(RealValues found) {
    return new Finding(number, object, pose, toImage, told, Optional.of(found), regions, missing);
  }

  Finding withRegions(Regions found) {
    return new Finding(number, object, pose, toImage, told, values, Optional.of(found), missing);
  }

  Finding without(String what) {
    return new Finding(number, object, pose, toImage, told, values, regions, Optional.of(what));
  }
}
