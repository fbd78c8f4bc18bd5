package sc.fiji.spyhop.job.maps;

import ij.ImagePlus;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.FloatStack;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.inference.Decoding;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.task.Adjustment;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Maps that a run has kept, which are decoded again without the network: with the settings of
 * another run to its labels.
 */
public final class KeptMaps implements AutoCloseable {

  /** How far probabilities that were rounded may lie outside 0 to 1. */
  private static final float ROUNDED = 0.01f;

  /** Pixels that are read at a time. */
  private static final int READ = 1 << 20;

  private final FloatStack stack;
  private final MapsRecord record;

  private KeptMaps(FloatStack stack, MapsRecord record) {
    this.stack = stack;
    this.record = record;
  }

  /**
   * Looks at maps; closes what they are read from if they cannot be decoded.
   *
   * @throws SpyhopException if they are none, are damaged, or were cropped or scaled since
   */
  public static KeptMaps of(FloatStack stack) {
    try {
      MapsRecord record = MapsRecord.parse(stack.name(), stack.info());
      require(stack, record);
      return new KeptMaps(stack, record);
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /**
   * Maps that are open.
   *
   * @throws SpyhopException as for others
   */
  public static KeptMaps of(ImagePlus image) {
    if (image.getBitDepth() != 32) throw MapsRecord.none(image.getTitle());
    return of(FloatStack.of(image));
  }

  private static void require(FloatStack stack, MapsRecord r) {
    FloatStack.Size expected =
        new FloatStack.Size(
            r.width(), r.height(), r.task().mapNames().size(), r.slices(), r.frames());
    if (stack.size().equals(expected)) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected the probabilities as they were kept (%s), received %s. They cannot be adjusted when they have been cropped, scaled or split.",
            stack.name(), words(expected), words(stack.size())));
  }

  private static String words(FloatStack.Size s) {
    return Strings.format(
        "%d x %d pixels, %s, %s, %s",
        s.width(),
        s.height(),
        Strings.count(s.channels(), "channel"),
        Strings.count(s.slices(), "slice"),
        Strings.count(s.frames(), "frame"));
  }

  /** What they say of themselves. */
  public MapsRecord record() {
    return record;
  }

  /**
   * The task that decodes them as a user wants.
   *
   * @throws SpyhopException if something is set that it does not have
   */
  public SegmentationTask task(Adjustment by) {
    return record.task().adjusted(by);
  }

  /**
   * Segments the image once more.
   *
   * @param frames of the image that was looked at, or of the maps
   * @param by as a user wants it
   * @throws SpyhopException if the image has another size, or something is set that the task does
   *     not have; later, if a pixel of the maps is not what it should be
   */
  public Segmenting segmenting(Frames frames, Adjustment by) {
    requireSizeOf(frames.image());
    SegmentationTask task = task(by);
    return new Segmenting(
        Segmenting.text(record.model(), record.device()),
        task.adjustment().settings(),
        frames,
        task.regionNames(),
        record.scale(),
        (z, t, frame, progress) ->
            Decoding.of(
                task,
                new ImageSize(record.width(), record.height()),
                record.division(),
                part -> read(z, t, part),
                progress));
  }

  /**
   * Refuses maps of an image of another title.
   *
   * @param title of the image when it was looked at
   * @throws SpyhopException that says of which image they are
   */
  public void requireOf(String title) {
    if (title.equals(record.image())) return;
    throw new SpyhopException(
        Strings.format(
            "%s: expected the probabilities of %s, received those of %s. Segment the image again.",
            stack.name(), title, record.image()));
  }

  /**
   * Refuses maps whose pixels are not as they were kept, as far as that is known.
   *
   * @throws SpyhopException if one is not
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public void requireIntact(Progress progress) {
    if (record.sum().isEmpty()) return;
    FloatStack.Size size = stack.size();
    PixelSum sum = new PixelSum(size);
    int w = size.width();
    int rows = Math.max(1, READ / w);
    for (int plane = 0; plane < size.planes(); plane++) {
      int c = plane % size.channels() + 1;
      int z = plane / size.channels() % size.slices() + 1;
      int t = plane / size.channels() / size.slices() + 1;
      for (int y = 0; y < size.height(); y += rows) {
        progress.checkCancelled();
        int h = Math.min(rows, size.height() - y);
        sum.put(c, z, t, 0, y, w, h, stack.read(c, z, t, 0, y, w, h), 0, w);
      }
    }
    if (sum.text().equals(record.sum())) return;
    throw new SpyhopException(
        stack.name()
            + ": expected the probabilities as they were kept, received other values: the file is"
            + " damaged or was changed. Segment the image again.");
  }

  /** Refuses another image than that which was looked at, as far as sizes tell. */
  public void requireSizeOf(ImagePlus image) {
    boolean same =
        image.getWidth() == record.width()
            && image.getHeight() == record.height()
            && image.getNSlices() == record.slices()
            && image.getNFrames() == record.frames();
    if (!same) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected the image whose probabilities were kept (%s), of %d x %d pixels, %s and %s; received another. Segment it again.",
              image.getTitle(),
              record.image(),
              record.width(),
              record.height(),
              Strings.count(record.slices(), "slice"),
              Strings.count(record.frames(), "frame")));
    }
  }

  /**
   * The maps of a part of a plane, one for each head of their task.
   *
   * @return [1, channels, height, width] of the region
   * @throws SpyhopException if a pixel is not a number, or no probability where it should be one
   */
  public List<Tensor> read(int z, int t, Tile part) {
    List<Head> heads = record.task().heads();
    int w = part.regionWidth();
    int h = part.regionHeight();
    List<Tensor> maps = new ArrayList<>();
    int channel = 1;
    for (Head head : heads) {
      float[] values = new float[Math.multiplyExact(Math.multiplyExact(w, h), head.channels())];
      for (int c = 0; c < head.channels(); c++, channel++) {
        float[] plane = stack.read(channel, z, t, part.regionX(), part.regionY(), w, h);
        requireValues(plane, head.activation() != Layer.Function.IDENTITY);
        System.arraycopy(plane, 0, values, c * plane.length, plane.length);
      }
      maps.add(new Tensor(Axes.NCHW, new int[] {1, head.channels(), h, w}, values));
    }
    return maps;
  }

  private void requireValues(float[] values, boolean probabilities) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new SpyhopException(
            stack.name()
                + ": expected numbers, found a pixel that is none (NaN or infinite). Segment the"
                + " image again.");
      }
      if (probabilities && (value < -ROUNDED || value > 1 + ROUNDED)) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected probabilities from 0 to 1, found a pixel of %s. Segment the image again.",
                stack.name(), value));
      }
    }
  }

  @Override
  public void close() {
    stack.close();
  }
}
