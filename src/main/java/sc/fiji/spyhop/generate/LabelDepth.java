package sc.fiji.spyhop.generate;

import java.util.Arrays;
import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.decode.Distances;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Label images as a channel of a generated image. In an object, how deep a pixel lies in it, from
 * {@link #EDGE} to 1 in its middle; outside, how far from the nearest object, down to -1 at {@link
 * #REACH} pixels. What objects are is read from it as from the outputs of {@link
 * InstanceSegmentation}.
 */
public final class LabelDepth {

  /** At the edge of an object, so that 0 lies half way to what is just outside. */
  private static final float EDGE = 0.1f;

  /** Pixels from an object at which values are -1. */
  private static final int REACH = 6;

  private static final InstanceSegmentation TASK = InstanceSegmentation.of("object");

  private LabelDepth() {}

  /**
   * Turns labels into the values that a network learns to make.
   *
   * @return row by row, from -1 to 1
   */
  public static float[] of(LabelMap labels) {
    int w = labels.width();
    int h = labels.height();
    List<Tensor> targets =
        TASK.objectives().stream().map(o -> TASK.encode(labels).get(o.layer()).values()).toList();
    float[] object = targets.get(0).data();
    float[] depth = targets.get(1).data();
    float[] outside = outside(object, w, h);
    float[] values = new float[w * h];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          object[i] > 0
              ? EDGE + (1 - EDGE) * depth[i]
              : -Math.min(1, Math.max(EDGE, outside[i] / REACH));
    }
    return values;
  }

  /** Distance to the nearest object; what lies beyond the image is none. */
  private static float[] outside(float[] object, int w, int h) {
    int width = w + 2 * REACH;
    int height = h + 2 * REACH;
    int[] background = new int[width * height];
    Arrays.fill(background, 1);
    for (int i = 0; i < object.length; i++) {
      if (object[i] > 0) background[(i / w + REACH) * width + i % w + REACH] = 0;
    }
    float[] distances = Distances.toOutside(background, 1, width, height);
    float[] values = new float[w * h];
    for (int i = 0; i < values.length; i++) {
      values[i] = distances[(i / w + REACH) * width + i % w + REACH];
    }
    return values;
  }

  /**
   * Objects one by one.
   *
   * @param values row by row, about -1 to 1
   */
  public static LabelMap labels(float[] values, int width, int height) {
    float[] object = new float[values.length];
    float[] depth = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      double v = values[i];
      object[i] = (float) Math.max(0, Math.min(1, 0.55 + v / (2 * EDGE)));
      depth[i] = (float) Math.max(0, Math.min(1, (v - EDGE) / (1 - EDGE)));
    }
    int[] shape = {1, 1, height, width};
    var assembler = TASK.assembler(new ImageSize(width, height));
    assembler.add(
        new Tile(0, 0, width, height, 0, 0, width, height),
        List.of(new Tensor(Axes.NCHW, shape, object), new Tensor(Axes.NCHW, shape, depth)));
    return assembler.finish().labels();
  }
}
