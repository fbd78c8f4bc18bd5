package sc.fiji.spyhop.active;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The order in which images are worth labelling. */
public final class Ranking {

  private Ranking() {}

  /**
   * Ranks candidates. With diversity the first is the one of the highest score, and each next one
   * that whose score times its distance to the nearest of those before it is highest: k-center
   * greedy (Sener and Savarese 2018), weighted by uncertainty. Else by score. The first of equals
   * comes first.
   *
   * @param count how many to choose; all if there are fewer
   * @return positions in the list, the best first
   */
  public static List<Integer> of(List<Candidate> candidates, int count, boolean diverse) {
    int n = candidates.size();
    double[] nearest = new double[n];
    Arrays.fill(nearest, diverse ? Double.POSITIVE_INFINITY : 1);
    boolean[] taken = new boolean[n];
    List<Integer> chosen = new ArrayList<>();
    while (chosen.size() < Math.min(count, n)) {
      int best = -1;
      for (int i = 0; i < n; i++) {
        if (!taken[i] && (best < 0 || isBetter(i, best, candidates, nearest))) best = i;
      }
      taken[best] = true;
      chosen.add(best);
      if (!diverse) continue;
      for (int i = 0; i < n; i++) {
        nearest[i] = Math.min(nearest[i], candidates.get(i).distance(candidates.get(best)));
      }
    }
    return List.copyOf(chosen);
  }

  private static boolean isBetter(int i, int best, List<Candidate> all, double[] nearest) {
    double mine = all.get(i).score();
    double other = all.get(best).score();
    boolean first = Double.isInfinite(nearest[i]);
    double value = first ? mine : mine * nearest[i];
    double than = first ? other : other * nearest[best];
    return value > than || value == than && mine > other;
  }
}
