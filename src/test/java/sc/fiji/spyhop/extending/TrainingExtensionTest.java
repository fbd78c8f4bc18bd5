package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.dataset.Augmentation;
import sc.fiji.spyhop.dataset.Augmenter;
import sc.fiji.spyhop.dataset.Border;
import sc.fiji.spyhop.dataset.Variation;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.plugin.ExtensionJar;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** Augmentation, normalisation and metric that jars bring, in trainings of a segmenter. */
class TrainingExtensionTest {

  @TempDir private Path folder;
  private Path data;
  private Path model;

  @BeforeEach
  void images() throws IOException {
    data = folder.resolve("data");
    model = folder.resolve("my.spyhop");
    for (String part : List.of("images", "labels")) Files.createDirectories(data.resolve(part));
    for (int i = 0; i < 4; i++) {
      ByteProcessor image = new ByteProcessor(40, 36);
      ShortProcessor labels = new ShortProcessor(40, 36);
      for (int k = 0; k < 40 * 36; k++) {
        boolean inside = Math.hypot(k % 40 - 12 - 4 * i, k / 40 - 17) < 7;
        image.set(k, inside ? 180 : 20);
        labels.set(k, inside ? 1 : 0);
      }
      LabelImages.save(new ImagePlus("", image), data.resolve("images/d" + i + ".tif"));
      LabelImages.save(new ImagePlus("", labels), data.resolve("labels/d" + i + ".tif"));
    }
  }

