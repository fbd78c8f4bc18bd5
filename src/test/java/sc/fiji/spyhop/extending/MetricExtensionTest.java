package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.plugin.ExtensionJar;

/** Metrics of other predictions than label images, in evaluations. */
class MetricExtensionTest {

  @TempDir private Path folder;

  /**
   * A metric of its own name.
   *
   * @param of what it compares
   * @param value of a prediction p, a truth t and a setting "by", which is 1 unless given
   */
  private Path jar(String name, String of, String value) throws IOException {
    String source =
        "import java.util.Map;\n"
            + "import org.scijava.plugin.Plugin;\n"
            + "import sc.fiji.spyhop.prediction.*;\n"
            + "import sc.fiji.spyhop.task.metrics.MetricPlugin;\n"
            + ("@Plugin(type = MetricPlugin.class, name = \"" + name + "\")\n")
            + ("public class " + name + " implements MetricPlugin<" + of + "> {\n")
            + "  public Map<String, Double> settings() { return Map.of(\"by\", 1.0); }\n"
            + ("  public Class<" + of + "> of() { return " + of + ".class; }\n")
            + ("  public double measure(" + of + " p, " + of + " t, Map<String, Double> s) {\n")
            + ("    return " + value + ";\n  }\n}\n");
    return ExtensionJar.of(folder, name, source, name + ".jar");
  }

  private JsonNode evaluate(Object... line) throws IOException {
    Path json = folder.resolve("figures.json");
    Object[] all = java.util.Arrays.copyOf(line, line.length + 3);
    all[line.length] = "--json";
    all[line.length + 1] = json;
    all[line.length + 2] = "--force";
    Shell shell = Shell.run(all);
    assertEquals(0, shell.code(), shell.err());
    return new ObjectMapper().readTree(json.toFile());
  }

  @Test
  void ofClassesOfImages() throws Throwable {
    Path model = Lamp.model(folder);
    for (int i = 0; i < 2; i++) {
      Path place = Files.createDirectories(folder.resolve("data/" + List.of("off", "on").get(i)));
      ByteProcessor plane = new ByteProcessor(20, 20);
      plane.set(7, 8, 255 * i);
      LabelImages.save(new ImagePlus("", plane), place.resolve("a" + i + ".tif"));
    }
    ExtensionJar.with(
        List.of(jar("right", "ClassScores", "s.get(\"by\") * (p.best() == t.best() ? 1 : 0)")),
        () -> {
          JsonNode figures =
              evaluate(
                  "evaluate",
                  "classify",
                  "--model",
                  model,
                  "--data",
                  folder.resolve("data"),
                  "--metrics",
                  "right(by=3)");
          assertEquals(3, figures.at("/plugins/right(by=3)").asDouble());
        });
  }

  @Test
  void ofBoxes() throws Throwable {
    Path truth =
        Files.writeString(
            folder.resolve("truth.csv"),
            "image,class,x,y,width,height\na.png,c,0,0,10,10\na.png,c,50,0,10,10\nb.png,c,1,1,5,5\n");
    Path boxes =
        Files.writeString(
            folder.resolve("boxes.csv"),
            "image,class,x,y,width,height,score\na.png,c,0,0,10,10,0.9\n");
    ExtensionJar.with(
        List.of(
            jar("missed", "Annotation", "t.objects().size() - p.objects().size()"),
            jar("right", "ClassScores", "0")),
        () -> {
          JsonNode figures =
              evaluate(
                  "evaluate",
                  "localize",
                  "--predicted",
                  boxes,
                  "--truth",
                  truth,
                  "--metrics",
                  "missed");
          assertEquals(1, figures.at("/plugins/missed").asDouble()); // one in each image
          Shell wrong =
              Shell.run(
                  "evaluate",
                  "localize",
                  "--predicted",
                  boxes,
                  "--truth",
                  truth,
                  "--metrics",
                  "right");
          assertEquals(1, wrong.code());
          assertTrue(
              wrong
                  .err()
                  .contains(
                      "The metric right(), from right.jar, compares ClassScores, but what finds boxes"
                          + " or keypoints gives Annotation."),
              wrong.err());
        });
  }
}
