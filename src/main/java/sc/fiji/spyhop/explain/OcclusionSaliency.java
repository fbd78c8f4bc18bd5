package sc.fiji.spyhop.explain;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Which parts of an image a score hangs on: each is hidden in turn, and how far the score falls is
 * noted there (occlusion sensitivity, Zeiler and Fergus 2014). Knows nothing of networks.
 */
final class OcclusionSaliency {

  private OcclusionSaliency() {}

  /**
   * Hides one window after the other.
   *
   * @param occlusion with sizes that suit the image; windows are squares of the image
   * @return row by row, for every pixel of the image; 0 where it is not shown
   * @throws java.util.concurrent.CancellationException if cancelled, between two batches
   */
  static float[] map(Question question, Occlusion occlusion, Progress progress) {
    Tensor shown = question.shown();
    Affine a = question.view().toImage();
    int width = question.width();
    List<Span> columns = spans(occlusion, width, shown.size('W'), a.xx(), a.x0());
    List<Span> rows = spans(occlusion, question.height(), shown.size('H'), a.yy(), a.y0());
    float[] fill =
        Fills.of(occlusion.fill(), shown, occlusion.window() / a.xx(), occlusion.window() / a.yy());
    float[] sum = new float[Math.multiplyExact(width, question.height())];
    List<int[]> pending = new ArrayList<>();
    int total = columns.size() * rows.size();
    for (int i = 0; i < total; i++) {
      pending.add(new int[] {i % columns.size(), i / columns.size()});
      if (pending.size() < question.batch() && i + 1 < total) continue;
      progress.checkCancelled();
      Tensor hidden = hide(shown, fill, pending, columns, rows);
      double[] scores = question.scorer().apply(hidden);
      for (int k = 0; k < scores.length; k++) {
        int[] at = pending.get(k);
        add(
            sum,
            width,
            columns.get(at[0]),
            rows.get(at[1]),
            (float) (question.score() - scores[k]));
      }
      pending.clear();
      progress.update("Explaining " + question.image(), i + 1, total);
    }
    int[] acrossColumns = cover(columns, width);
    int[] acrossRows = cover(rows, question.height());
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= acrossColumns[i % width] * acrossRows[i / width];
    }
    return sum;
  }

  /**
   * A window along one axis.
   *
   * @param from first pixel of the image
   * @param to end, exclusive
   * @param shares how much of each pixel shown it covers, in [0, 1]
   */
  private record Span(int from, int to, float[] shares) {}

  private static List<Span> spans(
      Occlusion occlusion, int length, int shown, double scale, double shift) {
    List<Span> spans = new ArrayList<>();
    for (int start : occlusion.starts(length)) {
      int from = Math.max(0, start);
      int to = Math.min(length, start + occlusion.window());
      float[] shares = new float[shown];
      for (int u = 0; u < shown; u++) {
        double left = scale * u + shift;
        double right = left + scale;
        double covered = Math.min(right, to) - Math.max(left, from);
        shares[u] = (float) Math.max(0, Math.min(1, covered / scale));
      }
      spans.add(new Span(from, to, shares));
    }
    return spans;
  }

  private static Tensor hide(
      Tensor shown, float[] fill, List<int[]> windows, List<Span> columns, List<Span> rows) {
    int[] shape = shown.shape();
    int width = shape[3];
    int height = shape[2];
    int length = shown.length();
    float[] data = new float[Math.multiplyExact(length, windows.size())];
    for (int k = 0; k < windows.size(); k++) {
      System.arraycopy(shown.data(), 0, data, k * length, length);
      float[] across = columns.get(windows.get(k)[0]).shares;
      float[] down = rows.get(windows.get(k)[1]).shares;
      for (int c = 0; c < shape[1]; c++) {
        for (int y = 0; y < height; y++) {
          if (down[y] == 0) continue;
          int row = (c * height + y) * width;
          for (int x = 0; x < width; x++) {
            float share = down[y] * across[x];
            if (share == 0) continue;
            int at = k * length + row + x;
            data[at] += share * (fill[row + x] - data[at]);
          }
        }
      }
    }
    shape[0] = windows.size();
    return new Tensor(shown.axes(), shape, data);
  }

  private static void add(float[] sum, int width, Span columns, Span rows, float drop) {
    for (int y = rows.from; y < rows.to; y++) {
      for (int x = columns.from; x < columns.to; x++) sum[y * width + x] += drop;
    }
  }

  /** How many windows cover each pixel. */
  private static int[] cover(List<Span> spans, int length) {
    int[] cover = new int[length];
    for (Span s : spans) for (int i = s.from; i < s.to; i++) cover[i]++;
    return cover;
  }
}
