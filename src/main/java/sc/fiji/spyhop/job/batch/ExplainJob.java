package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.measure.Calibration;
import java.awt.Rectangle;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Explanation;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HeatMaps;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Explains what a network says of one plane of images: a map and a picture of each, and a table
 * that says where it matters most, in the units of the image's calibration.
 *
 * @param model name or file
 * @param type class, measure or point to explain; absent: the most likely of each image
 * @param at pixel of the object to explain, column and row from 0, or its box; absent: the one that
 *     is found most clearly
 * @param slice of stacks, from 1
 * @param frame time point, from 1
 */
public record ExplainJob(
    String model,
    Optional<String> type,
    Optional<Rectangle> at,
    Explanation explanation,
    int slice,
    int frame)
    implements BatchJob {

  private static final String MAP = "_saliency.tif";

  @Override
  public String name() {
    return "explain " + explanation.name();
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(explanation.settings());
    settings.put("class", type.orElse("most likely"));
    at.ifPresent(p -> settings.put("at", words(p)));
    settings.put("slice", String.valueOf(slice));
    settings.put("frame", String.valueOf(frame));
    return settings;
  }

  @Override
  public List<String> endings() {
    return List.of(MAP, Endings.SALIENCY);
  }

  @Override
  public Session open() {
    Explainer explainer = Explainer.open(model, explanation);
    require(explainer, type, at);
    return new ModelSession(
        explainer.runner(),
        columns(explanation),
        (image, progress) -> {
          Frames frames = image.frames();
          requirePlane(image.file(), frames, slice, frame);
          Frame plane = frames.get(slice, frame);
          Optional<Mask> place = at.map(p -> mask(p, new ImageSize(plane.width(), plane.height())));
          SaliencyMap map = explainer.explain(plane, type, place, explanation, progress);
          return found(image.title(), frames.image(), slice, frame, map);
        });
  }

  /**
   * Refuses what a model cannot be asked about, and closes it then.
   *
   * @throws SpyhopException if it does not know a class, or needs the box of an object
   * @throws SettingException if there is a place, and the model says something about images as a
   *     whole
   */
  static void require(Explainer explainer, Optional<String> type, Optional<Rectangle> at) {
    try {
      explainer.requireName(type);
      if (at.isPresent()) requireObjects(explainer);
      explainer.requireBox(at.map(r -> new Box(r.x, r.y, r.width, r.height)));
    } catch (RuntimeException e) {
      explainer.close();
      throw e;
    }
  }

  /**
   * Refuses a place where there are no objects to choose from.
   *
   * @throws SettingException if the model says something about images as a whole
   */
  public static void requireObjects(Explainer explainer) {
    if (!explainer.looksAtWhole()) return;
    throw SettingException.wrong(
        "at",
        "model "
            + explainer.runner().spec().name()
            + " says something about an image as a whole; leave the place out.");
  }

  /**
   * A pixel, or a box, of an image.
   *
   * @throws SettingException if it lies outside
   */
  public static Mask mask(Rectangle at, ImageSize size) {
    if (!new Rectangle(size.width(), size.height()).contains(at)) {
      throw SettingException.wrong(
          "at",
          Strings.format(
              "expected a pixel or a box within the image of %d x %d, received %s.",
              size.width(), size.height(), words(at)));
    }
    Mask.Builder mask = new Mask.Builder(size);
    for (int x = at.x; x < at.x + at.width; x++) mask.column(x, at.y, at.y + at.height);
    return mask.build();
  }

  /** Such as {@code 120,45}, or {@code 120,45,30,20} of a box. */
  static String words(Rectangle at) {
    String pixel = at.x + "," + at.y;
    return at.width == 1 && at.height == 1 ? pixel : pixel + "," + at.width + "," + at.height;
  }

  /** Of the table. */
  public static List<Column> columns(Explanation explanation) {
    List<String> columns =
        List.of(
            "image",
            "slice",
            "frame",
            "class",
            "probability",
            explanation.largest(),
            "x",
            "y",
            "unit",
            "method",
            "sum",
            "top_tenth");
    return Column.all(
        Stream.of(columns, explanation.figures(), explanation.settings().keySet())
            .flatMap(Collection::stream)
            .toArray(String[]::new));
  }

  static void requirePlane(Path file, Frames frames, int slice, int frame) {
    try {
      within("slice", slice, frames.slices());
      within("frame", frame, frames.timePoints());
    } catch (SettingException e) {
      throw new SpyhopException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * A number of a plane that there is.
   *
   * @throws SettingException if there is none of this number
   */
  public static int within(String key, int number, int planes) {
    if (number <= planes) return number;
    throw SettingException.wrong(
        key, Strings.format("expected a number up to %d, received %d.", planes, number));
  }

  /**
   * A row, a map and a picture.
   *
   * @param title of the image in the table
   */
  public static Found found(String title, ImagePlus image, int slice, int frame, SaliencyMap map) {
    return new Explained(title, image, slice, frame, map);
  }

  private record Explained(String name, ImagePlus image, int slice, int frame, SaliencyMap map)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      Calibration c = image.getCalibration();
      int peak = map.peak();
      List<String> row =
          List.of(
              name,
              String.valueOf(slice),
              String.valueOf(frame),
              map.name(),
              Digits.six(map.score()),
              Digits.six(map.largest()),
              Digits.six(c.getX(peak % map.width() + 0.5)),
              Digits.six(c.getY(peak / map.width() + 0.5, map.height())),
              c.getUnit(),
              map.explanation().name(),
              Digits.six(map.sum()),
              Digits.six(map.topTenth()));
      Stream<String> figures = map.figures().stream().map(Digits::six);
      return Stream.of(
          Stream.of(row.stream(), figures, map.explanation().settings().values().stream())
              .flatMap(s -> s)
              .toList());
    }

    @Override
    public long count() {
      return 1;
    }

    @Override
    public String summary() {
      return Strings.format("%s, %s; %s", map.name(), Digits.six(map.score()), map.effect());
    }

    @Override
    public void write(Function<String, Path> place) {
      image.setPositionWithoutUpdate(1, slice, frame);
      LabelImages.save(HeatMaps.image(image, name + "_saliency", map.values()), place.apply(MAP));
      Overlays.writePng(
          place.apply(Endings.SALIENCY),
          image,
          HeatMaps.overlay(image, slice, frame, map.values()));
    }
  }
}