  private Shell train(Object... more) {
    Object[] fixed = {
      "train",
      "segment",
      "--data",
      data,
      "--output",
      model,
      "--epochs",
      2,
      "--steps",
      2,
      "--batch",
      2,
      "--crop",
      32,
      "--widths",
      "4,8",
      "--validation",
      25
    };
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private List<Path> jars(String... names) throws IOException {
    List<Path> jars = new java.util.ArrayList<>();
    for (String name : names) jars.add(ExtensionJar.of(folder, name));
    return jars;
  }

  @Test
  void aJarBringsANormalizationThatTheModelNames() throws Throwable {
    Path results = folder.resolve("results");
    Object[] use = {"segment", "--model", model, "--output", results, data.resolve("images")};
    ExtensionJar.with(
        jars("LogarithmNormalization"),
        () -> {
          Shell shell = train("--normalization", "logarithm(floor=2)");
          assertEquals(0, shell.code(), shell.err());
          Shell used = Shell.run(use);
          assertEquals(0, used.code(), used.err());
          assertEquals(0, Shell.run("models", "check", model).code());
          String shown = Shell.run("models", "show", model).out();
          assertTrue(shown.contains("logarithm(floor=2) of LogarithmNormalization.jar"), shown);
          JsonNode kept =
              new ObjectMapper()
                  .readTree(ModelFile.record(ModelFile.read(model).spec()))
                  .findValue("normalization");
          assertEquals("plugin", kept.path("type").asText());
          assertEquals("logarithm", kept.path("plugin").asText());
          assertEquals(2, kept.path("settings").path("floor").asDouble());
          assertTrue(!kept.toString().contains("LogarithmNormalization\""), kept::toString);
          Shell wrong = train("--normalization", "logarithm(ceiling=2)", "--force");
          assertTrue(wrong.err().contains("--normalization: The plugin logarithm()"), wrong.err());
        });
    Shell without = Shell.run(use);
    assertEquals(1, without.code());
    assertTrue(
        without
            .err()
            .contains(
                "The plugin for the normalization logarithm(), from LogarithmNormalization.jar, is"
                    + " not there. Put its jar where the other jars are: the folder jars of Fiji, or"
                    + " lib of the command spyhop."),
        without.err());
    assertEquals(2, train("--normalization", "logarithm", "--force").code());
  }

  /** Of 0, 1, 3 and 7 the logarithms to the base 2 of one more are 0, 1, 2 and 3. */
  @Test
  void itsNumbersAreThoseOfItsDefinition() throws Throwable {
    ExtensionJar.with(
        jars("LogarithmNormalization"),
        () -> {
          Normalization log = Normalization.ofEachImage("logarithm").orElseThrow();
          ByteProcessor plane = new ByteProcessor(4, 1, new byte[] {10, 11, 13, 17});
          Frame frame = sc.fiji.spyhop.ij.Frames.of(new ImagePlus("", plane)).get(1, 1);
          float[] values = {10, 11, 13, 17};
          log.fit(frame).apply(values, 1);
          org.junit.jupiter.api.Assertions.assertArrayEquals(
              new float[] {0, 1f / 3, 2f / 3, 1}, values, 1e-6f);
        });
  }

  @Test
  void aJarBringsAnAugmentationThatTheRecordNames() throws Throwable {
    ExtensionJar.with(
        jars("StripesAugmentation"),
        () -> {
          Shell shell = train("--vary", "stripes(share=0.5, strength=0.3)");
          assertEquals(0, shell.code(), shell.err());
          String command = ModelFile.read(model).spec().training().command();
          assertTrue(command.contains("--vary 'stripes(share=0.5, strength=0.3)'"), command);
        });
    // it changed images when the network learned; to use the network takes no jar
    assertEquals(0, Shell.run("models", "check", model).code());
    Shell without = train("--vary", "stripes", "--force");
    assertEquals(2, without.code());
    assertTrue(
        without.err().contains("--vary: The plugin for the augmentation stripes() is not there"),
        without.err());
  }

  @Test
  void theSameSeedVariesAlikeAndAnotherDoesNot() throws Throwable {
    ExtensionJar.with(
        jars("StripesAugmentation"),
        () -> {
          Augmentation stripes =
              Augmentation.NONE.withPlugins(Variation.parseAll("stripes(share=1)"));
          Augmenter augmenter = new Augmenter(stripes, 6, 5);
          Set<List<Float>> seen = new HashSet<>();
          for (long seed : new long[] {1, 1, 2}) {
            SplittableRandom random = new SplittableRandom(seed);
            Tensor flat = Tensor.zeros(Axes.NCHW, 1, 1, 5, 6);
            Tensor cut = augmenter.cut(flat, augmenter.draw(2.5, 2, random), Border.MIRROR);
            augmenter.vary(cut, random);
            List<Float> rows = new java.util.ArrayList<>();
            for (int i = 0; i < 30; i++) {
              if (i % 6 == 0) rows.add(cut.data()[i]);
              assertEquals(rows.get(i / 6), cut.data()[i]);
            }
            assertEquals(5, new HashSet<>(rows).size(), rows::toString);
            seen.add(rows);
          }
          assertEquals(2, seen.size());
        });
  }

  /** Writes down what it draws: each picture of each epoch has its own. */
  @Test
  void eachEpochIsVariedAnew() throws Throwable {
    Path drawn = folder.resolve("drawn.txt");
    String source =
        Files.readString(ExtensionJar.SOURCES.resolve("StripesAugmentation.java"))
            .replace("StripesAugmentation", "Diary")
            .replace("\"stripes\"", "\"diary\"")
            .replace(
                "float[] values = picture.data();",
                "try { java.nio.file.Files.writeString(java.nio.file.Path.of(\""
                    + drawn.toString().replace("\\", "\\\\")
                    + "\"), random.nextDouble() + \"\\n\", java.nio.file.StandardOpenOption.CREATE,"
                    + " java.nio.file.StandardOpenOption.APPEND); } catch (java.io.IOException e) {"
                    + " throw new java.io.UncheckedIOException(e); }\n"
                    + "float[] values = picture.data();");
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "Diary", source, "diary.jar")),
        () -> {
          Shell shell = train("--vary", "diary");
          assertEquals(0, shell.code(), shell.err());
          List<String> lines = Files.readAllLines(drawn);
          assertTrue(lines.size() >= 8, lines::toString); // 2 epochs of 2 minibatches of 2
          assertEquals(lines.size(), new HashSet<>(lines).size());
        });
  }

  @Test
  void aJarBringsAMetricForHistoryAndEvaluation() throws Throwable {
    ExtensionJar.with(
        jars("CountMetric"),
        () -> {
          Shell shell = train("--metrics", "miscount");
          assertEquals(0, shell.code(), shell.err());
          assertTrue(shell.err().contains("  miscount "), shell.err());
          List<String> history = Files.readAllLines(folder.resolve("my-training/history.csv"));
          int column = List.of(history.get(0).split(",")).indexOf("miscount");
          assertNotEquals(-1, column, history.get(0));
          assertTrue(
              ModelFile.read(model).spec().training().figures().containsKey("validation miscount"));
          // one object in each image is true; two, one, none and one are found
          Path found = folder.resolve("found");
          Files.createDirectories(found);
          for (int i = 0; i < 4; i++) {
            ShortProcessor labels = new ShortProcessor(40, 36);
            for (int n = 0; n < new int[] {2, 1, 0, 1}[i]; n++) labels.set(12 + 9 * n, 17, n + 1);
            LabelImages.save(new ImagePlus("", labels), found.resolve("d" + i + ".tif"));
          }
          Path json = folder.resolve("figures.json");
          Path csv = folder.resolve("figures.csv");
          Shell evaluated =
              Shell.run(
                  "evaluate",
                  "segment",
                  "--predicted",
                  found,
                  "--truth",
                  data.resolve("labels"),
                  "--metrics",
                  "miscount",
                  "--json",
                  json,
                  "--images",
                  csv);
          assertEquals(0, evaluated.code(), evaluated.err());
          assertTrue(evaluated.out().contains("By plugins: miscount 0.5."), evaluated.out());
          JsonNode figures = new ObjectMapper().readTree(json.toFile());
          assertEquals(0.5, figures.at("/intervals/miscount/value").asDouble());
          assertEquals(0.5, figures.at("/plugins/miscount").asDouble());
          assertTrue(Files.readAllLines(csv).get(0).endsWith(",miscount"));
          Shell boxes = Shell.run("evaluate", "localize", "--metrics", "miscount");
          assertNotEquals(0, boxes.code());
        });
    assertEquals(2, train("--metrics", "miscount", "--force").code());
  }
}
