package sc.fiji.spyhop.expression;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes expressions for whole minibatches: maps block by block, in 32 bits, so that what lies
 * between stays in the processor's caches, and single values in 64. Sums are added up in an order
 * that depends on the sizes alone. Thread safe.
 */
public final class Program {

  /**
   * What is computed in one go through the maps.
   *
   * @param singles what has no values for places, to be computed before
   * @param sums what is summed up over places
   * @param block what is computed of each block; empty if there is nothing
   * @param writes whether the map is complete, and written
   */
  private record Stage(
      List<Expression> singles, List<Expression> sums, Block block, boolean writes) {}

  private final Optional<Expression> one;
  private final Expression map;
  private final Kind result;
  private final boolean flat;
  private final boolean bySample;

  /** What is given that has no values for places. */
  private final List<Expression> given;

  private final List<Stage> stages;

  private Program(Optional<Expression> one, Expression map, Kind result) {
    this.one = one;
    this.map = map;
    this.result = result;
    List<Expression> roots = new ArrayList<>();
    one.ifPresent(roots::add);
    roots.add(map);
    List<Expression> order = Expression.inOrder(roots);
    flat = one.isEmpty() && result.equals(Kind.MAP) && order.stream().allMatch(Program::isFlat);
    bySample = order.stream().anyMatch(e -> e.kind().extent() == Kind.Extent.SAMPLE);
    given = order.stream().filter(e -> e.is(Operation.VARIABLE) && !e.kind().hasPlaces()).toList();
    stages = stages(order);
  }

  /**
   * A program that computes a map, or one value for each sample, with channels or without.
   *
   * @param result what values are written for, at least those that the expression has
   */
  static Program of(Expression map, Kind result) {
    return new Program(Optional.empty(), map, result);
  }

  /** A program that computes one value, and a map with the channels of the variables. */
  static Program of(Expression one, Expression map) {
    return new Program(Optional.of(one), map, Kind.MAP);
  }

  private static boolean isFlat(Expression e) {
    return switch (e.operation()) {
      case NUMBER -> true;
      case VARIABLE -> e.kind().equals(Kind.MAP);
      default -> e.operation().isElementWise();
    };
  }

  /** Whether each value of the map hangs on the same value of the variables alone. */
  public boolean isElementWise() {
    return flat;
  }

  private static boolean isSummed(Expression e) {
    return e.operation().reducesPlaces() && e.argument(0).kind().hasPlaces();
  }

  private List<Stage> stages(List<Expression> order) {
    Map<Expression, Integer> number = new HashMap<>();
    int last = 0;
    for (Expression e : order) {
      int stage = isSummed(e) ? 1 : 0;
      int before = e.arguments().stream().mapToInt(number::get).max().orElse(0);
      number.put(e, stage + before);
      last = Math.max(last, stage + before);
    }
    List<Stage> all = new ArrayList<>();
    for (int i = 0; i <= last; i++) {
      int stage = i;
      List<Expression> singles =
          order.stream()
              .filter(e -> number.get(e) == stage && !e.kind().hasPlaces() && !isSummed(e))
              .filter(e -> !given.contains(e))
              .toList();
      List<Expression> sums =
          order.stream().filter(e -> number.get(e) == stage + 1 && isSummed(e)).toList();
      boolean writes = result.hasPlaces() && number.get(map) == stage;
      List<Expression> asked = new ArrayList<>(sums.stream().map(s -> s.argument(0)).toList());
      if (writes) asked.add(map);
      all.add(new Stage(singles, sums, new Block(inBlocks(order, asked), asked), writes));
    }
    return List.copyOf(all);
  }

  /** What of some expressions has to be computed in each block, in order. */
  private static List<Expression> inBlocks(List<Expression> order, List<Expression> asked) {
    Set<Expression> needed = new HashSet<>(asked);
    for (int i = order.size() - 1; i >= 0; i--) {
      Expression e = order.get(i);
      if (needed.contains(e) && e.kind().hasPlaces()) needed.addAll(e.arguments());
    }
    return order.stream().filter(needed::contains).toList();
  }

  /**
   * Computes.
   *
   * @param in maps by the names of the variables, {@code samples * channels * places} values; those
   *     without channels or places have so many fewer
   * @param out receives the map, or the values of each sample
   * @return the single value; 0 if there is none
   */
  public double run(Dimensions sizes, Map<String, FloatBuffer> in, FloatBuffer out) {
    Maps maps = new Maps(sizes, in, out, !result.channels());
    if (flat) maps = new Maps(new Dimensions(1, 1, out.capacity()), in, out, false);
    else if (sizes.places() == 1 && !bySample) maps = maps.bySamples();
    Singles singles = new Singles(sizes);
    for (Expression e : given) singles.put(e, values(in.get(e.name())));
    for (Stage stage : stages) {
      stage.singles.forEach(singles::compute);
      if (stage.sums.isEmpty() && !stage.writes) continue;
      double[][] sums = stage.block.run(maps, singles, stage.sums, stage.writes ? map : null);
      for (int i = 0; i < sums.length; i++) singles.put(stage.sums.get(i), sums[i]);
    }
    if (!result.hasPlaces()) write(singles, sizes, out);
    return one.map(singles::value).orElse(0.0);
  }

  private static double[] values(FloatBuffer from) {
    double[] values = new double[from.capacity()];
    for (int i = 0; i < values.length; i++) values[i] = from.get(i);
    return values;
  }

  private void write(Singles singles, Dimensions sizes, FloatBuffer out) {
    int channels = result.channels() ? sizes.channels() : 1;
    for (int i = 0; i < sizes.samples() * channels; i++) {
      out.put(i, (float) singles.value(map, i / channels, i % channels));
    }
  }
}
