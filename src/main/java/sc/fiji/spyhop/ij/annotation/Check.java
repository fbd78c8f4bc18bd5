package sc.fiji.spyhop.ij.annotation;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.util.Strings;

/**
 * What is marked where, and what of it looks like a mistake.
 *
 * @param rows one for each plane that is marked
 * @param findings what is suspicious, sentences
 */
public record Check(ImagePlus image, Kind kind, List<Row> rows, List<String> findings) {

  /** Areas below this share of the median of their class are suspicious. */
  private static final double TINY = 0.05;

  /** Fewest pixels of an area that is not suspicious. */
  private static final long MIN_PIXELS = 4;

  /** Share of the smaller of two areas of different meaning. */
  private static final double OVERLAP = 0.1;

  /** IoU of two boxes from which they are taken for one. */
  private static final double SAME_BOX = 0.9;

  private static final double IMBALANCE = 10;
  private static final int NAMED = 5;

  /**
   * A plane.
   *
   * @param counts areas, points or the slice, by class
   * @param labelled share of its pixels that are labelled, in [0, 1]; NaN where pixels do not count
   */
  public record Row(int z, int t, Map<String, Integer> counts, double labelled) {}

  /** Copies the lists. */
  public Check {
    rows = List.copyOf(rows);
    findings = List.copyOf(findings);
  }

  /**
   * Looks at all marks of a kind.
   *
   * @param complete whether all that is not drawn is background
   */
  public static Check of(Marks marks, Kind kind, boolean complete) {
    return new Checking(marks, kind, complete).run();
  }

  /** How often there is each class, in all planes. */
  public Map<String, Integer> totals() {
    Map<String, Integer> totals = new TreeMap<>();
    rows.forEach(r -> r.counts.forEach((c, n) -> totals.merge(c, n, Integer::sum)));
    return totals;
  }

  /**
   * Appends a row for each plane: image, slice, frame, how much is labelled, how often each class.
   */
  public void fill(ResultsTable table) {
    table.setNaNEmptyCells(true);
    for (Row row : rows) {
      table.addRow();
      table.addLabel(image.getTitle());
      if (image.getNSlices() > 1) table.addValue("Slice", row.z);
      if (image.getNFrames() > 1) table.addValue("Frame", row.t);
      if (!Double.isNaN(row.labelled)) table.addValue("Labelled (%)", 100 * row.labelled);
      for (String type : totals().keySet()) {
        table.addValue(type, row.counts.getOrDefault(type, 0));
      }
    }
  }

