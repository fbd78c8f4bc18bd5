package sc.fiji.spyhop.job.preview;

import ij.ImagePlus;
import java.awt.Rectangle;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.inference.KeypointsInBoxes;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.task.AnnotationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Strings;

/**
 * Boxes and keypoints in the part of an image that is seen, found again and again while settings
 * change. All that a network finds, however unsure, is kept, so that it is not asked again when the
 * threshold is moved. Boxes are those that will be found, but where a model reports only the best
 * of very many. A network that tells something about an image as a whole is shown all of the slice,
 * and one that looks into boxes those that are seen.
 */
public final class SeenAnnotations implements Looker<SeenAnnotations.Asked> {

  /** What is around a part at least, in pixels. */
  private static final int MARGIN = 64;

  /** Width and height, in pixels of what it is shown, that a network looks at in a moment. */
  private static final int QUICK = 512;

  /** Boxes of objects in a plane. */
  @FunctionalInterface
  public interface Boxes {

    /**
     * Objects that are known of one plane.
     *
     * @param z slice, from 1
     * @param t time point, from 1
     */
    List<LocalizedObject> at(int z, int t);
  }

  /**
   * What is asked for.
   *
   * @param kind what the model has to be for
   * @param threshold score from which something is reported, in [0, 1]; absent: the model's
   * @param image that is looked at and drawn on
   * @param area where things are looked for
   * @param boxes in which a model looks for the keypoints of objects; absent: in whole slices
   * @param kept classes of the objects that are kept
   */
  public record Asked(
      ModelUse model,
      TaskKind<Annotation, ? extends AnnotationTask> kind,
      OptionalDouble threshold,
      ImagePlus image,
      LookArea area,
      Function<ModelSpec, Optional<Boxes>> boxes,
      KeptClasses kept)
      implements Looker.Asked {}

  private record Opened(OpenedFor purpose, ModelUse.Ready<Annotation> model) {}

  /** What is looked at: all of a plane if there is no part. */
  private record Place(int z, int t, Optional<Tile> part, List<LocalizedObject> boxes) {}

  private record Looked(Place place, Annotation found) {}

  private Optional<Opened> opened = Optional.empty();
  private Optional<Looked> looked = Optional.empty();

  @Override
  public Seen look(Asked asked, View view, Progress progress) {
    ModelUse.Ready<Annotation> model = open(asked, view, progress);
    ModelSpec spec = model.runner().spec();
    AnnotationTask own = spec.task(asked.kind());
    AnnotationTask task =
        asked.threshold().isPresent() ? own.withThreshold(asked.threshold().getAsDouble()) : own;
    Optional<Boxes> boxes = asked.boxes().apply(spec);
    Annotation all =
        boxes.isPresent()
            ? inBoxes(model, boxes.get().at(view.z(), view.t()), view, progress)
            : outOfBoxes(model, asked, task, view, progress);
    Annotation reported =
        asked
            .area()
            .in(asked.image())
            .clip(view.z(), view.t(), task.reported(all).only(asked.kept()));
    Annotation seen = boxes.isPresent() ? reported : seen(reported, view.part());
    return new Seen(
        AnnotationRois.of(seen, task.names(), task.layout(), asked.image(), view.z(), view.t()),
        told(seen, task, view.part()));
  }

  private ModelUse.Ready<Annotation> open(Asked asked, View view, Progress progress) {
    OpenedFor purpose = OpenedFor.of(asked.model(), asked.image(), asked.area(), view);
    if (opened.filter(o -> o.purpose.equals(purpose)).isEmpty()) {
      close();
      ModelUse all =
          new ModelUse(
              asked.model().name(),
              asked.model().channels(),
              asked.model().options().withThreshold(0));
      opened =
          Optional.of(
              new Opened(purpose, all.open(asked.kind(), asked.image(), asked.area(), progress)));
    }
    return opened.get().model;
  }

