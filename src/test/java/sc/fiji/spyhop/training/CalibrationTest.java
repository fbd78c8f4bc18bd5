package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.decode.ObjectScoring;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

class CalibrationTest {

  private static final int W = 560;
  private static final int H = 120;

  /** A network that knows: its input's two channels are what it has to say. */
  private static List<Tensor> said(Tensor input) {
    int[] shape = {1, 1, input.size('H'), input.size('W')};
    int plane = shape[2] * shape[3];
    return List.of(
        new Tensor(Axes.NCHW, shape, Arrays.copyOfRange(input.data(), 0, plane)),
        new Tensor(Axes.NCHW, shape, Arrays.copyOfRange(input.data(), plane, 2 * plane)));
  }

  /** Squares at 0.62 in rims of 0.58 that are not theirs, all over several tiles. */
  @Test
  void fitsThresholdsToValidationImages() {
    float[] values = new float[2 * W * H];
    LabelMap truth = new LabelMap(W, H);
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        int d = Math.max(Math.abs(x % 20 - 9), Math.abs(y % 20 - 9));
        int i = y * W + x;
        values[i] = d < 5 ? 0.62f : d < 7 ? 0.58f : 0.1f;
        values[W * H + i] = Math.max(0, 1 - d / 7f);
        if (d < 5) truth.set(i, 1 + x / 20 + W / 20 * (y / 20));
      }
    }
    Frame frame = new Frame("squares", ArrayImgs.floats(values, W, H, 2), PixelSize.UNCALIBRATED);
    Network network = NetworkBuilder.image(2).convolution("same", 2, 1).build();
    InstanceSegmentation task =
        new InstanceSegmentation(List.of("square"), 0.5, 1, 0.1, 0.3, 15, 0, 3, 64, false);
    Normalization asItIs = new Normalization.Fixed(List.of(0.0), List.of(1.0));
    InstanceSegmentation expected =
        new InstanceSegmentation(List.of("square"), 0.6, 1, 0.1, 0.3, 15, 0, 3, 64, false);
    InstanceSegmentation fitted =
        (InstanceSegmentation)
            Calibration.of(
                    task,
                    network,
                    CalibrationTest::said,
                    asItIs,
                    Dataset.ofSamples(List.of(new Sample<>(frame, truth))),
                    Progress.NONE)
                .fitted();
    assertEquals(expected, fitted.withScoring(ObjectScoring.UNKNOWN));
    assertTrue(fitted.scoring().isKnown());
    assertEquals(
        task,
        Calibration.of(
                task,
                network,
                CalibrationTest::said,
                asItIs,
                Dataset.ofSamples(List.of()),
                Progress.NONE)
            .fitted());
  }
}
