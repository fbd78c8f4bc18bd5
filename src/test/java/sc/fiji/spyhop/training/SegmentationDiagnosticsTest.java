package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.training.diagnosis.Finding;
import sc.fiji.spyhop.training.diagnosis.Symptom;

/** Pixels are classes as well. */
class SegmentationDiagnosticsTest {

  private static final int SIDE = 32;

  /** Noise with a square of class 1, brighter by so much; or without. */
  private static Dataset<LabelMap> set(String prefix, int n, int contrast, boolean square) {
    List<Sample<LabelMap>> samples = new ArrayList<>();
    for (int k = 0; k < n; k++) {
      Random random = new Random(prefix.hashCode() + k);
      byte[] pixels = new byte[SIDE * SIDE];
      LabelMap truth = new LabelMap(SIDE, SIDE);
      int left = random.nextInt(SIDE - 8);
      int top = random.nextInt(SIDE - 8);
      for (int i = 0; i < pixels.length; i++) {
        int x = i % SIDE - left;
        int y = i / SIDE - top;
        boolean in = square && x >= 0 && x < 8 && y >= 0 && y < 8;
        truth.set(i, in ? 1 : 0);
        pixels[i] = (byte) (20 + random.nextInt(60) + (in ? contrast : 0));
      }
      samples.add(
          new Sample<>(
              new Frame(
                  prefix + k,
                  ArrayImgs.unsignedBytes(pixels, SIDE, SIDE, 1),
                  PixelSize.UNCALIBRATED),
              truth));
    }
    return Dataset.ofSamples(samples);
  }

  private static Map<Symptom, String> findings(
      Dataset<LabelMap> train, Dataset<LabelMap> validation) {
    List<Finding> findings = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void finding(Finding finding) {
            findings.add(finding);
          }
        };
    TrainingResult result =
        new Training(
                PixelEngine.NETWORK,
                PixelEngine.INITIAL,
                new SemanticSegmentation(List.of("background", "bright"), List.of(), -1, 0),
                new Normalization.MinMax(),
                train,
                validation,
                TrainingOptions.DEFAULT
                    .with()
                    .epochs(10)
                    .stepsPerEpoch(10)
                    .batch(4)
                    .crop(16)
                    .learningRate(1)
                    .averaging(0.9)
                    .build())
            .run(new PixelEngine(), PixelEngine.DEVICE, Checkpoints.NONE, listener, Progress.NONE);
    assertEquals(StopReason.FINISHED, result.reason());
    return findings.stream()
        .collect(java.util.stream.Collectors.toMap(Finding::symptom, Finding::text));
  }

  @Test
  void silentWhenPixelsAreLearned() {
    assertEquals(Map.of(), findings(set("t", 4, 120, true), set("v", 3, 120, true)));
    assertEquals(Map.of(), findings(set("t", 4, 120, true), set("v", 0, 120, true)));
  }

  @Test
  void saysWhenAllIsBackground() {
    String text =
        findings(set("t", 4, 0, true), set("v", 3, 0, true)).get(Symptom.NO_BETTER_THAN_GUESSING);
    assertTrue(text.contains("always saying \"background\" would be right in"), text);
  }

  @Test
  void saysWhichClassHasNoExample() {
    String text =
        findings(set("t", 4, 120, true), set("v", 3, 120, false))
            .get(Symptom.CLASS_WITHOUT_EXAMPLES);
    assertTrue(text.startsWith("No validation image shows class \"bright\""), text);
  }
}
