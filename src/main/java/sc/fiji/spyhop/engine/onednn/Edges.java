package sc.fiji.spyhop.engine.onednn;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import sc.fiji.spyhop.network.Windows;

/**
 * How a layer's windows meet the border: the padding that oneDNN wants to be told.
 *
 * @param windows for each spatial dimension
 */
record Edges(List<Windows> windows) {

  /** Of a layer that works on planes. */
  static Edges of(IntFunction<Windows> windows) {
    return new Edges(List.of(windows.apply(0), windows.apply(1)));
  }

  long[] extent() {
    return windows.stream().mapToLong(Windows::extent).toArray();
  }

  long[] stride() {
    return windows.stream().mapToLong(Windows::stride).toArray();
  }

  private Windows.Placed placed(int i, int[] map) {
    return windows.get(i).over(map[2 + i]);
  }

  /** Rows above, columns to the left of a map that the windows move over. */
  long[] before(int[] map) {
    return IntStream.range(0, windows.size()).mapToLong(i -> placed(i, map).before()).toArray();
  }

  /** Rows below, columns to the right, with those that ceil mode adds. */
  long[] after(int[] map) {
    return IntStream.range(0, windows.size())
        .mapToLong(i -> Math.max(windows.get(i).after(), placed(i, map).beyond()))
        .toArray();
  }
}
