package sc.fiji.spyhop.job.maps;

import ij.ImagePlus;
import ij.gui.Roi;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Objects in the part of an image that is seen, found again and again while settings change: the
 * network is asked for that part alone, and its maps are kept, so that a threshold that is moved
 * only decodes. Objects are those that will be found, but for very large ones of which most is not
 * seen. For one thread; holds native memory until it is closed.
 */
public final class SeenObjects implements AutoCloseable {

  /** Largest part, in pixels of the image. */
  private static final long MAX_PIXELS = 1L << 22;

  /** Parts begin and end at multiples of this, so that what is moved a little is the same part. */
  private static final int GRID = 64;

  /** What objects are found in. */
  public sealed interface Source {

    /**
     * What a model gives.
     *
     * @param name name or file
     * @param options how it is run
     */
    record OfModel(String name, ChannelChoice channels, Runner.Options options) implements Source {}

    /** Maps that were kept. */
    record Kept(ImagePlus maps) implements Source {}
  }

  /**
   * What is asked for.
   *
   * @param image that is drawn on
   * @param by how maps are decoded
   * @param refinement what becomes of objects
   * @param area where they are looked for
   */
  public record Asked(
      Source source, ImagePlus image, Adjustment by, Refinement refinement, LookArea area) {}

  /**
   * What is seen.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   * @param part of the slice, in pixels
   */
  public record View(int z, int t, Rectangle part) {}

  /** Gives maps of a part of a plane, one for each head of its task. */
  private interface Maps extends AutoCloseable {
    SegmentationTask task();

    double scale();

    List<Tensor> of(int z, int t, Tile part, Progress progress);

    @Override
    void close();
  }

  private record Opened(Source source, ImagePlus image, Maps maps) {}

  private record Looked(int z, int t, Tile part, List<Tensor> outputs) {}

  private Optional<Opened> opened = Optional.empty();
  private Optional<Looked> looked = Optional.empty();

  /**
   * Outlines of the objects in a part of an image.
   *
   * @throws SpyhopException if the image cannot be looked at so, or the part is too large
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public List<Roi> outlines(Asked asked, View view, Progress progress) {
    Tile part = around(view.part(), asked.image());
    Maps maps = open(asked, progress);
    List<Tensor> outputs = outputs(maps, view, part, progress);
    progress.checkCancelled();
    SegmentationTask task = maps.task().adjusted(asked.by());
    boolean classes = !task.labelClasses().isEmpty();
    Segmentation found = decoded(task, maps.scale(), outputs);
    Refinement r = asked.refinement();
    found = new Refinement(r.smallest(), r.largest(), r.fill(), false).of(found, classes);
    Optional<Clipping> clipping = asked.area().in(asked.image()).plane(view.z(), view.t());
    if (clipping.isPresent()) {
      found = cut(clipping.get(), part, asked.image().getWidth()).of(found, classes);
    }
    progress.checkCancelled();
    var traced = Rois.trace(found.labels());
    List<Roi> rois = new ArrayList<>();
    for (Segment s : found.segments()) {
      Rectangle box = new Rectangle(part.x() + s.left(), part.y() + s.top(), s.width(), s.height());
      if (!box.intersects(view.part()) || r.drop() && touches(box, asked.image())) continue;
      Roi roi = traced.get(s.label());
      roi.setLocation(roi.getXBase() + part.x(), roi.getYBase() + part.y());
      rois.add(roi);
    }
    return rois;
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

  /** With as much around it as objects at its border take. */
  private static Tile around(Rectangle seen, ImagePlus image) {
    int left = Math.max(0, Math.floorDiv(seen.x - GRID, GRID) * GRID);
    int top = Math.max(0, Math.floorDiv(seen.y - GRID, GRID) * GRID);
    int right = Math.min(image.getWidth(), up(seen.x + seen.width + GRID));
    int bottom = Math.min(image.getHeight(), up(seen.y + seen.height + GRID));
    if ((long) (right - left) * (bottom - top) > MAX_PIXELS) {
      throw new SpyhopException("What is seen is too large for a preview: zoom in.");
    }
    return new Tile(left, top, right - left, bottom - top);
  }

  private static int up(int value) {
    return -Math.floorDiv(-value, GRID) * GRID;
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

  private Maps open(Asked asked, Progress progress) {
    boolean same =
        opened.filter(o -> o.source.equals(asked.source()) && o.image == asked.image()).isPresent();
    if (!same || asked.area().alone()) {
      close();
      opened = Optional.of(new Opened(asked.source(), asked.image(), opened(asked, progress)));
    }
    return opened.get().maps;
  }

  private static Maps opened(Asked asked, Progress progress) {
    if (asked.source() instanceof Source.Kept k) {
      return kept(KeptMaps.of(k.maps()), asked.image());
    }
    Source.OfModel of = (Source.OfModel) asked.source();
    Runner<Segmentation> runner = Runner.open(of.name(), TaskKind.SEGMENTATION, of.options());
    try {
      ModelSpec.Input input = runner.spec().input();
      LookArea area = asked.area();
      Frames all = Frames.of(asked.image(), of.channels(), input.channels(), input.colors());
      Frames frames = area.normalized(all, area.in(asked.image()));
      double scale = runner.scale(frames.samples(), progress).factor();
      return given(runner, frames, scale);
    } catch (RuntimeException e) {
      runner.close();
      throw e;
    }
  }

  private static Maps given(Runner<Segmentation> runner, Frames frames, double scale) {
    SegmentationTask task = runner.spec().task(TaskKind.SEGMENTATION);
    return new Maps() {
      @Override
      public SegmentationTask task() {
        return task;
      }

      @Override
      public double scale() {
        return scale;
      }

      @Override
      public List<Tensor> of(int z, int t, Tile part, Progress progress) {
        return runner.maps(frames.get(z, t), scale, part, progress);
      }

      @Override
      public void close() {
        runner.close();
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
