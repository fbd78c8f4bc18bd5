package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Predictor;
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
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Fits a task's thresholds to what a trained network says about validation images. */
final class Calibration {

  private static final int TILE = 512;

  /** Outputs are kept in memory for at most this many pixels; images beyond are left out. */
  private static final long MAX_PIXELS = 1 << 24;

  private Calibration() {}

  /**
   * @param predictor of the trained network
   * @param validation images that were not trained on; if there are none, the task stays as it is
   */
  static PixelTask<?> calibrate(
      PixelTask<?> task,
      Network network,
      Predictor predictor,
      Normalization normalization,
      Dataset<LabelMap> validation) {
    ReceptiveField field = ReceptiveField.of(network);
    int halo = Collections.max(field.alignedHalo());
    int multiple = Collections.max(field.sizeMultiple());
    String input = network.inputs().get(0).name();
    List<List<Tensor>> outputs = new ArrayList<>();
    List<LabelMap> truth = new ArrayList<>();
    long pixels = 0;
    for (int i = 0; i < validation.size(); i++) {
      Sample<LabelMap> sample = validation.get(i);
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
          t -> predictor.predict(Map.of(input, t)),
          Progress.NONE,
          (tile, parts) -> {
            for (int h = 0; h < parts.size(); h++) paste(parts.get(h), tile, planes.get(h));
          });
      outputs.add(planes);
      truth.add(sample.truth());
    }
    return task.calibrate(outputs, truth);
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
