package sc.fiji.spyhop.training.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Decoder;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.Ends;
import sc.fiji.spyhop.task.Localization;
import sc.fiji.spyhop.task.ObjectCenters;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.DetectionNetwork;

class DetectionMinibatchesTest {

  private static final int STRIDE = 4;
  private static final int BATCH = 8;
  private static final ObjectCenters TASK = Localization.of(List.of("cell"), STRIDE);

  /** Flips and quarter turns, and nothing else. */
  private static final Augmentation TURNS =
      Augmentation.NONE.withFlips(true, true).withQuarterTurns(true);

  /** Images whose rows are of one intensity each, with these boxes in all of them. */
  private static MinibatchSampler sampler(
      int images, int width, int height, int crop, Augmentation augmentation, Box... boxes) {
    byte[] rows = new byte[width * height];
    for (int p = 0; p < rows.length; p++) rows[p] = (byte) (p / width);
    List<LocalizedObject> objects = new ArrayList<>();
    for (Box box : boxes) objects.add(new LocalizedObject(box, "cell"));
    List<Sample<Annotation>> samples = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      samples.add(
          new Sample<>(
              new Frame(
                  "image" + i,
                  ArrayImgs.unsignedBytes(rows, width, height, 1),
                  PixelSize.UNCALIBRATED),
              new Annotation(new ImageSize(width, height), objects, List.of())));
    }
    Network network = DetectionNetwork.of(Decoder.Backbone.compact(1, List.of(2, 2, 2)), TASK);
    ModelSpec.Input input =
        new ModelSpec.Input(
            Axes.NCHW,
            1,
            Normalization.ofEachImage("min_max").orElseThrow(),
            PixelSize.UNCALIBRATED);
    return MinibatchSampler.of(
        new TrainingImages<>(
            network,
            input,
            Dataset.ofSamples(samples),
            Dataset.ofSamples(List.<Sample<Annotation>>of()),
            new SamplingOptions(BATCH, crop, 0.9, augmentation, 1)),
        TASK,
        Ends.of(network, TASK),
        Progress.NONE);
  }

  /** How many pictures of some minibatches have rows of one intensity each. */
  private static int upright(MinibatchSampler sampler, int minibatches) {
    int upright = 0;
    for (int m = 0; m < minibatches; m++) {
      Tensor pictures = sampler.make(1, m).inputs().get("image");
      int w = pictures.size('W');
      int size = w * pictures.size('H');
      for (int n = 0; n < BATCH; n++) {
        boolean all = true;
        for (int p = 0; p < size; p++) {
          int at = n * size + p;
          all &= pictures.data()[at] == pictures.data()[at - p % w];
        }
        if (all) upright++;
      }
    }
    return upright;
  }

  /** They would be filled up at two sides and cut off at the others. */
  @Test
  void onlySquareImagesAreTurnedByQuarters() {
    Box box = new Box(10, 10, 8, 8);
    assertEquals(6 * BATCH, upright(sampler(8, 48, 32, 64, TURNS, box), 6));
    int turned = 6 * BATCH - upright(sampler(8, 32, 32, 64, TURNS, box), 6);
    assertTrue(turned > 0 && turned < 6 * BATCH, "turned: " + turned);
  }

  /**
   * At the edges there are boxes of 6 of 8 pixels, so a picture has to show 0.65 of a box of 8 x 8
   * or 6 x 8 pixels; as nobody knew of the edges it was 0.3.
   */
  @Test
  void boxesThatPicturesCutCountAsAtTheEdgesOfImages() {
    MinibatchSampler sampler =
        sampler(20, 48, 48, 16, Augmentation.NONE, new Box(20, 20, 8, 8), new Box(0, 30, 6, 8));
    double smallest = Double.POSITIVE_INFINITY;
    for (int m = 0; m < 40; m++) {
      Target boxes = sampler.make(1 + m / 2, m % 2).targets().get(ObjectCenters.BOX);
      float[] values = boxes.values().data();
      float[] weights = boxes.weights().orElseThrow().data();
      int cells = weights.length / BATCH;
      for (int i = 0; i < weights.length; i++) {
        if (weights[i] == 0) continue;
        int at = i / cells * 4 * cells + i % cells;
        double area = STRIDE * STRIDE * Math.exp(values[at + 2 * cells] + values[at + 3 * cells]);
        smallest = Math.min(smallest, area);
      }
    }
    assertTrue(smallest >= 0.65 * 6 * 8 - 1e-3 && smallest < 6 * 8 - 1, "smallest: " + smallest);
  }
}
