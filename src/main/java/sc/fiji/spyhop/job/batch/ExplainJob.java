package sc.fiji.spyhop.job.batch;

import ij.ImagePlus;
import ij.measure.Calibration;
import java.nio.file.Path;
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
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Explains what a network says of one plane of images: a map and a picture of each, and a table
 * that says where it matters most, in the units of the image's calibration.
 *
 * @param model name or file
 * @param type class, or measure, to explain; absent: the most likely of each image
 * @param slice of stacks, from 1
 * @param frame time point, from 1
 */
public record ExplainJob(
    String model, Optional<String> type, Explanation explanation, int slice, int frame)
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
    Explainer explainer = Explainer.open(model);
    return new ModelSession(
        explainer.runner(),
        Column.all(columns()),
        (image, progress) -> {
          Frames frames = image.frames();
          requirePlane(image.file(), frames);
          return new Explained(
              this,
              image.title(),
              frames.image(),
              explainer.explain(frames.get(slice, frame), type, explanation, progress));
        });
  }

  private String[] columns() {
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
            "unit");
    return Stream.concat(columns.stream(), explanation.settings().keySet().stream())
        .toArray(String[]::new);
  }

  private void requirePlane(Path file, Frames frames) {
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

  private record Explained(ExplainJob job, String name, ImagePlus image, SaliencyMap map)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      Calibration c = image.getCalibration();
      int peak = map.peak();
      List<String> row =
          List.of(
              name,
              String.valueOf(job.slice),
              String.valueOf(job.frame),
              map.name(),
              Digits.six(map.score()),
              Digits.six(map.largest()),
              Digits.six(c.getX(peak % map.width() + 0.5)),
              Digits.six(c.getY(peak / map.width() + 0.5, map.height())),
              c.getUnit());
      return Stream.of(
          Stream.concat(row.stream(), map.explanation().settings().values().stream()).toList());
    }

    @Override
    public long count() {
      return 1;
    }

    @Override
    public String summary() {
      return Strings.format(
          "%s, %s; %s",
          map.name(), Digits.six(map.score()), map.explanation().effect(map.largest()));
    }

    @Override
    public void write(Function<String, Path> place) {
      image.setPositionWithoutUpdate(1, job.slice, job.frame);
      LabelImages.save(HeatMaps.image(image, name + "_saliency", map.values()), place.apply(MAP));
      Overlays.writePng(
          place.apply(Endings.SALIENCY),
          image,
          HeatMaps.overlay(image, job.slice, job.frame, map.values()));
    }
  }
}
