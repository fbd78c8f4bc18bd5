package sc.fiji.spyhop.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.EvaluationTables;
import sc.fiji.spyhop.dataset.format.KeypointCsv;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.ij.HyperstackAnnotations;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.pipeline.KeypointFinder;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.task.KeypointDetection;

/** Finds named points in image files. */
@Command(
    name = "keypoints",
    description = {
      "Finds named points in images, one of each name, or in the boxes of objects.",
      "Of all images together it writes keypoints.csv (image, keypoint, x, y in pixels, score;",
      "slice and frame of stacks; no x and y where a point is not to be seen), and of each image",
      "NAME_rois.zip (points for the ROI Manager) and NAME_overlay.png (to look at)."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop keypoints --model mouse.spyhop --output results frames/",
      "  spyhop keypoints --model mice.spyhop --boxes boxes.csv --output results frames/",
    })
final class Keypoints extends ScenesJob {

  @Option(
      names = "--boxes",
      paramLabel = "CSV",
      description =
          "Boxes of the objects to find the keypoints of, as spyhop localize writes them; for models"
              + " that were trained with --objects.")
  private Optional<Path> boxes = Optional.empty();

  @Override
  Session open(String nameOrPath, OptionalDouble threshold) {
    Optional<Map<String, List<LocalizedObject>>> objects = boxes.map(this::read);
    KeypointFinder finder = KeypointFinder.open(nameOrPath, threshold);
    if (finder.picture().isPresent() != objects.isPresent()) {
      String name = finder.model().spec().name();
      finder.close();
      throw misuse(
          objects.isPresent()
              ? "--boxes: model " + name + " was trained on whole images and needs none."
              : "Model " + name + " finds keypoints in boxes: name a table of them, --boxes.");
    }
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
      public Annotation look(Path file, int z, int t, Frame frame, Progress progress) {
        if (objects.isEmpty()) return finder.find(frame, progress);
        String key = EvaluationTables.key(file.getFileName().toString(), z, t);
        return finder.find(frame, objects.get().getOrDefault(key, List.of()), progress);
      }

      @Override
      public void close() {
        finder.close();
      }
    };
  }

  private Map<String, List<LocalizedObject>> read(Path table) {
    Problems problems = new Problems();
    Map<String, List<LocalizedObject>> objects = EvaluationTables.boxes(table, problems);
    problems.summary().forEach(console()::say);
    return objects;
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
