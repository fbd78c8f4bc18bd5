package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.ImageStack;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.generate.style.StyleOptions;
import sc.fiji.spyhop.generate.style.StyleTransfer;
import sc.fiji.spyhop.generate.style.StyledImage;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.PngFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Paints one plane of images in the style of another image.
 *
 * @param model name or file
 * @param style file of the image whose style it is
 * @param slice of stacks, from 1
 * @param frame time point, from 1
 */
public record StyleJob(String model, Path style, StyleOptions options, int slice, int frame)
    implements BatchJob {

  private static final String IMAGE = "_style.tif";
  private static final String PICTURE = "_style.png";
  private static final String STEPS = "_steps.tif";

  @Override
  public String name() {
    return "style";
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("style", checksum(style));
    settings.put("size", String.valueOf(options.size()));
    settings.put("brush", String.valueOf(options.styleSize()));
    settings.put("strength", String.valueOf(options.strength()));
    settings.put("smoothness", String.valueOf(options.smoothness()));
    settings.put("iterations", String.valueOf(options.iterations()));
    settings.put("colors", word(options.colors()));
    settings.put("start", word(options.start()));
    settings.put("optimizer", word(options.optimizer()));
    settings.put("pooling", options.averaging() ? "average" : "max");
    settings.put("contentlayers", options.contentLayers());
    settings.put("stylelayers", options.styleLayers());
    settings.put("steps", String.valueOf(options.every()));
    settings.put("seed", String.valueOf(options.seed()));
    settings.put("slice", String.valueOf(slice));
    settings.put("frame", String.valueOf(frame));
    return settings;
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private static String checksum(Path file) {
    CRC32 crc = new CRC32();
    try {
      crc.update(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new SpyhopException(file + " cannot be read; is it there?", e);
    }
    return Long.toHexString(crc.getValue());
  }

  @Override
  public List<String> endings() {
    return options.every() > 0 ? List.of(IMAGE, PICTURE, STEPS) : List.of(IMAGE, PICTURE);
  }

  /** Of the table. */
  public static List<Column> columns() {
    return Column.all("image", "slice", "frame", "iterations", "loss", "content", "style");
  }

  @Override
  public Session open() {
    ImagePlus painting = ImageFiles.open(style);
    StyleTransfer transfer = StyleTransfer.of(StyleTransfer.model(model), options);
    try {
      Frame brush = frames(painting, transfer.channels()).get(1, 1);
      return new Painting(transfer, brush, slice, frame);
    } catch (RuntimeException e) {
      transfer.close();
      throw e;
    }
  }

  /**
   * An image as it is painted.
   *
   * @param channels of the network: 1 makes one of all
   * @throws SpyhopException if it has neither one channel nor three
   */
  public static Frames frames(ImagePlus image, int channels) {
    return channels == 1
        ? Frames.of(image, ChannelChoice.GREY, 1)
        : Frames.of(image, ChannelChoice.AUTO, channels, Colors.RGB);
  }

  private record Painting(StyleTransfer transfer, Frame brush, int slice, int frame)
      implements Session {

    @Override
    public String model() {
      return transfer.model().spec().name();
    }

    @Override
    public String device() {
      return transfer.device().name();
    }

    @Override
    public String title() {
      return Strings.format(
          "Model %s (%s) on %s", model(), transfer.layers().text(), transfer.device());
    }

    @Override
    public String fingerprint() {
      return transfer.model().crc32();
    }

    @Override
    public Frames frames(ImagePlus image, ChannelChoice channels) {
      return StyleJob.frames(image, transfer.channels());
    }

    @Override
    public Optional<String> remark(PixelSize image) {
      return Optional.empty();
    }

    @Override
    public List<Column> columns() {
      return StyleJob.columns();
    }

    /** One at a time: each takes all processors, and much memory. */
    @Override
    public Found look(Image image, Progress progress) {
      synchronized (transfer) {
        progress.checkCancelled();
        ExplainJob.requirePlane(image.file(), image.frames(), slice, frame);
        Frame plane = image.frames().get(slice, frame);
        StyledImage painted = transfer.paint(plane, brush, progress);
        int planes = image.frames().slices() * image.frames().timePoints();
        Found found = new Painted(image.title(), slice, frame, planes, painted);
        if (!painted.stopped()) return found;
        found.write(image.place());
        throw new CancellationException();
      }
    }

    @Override
    public void close() {
      transfer.close();
    }
  }

  /**
   * A row, the image and its steps.
   *
   * @param title of the image in the table
   */
  public static Found found(String title, int slice, int frame, StyledImage painted) {
    return new Painted(title, slice, frame, 1, painted);
  }

  /** How the image became so, a slice for each step that was kept. */
  public static ImagePlus steps(String title, StyledImage painted) {
    ImageStack stack = new ImageStack();
    List<StyledImage.Picture> pictures = new ArrayList<>(painted.pictures());
    for (StyledImage.Picture p : pictures) {
      stack.addSlice("iteration " + p.iteration(), FrameImages.of(p.image()).getProcessor());
    }
    ImagePlus image = new ImagePlus(title, stack);
    image.setCalibration(FrameImages.calibration(painted.image()));
    return image;
  }

  /**
   * What came of it, such as {@code loss 0.12 (content 0.05, style 0.002) after 300 iterations}.
   */
  public static String summary(StyledImage painted) {
    return Strings.format(
        "loss %s (content %s, style %s) after %s",
        Digits.six(painted.loss()),
        Digits.six(painted.content()),
        Digits.six(painted.style()),
        Strings.count(painted.iterations(), "iteration"));
  }

  /**
   * @param planes of the image, of which one was painted
   */
  private record Painted(String title, int slice, int frame, int planes, StyledImage painted)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      return Stream.of(
          List.of(
              title,
              String.valueOf(slice),
              String.valueOf(frame),
              String.valueOf(painted.iterations()),
              Digits.six(painted.loss()),
              Digits.six(painted.content()),
              Digits.six(painted.style())));
    }

    @Override
    public long count() {
      return 1;
    }

    @Override
    public String summary() {
      String one =
          planes == 1
              ? ""
              : Strings.format(
                  "slice %d, time point %d of an image of %d planes: ", slice, frame, planes);
      return one + StyleJob.summary(painted);
    }

    @Override
    public void write(Function<String, Path> place) {
      ImagePlus image = FrameImages.of(painted.image());
      LabelImages.save(image, place.apply(IMAGE));
      BufferedImage picture = image.getBufferedImage();
      PngFile.write(picture, place.apply(PICTURE));
      if (painted.pictures().isEmpty()) return;
      LabelImages.save(steps(title + "_steps", painted), place.apply(STEPS));
    }
  }
}
