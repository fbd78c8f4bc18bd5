package sc.fiji.spyhop.dataset.format;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;

/** What was wrong with annotations, all counted and the first of each kind kept. */
public final class Problems {

  private static final int KEPT = 1000;
  private static final int SHOWN = 3;
  private static final int LONGEST = 500;
  private static final double HUGE = 1e15;

  private final Map<Problem.Kind, Integer> counts = new EnumMap<>(Problem.Kind.class);
  private final Map<Problem.Kind, List<Problem>> kept = new EnumMap<>(Problem.Kind.class);

  /** Takes one down; a sentence counts as a clause, which need not name the file again. */
  public void add(Problem.Kind kind, Path file, String where, String what) {
    boolean sentence = what.endsWith(".") && !what.endsWith("..");
    String clause = sentence ? what.substring(0, what.length() - 1) : what;
    if (clause.startsWith(file + ": ")) clause = clause.substring((file + ": ").length());
    add(new Problem(kind, shown(FileNames.last(file)), shown(where), shown(clause)));
  }

  /** Takes down something that concerns a whole image. */
  void add(Problem.Kind kind, String image) {
    add(new Problem(kind, "", "", shown(image)));
  }

  private void add(Problem problem) {
    counts.merge(problem.kind(), 1, Integer::sum);
    List<Problem> list = kept.computeIfAbsent(problem.kind(), k -> new ArrayList<>());
    if (list.size() < KEPT) list.add(problem);
  }

  /** A text of a stranger's file: without what a terminal would act on, and not without end. */
  private static String shown(String text) {
    String clean = SetBuilder.clean(text.substring(0, Math.min(text.length(), LONGEST)));
    return text.length() > LONGEST ? clean + "..." : clean;
  }

  /** A number that a file says, for a report: {@code ?} if it is none, short if it is huge. */
  static String text(double value) {
    if (Double.isNaN(value)) return "?";
    return Math.abs(value) < HUGE ? Decimals.text(value) : String.valueOf(value);
  }

  /** How many of a kind there were, also beyond those that are kept; 0 if none. */
  public int count(Problem.Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  /** How many, by kind; kinds without any are not there. */
  public Map<Problem.Kind, Integer> counts() {
    return new EnumMap<>(counts);
  }

  /** The first thousand of a kind. */
  public List<Problem> of(Problem.Kind kind) {
    return List.copyOf(kept.getOrDefault(kind, List.of()));
  }

  /** Whether something of the files is not among what was read. */
  public boolean isLossy() {
    return counts.keySet().stream().anyMatch(Problem.Kind::isLossy);
  }

  /** Whether nothing at all was wrong, not even what could be mended. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }

  /** For the user: a line for each kind, with its number and the first few. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (kind, n) -> {
          StringJoiner some = new StringJoiner("; ");
          List<Problem> list = kept.get(kind);
          list.subList(0, Math.min(SHOWN, list.size())).forEach(p -> some.add(p.toString()));
          lines.add(kind.text(n) + ": " + some + (n > SHOWN ? "; ..." : ""));
        });
    return lines;
  }
}
