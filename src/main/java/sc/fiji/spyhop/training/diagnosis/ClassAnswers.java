package sc.fiji.spyhop.training.diagnosis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Answers that are classes.
 *
 * @param classes names by number
 * @param confusion positions, [truth][answer]
 * @param explained share of the variance of the truth that probabilities explain (Brier skill
 *     score), where the truth of a position is a number from 0 to 1, such as near a keypoint; else
 *     NaN
 * @param doubts samples, one position each, that are confidently given another class than their
 *     label; empty where positions are pixels
 */
public record ClassAnswers(
    String layer,
    List<String> classes,
    long[][] confusion,
    double spread,
    double explained,
    List<Doubt> doubts)
    implements Answers {

  /**
   * A sample whose label the network is sure is another.
   *
   * @param sample its name
   */
  public record Doubt(String sample, int label, int answer) {}

  /** Copies the lists, not the counts. */
  public ClassAnswers {
    classes = List.copyOf(classes);
    doubts = List.copyOf(doubts);
  }

  /** Positions of a class. */
  public long count(int truth) {
    return Arrays.stream(confusion[truth]).sum();
  }

  @Override
  public long positions() {
    return IntStream.range(0, confusion.length).mapToLong(this::count).sum();
  }

  /** Number of the class with most positions. */
  public int mostFrequent() {
    int most = 0;
    for (int c = 1; c < confusion.length; c++) if (count(c) > count(most)) most = c;
    return most;
  }

  /** Share of right answers. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < confusion.length; c++) right += confusion[c][c];
    return (double) right / positions();
  }

  /** Share of right answers if all were the most frequent class. */
  public double guess() {
    return (double) count(mostFrequent()) / positions();
  }

  @Override
  public double skill() {
    double skill = Math.max((accuracy() - guess()) / (1 - guess()), informedness());
    return explained > skill ? explained : skill;
  }

  /**
   * Mean over classes of the share found, from 0 at the level of chance to 1: an answer that finds
   * a rare class at the price of false alarms is more than a guess. NaN if only one class occurs.
   */
  private double informedness() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < confusion.length; c++) {
      if (count(c) == 0) continue;
      sum += (double) confusion[c][c] / count(c);
      present++;
    }
    double chance = 1.0 / present;
    return present < 2 ? Double.NaN : (sum / present - chance) / (1 - chance);
  }
}
