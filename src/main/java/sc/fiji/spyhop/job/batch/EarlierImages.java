package sc.fiji.spyhop.job.batch;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sc.fiji.spyhop.util.FileNames;

/** Images that an earlier run has looked at, found by their files, wherever these lie now. */
final class EarlierImages {

  private final List<JournalLine.Outcome> outcomes;

  /**
   * @param outcomes as {@link Journal#outcomes} gives them
   */
  EarlierImages(Map<String, Optional<JournalLine.Outcome>> outcomes) {
    this.outcomes = outcomes.values().stream().flatMap(Optional::stream).toList();
  }

  /**
   * What became of an image: the one of its content, else the one that was in its place, else the
   * one of its name, and of several that with most folders of the same names.
   *
   * @return empty if there is none, or if it may be several of its name
   */
  Optional<JournalLine.Outcome> find(Path file) {
    JournalLine.Stamp now = JournalLine.Stamp.of(file);
    return nearest(now, same(now), false).or(() -> nearest(now, called(now), true));
  }

  private Stream<JournalLine.Outcome> same(JournalLine.Stamp now) {
    return outcomes.stream()
        .filter(o -> !now.sum().isEmpty() && o.stamp().sum().equals(now.sum()))
        .filter(o -> o.stamp().bytes() == now.bytes());
  }

  private Stream<JournalLine.Outcome> called(JournalLine.Stamp now) {
    return outcomes.stream().filter(o -> shared(o.stamp(), now) > 0);
  }

  /**
   * @param alone whether none is told if two are as near
   */
  private static Optional<JournalLine.Outcome> nearest(
      JournalLine.Stamp now, Stream<JournalLine.Outcome> some, boolean alone) {
    List<JournalLine.Outcome> near =
        some.sorted(
                Comparator.comparingInt((JournalLine.Outcome o) -> shared(o.stamp(), now))
                    .reversed())
            .limit(2)
            .toList();
    boolean open =
        alone
            && near.size() == 2
            && shared(near.get(0).stamp(), now) == shared(near.get(1).stamp(), now);
    return open ? Optional.empty() : near.stream().findFirst();
  }

  /** How many names at the end of two paths are the same. */
  private static int shared(JournalLine.Stamp a, JournalLine.Stamp b) {
    Path one = Path.of(a.file());
    Path other = Path.of(b.file());
    int n = 0;
    while (n < Math.min(one.getNameCount(), other.getNameCount())
        && key(one, n).equals(key(other, n))) n++;
    return n;
  }

  private static String key(Path path, int fromEnd) {
    return FileNames.key(path.getName(path.getNameCount() - 1 - fromEnd).toString());
  }
}
