package sc.fiji.spyhop.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.Strings;

/** What can be used of samples that are to be trained on: one bad file does not end the whole. */
public final class ReadableSamples {

  private ReadableSamples() {}

  /**
   * Opens all samples once, and leaves those out that cannot be read or used.
   *
   * @param notes takes a sentence that names the first few of them
   * @throws SpyhopException with the reasons, if none is left to train on, or none of those to
   *     validate on
   */
  public static <T> Split<T> of(Split<T> split, Progress progress, Consumer<String> notes) {
    List<String> problems = new ArrayList<>();
    int all = split.train().size() + split.validation().size();
    Dataset<T> train = of(split.train(), "train", 0, all, problems, progress);
    int done = split.train().size();
    Dataset<T> validation = of(split.validation(), "validate", done, all, problems, progress);
    progress.update("Opening images", all, all);
    tell(problems, all, notes);
    return new Split<>(train, validation);
  }

  /**
   * Opens all samples of a set once, leaves those out that cannot be read or used, and draws those
   * to validate on from the others.
   *
   * @param classes numbers of the classes of each sample
   * @param notes takes a sentence that names the first few that are left out, and those of the
   *     splitter
   * @throws SpyhopException with the reasons, if none is left
   */
  public static <T> Split<T> drawn(
      Dataset<T> all,
      List<List<Integer>> classes,
      Splitter splitter,
      Progress progress,
      Consumer<String> notes) {
    List<String> problems = new ArrayList<>();
    List<Integer> readable = readable(all, "train", 0, all.size(), problems, progress);
    progress.update("Opening images", all.size(), all.size());
    tell(problems, all.size(), notes);
    return splitter.splitSeveral(
        only(all, readable), readable.stream().map(classes::get).toList(), notes);
  }

  /** The same of samples that have no classes. */
  public static <T> Split<T> drawn(
      Dataset<T> all, Splitter splitter, Progress progress, Consumer<String> notes) {
    return drawn(all, Collections.nCopies(all.size(), List.of(0)), splitter, progress, notes);
  }

  /**
   * The same of one set.
   *
   * @param purpose of the images, such as {@code "train"}
   */
  public static <T> Dataset<T> of(
      Dataset<T> set, String purpose, Progress progress, Consumer<String> notes) {
    List<String> problems = new ArrayList<>();
    Dataset<T> readable = of(set, purpose, 0, set.size(), problems, progress);
    tell(problems, set.size(), notes);
    return readable;
  }

  private static void tell(List<String> problems, int all, Consumer<String> notes) {
    if (problems.isEmpty()) return;
    notes.accept(
        Strings.format(
            "Left out, as they cannot be used, %d of %d images: %s.",
            problems.size(), all, BadSamples.first(problems)));
  }

  private static <T> Dataset<T> of(
      Dataset<T> set, String purpose, int done, int all, List<String> problems, Progress progress) {
    return only(set, readable(set, purpose, done, all, problems, progress));
  }

  private static <T> Dataset<T> only(Dataset<T> set, List<Integer> readable) {
    return readable.size() == set.size() ? set : set.select(readable);
  }

  /** Positions of the samples that can be used. */
  private static List<Integer> readable(
      Dataset<?> set, String purpose, int done, int all, List<String> problems, Progress progress) {
    List<Integer> readable = new ArrayList<>();
    List<String> names = set.names();
    List<String> here = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      progress.checkCancelled();
      if (i % 64 == 0) progress.update("Opening images", done + i, all);
      try {
        set.get(i);
        readable.add(i);
      } catch (SpyhopException e) {
        here.add(BadSamples.clause(names.get(i), e));
      }
    }
    if (readable.isEmpty() && !here.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "None of the %d images to %s on can be used: %s. Correct them, or choose others.",
              here.size(), purpose, BadSamples.first(here)));
    }
    problems.addAll(here);
    return readable;
  }
}
