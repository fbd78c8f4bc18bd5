package sc.fiji.spyhop.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sc.fiji.spyhop.util.Parallel;

/** What is computed of each block of places, one operation after the other. */
final class Block {

  /** Values of all channels of a block. */
  private static final int SIZE = 4096;

  private static final int MIN_PLACES = 16;
  private static final int MAX_PLACES = 1024;

  /** Blocks are shared out in so many parts at most, whatever the processor. */
  private static final int SHARES = 64;

  /** Which array holds the values of an expression, and whether it has values for channels. */
  private final Map<Expression, Integer> slots = new HashMap<>();

  private final List<Boolean> slotHasChannels = new ArrayList<>();
  private final List<Expression> constants;
  private final Step[] steps;

  /**
   * An operation on arrays.
   *
   * @param expression what is computed
   * @param to array of the result
   * @param from arrays of the arguments
   * @param of whether arguments have values for channels
   * @param runs whether all of them have, or the result has not, so that it is one run of values
   */
  private record Step(Expression expression, int to, int[] from, boolean[] of, boolean runs) {}

  /**
   * @param order what is to be computed, and what is the same for all places of a sample, arguments
   *     first
   * @param asked of which values must be there in the end
   */
  Block(List<Expression> order, List<Expression> asked) {
    constants = order.stream().filter(e -> !e.kind().hasPlaces()).toList();
    List<Expression> computed = order.stream().filter(e -> e.kind().hasPlaces()).toList();
    assign(computed, asked);
    steps = computed.stream().map(this::step).toArray(Step[]::new);
  }

  private Step step(Expression e) {
    List<Expression> of = e.arguments();
    int[] from = of.stream().mapToInt(slots::get).toArray();
    boolean[] channels = new boolean[from.length];
    for (int i = 0; i < from.length; i++) channels[i] = of.get(i).kind().channels();
    boolean all = of.stream().allMatch(a -> a.kind().channels());
    return new Step(e, slots.get(e), from, channels, all || !e.kind().channels());
  }

