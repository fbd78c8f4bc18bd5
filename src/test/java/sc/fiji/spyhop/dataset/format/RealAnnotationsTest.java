package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Keypoint;

/** Public data sets, where they are; counts by another reader. */
class RealAnnotationsTest {

  private static final Path DATA = Path.of("../shared/data");

  private static Path data(String name) {
    Path folder = DATA.resolve(name);
    assumeTrue(Files.isDirectory(folder), folder + " is not here");
    return folder;
  }

  private static AnnotationFiles files() {
    return new AnnotationFiles(new ImageFiles());
  }

  @Test
  void bloodCells() {
    Path folder = data("bccd");
    AnnotatedSet set = files().open(folder);
    assertEquals(292, set.images().size());
    assertEquals(Map.of("RBC", 3348, "WBC", 301, "Platelets", 292), set.boxesByClass());
    assertEquals(Map.of(Problem.Kind.DEGENERATE, 2), set.problems().counts());
    AnnotatedSet train =
        files().open(folder, Optional.of(folder.resolve("split.csv")), Optional.of("train"));
    assertEquals(205, train.images().size());
  }

  @Test
  void mouse() {
    AnnotatedSet set = files().open(data("openfield"));
    assertEquals(93, set.images().size());
    assertEquals(93 * 4, set.points());
    Annotation first = set.samples(new ImageFiles()).get(0).truth();
    assertEquals(Keypoint.at("snout", 21.521, 265.428), first.poses().get(0).keypoints().get(0));
  }
}
