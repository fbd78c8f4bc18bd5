package sc.fiji.spyhop.job.page;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.batch.ImageTables;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Folders;

/**
 * The table of images.
 *
 * @param groups names of what is said of an image by its groups
 * @param means columns of means over an image
 */
record LookedImages(List<String> groups, List<String> means, List<Image> images) {

  /**
   * An image.
   *
   * @param cells by column
   */
  record Image(Map<String, String> cells) {

    /** What all tables call it. */
    String title() {
      return text("image");
    }

    /** What its files are called. */
    String name() {
      return text("name");
    }

    boolean failed() {
      return text("state").equals("failed");
    }

    /** Empty if there is no such column. */
    String text(String column) {
      return cells.getOrDefault(column, "");
    }

    /** NaN if there is no such column, or nothing in it. */
    double number(String column) {
      return Decimals.parse(text(column));
    }
  }

  /**
   * Reads it.
   *
   * @param folder of results
   * @throws SpyhopException if there is none
   */
  static LookedImages read(Path folder) {
    Folders.require(folder, "a folder of results");
    Path file = folder.resolve(ImageTables.IMAGES);
    if (!Files.exists(file)) {
      throw new SpyhopException(
          folder
              + ": expected a folder of results, in which is "
              + ImageTables.IMAGES
              + ", found none.");
    }
    List<Image> images = new ArrayList<>();
    TableRows table =
        TableRows.read(
            file,
            row -> {
              Map<String, String> cells = new LinkedHashMap<>();
              for (String column : row.columns()) cells.put(column, row.text(column));
              images.add(new Image(cells));
            });
    if (!table.has("image", "state", "count", "name")) {
      throw new SpyhopException(
          file
              + ": expected the columns image, state, count and name, found "
              + String.join(", ", table.columns())
              + ". Run the same again, which writes it anew.");
    }
    List<String> columns = table.columns();
    return new LookedImages(
        columns.subList(columns.indexOf("image") + 1, columns.indexOf("state")),
        columns.stream().filter(c -> c.startsWith("mean_")).toList(),
        images);
  }

  /** The unit of areas, if all images have the same. */
  String unit() {
    List<String> units =
        images.stream().map(i -> i.text("unit")).filter(u -> !u.isEmpty()).distinct().toList();
    return units.size() == 1 ? units.get(0) : "";
  }
}
