package sc.fiji.spyhop.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.RegionNames;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.util.Digits;

/**
 * Findings as rows of text: image, object, rank, class, probability, the box in pixels and its
 * score, place and confidence of each keypoint, what was measured, regions, what was not found,
 * slice and time point. An object has a row for each class told, or one if it is of none; an image
 * without objects has one row.
 *
 * @param classes names of the classes of the scores
 * @param names of regions; those of each class are counted
 * @param top how many of the classes of the scores to tell of an object
 */
public record FindingTable(
    List<String> classes,
    List<String> keypoints,
    List<String> measures,
    RegionNames names,
    int top) {

  /** Position of the column that tells the number of an object. */
  public static final int OBJECT = 1;

  /** Names of the columns, which depend on the keypoints, measurements and classes there are. */
  public List<String> header() {
    List<String> header =
        new ArrayList<>(
            List.of(
                "image",
                "object",
                "rank",
                "class",
                "probability",
                "x",
                "y",
                "width",
                "height",
                "score"));
    for (String k : keypoints) header.addAll(List.of(k + "_x", k + "_y", k + "_confidence"));
    header.addAll(measures);
    header.add("regions");
    names.count(Stream.of()).keySet().forEach(type -> header.add("regions_" + type));
    header.addAll(List.of("missing", "slice", "frame"));
    return header;
  }

  /**
   * Rows of one plane, each with as many cells as the header.
   *
   * @param z slice, from 1
   * @param t time point, from 1
   */
  public List<List<String>> rows(String image, int z, int t, PipelineResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (Finding f : result.findings()) {
      if (f.scores().isEmpty()) {
        String type = f.object().map(LocalizedObject::type).orElse("");
        rows.add(row(image, f, "", f.missing().isPresent() ? "" : type, "", z, t));
        continue;
      }
      List<Integer> ranked = f.told().orElseThrow().told(top);
      if (ranked.isEmpty()) rows.add(row(image, f, "", "", "", z, t));
      for (int rank = 0; rank < ranked.size(); rank++) {
        float probability = f.scores().orElseThrow().probability(ranked.get(rank));
        rows.add(
            row(
                image,
                f,
                String.valueOf(rank + 1),
                classes.get(ranked.get(rank)),
                Digits.six(probability),
                z,
                t));
      }
    }
    if (rows.isEmpty()) {
      List<String> empty = new ArrayList<>(header().stream().map(h -> "").toList());
      empty.set(0, image);
      empty.set(empty.size() - 3, "no objects");
      empty.set(empty.size() - 2, String.valueOf(z));
      empty.set(empty.size() - 1, String.valueOf(t));
      rows.add(empty);
    }
    return rows;
  }

  private List<String> row(
      String image, Finding f, String rank, String type, String probability, int z, int t) {
    List<String> cells =
        new ArrayList<>(List.of(image, String.valueOf(f.number()), rank, type, probability));
    Optional<LocalizedObject> o = f.object();
    cells.add(o.map(b -> Digits.six(b.box().x())).orElse(""));
    cells.add(o.map(b -> Digits.six(b.box().y())).orElse(""));
    cells.add(o.map(b -> Digits.six(b.box().width())).orElse(""));
    cells.add(o.map(b -> Digits.six(b.box().height())).orElse(""));
    cells.add(o.map(b -> Digits.six(b.score())).orElse(""));
    for (String name : keypoints) {
      Optional<Keypoint> k = f.pose().flatMap(p -> p.keypoint(name)).filter(Keypoint::isLocated);
      cells.add(k.map(p -> Digits.six(p.x())).orElse(""));
      cells.add(k.map(p -> Digits.six(p.y())).orElse(""));
      cells.add(k.map(p -> Digits.six(p.confidence())).orElse(""));
    }
    for (int i = 0; i < measures.size(); i++) {
      int index = i;
      cells.add(f.values().map(v -> Digits.six(v.get(index))).orElse(""));
    }
    List<Segment> regions = f.regions().map(r -> r.segmentation().segments()).orElse(List.of());
    cells.add(regions.isEmpty() ? "" : String.valueOf(regions.size()));
    names
        .count(regions.stream())
        .values()
        .forEach(n -> cells.add(regions.isEmpty() ? "" : String.valueOf(n)));
    cells.add(f.missing().orElse(""));
    cells.add(String.valueOf(z));
    cells.add(String.valueOf(t));
    return cells;
  }
}
