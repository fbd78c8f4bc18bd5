package sc.fiji.spyhop.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.BoxPicture;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.MappedAnnotation;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/** Finds the points of objects with models that were trained on pictures of boxes. */
public final class KeypointsInBoxes {

  private KeypointsInBoxes() {}

  /** How boxes are shown to a model; absent if it was trained on whole images. */
  public static Optional<BoxPicture> picture(ModelSpec spec) {
    return spec.input().fit() instanceof Resize.OfBox b
        ? Optional.of(b.picture())
        : Optional.empty();
  }

  /** As the longer form. */
  public static Annotation find(
      Runner<Annotation> finder, Frame frame, List<LocalizedObject> objects, Progress progress) {
    return find(finder, frame, objects, new Pictures(), progress);
  }

  /** Pictures that a model was shown of an image, in all of its planes. */
  public static final class Pictures {

    private final List<List<String>> unlike = new ArrayList<>();

    private void add(ModelSpec.Input input, Frame picture) {
      if (!input.images().isKnown()) return;
      List<String> differences = Familiarity.differences(input, picture, input.raw(picture));
      synchronized (unlike) {
        unlike.add(differences);
      }
    }

    /** As {@link ShownScale}, of images whose pictures are shown as they are. */
    public ShownScale shown() {
      synchronized (unlike) {
        return ShownScale.SAME.with(Familiarity.ofParts(unlike));
      }
    }
  }

  /**
   * The points of each object of an image, in its coordinates.
   *
   * @param pictures that are shown are added to
   * @return a pose for each object, in their order
   * @throws SpyhopException as {@link Runner#predict}, or if the model was trained on whole images
   */
  public static Annotation find(
      Runner<Annotation> finder,
      Frame frame,
      List<LocalizedObject> objects,
      Pictures pictures,
      Progress progress) {
    BoxPicture picture =
        picture(finder.spec())
            .orElseThrow(
                () ->
                    new SpyhopException(
                        "Model "
                            + finder.spec().name()
                            + " finds keypoints in whole images: expected one that was trained on"
                            + " objects in boxes. Choose another, or leave out the boxes."));
    List<Pose> poses = new ArrayList<>();
    for (LocalizedObject o : objects) {
      progress.checkCancelled();
      // boxes are in the coordinates of what the frame may be a view of
      Affine map = picture.toImage(o.box().shifted(-frame.origin().x(), -frame.origin().y()));
      Frame shown = Resampling.averaged(frame, map, picture.width(), picture.height());
      pictures.add(finder.spec().input(), shown);
      Pose pose = finder.predict(shown).poses().get(0);
      Pose found = MappedAnnotation.pose(pose, map).shifted(frame.origin().x(), frame.origin().y());
      poses.add(new Pose("", Optional.of(o), found.keypoints()));
      progress.update("Predicting " + frame.name(), poses.size(), objects.size());
    }
    return new Annotation(new ImageSize(frame.width(), frame.height()), objects, poses);
  }
}
