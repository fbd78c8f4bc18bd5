package sc.fiji.spyhop.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.image.Affine;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * An explanation, and whether the network agrees with it: square patches of the image are hidden,
 * those that matter most first, and the score is to fall soon (deletion); or, in an image with
 * nothing to be seen, they are shown in the same order, and it is to rise soon (insertion; Petsiuk
 * et al. 2018). What counts is the mean of the score on the way, compared with that of random
 * orders.
 *
 * @param explanation whose map tells what matters
 * @param fill what is shown in place of what is hidden
 * @param patches along each side
 * @param orders how many random orders to compare with
 * @param seed of these
 */
public record Faithfulness(Explanation explanation, Fill fill, int patches, int orders, long seed)
    implements Explanation {

  /** What it tells, as {@link #figures()} of an explanation that tells nothing else. */
  public static final List<String> FIGURES =
      List.of("deletion", "deletion_random", "insertion", "insertion_random");

  /** Scores that each curve is made of, besides the one that it begins with. */
  private static final int POINTS = 20;

  /** With ten patches along each side and three random orders. */
  public static Faithfulness of(Explanation explanation, Fill fill, long seed) {
    return new Faithfulness(explanation, fill, 10, 3, seed);
  }

  @Override
  public String name() {
    return explanation.name();
  }

  @Override
  public Map<String, String> settings() {
    return explanation.settings();
  }

  /**
   * After those of the explanation, means of the score while patches are hidden, and while they are
   * shown: in the order of the map, and in random ones.
   */
  @Override
  public List<String> figures() {
    return Stream.of(explanation.figures(), FIGURES).flatMap(List::stream).toList();
  }

  @Override
  public String largest() {
    return explanation.largest();
  }

  @Override
  public String effect(SaliencyMap map) {
    return explanation.effect(map);
  }

  @Override
  public Explanation fittedTo(int width, int height) {
    return new Faithfulness(explanation.fittedTo(width, height), fill, patches, orders, seed);
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    Attribution found = explanation.map(question, progress);
    Curves curves = new Curves(question, progress);
    List<Integer> order = curves.order(found.values());
    double deletion = curves.mean(order, true);
    double insertion = curves.mean(order, false);
    double deletionRandom = 0;
    double insertionRandom = 0;
    Random random = new Random(seed);
    for (int i = 0; i < orders; i++) {
      Collections.shuffle(order, random);
      deletionRandom += curves.mean(order, true) / orders;
      insertionRandom += curves.mean(order, false) / orders;
    }
    List<Double> figures = new ArrayList<>(found.figures());
    figures.addAll(List.of(deletion, deletionRandom, insertion, insertionRandom));
    return new Attribution(found.used(), found.values(), figures);
  }

  private final class Curves {

    private final Question question;
    private final Progress progress;
    private final int width;
    private final int height;
    private final float[] hidden;

    Curves(Question question, Progress progress) {
      this.question = question;
      this.progress = progress;
      Tensor shown = question.shown();
      width = shown.size('W');
      height = shown.size('H');
      hidden = Fills.of(fill, shown, width / 2.0, height / 2.0);
    }

    private int patch(int x, int y) {
      return y * patches / height * patches + x * patches / width;
    }

    /** Patches, those with the largest sums first; equal ones in a random order. */
    List<Integer> order(float[] map) {
      double[] sums = new double[patches * patches];
      Affine toImage = question.view().toImage();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int u = (int) Math.floor(toImage.x(x + 0.5, y + 0.5));
          int v = (int) Math.floor(toImage.y(x + 0.5, y + 0.5));
          if (u < 0 || v < 0 || u >= question.width() || v >= question.height()) continue;
          sums[patch(x, y)] += map[v * question.width() + u];
        }
      }
      List<Integer> order = new ArrayList<>(IntStream.range(0, sums.length).boxed().toList());
      Collections.shuffle(order, new Random(seed));
      order.sort(Comparator.comparingDouble(p -> -sums[p]));
      return order;
    }

    /** Mean of the score, by the trapezoid rule. */
    double mean(List<Integer> order, boolean deletes) {
      double[] scores = new double[POINTS + 1];
      for (int first = 0; first <= POINTS; first += question.batch()) {
        progress.checkCancelled();
        int end = Math.min(POINTS + 1, first + question.batch());
        Tensor[] images =
            IntStream.range(first, end)
                .mapToObj(i -> image(order.subList(0, i * order.size() / POINTS), deletes))
                .toArray(Tensor[]::new);
        double[] some = question.scorer().apply(Tensor.concatenate(images));
        System.arraycopy(some, 0, scores, first, some.length);
      }
      double sum = 0;
      for (int i = 0; i < POINTS; i++) sum += (scores[i] + scores[i + 1]) / 2;
      return sum / POINTS;
    }

    /** With some patches hidden, or these alone shown. */
    private Tensor image(List<Integer> some, boolean hides) {
      boolean[] chosen = new boolean[patches * patches];
      some.forEach(p -> chosen[p] = true);
      Tensor shown = question.shown();
      float[] data = shown.data().clone();
      for (int i = 0; i < data.length; i++) {
        if (chosen[patch(i % width, i / width % height)] == hides) data[i] = hidden[i];
      }
      return new Tensor(shown.axes(), shown.shape(), data);
    }
  }
}
