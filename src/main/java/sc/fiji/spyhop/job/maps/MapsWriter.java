package sc.fiji.spyhop.job.maps;

import ij.ImagePlus;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import sc.fiji.spyhop.ij.FloatStack;
import sc.fiji.spyhop.ij.FloatStackFile;
import sc.fiji.spyhop.ij.FloatStackImage;
import sc.fiji.spyhop.ij.FloatStackSink;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Tensor;

/** Keeps the maps that a model gives of an image, as far as it takes them to decode them again. */
public final class MapsWriter {

  /** Keeps nothing. */
  public static final MapsWriter NONE =
      new MapsWriter((c, z, t, x, y, w, h, v, o, s) -> {}, List.of());

  private final FloatStackSink sink;
  private final List<Integer> heads;

  /**
   * @param heads those whose maps are kept, from 0
   */
  private MapsWriter(FloatStackSink sink, List<Integer> heads) {
    this.sink = sink;
    this.heads = heads;
  }

  private static MapsWriter to(FloatStackSink sink, SegmentationTask task) {
    List<String> names = task.heads().stream().map(Head::name).toList();
    return new MapsWriter(
        sink, task.decoder().heads().stream().map(h -> names.indexOf(h.name())).toList());
  }

  /**
   * Shows an image to a model, and hands the maps on.
   *
   * @param <R> what comes of it besides
   */
  public interface Work<R> {
    /** Shows the image to the model and hands over every map that comes out. */
    R with(MapsWriter maps);
  }

  /**
   * Writes the maps of an image to a file: in 32 bits, one channel for each class, or the
   * probability of an object and its depth.
   *
   * @param work shows the image to the model
   * @throws sc.fiji.spyhop.SpyhopException if the file would be too large, or cannot be written
   */
  public static <R> R toFile(
      Path file, Runner<?> runner, Frames frames, ShownScale scale, Work<R> work) {
    MapsRecord record = record(runner, frames, scale);
    List<String> names = record.task().mapNames();
    PixelSum sum = new PixelSum(size(record));
    try (FloatStackFile out =
        FloatStackFile.begin(
            file,
            size(record),
            frames.image().getCalibration(),
            names,
            record.withSum(sum).text())) {
      FloatStackSink both =
          (c, z, t, x, y, w, h, values, offset, stride) -> {
            out.put(c, z, t, x, y, w, h, values, offset, stride);
            sum.put(c, z, t, x, y, w, h, values, offset, stride);
          };
      R found = work.with(to(both, task(runner)));
      out.commit(record.withSum(sum).text());
      return found;
    }
  }

  /**
   * The same, in an image.
   *
   * @param show takes the image, when the work is done
   */
  public static <R> R toImage(
      String title,
      Runner<?> runner,
      Frames frames,
      ShownScale scale,
      Work<R> work,
      Consumer<ImagePlus> show) {
    MapsRecord record = record(runner, frames, scale);
    FloatStackImage out = new FloatStackImage(size(record), record.task().mapNames());
    R found = work.with(to(out, task(runner)));
    show.accept(out.image(title, frames.image().getCalibration(), record.text()));
    return found;
  }

  private static SegmentationTask task(Runner<?> runner) {
    return runner.spec().task(TaskKind.SEGMENTATION);
  }

  private static MapsRecord record(Runner<?> runner, Frames frames, ShownScale scale) {
    ImagePlus image = frames.image();
    return new MapsRecord(
        runner.spec().name(),
        runner.model().crc32(),
        runner.device().name(),
        image.getTitle(),
        task(runner).decoder(),
        runner.division(scale.factor()),
        scale,
        image.getWidth(),
        image.getHeight(),
        frames.slices(),
        frames.timePoints(),
        "");
  }

  private static FloatStack.Size size(MapsRecord r) {
    return new FloatStack.Size(
        r.width(), r.height(), r.task().mapNames().size(), r.slices(), r.frames());
  }

  /**
   * Takes the maps of a plane, see {@link Runner#predict(sc.fiji.spyhop.image.Frame, double,
   * sc.fiji.spyhop.Progress, BiConsumer)}.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public BiConsumer<Tile, List<Tensor>> plane(int z, int t) {
    return (part, outputs) -> {
      int w = part.regionWidth();
      int inside = (part.y() - part.regionY()) * w + part.x() - part.regionX();
      int channel = 1;
      for (int head : heads) {
        Tensor map = outputs.get(head);
        for (int c = 0; c < map.size(1); c++, channel++) {
          int at = c * w * part.regionHeight() + inside;
          sink.put(
              channel, z, t, part.x(), part.y(), part.width(), part.height(), map.data(), at, w);
        }
      }
    };
  }
}
