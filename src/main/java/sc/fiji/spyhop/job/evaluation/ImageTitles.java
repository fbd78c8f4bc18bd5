package sc.fiji.spyhop.job.evaluation;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.dataset.format.PlaneName;
import sc.fiji.spyhop.util.FileNames;

/**
 * What tables call images, as those of batches do: by the name of their file, and where several are
 * called so, by their path from the folder that all have in common.
 */
final class ImageTitles {

  private final Map<String, String> titles = new HashMap<>();

  private ImageTitles() {}

  /**
   * @param paths of all images, with slashes, from a folder that all are in
   */
  static ImageTitles of(Collection<String> paths) {
    ImageTitles all = new ImageTitles();
    String root = common(paths);
    Map<String, List<String>> alike =
        new TreeSet<>(paths)
            .stream().collect(Collectors.groupingBy(p -> FileNames.key(stem(last(p)))));
    alike
        .values()
        .forEach(
            some ->
                some.forEach(
                    p ->
                        all.titles.put(
                            p, some.size() == 1 ? last(p) : p.substring(root.length()))));
    return all;
  }

  /** Of samples, see {@link PlaneName#ofSample}. */
  static ImageTitles ofSamples(Collection<String> names) {
    return of(names.stream().map(n -> PlaneName.ofSample(n).image()).toList());
  }

  /** The title of an image. */
  String of(String path) {
    return titles.getOrDefault(path, path);
  }

  /** A sample by the title of its image. */
  PlaneName ofSample(String name) {
    PlaneName plane = PlaneName.ofSample(name);
    return plane.of(of(plane.image()));
  }

  /** The folder that all are in, with a slash behind it; empty if there is none. */
  private static String common(Collection<String> paths) {
    return paths.stream()
        .map(p -> p.substring(0, p.lastIndexOf('/') + 1))
        .reduce(
            (a, b) -> {
              String shorter = a;
              while (!b.startsWith(shorter)) {
                shorter = shorter.substring(0, shorter.lastIndexOf('/', shorter.length() - 2) + 1);
              }
              return shorter;
            })
        .orElse("");
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
