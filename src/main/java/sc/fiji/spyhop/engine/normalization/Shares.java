package sc.fiji.spyhop.engine.normalization;

import sc.fiji.spyhop.util.Parallel;

/** Work in as many shares on every machine, so that sums over shares are the same on all. */
final class Shares {

  static final int MOST = 64;

  private Shares() {}

  static int count(int length) {
    return Math.min(MOST, length);
  }

  /** Where a share begins. */
  static int bound(int length, int share) {
    return (int) ((long) length * share / count(length));
  }

  /** Calls with ranges that together cover {@code [0, length)}. */
  static void run(int length, long values, Parallel.Range body) {
    Parallel.each(count(length), values, s -> body.accept(bound(length, s), bound(length, s + 1)));
  }
}
