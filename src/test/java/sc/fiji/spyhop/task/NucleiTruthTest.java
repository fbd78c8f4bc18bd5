package sc.fiji.spyhop.task;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;

/** What is lost between real annotations and objects if the network makes no mistake. */
class NucleiTruthTest {

  private static final Path LABELS = Path.of("../shared/data/nuclei/labels");

  @Test
  void aPerfectNetworkFindsNearlyAllNuclei() throws IOException {
    assumeTrue(Files.isDirectory(LABELS), LABELS + " is absent");
    InstanceSegmentation task = InstanceSegmentation.of("nucleus");
    InstanceMetrics metrics = new InstanceMetrics();
    List<Path> files;
    try (Stream<Path> all = Files.list(LABELS)) {
      files = all.filter(f -> f.getFileName().toString().startsWith("fluo")).sorted().toList();
    }
    for (int i = 0; i < files.size(); i += 4) {
      LabelMap truth = read(files.get(i));
      Map<String, Target> targets = task.encode(truth);
      Segmentation found =
          task.decode(
              task.heads().stream().map(head -> targets.get(head.logits()).values()).toList());
      metrics.add(found.labels(), truth);
    }
    assertTrue(metrics.at(50).f1() > 0.98, metrics::table);
    assertTrue(metrics.meanAp() > 0.94, metrics::table);
  }

  private static LabelMap read(Path file) throws IOException {
    Raster raster;
    try (InputStream in = Files.newInputStream(file)) {
      raster = ImageIO.read(in).getRaster();
    }
    LabelMap map = new LabelMap(raster.getWidth(), raster.getHeight());
    for (int y = 0; y < map.height(); y++) {
      for (int x = 0; x < map.width(); x++) map.set(x, y, raster.getSample(x, y, 0));
    }
    return map;
  }
}
