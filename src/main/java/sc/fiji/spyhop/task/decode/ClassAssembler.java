package sc.fiji.spyhop.task.decode;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.tensor.Tensor;

/** The most probable class of every pixel; the first of equals. One segment per class but 0. */
public final class ClassAssembler implements Assembler<Segmentation> {

  private final List<Head> heads;
  private final int classes;
  private final LabelMap labels;
  private final SegmentSums sums;

  /**
   * For an image of so many pixels, as the network is shown it; the head's channels are the
   * classes.
   */
  public ClassAssembler(int width, int height, Head head) {
    heads = List.of(head);
    classes = head.channels();
    labels = LabelMap.sized(width, height, classes - 1);
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
        int best = 0;
        for (int c = 1; c < classes; c++) if (p[c * plane + i] > p[best * plane + i]) best = c;
        if (best == 0) continue;
        labels.set(x, y, best);
        found.add(best, x, y, p[best * plane + i]);
      }
    }
    return () -> {
      for (int c = 1; c < classes; c++) sums.merge(c, found, c);
    };
  }

  @Override
  public Segmentation finish() {
    List<Segment> segments = new ArrayList<>();
    for (int c = 1; c < classes; c++) if (sums.area(c) > 0) segments.add(sums.segment(c, c));
    return new Segmentation(labels, segments);
  }
}
