package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sc.fiji.spyhop.dataset.ImageGroups;
import sc.fiji.spyhop.util.FileNames;

/**
 * What groups make of the names of some images, before a run.
 *
 * @param first images that have a group, a few of them
 * @param without how many have none
 * @param other one of these
 */
public record GroupedNames(List<Named> first, int without, Optional<String> other) {

  /** Images that are told. */
  private static final int FIRST = 3;

  /**
   * An image that has a group.
   *
   * @param file its name
   * @param group such as {@code plate P1, well A03}
   */
  public record Named(String file, String group) {}

  /**
   * Looks at all names.
   *
   * @throws sc.fiji.spyhop.SpyhopException if the group of one cannot be told
   */
  public static GroupedNames of(ImageGroups groups, Collection<Path> files) {
    List<Named> first = new ArrayList<>();
    Optional<String> other = Optional.empty();
    int without = 0;
    for (Path file : files) {
      Optional<List<String>> of = groups.of(FileNames.slashed(file.toAbsolutePath().normalize()));
      if (of.isEmpty()) {
        without++;
        if (other.isEmpty()) other = Optional.of(FileNames.last(file));
      } else if (first.size() < FIRST) {
        first.add(new Named(FileNames.last(file), said(groups, of.get())));
      }
    }
    return new GroupedNames(first, without, other);
  }

  private static String said(ImageGroups groups, List<String> values) {
    return IntStream.range(0, values.size())
        .mapToObj(i -> groups.names().get(i) + " " + values.get(i))
        .collect(Collectors.joining(", "));
  }
}
