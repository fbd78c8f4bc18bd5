package sc.fiji.spyhop.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * A network of another program, compiled as it is. Holds native memory until closed. Safe for use
 * by several threads, which wait for each other.
 */
public interface FileRunner extends AutoCloseable {

  /**
   * What an output gives.
   *
   * @param shape in the file's own axes, the batch of one in front
   * @param values slowest axis first
   */
  record Values(List<Integer> shape, float[] values) {
    /** Copies the shape. */
    public Values {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Runs the network on one image.
   *
   * @param image [1, channels, rows, columns], whatever the type of numbers of the file
   * @param channelsLast whether the file wants channels behind rows and columns
   * @param outputs names in the file; empty for all
   * @return by name
   * @throws sc.fiji.spyhop.SpyhopException if the network cannot be run, or takes longer than it
   *     may
   */
  Map<String, Values> run(Tensor image, boolean channelsLast, Collection<String> outputs);

  /** Gives back memory that is only kept so that the next run is quick. */
  void trim();

  @Override
  void close();
}
