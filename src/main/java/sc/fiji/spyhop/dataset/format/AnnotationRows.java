package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.util.CsvFile;
import sc.fiji.spyhop.util.Decimals;

/** Tables of boxes and keypoints; columns that would say nothing are not there. */
final class AnnotationRows {

  private static final Column OBJECT = Column.unlessAll("object", "");
  private static final Column SLICE = Column.unlessAll("slice", "1");
  private static final Column FRAME = Column.unlessAll("frame", "1");

  static final List<Column> BOXES =
      Column.join(
          Column.all("image", "class", "x", "y", "width", "height", "score"), OBJECT, SLICE, FRAME);

  static final List<Column> KEYPOINTS =
      Column.join(Column.all("image", "keypoint", "x", "y", "score"), OBJECT, SLICE, FRAME);

  private AnnotationRows() {}

  static void writeBoxes(Path file, List<AnnotatedImage> images) {
    write(file, BOXES, images.stream().flatMap(i -> boxes(i).stream()).toList());
  }

  static void writeKeypoints(Path file, List<AnnotatedImage> images) {
    write(file, KEYPOINTS, images.stream().flatMap(i -> keypoints(i).stream()).toList());
  }

  /** Objects have a number if keypoints belong to one. */
  static List<List<String>> boxes(AnnotatedImage image) {
    Annotation annotation = image.annotation();
    boolean numbered = annotation.poses().stream().anyMatch(p -> p.object().isPresent());
    List<List<String>> rows = new ArrayList<>();
    for (LocalizedObject o : annotation.objects()) {
      rows.add(
          row(
              image,
              numbered ? String.valueOf(rows.size() + 1) : "",
              o.type(),
              Decimals.text(o.box().x()),
              Decimals.text(o.box().y()),
              Decimals.text(o.box().width()),
              Decimals.text(o.box().height()),
              Decimals.text(o.score())));
    }
    if (rows.isEmpty()) rows.add(row(image, "", "", "", "", "", "", ""));
    return rows;
  }

  static List<List<String>> keypoints(AnnotatedImage image) {
    Annotation annotation = image.annotation();
    List<List<String>> rows = new ArrayList<>();
    for (Pose pose : annotation.poses()) {
      String object =
          pose.object()
              .map(o -> String.valueOf(annotation.objects().indexOf(o) + 1))
              .orElse(pose.individual());
      for (Keypoint k : pose.keypoints()) {
        rows.add(
            row(
                image,
                object,
                k.name(),
                k.isLocated() ? Decimals.text(k.x()) : "",
                k.isLocated() ? Decimals.text(k.y()) : "",
                Decimals.text(k.confidence())));
      }
    }
    if (annotation.poses().isEmpty()) rows.add(row(image, "", "", "", "", ""));
    return rows;
  }

  private static List<String> row(AnnotatedImage image, String object, String... values) {
    List<String> row = new ArrayList<>(Stream.of(values).toList());
    row.add(0, image.name());
    row.add(object);
    row.add(String.valueOf(image.z()));
    row.add(String.valueOf(image.t()));
    return row;
  }

  private static void write(Path file, List<Column> columns, List<List<String>> rows) {
    int[] kept =
        IntStream.range(0, columns.size())
            .filter(
                i ->
                    !columns.get(i).optional()
                        || rows.stream().anyMatch(r -> columns.get(i).isSaidBy(r.get(i))))
            .toArray();
    CsvFile.write(
        file,
        csv -> {
          csv.row(IntStream.of(kept).mapToObj(i -> columns.get(i).name()).toList());
          for (List<String> row : rows) csv.row(IntStream.of(kept).mapToObj(row::get).toList());
        });
  }
}
