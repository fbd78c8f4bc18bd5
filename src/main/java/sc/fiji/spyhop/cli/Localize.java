package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.BoxCsv;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.Localizer;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;

/** Draws boxes around objects in image files. */
@Command(
    name = "localize",
    description = {
      "Finds objects in images and draws boxes around them.",
      "Of all images together it writes boxes.csv (image, class, x, y, width, height in pixels,",
      "score; slice and frame of stacks), and of each image NAME_rois.zip (boxes for the ROI",
      "Manager) and NAME_overlay.png (to look at)."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop localize --model cells.spyhop --output results images/",
      "  spyhop localize --model cells.spyhop --score 0.5 --output results \"day?/*.tif\""
    })
final class Localize extends ScenesJob {

  @Override
  Session open(String nameOrPath, OptionalDouble threshold) {
    Localizer localizer = Localizer.open(nameOrPath, threshold);
    return new Session() {
      @Override
      public ModelSpec spec() {
        return localizer.model().spec();
      }

      @Override
      public Device device() {
        return localizer.device();
      }

      @Override
      public Annotation look(Path file, int z, int t, Frame frame, Progress progress) {
        return localizer.localize(frame, progress);
      }

      @Override
      public void close() {
        localizer.close();
      }
    };
  }

  @Override
  String table() {
    return "boxes.csv";
  }

  @Override
  void write(Path file, List<AnnotatedImage> images) {
    BoxCsv.write(file, images);
  }

  @Override
  int count(HyperstackAnnotations found) {
    return found.boxes();
  }

  @Override
  List<String> classes(ModelSpec spec) {
    return spec.names();
  }

  @Override
  KeypointLayout layout(ModelSpec spec) {
    return KeypointLayout.NONE;
  }
}
