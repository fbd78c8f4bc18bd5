package sc.fiji.spyhop.explain;

import sc.fiji.spyhop.image.Affine;

/**
 * A plane of what a network is shown, or of one of its maps, brought to the pixels of the image.
 *
 * @param columns of the plane
 * @param rows of the plane
 * @param toImage from the plane to the image; scales by positive factors and shifts only
 * @param width of the image
 * @param height of the image
 */
record Placement(int columns, int rows, Affine toImage, int width, int height) {

  /**
   * Each pixel of the image has the mean of what it covers of the plane.
   *
   * @param plane row by row
   * @return row by row; 0 where the plane does not reach
   */
  float[] mean(float[] plane) {
    return spread(plane, true);
  }

  /**
   * Each value of the plane is shared out among the pixels it covers. What lies beyond the image
   * goes to the nearest pixel, which it repeats, so that sums stay.
   */
  float[] shared(float[] plane) {
    return spread(plane, false);
  }

  private float[] spread(float[] plane, boolean mean) {
    float[] wide = new float[Math.multiplyExact(width, rows)];
    for (int x = 0; x < width; x++) {
      double from = !mean && x == 0 ? 0 : (x - toImage.x0()) / toImage.xx();
      double to = !mean && x == width - 1 ? columns : (x + 1 - toImage.x0()) / toImage.xx();
      for (int y = 0; y < rows; y++) {
        wide[y * width + x] = cover(plane, y * columns, 1, columns, from, to, mean);
      }
    }
    float[] result = new float[Math.multiplyExact(width, height)];
    for (int y = 0; y < height; y++) {
      double from = !mean && y == 0 ? 0 : (y - toImage.y0()) / toImage.yy();
      double to = !mean && y == height - 1 ? rows : (y + 1 - toImage.y0()) / toImage.yy();
      for (int x = 0; x < width; x++) {
        result[y * width + x] = cover(wide, x, width, rows, from, to, mean);
      }
    }
    return result;
  }

  /** Sum, or mean, of the values of a line between two places. */
  private static float cover(
      float[] values, int first, int step, int length, double from, double to, boolean mean) {
    double start = Math.max(0, from);
    double end = Math.min(length, to);
    if (end <= start) return 0;
    double sum = 0;
    for (int u = (int) start; u < end; u++) {
      sum += (Math.min(end, u + 1) - Math.max(start, u)) * values[first + u * step];
    }
    return (float) (mean ? sum / (end - start) : sum);
  }

  /**
   * Each pixel of the image has what lies at its centre, linearly between the centres of the
   * plane's cells.
   *
   * @return row by row; 0 where the plane does not reach
   */
  float[] smooth(float[] plane) {
    float[] result = new float[Math.multiplyExact(width, height)];
    for (int y = 0; y < height; y++) {
      double v = (y + 0.5 - toImage.y0()) / toImage.yy();
      if (v < 0 || v > rows) continue;
      for (int x = 0; x < width; x++) {
        double u = (x + 0.5 - toImage.x0()) / toImage.xx();
        if (u >= 0 && u <= columns) result[y * width + x] = (float) between(plane, u, v);
      }
    }
    return result;
  }

  private double between(float[] plane, double u, double v) {
    double x = Math.max(0, Math.min(columns - 1, u - 0.5));
    double y = Math.max(0, Math.min(rows - 1, v - 0.5));
    int left = (int) x;
    int top = (int) y;
    int right = Math.min(columns - 1, left + 1);
    int bottom = Math.min(rows - 1, top + 1);
    double upper =
        plane[top * columns + left] * (left + 1 - x) + plane[top * columns + right] * (x - left);
    double lower =
        plane[bottom * columns + left] * (left + 1 - x)
            + plane[bottom * columns + right] * (x - left);
    return upper * (top + 1 - y) + lower * (y - top);
  }

  /** Of what the network is shown. */
  static Placement of(Question question) {
    return new Placement(
        question.view().width(),
        question.view().height(),
        question.view().toImage(),
        question.width(),
        question.height());
  }

  /** Of a map that is stretched over what the network is shown. */
  static Placement of(Question question, int columns, int rows) {
    Affine toShown =
        Affine.scale(
            (double) question.view().width() / columns, (double) question.view().height() / rows);
    return new Placement(
        columns,
        rows,
        toShown.then(question.view().toImage()),
        question.width(),
        question.height());
  }
}
