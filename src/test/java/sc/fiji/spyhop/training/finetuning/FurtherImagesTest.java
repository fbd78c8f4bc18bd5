package sc.fiji.spyhop.training.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.dataset.Split;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.task.PixelTask;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.tensor.Axes;

class FurtherImagesTest {

  private static final PixelSize FINE = new PixelSize(0.25, 0.25, "micron");
  private static final PixelSize COARSE = new PixelSize(0.5, 0.5, "micron");
  private static final PixelTask<?> OBJECTS = InstanceSegmentation.of("cell");

  private final List<String> notes = new ArrayList<>();

  /** An image of 60 x 60 pixels with one square of 32, as large as a circle of 36.1. */
  private FurtherImages further(PixelSize known, PixelSize pixels, PixelTask<?> task) {
    LabelMap labels = new LabelMap(60, 60);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) labels.set(x + 10, y + 10, 1);
    }
    Frame frame = new Frame("cell.tif", ArrayImgs.floats(60, 60, 1), pixels);
    Dataset<LabelMap> images = Dataset.ofSamples(List.of(new Sample<>(frame, labels)));
    ModelSpec.Input input =
        new ModelSpec.Input(Axes.NCHW, 1, new Normalization.ZScore(), known)
            .withObjects(new ObjectSizes(10, 18, 30));
    return FurtherImages.of(input, task, new Split<>(images, images), notes::add, Progress.NONE);
  }

  private static int width(Dataset<LabelMap> images) {
    return images.get(0).frame().width();
  }

  /** So that later on an image with objects of 36 pixels, halved in size, is what was learned. */
  @Test
  void objectsGetTheSizeThatTheNetworkKnows() {
    for (PixelSize known : List.of(PixelSize.UNCALIBRATED, COARSE)) {
      FurtherImages found = further(known, PixelSize.UNCALIBRATED, OBJECTS);
      assertEquals(30, width(found.split().train()));
      assertEquals(30, width(found.split().validation()));
      assertEquals(18, found.input().objects().median());
      assertEquals(known, found.input().pixelSize());
      assertTrue(notes.get(0).contains("18 pixels"), notes.get(0));
    }
  }

  /** An image of such pixels is shown as it is by its calibration. */
  @Test
  void whereBothAreCalibratedImagesStayAsTheyAre() {
    FurtherImages found = further(COARSE, FINE, OBJECTS);
    assertEquals(60, width(found.split().train()));
    assertEquals(36.1, found.input().objects().median(), 0.01);
    assertEquals(FINE, found.input().pixelSize());
    assertTrue(notes.get(0).contains("for 0.25 micron"), notes.get(0));
  }

  @Test
  void classesOfPixelsHaveNoSize() {
    PixelTask<?> pixels = new SemanticSegmentation(List.of("ground", "cell"), List.of(), -1, 1);
    FurtherImages found = further(COARSE, FINE, pixels);
    assertEquals(60, width(found.split().train()));
    assertEquals(FINE, found.input().pixelSize());
    assertSame(COARSE, further(COARSE, PixelSize.UNCALIBRATED, pixels).input().pixelSize());
  }
}