  /** For the log: what there is, then what is suspicious. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        Strings.format(
            "%s: %s in %s: %s.",
            image.getTitle(),
            kind.description(),
            rows.size() == 1 ? "1 slice" : rows.size() + " slices",
            totals().entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "))));
    findings.forEach(f -> lines.add("Suspicious: " + f));
    return lines;
  }

  private static final class Checking {
    private final Marks marks;
    private final ImagePlus image;
    private final Kind kind;
    private final boolean complete;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private final Map<String, Long> pixels = new TreeMap<>();
    private final Map<String, List<Long>> areas = new TreeMap<>();
    private final List<String> overlapping = new ArrayList<>();
    private final List<String> duplicates = new ArrayList<>();
    private final List<String> outside = new ArrayList<>();
    private boolean background;

    Checking(Marks marks, Kind kind, boolean complete) {
      this.marks = marks;
      this.image = marks.image();
      this.kind = kind;
      this.complete = complete;
    }

    Check run() {
      for (Marks.Plane plane : marks.marked(kind)) {
        rows.add(new Row(plane.z(), plane.t(), counts(plane), labelled(plane)));
        if (!kind.isOfSlices()) look(plane);
      }
      Check counted = new Check(image, kind, rows, List.of());
      few(marks.leftOut(), "left out");
      few(outside, "reaching out of the image and cut off there");
      if (marks.everywhere() > 0) {
        findings.add(
            Strings.format(
                "%s of no slice, taken for all.", Strings.count(marks.everywhere(), "region")));
      }
      few(
          marks.joined(),
          marks.joined().size() == 1 ? "group of names is one" : "groups of names are one each");
      unlabelled();
      if (kind != Kind.POINTS && !kind.isOfSlices()) tiny();
      few(overlapping, "overlapping; the smaller one counts");
      few(duplicates, "drawn twice");
      if (kind.paints() && !complete && !background && !rows.isEmpty()) {
        findings.add(
            "No area is named background, and what is not drawn counts as unknown. Name an area"
                + " background (objects in it stay objects), or say that everything is labelled.");
      }
      names(counted.totals());
      balance(kind == Kind.PIXELS ? pixels : longs(counted.totals()));
      return new Check(image, kind, rows, findings);
    }

    private Map<String, Integer> counts(Marks.Plane plane) {
      Map<String, Integer> counts = new TreeMap<>();
      switch (kind) {
        case OBJECTS, PIXELS, OVERLAPS, BOXES -> plane.areas().forEach(a -> add(counts, a.type()));
        case POINTS -> plane.points().forEach(p -> add(counts, p.name()));
        case SLICES -> add(counts, plane.label());
        case VALUES -> add(counts, "value");
      }
      return counts;
    }

    private static void add(Map<String, Integer> counts, String type) {
      counts.merge(type, 1, Integer::sum);
    }

    private double labelled(Marks.Plane plane) {
      if (!kind.paints()) return Double.NaN;
      Painter painted = Painter.paint(image, plane.areas(), List.of(), complete);
      long known = 0;
      for (int i = 0; i < painted.labels().size(); i++) {
        if (painted.labels().get(i) != sc.fiji.spyhop.prediction.LabelMap.UNLABELLED) known++;
      }
      for (int i = 0; i < plane.areas().size(); i++) {
        String type = plane.areas().get(i).type();
        background |= Marks.isBackground(type);
        pixels.merge(type, painted.pixels().get(i), Long::sum);
        areas.computeIfAbsent(type, c -> new ArrayList<>()).add(painted.pixels().get(i));
      }
      painted.overlaps().forEach((pair, shared) -> overlap(plane, painted, pair, shared));
      return (double) known / painted.labels().size();
    }

    private void overlap(Marks.Plane plane, Painter painted, List<Integer> pair, long shared) {
      Marks.Area a = plane.areas().get(pair.get(0));
      Marks.Area b = plane.areas().get(pair.get(1));
      if (kind == Kind.PIXELS && a.type().equals(b.type())) return;
      long smaller = Math.min(painted.pixels().get(pair.get(0)), painted.pixels().get(pair.get(1)));
      if (shared > OVERLAP * smaller) {
        overlapping.add(
            Strings.format("%s and %s%s share %d pixels", name(a), name(b), where(plane), shared));
      }
    }

    private static String name(Marks.Area area) {
      return area.roi().getName() == null ? area.type() : area.roi().getName();
    }

    private String where(Marks.Plane plane) {
      String z = image.getNSlices() > 1 ? " in slice " + plane.z() : "";
      return z + (image.getNFrames() > 1 ? " in frame " + plane.t() : "");
    }

    private void look(Marks.Plane plane) {
      List<Marks.Area> seen = new ArrayList<>();
      for (Marks.Area area : plane.areas()) {
        var bounds = area.roi().getBounds();
        if (!bounds.equals(Marks.inside(area.roi(), image))) {
          outside.add(name(area) + where(plane));
        }
        if (kind == Kind.BOXES && !area.isBackground()) {
          areas
              .computeIfAbsent(area.type(), c -> new ArrayList<>())
              .add((long) bounds.width * bounds.height);
          for (Marks.Area other : seen) {
            if (box(area).iou(box(other)) > SAME_BOX) {
              duplicates.add(name(other) + " and " + name(area) + where(plane));
            }
          }
          seen.add(area);
        }
      }
    }

    private static Box box(Marks.Area area) {
      var b = area.roi().getFloatBounds();
      return new Box(
          b.getX(), b.getY(), Math.max(1e-3, b.getWidth()), Math.max(1e-3, b.getHeight()));
    }

    private void few(List<String> these, String what) {
      if (these.isEmpty()) return;
      int more = these.size() - NAMED;
      findings.add(
          Strings.format(
              "%d %s: %s%s.",
              these.size(),
              what,
              String.join("; ", these.subList(0, Math.min(NAMED, these.size()))),
              more > 0 ? "; and " + more + " more" : ""));
    }

    private void unlabelled() {
      int missing = marks.planes().size() - rows.size();
      if (missing == 0) return;
      findings.add(
          Strings.format(
              "%d of %d slices %s no marks and %s left out.",
              missing,
              marks.planes().size(),
              missing == 1 ? "has" : "have",
              missing == 1 ? "is" : "are"));
    }

    private void tiny() {
      areas.forEach(
          (type, sizes) -> {
            List<Long> sorted = sizes.stream().sorted().toList();
            double least = Math.max(MIN_PIXELS, TINY * sorted.get(sorted.size() / 2));
            long tiny = sorted.stream().filter(s -> s < least).count();
            if (tiny > 0) {
              findings.add(
                  Strings.format(
                      "%d of %d areas of %s are tiny, the smallest has %d pixels.",
                      tiny, sorted.size(), type, sorted.get(0)));
            }
          });
    }

    private void names(Map<String, Integer> totals) {
      Map<String, String> alike = new LinkedHashMap<>();
      for (String type : totals.keySet()) {
        String other = alike.put(type.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", ""), type);
        if (other != null) {
          findings.add(
              Strings.format("Two names are nearly the same: \"%s\" and \"%s\".", other, type));
        }
      }
      int most = totals.values().stream().mapToInt(n -> n).max().orElse(0);
      List<String> once =
          totals.entrySet().stream()
              .filter(e -> e.getValue() == 1 && !Marks.isBackground(e.getKey()))
              .map(Map.Entry::getKey)
              .toList();
      if (most > 1) few(once, once.size() == 1 ? "name is there only once" : "names only once");
      if (kind == Kind.SLICES && rows.size() > 2 && totals.size() == rows.size()) {
        findings.add("Every slice has a label of its own. Are these the names of files?");
      }
    }

    private static Map<String, Long> longs(Map<String, Integer> counts) {
      Map<String, Long> longs = new TreeMap<>();
      counts.forEach((c, n) -> longs.put(c, (long) n));
      return longs;
    }

    private void balance(Map<String, Long> counts) {
      if (kind == Kind.OBJECTS || counts.size() < 2) return;
      Map.Entry<String, Long> most =
          counts.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
      Map.Entry<String, Long> least =
          counts.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
      if (most.getValue() <= IMBALANCE * least.getValue()) return;
      findings.add(
          Strings.format(
              "Classes are out of balance: %d %s of %s, but %d of %s. Mark more of the latter.",
              most.getValue(),
              kind == Kind.PIXELS ? "pixels" : "marks",
              most.getKey(),
              least.getValue(),
              least.getKey()));
    }
  }
}
