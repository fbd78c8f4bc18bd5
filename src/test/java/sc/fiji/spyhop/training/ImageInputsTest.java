package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.prediction.RealValues;

/** The pixel size that a model is for is that of the images that it has learned from. */
class ImageInputsTest {

  private static Dataset<RealValues> images(double... micrometres) {
    return Dataset.ofSamples(
        IntStream.range(0, micrometres.length)
            .mapToObj(
                i ->
                    new Sample<>(
                        new Frame(
                            "image" + i,
                            ArrayImgs.floats(new float[16], 4, 4, 1),
                            new PixelSize(micrometres[i], micrometres[i], "um")),
                        new RealValues(List.of(1.0 * i))))
            .toList());
  }

  private static ModelSpec.Input input(double... micrometres) {
    return ImageInputs.of(images(micrometres), Optional.empty(), Optional.empty(), Progress.NONE);
  }

  @Test
  void imagesOfSeveralPixelSizesHaveNoneInCommon() {
    assertEquals(new PixelSize(0.5, 0.5, "um"), input(0.5, 0.5).pixelSize());
    assertEquals(PixelSize.UNCALIBRATED, input(0.5, 1).pixelSize());
    assertEquals(PixelSize.UNCALIBRATED, ImageInputs.pixelSize(images(0.5, 0.5, 2), Progress.NONE));
  }

  /** Images are not resized when a network goes on learning. */
  @Test
  void whatGoesOnLearningIsForTheImagesItSeesThen() {
    List<String> said = new ArrayList<>();
    ModelSpec.Input base = input(0.5);
    assertEquals(base, ImageInputs.goingOn(base, images(0.52, 0.52), said::add, Progress.NONE));
    assertEquals(List.of(), said);
    ModelSpec.Input next = ImageInputs.goingOn(base, images(1, 1), said::add, Progress.NONE);
    assertEquals(base.withPixelSize(new PixelSize(1, 1, "um")), next);
    ModelSpec.Input uncalibrated = base.withPixelSize(PixelSize.UNCALIBRATED);
    assertEquals(
        base.withPixelSize(new PixelSize(1, 1, "um")),
        ImageInputs.goingOn(uncalibrated, images(1, 1), said::add, Progress.NONE));
    assertEquals(1, said.size());
    assertTrue(said.get(0).contains("1 um, of those that the model knows 0.5 um"), said.get(0));
  }
}
