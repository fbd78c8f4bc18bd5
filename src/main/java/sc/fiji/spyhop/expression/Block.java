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

  private final List<Expression> order;

  /** Which array holds the values of an expression, and whether it has values for channels. */
  private final Map<Expression, Integer> slots = new HashMap<>();

  private final List<Boolean> slotHasChannels = new ArrayList<>();
  private final List<Expression> constants;
  private final List<Expression> steps;

  /**
   * @param order what is to be computed, and what is the same for all places of a sample, arguments
   *     first
   * @param asked of which values must be there in the end
   */
  Block(List<Expression> order, List<Expression> asked) {
    this.order = order;
    constants = order.stream().filter(e -> !e.kind().hasPlaces()).toList();
    steps = order.stream().filter(e -> e.kind().hasPlaces()).toList();
    assign(asked);
  }

  /** Arrays are used again once what is in them is needed no more. */
  private void assign(List<Expression> asked) {
    for (Expression e : constants) slots.put(e, slot(e));
    Map<Expression, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Expression a : steps.get(i).arguments()) lastUse.put(a, i);
    }
    Set<Expression> kept = new HashSet<>(asked);
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Expression e = steps.get(i);
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
    private int sample = -1;
    private int place;
    private int n;

    Worker(Maps maps, Singles singles, int places) {
      this.maps = maps;
      this.singles = singles;
      channels = maps.sizes().channels();
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
      steps.forEach(this::step);
    }

    private void fill(Expression e) {
      float[] array = array(e);
      for (int c = 0; c < (e.kind().channels() ? channels : 1); c++) {
        Arrays.fill(array, c * n, (c + 1) * n, (float) singles.value(e, sample, c));
      }
    }

    private void step(Expression e) {
      Operation operation = e.operation();
      float[] y = array(e);
      if (operation == Operation.VARIABLE) {
        maps.read(e, sample, place, n, y);
      } else if (operation == Operation.SELECT) {
        System.arraycopy(array(e.argument(0)), (int) e.number() * n, y, 0, n);
      } else if (operation.reducesChannels()) {
        Kernels.channels(operation, array(e.argument(0)), channels, y, n);
      } else if (!e.kind().channels()) {
        apply(e, y, 0, n);
      } else if (e.arguments().stream().allMatch(a -> a.kind().channels())) {
        apply(e, y, 0, channels * n);
      } else {
        for (int c = 0; c < channels; c++) apply(e, y, c * n, n);
      }
    }

    /** Applies an element-wise operation to a run of values that begins at some place. */
    private void apply(Expression e, float[] y, int at, int count) {
      Expression a = e.argument(0);
      if (e.arguments().size() == 1) {
        Kernels.unary(e.operation(), array(a), begin(a, at), y, at, count);
        return;
      }
      Expression b = e.argument(1);
      if (e.arguments().size() == 2) {
        Kernels.binary(e.operation(), array(a), begin(a, at), array(b), begin(b, at), y, at, count);
        return;
      }
      Expression c = e.argument(2);
      Kernels.where(
          array(a), begin(a, at), array(b), begin(b, at), array(c), begin(c, at), y, at, count);
    }

    private static int begin(Expression e, int at) {
      return e.kind().channels() ? at : 0;
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
