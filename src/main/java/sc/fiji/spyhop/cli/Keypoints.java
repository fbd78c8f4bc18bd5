package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.KeypointCsv;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.KeypointFinder;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.task.KeypointDetection;

/** Finds named points in image files. */
@Command(
    name = "keypoints",
    description = {
      "Finds named points in images, one of each name.",
      "Of all images together it writes keypoints.csv (image, keypoint, x, y in pixels, score;",
      "slice and frame of stacks; no x and y where a point is not to be seen), and of each image",
      "NAME_rois.zip (points for the ROI Manager) and NAME_overlay.png (to look at)."
    },
    footer = {
      "",
      "Example:",
      "  spyhop keypoints --model mouse.spyhop --output results frames/",
    })
final class Keypoints extends ScenesJob {

  @Override
  Session open(String nameOrPath, OptionalDouble threshold) {
    KeypointFinder finder = KeypointFinder.open(nameOrPath, threshold);
    return new Session() {
      @Override
      public ModelSpec spec() {
        return finder.model().spec();
      }

      @Override
      public Device device() {
        return finder.device();
      }

      @Override
      public Annotation look(Frame frame, Progress progress) {
        return finder.find(frame, progress);
      }

      @Override
      public void close() {
        finder.close();
      }
    };
  }

  @Override
  String table() {
    return "keypoints.csv";
  }

  @Override
  void write(Path file, List<AnnotatedImage> images) {
    KeypointCsv.write(file, images);
  }

  @Override
  int count(HyperstackAnnotations found) {
    return found.points();
  }

  @Override
  List<String> classes(ModelSpec spec) {
    return List.of();
  }

  @Override
  KeypointLayout layout(ModelSpec spec) {
    return spec.task(KeypointDetection.class, "keypoints").layout();
  }
}
