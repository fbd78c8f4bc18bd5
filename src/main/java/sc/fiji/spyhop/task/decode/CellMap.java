package sc.fiji.spyhop.task.decode;

import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** A map of cells, channel by channel, with its Gaussians and peaks. */
public record CellMap(float[] data, int channels, int width, int height) {

  /** Gaussians end where they fall below this. */
  private static final double NEGLIGIBLE = 1e-4;

  /** All zeros. */
  public static CellMap of(int channels, int width, int height) {
    return new CellMap(new float[channels * width * height], channels, width, height);
  }

  /** How many cells cover so many pixels. */
  public static int cells(int length, int stride) {
    return (length + stride - 1) / stride;
  }

  /**
   * One output of a network; its values are shared.
   *
   * @param output [1, channels, cells, cells]
   */
  public static CellMap of(Tensor output) {
    return new CellMap(output.data(), output.size('C'), output.size('W'), output.size('H'));
  }

  /** As [1, channels, height, width]; the values are shared. */
  public Tensor tensor() {
    return new Tensor(Axes.NCHW, new int[] {1, channels, height, width}, data);
  }

  /** Index of a cell in the data, all counted from 0. */
  public int at(int channel, int column, int row) {
    return (channel * height + row) * width + column;
  }

  /** Value of a cell, all counted from 0. */
  public float get(int channel, int column, int row) {
    return data[at(channel, column, row)];
  }

  /** Told of a cell under a Gaussian. */
  public interface Cell {
    /** Takes in one cell, with the height of the Gaussian at its centre, above 0 and at most 1. */
    void at(int column, int row, double value);
  }

  /**
   * Visits the cells under a Gaussian of height 1.
   *
   * @param x centre; integers are centres of cells
   * @param sx standard deviation, cells
   */
  public void gaussian(double x, double y, double sx, double sy, Cell visit) {
    double reach = Math.sqrt(-2 * Math.log(NEGLIGIBLE));
    int left = (int) Math.max(0, Math.ceil(x - reach * sx));
    int right = (int) Math.min(width - 1, Math.floor(x + reach * sx));
    int top = (int) Math.max(0, Math.ceil(y - reach * sy));
    int bottom = (int) Math.min(height - 1, Math.floor(y + reach * sy));
    for (int v = top; v <= bottom; v++) {
      for (int u = left; u <= right; u++) {
        double dx = (u - x) / sx;
        double dy = (v - y) / sy;
        visit.at(u, v, Math.exp(-(dx * dx + dy * dy) / 2));
      }
    }
  }

  /** Raises a channel to a Gaussian, where it is not higher. */
  public void raise(int channel, double x, double y, double sx, double sy) {
    gaussian(
        x,
        y,
        sx,
        sy,
        (u, v, g) -> {
          int at = at(channel, u, v);
          data[at] = (float) Math.max(data[at], g);
        });
  }

  /** Whether no neighbour of a cell is higher; of equal neighbours the first one is the peak. */
  public boolean isPeak(int channel, int column, int row) {
    float value = get(channel, column, row);
    for (int v = Math.max(0, row - 1); v <= Math.min(height - 1, row + 1); v++) {
      for (int u = Math.max(0, column - 1); u <= Math.min(width - 1, column + 1); u++) {
        float other = get(channel, u, v);
        boolean before = v < row || v == row && u < column;
        if (other > value || before && other == value) return false;
      }
    }
    return true;
  }
}
