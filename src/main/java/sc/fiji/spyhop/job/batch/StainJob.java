package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.ImageStack;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import net.imglib2.img.array.ArrayImgs;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.StainSample;
import sc.fiji.spyhop.image.stain.StainLook;
import sc.fiji.spyhop.image.stain.StainMethod;
import sc.fiji.spyhop.util.PngFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings the colours of stained tissue to those of a reference, plane by plane.
 *
 * @param reference file of the image that they are to look like
 */
public record StainJob(StainMethod method, Path reference) implements BatchJob {

  private static final String IMAGE = "_stain.tif";
  private static final String PICTURE = "_stain.png";

  @Override
  public String name() {
    return "stain";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("method", method.word());
  }

  @Override
  public List<String> endings() {
    return List.of(IMAGE, PICTURE);
  }

  /** Of the table. */
  public static List<Column> columns() {
    return Column.all("image", "slice", "frame", "changed", "stains");
  }

  @Override
  public Session open() {
    return new Staining(look(ImageFiles.open(reference), method));
  }

  /**
   * How the tissue of an image looks, of a stack that of the current slice.
   *
   * @throws SpyhopException if the image is not in colour, or shows hardly any tissue
   */
  public static StainLook look(ImagePlus image, StainMethod method) {
    Frame frame = frames(image).get(image.getZ(), image.getT());
    return StainSample.look(frame, method)
        .orElseThrow(
            () ->
                new SpyhopException(
                    frame.name()
                        + ": expected a reference that shows stained tissue, but it shows hardly any"
                        + " of two stains. Choose another."));
  }

  /**
   * An image in red, green and blue.
   *
   * @throws SpyhopException if it has other channels
   */
  public static Frames frames(ImagePlus image) {
    boolean colored =
        image.getNChannels() == 3
            || image.getType() == ImagePlus.COLOR_RGB
            || image.getType() == ImagePlus.COLOR_256;
    if (!colored) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected an image of stained tissue in colour, received one of %s.",
              image.getTitle(), Strings.count(image.getNChannels(), "channel")));
    }
    return Frames.of(image, ChannelChoice.AUTO, 3, Colors.NONE);
  }

  private record Staining(StainLook reference) implements Session {

    @Override
    public String model() {
      return reference.method().word();
    }

    @Override
    public String device() {
      return "CPU";
    }

    @Override
    public String title() {
      return "To the reference's " + reference.text() + " (" + model() + ")";
    }

    @Override
    public String fingerprint() {
      return reference.toString();
    }

    @Override
    public Frames frames(ImagePlus image, ChannelChoice channels) {
      return StainJob.frames(image);
    }

    @Override
    public Optional<String> remark(PixelSize image) {
      return Optional.empty();
    }

    @Override
    public List<Column> columns() {
      return StainJob.columns();
    }

    @Override
    public Found look(Image image, Progress progress) {
      return found(image.title(), image.frames(), reference, progress);
    }

    @Override
    public void close() {
      // there is nothing to be closed
    }
  }

  /** What became of a plane; no look: it shows hardly any tissue, and was left as it is. */
  private record Plane(int slice, int frame, Optional<StainLook> look) {}

  /**
   * An image in the colours of a reference.
   *
   * @param image of its size, planes and pixel size
   */
  public record Stained(String title, ImagePlus image, List<List<String>> cells, int unchanged)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      return cells.stream();
    }

    @Override
    public long count() {
      return cells.size();
    }

    @Override
    public String summary() {
      int changed = cells.size() - unchanged;
      String left =
          unchanged == 0
              ? ""
              : Strings.format(
                  "; %s with hardly any tissue left as it is", Strings.count(unchanged, "plane"));
      return Strings.count(changed, "plane") + " normalised" + left;
    }

    @Override
    public void write(Function<String, Path> place) {
      LabelImages.save(image, place.apply(IMAGE));
      BufferedImage picture = image.getBufferedImage();
      PngFile.write(picture, place.apply(PICTURE));
    }
  }

  /**
   * Normalises all planes of an image.
   *
   * @param title of the image in the table
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static Stained found(String title, Frames frames, StainLook reference, Progress progress) {
    ImagePlus before = frames.image();
    ImageStack stack = new ImageStack(before.getWidth(), before.getHeight());
    List<Plane> planes = new ArrayList<>();
    int all = frames.slices() * frames.timePoints();
    for (int t = 1; t <= frames.timePoints(); t++) {
      for (int z = 1; z <= frames.slices(); z++) {
        progress.checkCancelled();
        Frame frame = frames.get(z, t);
        Optional<StainLook> look = StainSample.look(frame, reference.method());
        Frame shown = look.map(l -> whole(frame, l, reference)).orElse(frame);
        stack.addSlice(
            before.getStack().getSliceLabel(before.getStackIndex(1, z, t)),
            FrameImages.of(shown).getProcessor());
        planes.add(new Plane(z, t, look));
        progress.update("Normalizing stains", planes.size(), all);
      }
    }
    ImagePlus image = new ImagePlus(before.getShortTitle() + "_stain", stack);
    image.setDimensions(1, frames.slices(), frames.timePoints());
    if (all > 1) image.setOpenAsHyperStack(true);
    image.setCalibration(before.getCalibration());
    List<List<String>> cells = new ArrayList<>();
    int unchanged = 0;
    for (Plane p : planes) {
      if (p.look().isEmpty()) unchanged++;
      cells.add(
          List.of(
              title,
              String.valueOf(p.slice()),
              String.valueOf(p.frame()),
              p.look().isPresent() ? "yes" : "no",
              p.look().map(StainLook::text).orElse("hardly any tissue")));
    }
    return new Stained(title, image, cells, unchanged);
  }

  /** In bytes. */
  private static Frame whole(Frame frame, StainLook look, StainLook reference) {
    int plane = Math.multiplyExact(frame.width(), frame.height());
    float[] colors = new float[Math.multiplyExact(3, plane)];
    var at = frame.pixels().randomAccess();
    for (int c = 0, i = 0; c < 3; c++) {
      for (int y = 0; y < frame.height(); y++) {
        for (int x = 0; x < frame.width(); x++) {
          colors[i++] = at.setPositionAndGet(x, y, c).getRealFloat();
        }
      }
    }
    look.to(reference).mapAll(colors);
    byte[] bytes = new byte[colors.length];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Math.round(colors[i]);
    return new Frame(
        frame.name(),
        ArrayImgs.unsignedBytes(bytes, frame.width(), frame.height(), 3),
        frame.pixelSize());
  }
}
