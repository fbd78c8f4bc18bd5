package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Pose;

class AnnotationColorsTest {

  private static final KeypointLayout LAYOUT =
      new KeypointLayout(
          List.of("nose", "tail"), List.of(new KeypointLayout.Pair("nose", "tail")), List.of());

  private static List<Roi> rois(ImagePlus image) {
    LocalizedObject mouse = new LocalizedObject(new Box(20, 20, 160, 100), "mouse");
    Annotation annotation =
        new Annotation(
            new ImageSize(200, 150),
            List.of(mouse, new LocalizedObject(new Box(5, 5, 30, 30), "rat")),
            List.of(
                new Pose(
                    "",
                    Optional.of(mouse),
                    List.of(Keypoint.at("nose", 40.5, 70.5), Keypoint.at("tail", 160.5, 70.5)))));
    return AnnotationRois.of(annotation, List.of("mouse", "rat"), LAYOUT, image, 1, 1);
  }

  /** Two classes, two points and the line between them: five colours. */
  @Test
  void nothingSharesItsColour() {
    ImagePlus image = new ImagePlus("i", new ByteProcessor(200, 150));
    List<Color> colors = rois(image).stream().map(Roi::getStrokeColor).toList();
    assertEquals(5, colors.size());
    assertEquals(5, colors.stream().distinct().count(), colors.toString());
  }

  @Test
  void linesHaveADarkEdgeOnAnyGround() {
    for (int ground : new int[] {0, 128, 255}) {
      ByteProcessor pixels = new ByteProcessor(200, 150);
      for (int i = 0; i < pixels.getPixelCount(); i++)
        pixels.set(i, i % 2 == 0 ? ground : ground / 2);
      ImagePlus image = new ImagePlus("i", pixels);
      Overlay overlay = new Overlay();
      rois(image).forEach(overlay::add);
      BufferedImage picture = Overlays.render(image, overlay);
      int zoom = picture.getWidth() / 200;
      // across the line, halfway between the points
      List<Color> column =
          java.util.stream.IntStream.rangeClosed(-3, 3)
              .mapToObj(d -> new Color(picture.getRGB(100 * zoom, (int) (70.5 * zoom) + d)))
              .collect(Collectors.toList());
      int colored = 0;
      int darkest = 255;
      for (Color c : column) {
        int most = Math.max(c.getRed(), Math.max(c.getGreen(), c.getBlue()));
        int least = Math.min(c.getRed(), Math.min(c.getGreen(), c.getBlue()));
        colored = Math.max(colored, most - least);
        darkest = Math.min(darkest, most);
      }
      assertTrue(colored > 60, "line: " + column);
      assertTrue(darkest < 60, "edge: " + column);
    }
  }
}
