package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

/** Tables of boxes and keypoints; columns that would say nothing are not there. */
final class CsvText {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private CsvText() {}

  static String boxes(List<AnnotatedImage> images) {
    boolean numbered = images.stream().anyMatch(i -> hasPoseOfObject(i.annotation()));
    Table table =
        new Table(images, numbered, "image", "class", "x", "y", "width", "height", "score");
    for (AnnotatedImage image : images) {
      int number = 0;
      for (LocalizedObject o : image.annotation().objects()) {
        table.row(
            image,
            String.valueOf(++number),
            o.type(),
            Numbers.text(o.box().x()),
            Numbers.text(o.box().y()),
            Numbers.text(o.box().width()),
            Numbers.text(o.box().height()),
            Numbers.text(o.score()));
      }
      if (number == 0) table.row(image, "", "", "", "", "", "", "");
    }
    return table.text.toString();
  }

  static String keypoints(List<AnnotatedImage> images) {
    boolean numbered =
        images.stream()
            .flatMap(i -> i.annotation().poses().stream())
            .anyMatch(p -> p.object().isPresent() || !p.individual().isEmpty());
    Table table = new Table(images, numbered, "image", "keypoint", "x", "y", "score");
    for (AnnotatedImage image : images) {
      Annotation annotation = image.annotation();
      if (annotation.poses().isEmpty()) table.row(image, "", "", "", "", "");
      for (Pose pose : annotation.poses()) {
        String object =
            pose.object()
                .map(o -> String.valueOf(annotation.objects().indexOf(o) + 1))
                .orElse(pose.individual());
        for (Keypoint k : pose.keypoints()) {
          table.row(
              image,
              object,
              k.name(),
              k.isLocated() ? Numbers.text(k.x()) : "",
              k.isLocated() ? Numbers.text(k.y()) : "",
              Numbers.text(k.confidence()));
        }
      }
    }
    return table.text.toString();
  }

  private static boolean hasPoseOfObject(Annotation annotation) {
    return annotation.poses().stream().anyMatch(p -> p.object().isPresent());
  }

  private static final class Table {
    final StringBuilder text = new StringBuilder();
    private final boolean numbered;
    private final boolean slices;
    private final boolean frames;
    private final CSVPrinter printer;

    Table(List<AnnotatedImage> images, boolean numbered, String... columns) {
      this.numbered = numbered;
      slices = images.stream().anyMatch(i -> i.z() > 1);
      frames = images.stream().anyMatch(i -> i.t() > 1);
      try {
        printer = new CSVPrinter(text, FORMAT);
        List<String> header = new ArrayList<>(Arrays.asList(columns));
        if (numbered) header.add("object");
        if (slices) header.add("slice");
        if (frames) header.add("frame");
        printer.printRecord(header);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void row(AnnotatedImage image, String object, String... values) {
      List<String> row = new ArrayList<>(Stream.of(values).toList());
      row.add(0, image.name());
      if (numbered) row.add(object);
      if (slices) row.add(String.valueOf(image.z()));
      if (frames) row.add(String.valueOf(image.t()));
      try {
        printer.printRecord(row);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
