package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Interpolation;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Shape;

class PreprocessingTest {

  private static final Shape SQUARE = Shape.of(3, 224, 224);
  private static final Interpolation DEFAULTS = Interpolation.ANTIALIASED_ROUNDED;

  /** What becomes of a pixel value, channel by channel. */
  private static void assertMaps(String text, double value, double... expected) {
    var n = Preprocessing.parse(text).normalization();
    for (int c = 0; c < expected.length; c++) {
      int i = n.scale().size() == 1 ? 0 : c;
      assertEquals(
          expected[c], (value - n.offset().get(i)) * n.scale().get(i), 1e-12, text + " " + c);
    }
  }

  @Test
  void stepsAreAppliedFromLeftToRight() {
    assertMaps("rgb/127.5-1", 0, -1);
    assertMaps("rgb/127.5-1", 255, 1);
    assertMaps("bgr-104,117,123", 100, -4, -17, -23);
    assertMaps("rgb / 255 - 0.5, 0.25, 0 / 0.5, 0.25, 2", 255, 1, 3, 0.5);
    assertMaps("rgb-10*2+3", 20, 23);
    assertMaps("grey/255", 51, 0.2);
    assertMaps("rgb", 7, 7);
    assertMaps("rgb--1", 7, 8);
    assertMaps("torchvision", 255, (1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225);
    assertMaps("keras-vgg", 0, -103.939, -116.779, -123.68);
  }

  @Test
  void ordersColours() {
    assertEquals(Colors.BGR, Preprocessing.parse("caffe").colors());
    assertEquals(Colors.RGB, Preprocessing.parse(" RGB/255 ").colors());
    assertEquals(Colors.NONE, Preprocessing.parse("gray/255").colors());
    assertEquals(1, Preprocessing.parse("grey").channels().orElseThrow());
    assertTrue(Preprocessing.parse("channels/255").channels().isEmpty());
  }

  @Test
  void sizesAreTheNetworksUnlessTold() {
    assertEquals(new Resize.Cover(224, 224, DEFAULTS), Preprocessing.parse("rgb/255").fit(SQUARE));
    assertEquals(new Resize.Cover(224, 224, DEFAULTS), Preprocessing.parse("rgb crop").fit(SQUARE));
    assertEquals(
        new Resize.CenterCrop(256, 224, 224, DEFAULTS),
        Preprocessing.parse("rgb resize 256 crop 224").fit(SQUARE));
    assertEquals(
        new Resize.CenterCrop(256, 224, 224, DEFAULTS),
        Preprocessing.parse("torchvision").fit(SQUARE));
    assertEquals(
        new Resize.Stretch(224, 224, Interpolation.BILINEAR),
        Preprocessing.parse("torchvision stretch bilinear").fit(SQUARE));
    assertEquals(
        new Resize.Letterbox(320, 240, 114, DEFAULTS),
        Preprocessing.parse("rgb letterbox 320x240 fill 114")
            .fit(Shape.of(3, Shape.ANY, Shape.ANY)));
    assertEquals(
        new Resize.AnySize(), Preprocessing.parse("rgb").fit(Shape.of(3, Shape.ANY, Shape.ANY)));
    assertEquals(
        List.of(240, 320),
        Preprocessing.parse("rgb stretch 320x240").heightAndWidth().orElseThrow());
  }

  @Test
  void refusesASizeThatIsNotTheNetworks() {
    String message =
        assertThrows(SpyhopException.class, () -> Preprocessing.parse("rgb crop 227").fit(SQUARE))
            .getMessage();
    assertTrue(message.contains("227x227") && message.contains("224x224"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rbg/255 | character 1 expected rgb",
        "rgb/ | character 5 expected a number",
        "rgb/abc | character 5 expected a number, received \"abc\"",
        "rgb/0 | character 5 expected a number other than 0",
        "rgb-1,2 | character 5 expected one number, or 3",
        "grey-1,2,3 | character 6 expected one number",
        "rgb/255 resize 256 | character 19 expected crop",
        "rgb/255 crop 0 | expected 1 to 16384 pixels",
        "rgb/255 squash 224 | character 9 expected resize, crop",
        "rgb/255 crop 224 cubic | character 18 expected nearest",
        "torchvision 224 | expected resize, crop",
        "'' | character 1 expected rgb",
      })
  void errorsPointAtTheCharacter(String text, String expected) {
    String message =
        assertThrows(SpyhopException.class, () -> Preprocessing.parse(text)).getMessage();
    assertTrue(message.contains(expected), message);
  }
}
