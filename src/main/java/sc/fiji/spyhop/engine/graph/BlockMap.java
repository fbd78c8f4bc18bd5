package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;
import java.util.function.IntConsumer;
import sc.fiji.spyhop.network.PixelShuffle;
import sc.fiji.spyhop.network.PixelShuffle.Direction;
import sc.fiji.spyhop.util.Parallel;

/** Pixels out of channels, or channels out of pixels. */
public final class BlockMap implements LinearMap {

  private final int block;
  private final boolean enlarges;

  /** Of a layer, whose direction and blocks are all there is to it. */
  public BlockMap(PixelShuffle layer) {
    block = layer.block();
    enlarges = layer.direction() == Direction.TO_SPACE;
  }

  @Override
  public void forward(int[] in, FloatBuffer x, int[] out, FloatBuffer y) {
    if (enlarges) toSpace(in, x, out, y);
    else toChannels(out, y, in, x);
  }

  @Override
  public void backward(int[] in, FloatBuffer back, int[] out, FloatBuffer gradient) {
    if (enlarges) toChannels(in, back, out, gradient);
    else toSpace(out, gradient, in, back);
  }

  /** Rows of channels become every so manieth value of the rows of larger planes. */
  private void toSpace(int[] few, FloatBuffer from, int[] many, FloatBuffer to) {
    planes(
        many,
        p -> {
          float[] wide = new float[many[3]];
          float[] row = new float[few[3]];
          Plane large = new Plane(to, p, many);
          for (int i = 0; i < many[2]; i++) {
            for (int k = 0; k < block; k++) {
              new Plane(from, channel(p, i, k), few).read(i / block, row);
              for (int j = 0; j < row.length; j++) wide[j * block + k] = row[j];
            }
            large.write(i, wide);
          }
        });
  }

  private void toChannels(int[] few, FloatBuffer to, int[] many, FloatBuffer from) {
    planes(
        many,
        p -> {
          float[] wide = new float[many[3]];
          float[] row = new float[few[3]];
          Plane large = new Plane(from, p, many);
          for (int i = 0; i < many[2]; i++) {
            large.read(i, wide);
            for (int k = 0; k < block; k++) {
              for (int j = 0; j < row.length; j++) row[j] = wide[j * block + k];
              new Plane(to, channel(p, i, k), few).write(i / block, row);
            }
          }
        });
  }

  /** Plane in which a column of blocks of a row lies. */
  private int channel(int plane, int row, int column) {
    return (plane * block + row % block) * block + column;
  }

  private static void planes(int[] many, IntConsumer body) {
    int planes = many[0] * many[1];
    Parallel.each(planes, (long) planes * many[2] * many[3], body);
  }
}
