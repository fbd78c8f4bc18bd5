package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.Tile;
import sc.fiji.spyhop.image.TiledPrediction;
import sc.fiji.spyhop.image.Tiles;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.metrics.Score;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * What a trained network says about images that were not trained on, to which thresholds are
 * fitted.
 *
 * @param outputs for each image, one per head, [1, channels, height, width]
 */
record Calibration(PixelTask<?> task, List<List<Tensor>> outputs, List<LabelMap> truth) {

  private static final int TILE = 512;

  /** Outputs are kept in memory for at most this many pixels; images beyond are left out. */
  private static final long MAX_PIXELS = 1 << 24;

  /**
   * Asks the network.
   *
   * @param predictor from a normalised input to the network's outputs
   * @param images in the size in which the network sees them, with channels as it reads them
   */
  static Calibration of(
      PixelTask<?> task,
      Network network,
      Function<Tensor, List<Tensor>> predictor,
      Normalization normalization,
      Dataset<LabelMap> images,
      Progress progress) {
    ReceptiveField field = ReceptiveField.of(network);
    int halo = Collections.max(field.alignedHalo());
    int multiple = Collections.max(field.sizeMultiple());
    List<List<Tensor>> outputs = new ArrayList<>();
    List<LabelMap> truth = new ArrayList<>();
    long pixels = 0;
    for (int i = 0; i < images.size(); i++) {
      Sample<LabelMap> sample = images.get(i);
      Frame frame = sample.frame();
      long size = (long) frame.width() * frame.height();
      if (pixels + size > MAX_PIXELS) continue;
      pixels += size;
      List<Tensor> planes = new ArrayList<>();
      for (Head head : task.heads()) {
        planes.add(Tensor.zeros(Axes.NCHW, 1, head.channels(), frame.height(), frame.width()));
      }
      TiledPrediction.run(
          frame,
          normalization.fit(frame),
          Tiles.plan(frame.width(), frame.height(), TILE, 0),
          halo,
          multiple,
          predictor,
          progress.part(i, images.size()),
          (tile, parts) -> {
            for (int h = 0; h < parts.size(); h++) paste(parts.get(h), tile, planes.get(h));
          });
      outputs.add(planes);
      truth.add(sample.truth());
    }
    return new Calibration(task, outputs, truth);
  }

  /** The task with thresholds that are best for the images; as it is if there are none. */
  PixelTask<?> fitted() {
    return task.calibrate(outputs, truth);
  }

  /** How good a task's decoding of the outputs is. */
  <P> Score score(PixelTask<P> of) {
    return of.score(outputs.stream().map(of::decode).toList(), truth);
  }

  private static void paste(Tensor part, Tile tile, Tensor plane) {
    for (int c = 0; c < part.size('C'); c++) {
      for (int y = 0; y < tile.height(); y++) {
        System.arraycopy(
            part.data(),
            (c * tile.height() + y) * tile.width(),
            plane.data(),
            (c * plane.size('H') + tile.y() + y) * plane.size('W') + tile.x(),
            tile.width());
      }
    }
  }
}