  /** Arrays are used again once what is in them is needed no more. */
  private void assign(List<Expression> computed, List<Expression> asked) {
    for (Expression e : constants) slots.put(e, slot(e));
    Map<Expression, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < computed.size(); i++) {
      for (Expression a : computed.get(i).arguments()) lastUse.put(a, i);
    }
    Set<Expression> kept = new HashSet<>(asked);
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < computed.size(); i++) {
      Expression e = computed.get(i);
      for (Expression a : new HashSet<>(e.arguments())) {
        if (a.kind().hasPlaces() && lastUse.get(a) == i && !kept.contains(a)) {
          free.add(slots.get(a));
        }
      }
      Integer again =
          free.stream()
              .filter(s -> slotHasChannels.get(s) == e.kind().channels())
              .findFirst()
              .orElse(null);
      if (again != null) free.remove(again);
      slots.put(e, again != null ? again : slot(e));
    }
  }

  private int slot(Expression e) {
    slotHasChannels.add(e.kind().channels());
    return slotHasChannels.size() - 1;
  }

  /**
   * Goes through the maps.
   *
   * @param sums whose arguments are summed up over places
   * @param written what is written; null if nothing is
   * @return sums, one for each channel and sample as they have them
   */
  double[][] run(Maps maps, Singles singles, List<Expression> sums, Expression written) {
    Dimensions sizes = maps.sizes();
    int places = Math.max(MIN_PLACES, Math.min(MAX_PLACES, SIZE / Math.max(1, sizes.channels())));
    int perSample = (sizes.places() + places - 1) / places;
    int blocks = Math.multiplyExact(sizes.samples(), perSample);
    double[][][] parts = new double[sums.size()][blocks][];
    int shares = Math.max(1, Math.min(blocks, SHARES));
    long values = (long) sizes.samples() * sizes.channels() * sizes.places();
    Parallel.each(
        shares,
        values,
        share -> {
          Worker worker = new Worker(maps, singles, places);
          int end = (int) ((long) blocks * (share + 1) / shares);
          for (int b = (int) ((long) blocks * share / shares); b < end; b++) {
            int place = b % perSample * places;
            worker.compute(b / perSample, place, Math.min(places, sizes.places() - place));
            for (int s = 0; s < parts.length; s++) parts[s][b] = worker.sums(sums.get(s));
            if (written != null) worker.write(written);
          }
        });
    double[][] result = new double[sums.size()][];
    for (int s = 0; s < result.length; s++) {
      result[s] = added(parts[s], sums.get(s), sizes, perSample);
    }
    return result;
  }

  private static double[] added(double[][] parts, Expression sum, Dimensions sizes, int perSample) {
    boolean bySample = sum.operation() == Operation.SUM_PLACES;
    int channels = sum.kind().channels() ? sizes.channels() : 1;
    double[] result = new double[(bySample ? sizes.samples() : 1) * channels];
    for (int b = 0; b < parts.length; b++) {
      int at = bySample ? b / perSample * channels : 0;
      for (int c = 0; c < channels; c++) result[at + c] += parts[b][c];
    }
    return result;
  }

  /** Arrays for one block after the other. */
  private final class Worker {
    private final Maps maps;
    private final Singles singles;
    private final int channels;
    private final float[][] arrays;
    private final Kernels kernels;
    private int sample = -1;
    private int place;
    private int n;

    Worker(Maps maps, Singles singles, int places) {
      this.maps = maps;
      this.singles = singles;
      channels = maps.sizes().channels();
      kernels = new Kernels(channels * places);
      arrays = new float[slotHasChannels.size()][];
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = new float[slotHasChannels.get(i) ? channels * places : places];
      }
    }

    private float[] array(Expression e) {
      return arrays[slots.get(e)];
    }

    void compute(int ofSample, int from, int count) {
      boolean other = sample != ofSample || n != count;
      sample = ofSample;
      place = from;
      n = count;
      if (other) constants.forEach(this::fill);
      for (Step step : steps) compute(step);
    }

    private void fill(Expression e) {
      float[] array = array(e);
      for (int c = 0; c < (e.kind().channels() ? channels : 1); c++) {
        Arrays.fill(array, c * n, (c + 1) * n, (float) singles.value(e, sample, c));
      }
    }

    private void compute(Step step) {
      Expression e = step.expression;
      Operation operation = e.operation();
      float[] y = arrays[step.to];
      if (operation == Operation.VARIABLE) {
        maps.read(e, sample, place, n, y);
      } else if (operation == Operation.SELECT) {
        System.arraycopy(arrays[step.from[0]], (int) e.number() * n, y, 0, n);
      } else if (operation.reducesChannels()) {
        kernels.channels(operation, arrays[step.from[0]], channels, y, n);
      } else if (step.runs) {
        apply(step, y, 0, e.kind().channels() ? channels * n : n);
      } else {
        for (int c = 0; c < channels; c++) apply(step, y, c * n, n);
      }
    }

    /** Applies an element-wise operation to a run of values that begins at some place. */
    private void apply(Step step, float[] y, int at, int count) {
      Operation operation = step.expression.operation();
      float[] a = arrays[step.from[0]];
      int fromA = step.of[0] ? at : 0;
      if (step.from.length == 1) {
        kernels.unary(operation, a, fromA, y, at, count);
        return;
      }
      float[] b = arrays[step.from[1]];
      int fromB = step.of[1] ? at : 0;
      if (step.from.length == 2) {
        Kernels.binary(operation, a, fromA, b, fromB, y, at, count);
        return;
      }
      int fromC = step.of[2] ? at : 0;
      Kernels.where(a, fromA, b, fromB, arrays[step.from[2]], fromC, y, at, count);
    }

    double[] sums(Expression sum) {
      Expression of = sum.argument(0);
      double[] sums = new double[of.kind().channels() ? channels : 1];
      float[] array = array(of);
      for (int c = 0; c < sums.length; c++) {
        for (int i = c * n; i < (c + 1) * n; i++) sums[c] += array[i];
      }
      return sums;
    }

    void write(Expression e) {
      maps.write(array(e), !e.kind().channels(), sample, place, n);
    }
  }
}
