package sc.fiji.spyhop.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.training.sampling.Example;

class ExamplePictureTest {

  private static Frame frame(float... values) {
    return new Frame("f", ArrayImgs.floats(values, 2, 2, 1), PixelSize.UNCALIBRATED);
  }

  /** Truth left, prediction right, both between the pixel values of the truth: 100 and 300. */
  @Test
  void imagesAreShownInOneRange() {
    Frame truth = frame(100, 300, 300, 100);
    Example.Content made = new Example.Content.Picture(frame(200, 0, 900, 300));
    BufferedImage shown =
        new ExamplePicture(2).of(new Example(truth, new Example.Content.Picture(truth), made));
    assertEquals(2, shown.getHeight());
    int right = shown.getWidth() - 2;
    assertEquals(0xFF000000, shown.getRGB(0, 0));
    assertEquals(0xFFFFFFFF, shown.getRGB(1, 0));
    assertEquals(0xFF808080, shown.getRGB(right, 0));
    assertEquals(0xFF000000, shown.getRGB(right + 1, 0));
    assertEquals(0xFFFFFFFF, shown.getRGB(right, 1));
  }
}
