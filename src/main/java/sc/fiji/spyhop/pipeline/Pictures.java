package sc.fiji.spyhop.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccess;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resampling;
import sc.fiji.spyhop.image.Similarity;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Pose;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;

/** Pictures of objects and the way from them to the image. */
public final class Pictures {

  /** Samples along one side of a pixel, at most, where pictures are smaller than what they show. */
  private static final int MOST_SAMPLES = 32;

  private Pictures() {}

  /** From the picture of a box to the image; see {@link PipelineStep.Crop}. */
  public static Affine crop(PipelineStep.Crop step, Box box) {
    double margin = step.margin() * Math.max(box.width(), box.height());
    double scale =
        Math.max(
            (box.width() + 2 * margin) / step.width(), (box.height() + 2 * margin) / step.height());
    return Affine.translation(-step.width() / 2.0, -step.height() / 2.0)
        .then(Affine.scale(scale, scale))
        .then(Affine.translation(box.centerX(), box.centerY()));
  }

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

  /**
   * Reads a picture; where it is smaller than what it shows, pixels are means of several samples.
   *
   * @param toImage from the picture to the image
   */
  public static Frame read(Frame image, Affine toImage, int width, int height) {
    double scale = Math.sqrt(Math.abs(toImage.determinant()));
    int n = (int) Math.max(1, Math.min(MOST_SAMPLES, Math.ceil(scale - 0.25)));
    if (n == 1) return Resampling.piece(image, toImage, width, height);
    Frame fine =
        Resampling.piece(
            image, Affine.scale(1.0 / n, 1.0 / n).then(toImage), n * width, n * height);
    RandomAccess<? extends RealType<?>> pixel = fine.pixels().randomAccess();
    float[] means = new float[width * height * fine.channels()];
    for (int c = 0, at = 0; c < fine.channels(); c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++, at++) {
          double sum = 0;
          for (int v = 0; v < n; v++) {
            for (int u = 0; u < n; u++) {
              sum += pixel.setPositionAndGet(n * x + u, n * y + v, c).getRealDouble();
            }
          }
          means[at] = (float) (sum / n / n);
        }
      }
    }
    return new Frame(
        image.name(), ArrayImgs.floats(means, width, height, fine.channels()), image.pixelSize());
  }

  /** A pose of a picture in the coordinates of the image. */
  static Pose toImage(Pose pose, Affine map) {
    return new Pose(
        pose.individual(),
        Optional.empty(),
        pose.keypoints().stream()
            .map(k -> k.isLocated() ? k.movedTo(map.x(k.x(), k.y()), map.y(k.x(), k.y())) : k)
            .toList());
  }

  /** Regions of a picture where they lie in the image; areas and centres are counted anew. */
  static Finding.Regions toImage(Segmentation found, Affine map, Frame image) {
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
    LabelMap placed = LabelMap.sized(w, h, labels.max());
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int u = (int) Math.floor(back.x(x0 + x + 0.5, y0 + y + 0.5));
        int v = (int) Math.floor(back.y(x0 + x + 0.5, y0 + y + 0.5));
        if (u < 0 || v < 0 || u >= labels.width() || v >= labels.height()) continue;
        placed.set(x, y, labels.get(u, v));
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
        if (placed.get(i) != s.label()) continue;
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
          new Segment(
              s.label(),
              area,
              sumX / area,
              sumY / area,
              s.probability(),
              x0 + first,
              y0 + highest,
              last - first + 1,
              lowest - highest + 1));
    }
    return new Finding.Regions(x0, y0, new Segmentation(placed, segments));
  }
}
