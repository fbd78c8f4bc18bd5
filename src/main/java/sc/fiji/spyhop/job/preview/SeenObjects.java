package sc.fiji.spyhop.job.preview;

import ij.ImagePlus;
import ij.gui.Roi;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.job.maps.KeptMaps;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Objects in the part of an image that is seen, found again and again while settings change: the
 * network is asked for that part alone, and its maps are kept, so that a threshold that is moved
 * only decodes. Objects are those that will be found, but for very large ones of which most is not
 * seen.
 */
public final class SeenObjects implements Looker<SeenObjects.Asked> {

  /** What is around a part, in pixels, so that objects at its border are whole. */
  private static final int MARGIN = 64;

  /** What objects are found in. */
  public sealed interface Source {

    /** What a model gives. */
    record OfModel(ModelUse model) implements Source {}

    /** Maps that were kept. */
    record Kept(ImagePlus maps) implements Source {}
  }

  /**
   * What is asked for.
   *
   * @param image that is drawn on
   * @param by how maps are decoded
   * @param refinement what becomes of objects
   * @param classes of the objects that are kept
   * @param area where they are looked for
   */
  public record Asked(
      Source source,
      ImagePlus image,
      Adjustment by,
      Refinement refinement,
      KeptClasses classes,
      LookArea area)
      implements Looker.Asked {}

  /** Gives maps of a part of a plane, one for each head of its task. */
  private interface Maps extends AutoCloseable {
    SegmentationTask task();

    double scale();

    List<Tensor> of(int z, int t, Tile part, Progress progress);

    @Override
    void close();
  }

  private record Opened(OpenedFor purpose, Maps maps) {}

  private record Looked(int z, int t, Tile part, List<Tensor> outputs) {}

  private Optional<Opened> opened = Optional.empty();
  private Optional<Looked> looked = Optional.empty();

  @Override
  public Seen look(Asked asked, View view, Progress progress) {
    Tile part = around(view, asked.image());
    Maps maps = open(asked, view, progress);
    List<Tensor> outputs = outputs(maps, view, part, progress);
    progress.checkCancelled();
    SegmentationTask task = maps.task().adjusted(asked.by());
    RegionNames names = task.regionNames().only(asked.classes());
    Segmentation found = decoded(task, maps.scale(), outputs);
    Refinement r = asked.refinement();
    found = new Refinement(r.smallest(), r.largest(), r.fill(), false).of(found, names);
    Optional<Clipping> clipping = asked.area().in(asked.image()).plane(view.z(), view.t());
    if (clipping.isPresent()) {
      found = cut(clipping.get(), part, asked.image().getWidth()).of(found, names.areClasses());
    }
    progress.checkCancelled();
    var traced = Rois.trace(found);
    List<Roi> rois = new ArrayList<>();
    List<Segment> seen = new ArrayList<>();
    for (Segment s : found.segments()) {
      Rectangle box = new Rectangle(part.x() + s.left(), part.y() + s.top(), s.width(), s.height());
      if (!box.intersects(view.part()) || r.drop() && touches(box, asked.image())) continue;
      Roi roi = traced.get(s.label());
      roi.setLocation(roi.getXBase() + part.x(), roi.getYBase() + part.y());
      roi.setStrokeColor(
          s.classes()
              .map(c -> LabelImages.color(c.best() + 1))
              .orElse(found.overlapping() ? LabelImages.color(s.label()) : Color.YELLOW));
      seen.add(s);
      rois.add(roi);
    }
    String counts =
        names.count(seen.stream()).entrySet().stream()
            .map(c -> c.getValue() + " " + c.getKey())
            .collect(Collectors.joining(", "));
    String of = counts.isEmpty() ? "" : ": " + counts;
    return new Seen(rois, Strings.count(rois.size(), "object") + " in view" + of);
  }

  private static Segmentation decoded(SegmentationTask task, double scale, List<Tensor> outputs) {
    return (Segmentation)
        ((sc.fiji.spyhop.task.PixelTask<?>) task.enlarged(1 / scale)).decode(outputs);
  }

  private static boolean touches(Rectangle box, ImagePlus image) {
    return box.x == 0
        || box.y == 0
        || box.x + box.width == image.getWidth()
        || box.y + box.height == image.getHeight();
  }

  private static Tile around(View view, ImagePlus image) {
    Tile part = view.around(MARGIN, image);
    if ((long) part.width() * part.height() <= MAX_PIXELS) return part;
    throw new SpyhopException("What is seen is too large for a preview: zoom in.");
  }

  private static Clipping cut(Clipping whole, Tile part, int width) {
    BitSet inside = new BitSet();
    for (int y = 0; y < part.height(); y++) {
      int row = (part.y() + y) * width + part.x();
      for (int x = 0; x < part.width(); x++) {
        if (whole.inside().get(row + x)) inside.set(y * part.width() + x);
      }
    }
    return new Clipping(inside, whole.edge());
  }

  private List<Tensor> outputs(Maps maps, View view, Tile part, Progress progress) {
    boolean same =
        looked.filter(l -> l.z == view.z() && l.t == view.t() && l.part.equals(part)).isPresent();
    if (!same) {
      looked = Optional.empty();
      List<Tensor> outputs = maps.of(view.z(), view.t(), part, progress);
      looked = Optional.of(new Looked(view.z(), view.t(), part, outputs));
    }
    return looked.get().outputs;
  }

  private Maps open(Asked asked, View view, Progress progress) {
    OpenedFor purpose = OpenedFor.of(asked.source(), asked.image(), asked.area(), view);
    if (opened.filter(o -> o.purpose.equals(purpose)).isEmpty()) {
      close();
      opened = Optional.of(new Opened(purpose, opened(asked, progress)));
    }
    return opened.get().maps;
  }

  private static Maps opened(Asked asked, Progress progress) {
    if (asked.source() instanceof Source.Kept k) {
      return kept(KeptMaps.of(k.maps()), asked.image());
    }
    ModelUse model = ((Source.OfModel) asked.source()).model();
    return given(model.open(TaskKind.SEGMENTATION, asked.image(), asked.area(), progress));
  }

  private static Maps given(ModelUse.Ready<Segmentation> ready) {
    SegmentationTask task = ready.runner().spec().task(TaskKind.SEGMENTATION);
    return new Maps() {
      @Override
      public SegmentationTask task() {
        return task;
      }

      @Override
      public double scale() {
        return ready.scale();
      }

      @Override
      public List<Tensor> of(int z, int t, Tile part, Progress progress) {
        return ready.runner().maps(ready.frames().get(z, t), ready.scale(), part, progress);
      }

      @Override
      public void close() {
        ready.runner().close();
      }
    };
  }

  private static Maps kept(KeptMaps maps, ImagePlus image) {
    maps.requireSizeOf(image);
    return new Maps() {
      @Override
      public SegmentationTask task() {
        return maps.record().task();
      }

      @Override
      public double scale() {
        return maps.record().division().scale();
      }

      @Override
      public List<Tensor> of(int z, int t, Tile part, Progress progress) {
        return maps.read(z, t, part);
      }

      @Override
      public void close() {
        maps.close();
      }
    };
  }

  /** Gives back what is held; what is asked for next opens it again. */
  @Override
  public void close() {
    looked = Optional.empty();
    opened.ifPresent(o -> o.maps.close());
    opened = Optional.empty();
  }
}
