package sc.fiji.spyhop.generate.rendering;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sc.fiji.spyhop.dataset.RowImages;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** What images of the rows of a table are called. */
public final class RowNames {

  private RowNames() {}

  /**
   * Names of files without endings, each of its own on every file system: that of the image in the
   * row without its folder, or the number of the row where there is none.
   */
  public static List<String> of(RowImages.Rows table) {
    Set<String> taken = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < table.cells().size(); i++) {
      String name = table.images().isEmpty() ? "" : stem(table.images().get(i));
      if (name.isBlank()) name = Strings.format("row_%05d", i + 1);
      String unique = name;
      for (int k = 2; !taken.add(FileNames.key(unique)); k++) unique = name + "_" + k;
      names.add(unique);
    }
    return names;
  }

  private static String stem(String image) {
    String file = image.replace('\\', '/');
    return file.substring(file.lastIndexOf('/') + 1)
        .replaceAll("\\.[A-Za-z]{1,5}$", "")
        .replaceAll("[\\p{Cntrl}<>:\"/|?*]", "_")
        .replaceAll("^\\.+", "_");
  }
}
