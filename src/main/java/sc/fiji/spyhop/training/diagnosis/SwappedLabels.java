package sc.fiji.spyhop.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sc.fiji.spyhop.training.diagnosis.ClassAnswers.Doubt;
import sc.fiji.spyhop.util.Strings;

/**
 * Classes that are told apart well but go by each other's names, as when folders were mixed up; and
 * single samples that a network which is otherwise right is sure are of another class.
 */
final class SwappedLabels implements Detector {

  private static final int EPOCHS = 2;
  private static final double MASS = 0.6;
  private static final int FEWEST = 4;
  private static final double LEARNED = 0.6;
  private static final double DOUBTS = 0.02;
  private static final int LISTED = 5;

  @Override
  public Symptom symptom() {
    return Symptom.SWAPPED_LABELS;
  }

  @Override
  public Optional<Diagnostic> look(List<Evidence> epochs) {
    if (epochs.size() < EPOCHS) return Optional.empty();
    Evidence last = Recent.last(epochs);
    Evidence before = epochs.get(epochs.size() - 2);
    Optional<Diagnostic> found =
        swapped(last.validation(), before.validation(), "validation images", last.epoch());
    if (found.isEmpty()) {
      found = swapped(last.training(), before.training(), "training images", last.epoch());
    }
    return found.isPresent() ? found : doubted(last, before);
  }

  private Optional<Diagnostic> swapped(
      List<Answers> now, List<Answers> before, String where, int epoch) {
    for (int h = 0; h < Math.min(now.size(), before.size()); h++) {
      if (!(now.get(h) instanceof ClassAnswers a) || !(before.get(h) instanceof ClassAnswers b)) {
        continue;
      }
      List<Integer> names = permutation(a);
      if (names.isEmpty() || !names.equals(permutation(b))) continue;
      List<String> mixed = new ArrayList<>();
      for (int c = 0; c < names.size(); c++) {
        if (names.get(c) == c) continue;
        mixed.add(
            Strings.format(
                "%s of \"%s\" is called \"%s\"",
                Recent.percent((double) a.confusion()[c][names.get(c)] / a.count(c)),
                a.classes().get(c),
                a.classes().get(names.get(c))));
      }
      return Optional.of(
          new Diagnostic(
              symptom(),
              Strings.format(
                  "Labels look swapped: after epoch %d, of the %s %s.",
                  epoch, where, String.join(", and ", mixed)),
              "The network tells these classes apart, but by other names: compare folders, tables"
                  + " and the order of classes between training and validation images."));
    }
    return Optional.empty();
  }

  /** What each class is mostly called, if that exchanges names; otherwise empty. */
  private static List<Integer> permutation(ClassAnswers answers) {
    List<Integer> names = new ArrayList<>();
    Set<Integer> taken = new TreeSet<>();
    boolean moved = false;
    for (int c = 0; c < answers.confusion().length; c++) {
      long[] row = answers.confusion()[c];
      int name = c;
      if (answers.count(c) > 0) {
        for (int a = 0; a < row.length; a++) if (row[a] > row[name]) name = a;
        if (name != c && (row[name] < MASS * answers.count(c) || answers.count(c) < FEWEST)) {
          return List.of();
        }
      }
      if (!taken.add(name)) return List.of();
      moved |= name != c;
      names.add(name);
    }
    return moved ? names : List.of();
  }

  private Optional<Diagnostic> doubted(Evidence last, Evidence before) {
    for (int h = 0; h < Math.min(last.judged().size(), before.judged().size()); h++) {
      if (!(last.judged().get(h) instanceof ClassAnswers a)
          || !(before.judged().get(h) instanceof ClassAnswers b)
          || !(a.skill() > LEARNED)) {
        continue;
      }
      List<Doubt> doubts = a.doubts().stream().filter(b.doubts()::contains).distinct().toList();
      if (doubts.size() < FEWEST || doubts.size() < DOUBTS * a.positions()) continue;
      return Optional.of(
          new Diagnostic(
              symptom(),
              Strings.format(
                  "Some labels look wrong: the network is right about %s of the %s, but sure of another class in %d of %d: %s%s.",
                  Recent.percent(a.accuracy()),
                  last.judgedOn(),
                  doubts.size(),
                  a.positions(),
                  doubts.stream()
                      .limit(LISTED)
                      .map(
                          d ->
                              Strings.format(
                                  "%s (labelled \"%s\", seen as \"%s\")",
                                  d.sample(),
                                  a.classes().get(d.label()),
                                  a.classes().get(d.answer())))
                      .collect(Collectors.joining(", ")),
                  doubts.size() > LISTED ? ", ..." : ""),
              "Look at these images and correct their labels."));
    }
    return Optional.empty();
  }
}
