package sc.fiji.spyhop.engine.graph;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.network.SelectChannels;
import sc.fiji.spyhop.util.Parallel;

/** Some channels, in any order. */
public final class ChannelMap implements LinearMap {

  private final List<Integer> channels;

  /** Of a layer, whose list of channels is all there is to it. */
  public ChannelMap(SelectChannels layer) {
    this.channels = layer.channels();
  }

  private static int places(int[] shape) {
    int places = 1;
    for (int d = 2; d < shape.length; d++) places *= shape[d];
    return places;
  }

  @Override
  public void forward(int[] in, FloatBuffer x, int[] out, FloatBuffer y) {
    int places = places(in);
    int n = out[0] * out[1];
    Parallel.each(
        n,
        (long) n * places,
        i -> {
          int from = i / out[1] * in[1] + channels.get(i % out[1]);
          y.put(i * places, x, from * places, places);
        });
  }

  @Override
  public void backward(int[] in, FloatBuffer back, int[] out, FloatBuffer gradient) {
    List<List<Integer>> readers = new ArrayList<>();
    for (int c = 0; c < in[1]; c++) readers.add(new ArrayList<>());
    for (int k = 0; k < channels.size(); k++) readers.get(channels.get(k)).add(k);
    int places = places(in);
    int n = in[0] * in[1];
    Parallel.each(
        n,
        (long) n * places,
        i -> {
          float[] sum = new float[places];
          float[] part = new float[places];
          for (int k : readers.get(i % in[1])) {
            gradient.get((i / in[1] * out[1] + k) * places, part);
            for (int j = 0; j < places; j++) sum[j] += part[j];
          }
          back.put(i * places, sum);
        });
  }
}
