package sc.fiji.spyhop.job.batch;

import ij.process.ImageProcessor;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.Column;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.GeoJson;
import sc.fiji.spyhop.ij.HyperstackSegmentation;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.SegmentedFrame;
import sc.fiji.spyhop.ij.measure.ClassArea;
import sc.fiji.spyhop.ij.measure.MeasuredObjects;
import sc.fiji.spyhop.ij.measure.Measures;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.job.maps.Segmenting;
import sc.fiji.spyhop.prediction.Clipping;
import sc.fiji.spyhop.prediction.KeptClasses;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.task.decode.Refinement;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * The objects of an image, or its classes: a row for each, label image, outlines and a picture.
 *
 * @param name of the image in the table
 * @param inside pixels of objects among those that were looked at
 * @param looked pixels that were looked at
 * @param scale in which the image was shown to the model
 */
public record FoundObjects(
    String name,
    HyperstackSegmentation found,
    MeasuredObjects measured,
    long inside,
    long looked,
    ShownScale scale)
    implements BatchJob.Found {

  static final String LABELS = "_labels.tif";

  /** Classes of which a summary says how much they cover. */
  private static final int MAX_NAMED = 4;

  /** Of the files that an image leaves. */
  static final List<String> ENDINGS =
      List.of(LABELS, Endings.ROIS, Endings.GEOJSON, Endings.OVERLAY);

  /** Columns whose means are told. */
  static final List<String> AVERAGED = List.of("area", "probability", "score");

  /** Columns that all images have. */
  public static final List<Column> COLUMNS =
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
          "score",
          "scale");

  /**
   * Finds the objects and measures them.
   *
   * @param name of the image in the table
   * @param source how planes are segmented
   * @param adjust what becomes of objects that were found
   * @param within where they are looked for
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public static FoundObjects find(
      String name,
      Segmenting source,
      Adjust adjust,
      LookArea.Of within,
      Measures measures,
      Progress progress) {
    RegionNames names = adjust.require(source.names());
    RegionNames all = names.only(KeptClasses.ALL);
    Refinement refinement = adjust.in(source.frames().image());
    HyperstackSegmentation found =
        HyperstackSegmentation.run(
            source.frames(),
            names,
            (z, t, frame, part) ->
                within.clip(
                    z,
                    t,
                    refinement.of(source.planes().at(z, t, frame, part), all),
                    names.areClasses()),
            progress);
    found.tell(told(source, adjust));
    return of(name, found, within, measures, source.scale());
  }

  /** How labels were made, as text that ImageJ keeps with them. */
  private static String told(Segmenting source, Adjust adjust) {
    Map<String, String> settings = new TreeMap<>(source.used());
    settings.putAll(adjust.settings());
    String text =
        settings.entrySet().stream()
            .map(s -> s.getKey() + " " + s.getValue())
            .collect(Collectors.joining(", "));
    return "Segmented by Spyhop with model "
        + source.model()
        + source.scale().inScale()
        + (text.isEmpty() ? "" : "; " + text)
        + "\n";
  }

  /**
   * Measures the objects.
   *
   * @param within where they were looked for
   */
  public static FoundObjects of(
      String name,
      HyperstackSegmentation found,
      LookArea.Of within,
      Measures measures,
      ShownScale scale) {
    long plane = (long) found.image().getWidth() * found.image().getHeight();
    long looked = 0;
    long inside = 0;
    for (SegmentedFrame f : found.frames()) {
      looked += within.pixels(f.z(), f.t(), plane);
      Optional<Clipping> clipping = within.plane(f.z(), f.t());
      if (found.overlapping()) {
        inside +=
            found.covered(f.z(), f.t(), i -> clipping.isEmpty() || clipping.get().inside().get(i));
        continue;
      }
      if (clipping.isEmpty()) {
        inside += f.segments().stream().mapToLong(Segment::area).sum();
        continue;
      }
      int at = found.labels().getStackIndex(1, f.z(), f.t());
      ImageProcessor labels = found.labels().getStack().getProcessor(at);
      inside += clipping.get().inside().stream().filter(i -> labels.getf(i) != 0).count();
    }
    MeasuredObjects measured = MeasuredObjects.of(found, measures);
    return new FoundObjects(name, found, measured, inside, looked, scale);
  }

  @Override
  public List<String> columns() {
    return measured.columns();
  }

  @Override
  public Stream<List<String>> rows() {
    return measured.lines().map(this::row);
  }

  private List<String> row(Map<String, Object> line) {
    line.put("image", name);
    line.put("scale", scale.factor());
    return Stream.concat(COLUMNS.stream().map(Column::name), columns().stream())
        .map(column -> Digits.cell(line.get(column)))
        .toList();
  }

  @Override
  public long count() {
    return found.frames().stream().mapToLong(f -> f.segments().size()).sum();
  }

  /** Share of the pixels looked at that are in objects, and what areas are in. */
  @Override
  public Map<String, String> about() {
    return Map.of(
        "area_share",
        looked == 0 ? "" : Digits.cell((double) inside / looked),
        "unit",
        Frames.unit(found.image()));
  }

  @Override
  public List<ClassArea> classAreas() {
    return ClassArea.of(found, looked, inside);
  }

  @Override
  public List<String> unlike() {
    return scale.unlike();
  }

  @Override
  public Map<String, Long> counts() {
    return found.counts();
  }

  @Override
  public String summary() {
    List<ClassArea> classes = classAreas().stream().skip(1).toList();
    if (looked == 0 && !classes.isEmpty()) return "no pixel looked at";
    String said =
        classes.isEmpty()
            ? Strings.count(count(), "object") + ofClasses()
            : classes.stream()
                .limit(MAX_NAMED)
                .map(c -> Strings.format("%s %.1f %%", c.name(), 100 * c.share()))
                .collect(Collectors.joining(", ", "", classes.size() > MAX_NAMED ? ", ..." : ""));
    return said + scale.inScale();
  }

  /** Such as " (3 live, 1 dead)"; empty if objects have no classes. */
  private String ofClasses() {
    if (counts().isEmpty()) return "";
    return counts().entrySet().stream()
        .map(c -> c.getValue() + " " + c.getKey())
        .collect(Collectors.joining(", ", " (", ")"));
  }

  @Override
  public void write(Function<String, Path> place) {
    LabelImages.save(found.labels(), place.apply(LABELS));
    // Pixels of a large plane leave no room for the picture.
    found.labels().flush();
    Runnable outlines = () -> Rois.writeZip(place.apply(Endings.ROIS), found.rois());
    Runnable picture =
        () -> Overlays.writePng(place.apply(Endings.OVERLAY), found.image(), found.overlay());
    Runnable forQuPath =
        () -> GeoJson.write(place.apply(Endings.GEOJSON), found.image(), regions());
    Stream.of(outlines, picture, forQuPath).parallel().forEach(Runnable::run);
  }

  private List<GeoJson.Region> regions() {
    Iterator<Map<String, Object>> rows = measured.lines().iterator();
    return found.frames().stream()
        .flatMap(f -> f.rois().stream())
        .map(roi -> GeoJson.Region.of(roi, rows.next()))
        .toList();
  }
}