  private Annotation outOfBoxes(
      ModelUse.Ready<Annotation> model,
      Asked asked,
      AnnotationTask task,
      View view,
      Progress progress) {
    Runner<Annotation> runner = model.runner();
    if (!task.tellsParts()) {
      return found(
          new Place(view.z(), view.t(), Optional.empty(), List.of()),
          model,
          frame -> runner.predict(frame, model.scale(), progress));
    }
    Tile part = around(model, view, asked.image());
    return found(
        new Place(view.z(), view.t(), Optional.of(part), List.of()),
        model,
        frame -> runner.predict(frame, model.scale(), part, progress));
  }

  /**
   * With as much around it as objects at its border, and those that they are held against, take. A
   * small view is surrounded by as much as hardly costs time.
   */
  private static Tile around(ModelUse.Ready<Annotation> model, View view, ImagePlus image) {
    ModelSpec.Input input = model.runner().spec().input();
    double factor = model.scale() * (input.fit() instanceof Resize.Scaled s ? s.factor() : 1);
    int side = Math.max(view.part().width, view.part().height);
    double objects = input.objects().isKnown() ? 2 * input.objects().high() / factor : side / 2.0;
    double quick = (QUICK / factor - side) / 2;
    int margin = (int) Math.ceil(Math.max(MARGIN, Math.max(objects, quick)));
    Tile part = view.around(margin, image);
    if (factor * factor * part.width() * part.height() <= MAX_PIXELS) return part;
    throw new SpyhopException("What is seen is too large for a preview: zoom in.");
  }

  private Annotation inBoxes(
      ModelUse.Ready<Annotation> model,
      List<LocalizedObject> objects,
      View view,
      Progress progress) {
    List<LocalizedObject> near =
        objects.stream().filter(o -> intersects(o.box(), view.part())).toList();
    Annotation found =
        found(
            new Place(view.z(), view.t(), Optional.empty(), near),
            model,
            frame -> KeypointsInBoxes.find(model.runner(), frame, near, progress));
    Iterator<Pose> poses = found.poses().iterator();
    List<Pose> all =
        objects.stream()
            .map(o -> near.contains(o) ? poses.next() : new Pose("", Optional.of(o), List.of()))
            .toList();
    return new Annotation(found.size(), objects, all); // numbered as they will be
  }

  private Annotation found(
      Place place, ModelUse.Ready<Annotation> model, Function<Frame, Annotation> look) {
    if (looked.filter(l -> l.place.equals(place)).isEmpty()) {
      looked = Optional.empty();
      Annotation found = look.apply(model.frames().get(place.z(), place.t()));
      looked = Optional.of(new Looked(place, found));
    }
    return looked.get().found;
  }

  /** Without boxes that are not seen, of which some may be missing. */
  private static Annotation seen(Annotation found, Rectangle part) {
    List<LocalizedObject> objects =
        found.objects().stream().filter(o -> intersects(o.box(), part)).toList();
    return new Annotation(found.size(), objects, found.poses());
  }

  private static boolean intersects(Box box, Rectangle part) {
    return new Box(part.x, part.y, part.width, part.height).intersection(box).isPresent();
  }

  private static String told(Annotation seen, AnnotationTask task, Rectangle part) {
    if (!task.layout().names().isEmpty()) {
      List<Keypoint> points = seen.poses().stream().flatMap(p -> p.located().stream()).toList();
      long inView = points.stream().filter(k -> part.contains(k.x(), k.y())).count();
      return Strings.format(
          "%s in view%s",
          Strings.count(inView, "keypoint"),
          inView == points.size() ? "" : ", " + points.size() + " in the slice");
    }
    return Strings.count(seen.objects().size(), "box") + " in view";
  }

  /** Gives back what is held; what is asked for next opens it again. */
  @Override
  public void close() {
    looked = Optional.empty();
    opened.ifPresent(o -> o.model.runner().close());
    opened = Optional.empty();
  }
}
