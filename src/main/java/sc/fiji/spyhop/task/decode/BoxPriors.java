package sc.fiji.spyhop.task.decode;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;

/**
 * Boxes on grids that a detector tells others relative to (Liu et al. 2016, "SSD: Single Shot
 * MultiBox Detector"): level after level, row after row, column after column, size after size. From
 * a prior with centre (x, y), width w and height h and the numbers (a, b, c, d) comes the box with
 * the centre (x + a v w, y + b v h), the width w exp(c s) and the height h exp(d s).
 *
 * @param levels grids, finest first as a rule
 * @param center v: what differences of centres are multiplied with, 0.1 as a rule
 * @param size s: the same of the logarithms of sizes, 0.2 as a rule
 */
public record BoxPriors(
    @JsonProperty("levels") List<Level> levels,
    @JsonProperty("center") double center,
    @JsonProperty("size") double size) {

  /** Logarithm beyond which no box can be larger. */
  private static final double LARGEST = Math.log(1 << 14);

  /**
   * A grid.
   *
   * @param stride pixels of what the network is shown per cell; priors are at the centres of cells,
   *     of which as many as it takes cover what is shown
   * @param widths of the priors of a cell, pixels
   * @param heights as many
   */
  public record Level(
      @JsonProperty("stride") int stride,
      @JsonProperty("widths") List<Double> widths,
      @JsonProperty("heights") List<Double> heights) {
    /**
     * Throws a {@link SpyhopException} if the stride is not 1 to 4096, or there are not as many
     * widths as heights above 0.
     */
    public Level {
      widths = List.copyOf(widths);
      heights = List.copyOf(heights);
      require(stride >= 1 && stride <= 4096, "a stride of 1 to 4096 pixels");
      require(!widths.isEmpty() && widths.size() == heights.size(), "as many widths as heights");
      require(widths.stream().allMatch(w -> w > 0 && w < 1e5), "widths above 0");
      require(heights.stream().allMatch(h -> h > 0 && h < 1e5), "heights above 0");
    }
  }

  /** Of boxes that are told by themselves. */
  public static final BoxPriors NONE = new BoxPriors(List.of(), 1, 1);

  /** Throws a {@link SpyhopException} if center or size is not above 0. */
  public BoxPriors {
    levels = List.copyOf(levels);
    require(center > 0 && size > 0 && center < 1e3 && size < 1e3, "factors above 0");
  }

  private static void require(boolean condition, String expected) {
    if (!condition) throw new SpyhopException("Priors: expected " + expected + ".");
  }

  /** Whether there are no levels, so that boxes are told by themselves. */
  public boolean isNone() {
    return levels.isEmpty();
  }

  /**
   * How many there are.
   *
   * @param width of what the network is shown
   * @param height of the same
   */
  public long count(int width, int height) {
    long count = 0;
    for (Level level : levels) {
      count +=
          (long) CellMap.cells(width, level.stride)
              * CellMap.cells(height, level.stride)
              * level.widths.size();
    }
    return count;
  }

  /** All of them, in pixels of what is shown. */
  public List<Box> boxes(ImageSize shown) {
    List<Box> boxes = new ArrayList<>();
    for (Level level : levels) {
      int columns = CellMap.cells(shown.width(), level.stride);
      int rows = CellMap.cells(shown.height(), level.stride);
      for (int j = 0; j < rows; j++) {
        for (int i = 0; i < columns; i++) {
          for (int k = 0; k < level.widths.size(); k++) {
            double w = level.widths.get(k);
            double h = level.heights.get(k);
            double x = (i + 0.5) * level.stride;
            double y = (j + 0.5) * level.stride;
            boxes.add(new Box(x - w / 2, y - h / 2, w, h));
          }
        }
      }
    }
    return boxes;
  }

  /** The box that four numbers of a candidate make of its prior. */
  Box box(float[] v, Box prior) {
    double x = prior.centerX() + v[0] * center * prior.width();
    double y = prior.centerY() + v[1] * center * prior.height();
    double w = prior.width() * Math.exp(Math.min(LARGEST, v[2] * size));
    double h = prior.height() * Math.exp(Math.min(LARGEST, v[3] * size));
    return new Box(x - w / 2, y - h / 2, w, h);
  }
}
