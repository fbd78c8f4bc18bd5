package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.util.FileNames;

/**
 * Rows of a table by the image that they are about: the longer of two paths ends with the other,
 * extensions aside.
 *
 * @param image position of the column that names it: {@code image}, {@code name} or {@code file}
 */
record ImageRows(int image, Map<String, List<List<String>>> byLast) {

  /**
   * Of a table.
   *
   * @throws sc.fiji.spyhop.SpyhopException if no column names images
   */
  static ImageRows of(IndexTable table) {
    int image = table.require("image", "name", "file");
    Map<String, List<List<String>>> rows = new HashMap<>();
    for (List<String> row : table.rows()) {
      rows.computeIfAbsent(last(key(row.get(image))), k -> new ArrayList<>()).add(row);
    }
    return new ImageRows(image, rows);
  }

  /** Rows about an image. */
  List<List<String>> find(String name) {
    String key = key(name);
    return byLast.getOrDefault(last(key), List.of()).stream()
        .filter(row -> isOf(key(row.get(image)), key))
        .toList();
  }

  private static boolean isOf(String image, String name) {
    return ("/" + image).endsWith("/" + name) || ("/" + name).endsWith("/" + image);
  }

  private static String key(String image) {
    return FileNames.key(Groups.stem(image.replace('\\', '/')));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }
}
