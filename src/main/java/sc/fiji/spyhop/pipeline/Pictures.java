package sc.fiji.spyhop.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Similarity;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

/** Pictures of objects and the way from them to the image. */
public final class Pictures {

  private Pictures() {}

  /**
   * From the aligned picture to the image; see {@link PipelineStep.Align}.
   *
   * @param pose in the coordinates of the image
   * @return absent if there are not two of the keypoints, or they lie in one place
   */
  public static Optional<Affine> align(PipelineStep.Align step, Pose pose) {
    List<Similarity.Match> matches = new ArrayList<>();
    for (PipelineStep.Anchor a : step.anchors()) {
      Optional<Keypoint> k = pose.keypoint(a.keypoint()).filter(Keypoint::isLocated);
      k.ifPresent(p -> matches.add(new Similarity.Match(p.x(), p.y(), a.x(), a.y())));
    }
    boolean apart =
        matches.stream()
            .anyMatch(
                m -> Math.hypot(m.x() - matches.get(0).x(), m.y() - matches.get(0).y()) > 1e-3);
    return apart ? Optional.of(Similarity.fit(matches).inverse()) : Optional.empty();
  }

  /** Regions of a picture where they lie in the image; areas and centres are counted anew. */
  public static Finding.Regions toImage(Segmentation found, Affine map, Frame image) {
    LabelMap labels = found.labels();
    double left = Double.POSITIVE_INFINITY;
    double top = left;
    double right = -left;
    double bottom = -left;
    for (double x : new double[] {0, labels.width()}) {
      for (double y : new double[] {0, labels.height()}) {
        left = Math.min(left, map.x(x, y));
        right = Math.max(right, map.x(x, y));
        top = Math.min(top, map.y(x, y));
        bottom = Math.max(bottom, map.y(x, y));
      }
    }
    int x0 = (int) Math.max(0, Math.floor(left));
    int y0 = (int) Math.max(0, Math.floor(top));
    int w = (int) Math.max(1, Math.min(image.width(), Math.ceil(right)) - x0);
    int h = (int) Math.max(1, Math.min(image.height(), Math.ceil(bottom)) - y0);
    Affine back = map.inverse();
    boolean over = found.overlapping();
    LabelMap placed = LabelMap.sized(w, h, labels.max());
    long looked = 0;
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int u = (int) Math.floor(back.x(x0 + x + 0.5, y0 + y + 0.5));
        int v = (int) Math.floor(back.y(x0 + x + 0.5, y0 + y + 0.5));
        if (u < 0 || v < 0 || u >= labels.width() || v >= labels.height()) continue;
        placed.set(x, y, labels.get(u, v));
        looked++;
      }
    }
    List<Segment> segments = new ArrayList<>();
    for (Segment s : found.segments()) {
      long area = 0;
      double sumX = 0;
      double sumY = 0;
      int first = w;
      int last = -1;
      int highest = h;
      int lowest = -1;
      for (int i = 0; i < w * h; i++) {
        boolean is = over ? Overlaps.has(placed.get(i), s.label() - 1) : placed.get(i) == s.label();
        if (!is) continue;
        area++;
        sumX += x0 + i % w + 0.5;
        sumY += y0 + i / w + 0.5;
        first = Math.min(first, i % w);
        last = Math.max(last, i % w);
        highest = Math.min(highest, i / w);
        lowest = i / w;
      }
      if (area == 0) continue;
      segments.add(
          s.withPixels(
              area,
              sumX / area,
              sumY / area,
              x0 + first,
              y0 + highest,
              last - first + 1,
              lowest - highest + 1));
    }
    return new Finding.Regions(x0, y0, new Segmentation(placed, segments, over, x0, y0), looked);
  }
}
