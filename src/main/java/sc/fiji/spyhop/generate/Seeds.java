package sc.fiji.spyhop.generate;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.util.SplitMix64;
import sc.fiji.spyhop.util.Strings;

/** Numbers drawn at random that images are made from, by seed: the same seed, the same image. */
public final class Seeds {

  /** Images that a table may ask for. */
  private static final int MAX_IMAGES = 1_000_000;

  /** Names that stay within a folder, on every system. */
  private static final String NAME = "[^\\s./\\\\:*?\"<>|][^/\\\\:*?\"<>|]{0,199}";

  private static final double MAX_WEIGHT = 1000;

  /** Below it, all numbers of a sum are what rounding left. */
  private static final double MIN_VALUE = 1e-6;

  private Seeds() {}

  /**
   * Numbers from the standard normal distribution.
   *
   * @param size how many
   */
  public static float[] code(int size, long seed) {
    return ImageMaker.noise(size, new Random(SplitMix64.first(seed)));
  }

  /**
   * Sums of such numbers, as a table has them: each row adds those of a seed, times a weight, to
   * those of an image. So {@code smiling woman - woman + man} (Radford, Metz and Chintala 2015,
   * section 6.3.2) are rows of three seeds each, weighted 1/3, -1/3 and 1/3.
   *
   * @param table CSV with the columns {@code image}, {@code seed} and, if not all are 1, {@code
   *     weight}
   * @param size how many numbers an image is made from
   * @return by image, in the order of the table
   * @throws SpyhopException if a column is missing, or a cell is no number
   */
  public static Map<String, float[]> sums(Path table, int size) {
    IndexTable rows = IndexTable.read(table);
    int image = rows.require("image");
    int seed = rows.require("seed");
    int weight = rows.column("weight").orElse(-1);
    Map<String, float[]> sums = new LinkedHashMap<>();
    for (int r = 0; r < rows.rows().size(); r++) {
      List<String> row = rows.rows().get(r);
      if (!row.get(image).matches(NAME)) {
        throw wrong(table, r, "image", "a name of a file without a folder", row.get(image));
      }
      double factor = 1;
      if (weight >= 0) {
        factor = rows.marks().parse(row.get(weight));
        if (!(Math.abs(factor) <= MAX_WEIGHT)) {
          throw wrong(
              table, r, "weight", "a number from -1000 to 1000, such as 0.5", row.get(weight));
        }
      }
      long number;
      try {
        number = Long.parseLong(row.get(seed));
      } catch (NumberFormatException e) {
        throw wrong(table, r, "seed", "a whole number", row.get(seed));
      }
      float[] sum = sums.computeIfAbsent(row.get(image), n -> new float[size]);
      float[] code = code(size, number);
      for (int i = 0; i < size; i++) sum[i] += (float) (factor * code[i]);
      if (sums.size() > MAX_IMAGES) {
        throw new SpyhopException(
            Strings.format("%s: expected at most %d images.", table, MAX_IMAGES));
      }
    }
    if (sums.isEmpty()) {
      throw new SpyhopException(table + " has no rows: expected one for each image and seed.");
    }
    sums.forEach(
        (name, sum) -> {
          for (float value : sum) if (Math.abs(value) > MIN_VALUE) return;
          throw new SpyhopException(
              Strings.format(
                  "%s, image %s: its weights cancel out, so that nothing is left to make it from."
                      + " Expected a sum of seeds that is not 0.",
                  table, name));
        });
    return sums;
  }

  private static SpyhopException wrong(
      Path table, int row, String column, String expected, String received) {
    return new SpyhopException(
        Strings.format(
            "%s, row %d, column %s: expected %s, received \"%s\".",
            table, row + 2, column, expected, received));
  }
}
