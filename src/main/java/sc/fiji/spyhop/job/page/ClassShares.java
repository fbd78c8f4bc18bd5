package sc.fiji.spyhop.job.page;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.batch.ImageTables;

/**
 * How much of each image the classes of pixels cover.
 *
 * @param first class, of which labels are 0; empty if the results are not classes of pixels
 * @param shares of what was looked at, from 0 to 1, one of each image, by the other classes
 */
record ClassShares(String first, Map<String, List<Double>> shares) {

  /**
   * Reads the table of a folder, if there is one.
   *
   * @throws SpyhopException if it cannot be read
   */
  static ClassShares read(Path folder) {
    Map<String, List<Double>> shares = new LinkedHashMap<>();
    Path file = folder.resolve(ImageTables.CLASSES);
    if (Files.exists(file)) TableRows.read(file, row -> take(row, shares));
    String first = shares.keySet().stream().findFirst().orElse("");
    shares.remove(first);
    return new ClassShares(first, shares);
  }

  private static void take(TableRows row, Map<String, List<Double>> shares) {
    String name = row.text("class");
    if (name.isEmpty()) return;
    List<Double> of = shares.computeIfAbsent(name, n -> new ArrayList<>());
    double share = row.number("share");
    if (!Double.isNaN(share)) of.add(share);
  }

  boolean isEmpty() {
    return shares.isEmpty();
  }
}
