package sc.fiji.spyhop.task;

import java.util.List;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.tensor.Tensor;

/**
 * Says where things are; outputs that are maps have cells that are {@link #stride} pixels of the
 * input apart. Truth and predictions are in the coordinates of what the network is shown.
 */
public sealed interface AnnotationTask extends Task<Annotation>
    permits Localization, KeypointDetection {

  /** Pixels of the input per cell of the outputs; 1 if these are no maps. */
  int stride();

  /** Confidence from which something is reported, in [0, 1]. */
  double threshold();

  AnnotationTask withThreshold(double value);

  /**
   * The same with the threshold that is best for some predictions; if there are none, as it is.
   *
   * @param predicted with a threshold of about 0
   */
  AnnotationTask calibrate(List<Annotation> predicted, List<Annotation> truth);

  /** Begins to put together what is seen in the parts of one image. */
  Collector collector(ImageSize shown);

  /** Takes in what the network says, part by part. */
  interface Collector {

    /**
     * @param outputs one per head, [1, channels, cells, cells], or [1, channels]
     * @param x where the first cell begins, pixels of what the network is shown
     * @param core cells whose centre lies in it count; the cores of all parts share no point
     * @throws sc.fiji.spyhop.SpyhopException if an output holds a value that is not a number
     */
    void add(List<Tensor> outputs, int x, int y, Box core);

    /** What is in the whole. */
    Annotation finish();
  }
}
