package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Overlaps;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.tensor.Tensor;

/** All classes of every pixel that are likely enough. One segment per class that is anywhere. */
public final class MultiLabelAssembler implements Assembler<Segmentation> {

  private final List<Head> heads;
  private final float[] thresholds;
  private final LabelMap sets;
  private final SegmentSums sums;

  /**
   * For an image of so many pixels, as the network is shown it.
   *
   * @param head its channels are the classes
   * @param thresholds probability from which a pixel is of a class, one for each
   */
  public MultiLabelAssembler(int width, int height, Head head, List<Double> thresholds) {
    heads = List.of(head);
    this.thresholds = new float[thresholds.size()];
    for (int c = 0; c < this.thresholds.length; c++) {
      this.thresholds[c] = thresholds.get(c).floatValue();
    }
    sets = LabelMap.sized(width, height, Overlaps.bit(thresholds.size()) - 1);
    sums = new SegmentSums(0);
  }

  @Override
  public Runnable prepare(Tile tile, List<Tensor> outputs) {
    Outputs.check(heads, tile, outputs);
    SegmentSums found = new SegmentSums(0);
    float[] p = outputs.get(0).data();
    int plane = tile.regionWidth() * tile.regionHeight();
    for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
      int i = (y - tile.regionY()) * tile.regionWidth() + tile.x() - tile.regionX();
      for (int x = tile.x(); x < tile.x() + tile.width(); x++, i++) {
        int set = 0;
        for (int c = 0; c < thresholds.length; c++) {
          if (p[c * plane + i] < thresholds[c]) continue;
          set |= Overlaps.bit(c);
          found.add(c + 1, x, y, p[c * plane + i]);
        }
        if (set != 0) sets.set(x, y, set);
      }
    }
    return () -> {
      for (int c = 1; c <= thresholds.length; c++) sums.merge(c, found, c);
    };
  }

  @Override
  public Segmentation finish() {
    List<Segment> segments = new ArrayList<>();
    for (int c = 1; c <= thresholds.length; c++) {
      if (sums.area(c) > 0) segments.add(sums.segment(c, c));
    }
    return new Segmentation(sets, segments, true, 0, 0);
  }
}
