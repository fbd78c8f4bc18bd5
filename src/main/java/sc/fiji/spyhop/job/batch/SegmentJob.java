package sc.fiji.spyhop.job.batch;

import ij.measure.Calibration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.engine.Precision;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.SegmentedFrame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * Finds the objects in images: label image, outlines and a picture of each, and a table with a row
 * for each object. Area and centroid are in the units of the image's calibration.
 *
 * @param model name or file
 * @param scaling in which scale images are shown
 * @param precision in which it is asked to compute
 */
public record SegmentJob(String model, Scaling scaling, Precision precision) implements BatchJob {

  private static final String LABELS = "_labels.tif";

  private static final List<Column> COLUMNS =
      Column.all(
          "image",
          "slice",
          "frame",
          "label",
          "class",
          "area",
          "x",
          "y",
          "unit",
          "probability",
          "scale");

  @Override
  public String name() {
    return "segment";
  }

  @Override
  public Map<String, String> settings() {
    return scaling.settings();
  }

  @Override
  public List<String> endings() {
    return List.of(LABELS, Endings.ROIS, Endings.OVERLAY);
  }

  @Override
  public String counted(long count) {
    return Strings.count(count, "object");
  }

  @Override
  public Session open() {
    Runner<Segmentation> segmenter =
        Runner.open(
            model,
            TaskKind.SEGMENTATION,
            Runner.Options.DEFAULT.withScaling(scaling).withPrecision(precision));
    List<String> classes = segmenter.spec().task(TaskKind.SEGMENTATION).labelNames();
    return new ModelSession(
        segmenter,
        COLUMNS,
        (image, progress) -> {
          ShownScale scale = segmenter.scale(image.frames().samples(), progress);
          return new Objects(
              image.title(),
              HyperstackSegmentation.run(
                  image.frames(),
                  classes,
                  (frame, part) -> segmenter.predict(frame, scale.factor(), part),
                  progress),
              scale);
        });
  }

  private record Objects(String name, HyperstackSegmentation found, ShownScale scale)
      implements Found {

    @Override
    public Stream<List<String>> rows() {
      return found.frames().stream().flatMap(f -> f.segments().stream().map(s -> row(f, s)));
    }

    private List<String> row(SegmentedFrame frame, Segment s) {
      Calibration c = found.image().getCalibration();
      List<String> classes = found.classes();
      return List.of(
          name,
          String.valueOf(frame.z()),
          String.valueOf(frame.t()),
          String.valueOf(s.label()),
          s.label() <= classes.size() ? classes.get(s.label() - 1) : "",
          Digits.six(s.area() * c.pixelWidth * c.pixelHeight),
          Digits.six(c.getX(s.x())),
          Digits.six(c.getY(s.y(), found.image().getHeight())),
          c.getUnit(),
          Digits.six(s.probability()),
          Digits.six(scale.factor()));
    }

    @Override
    public long count() {
      return found.frames().stream().mapToLong(f -> f.segments().size()).sum();
    }

    @Override
    public String summary() {
      return Strings.count(count(), "object") + scale.inScale();
    }

    @Override
    public void write(Function<String, Path> place) {
      LabelImages.save(found.labels(), place.apply(LABELS));
      // Pixels of a large plane leave no room for the picture.
      found.labels().flush();
      Runnable outlines = () -> Rois.writeZip(place.apply(Endings.ROIS), found.rois());
      Runnable picture =
          () -> Overlays.writePng(place.apply(Endings.OVERLAY), found.image(), found.overlay());
      Stream.of(outlines, picture).parallel().forEach(Runnable::run);
    }
  }
}
