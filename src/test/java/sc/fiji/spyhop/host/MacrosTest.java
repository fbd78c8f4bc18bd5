package sc.fiji.spyhop.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Javas;
import sc.fiji.spyhop.cli.Discs;
import sc.fiji.spyhop.cli.Lamp;
import sc.fiji.spyhop.cli.Spyhop;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.exchange.onnx.OnnxWriter;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.util.Strings;

/** Macros through ImageJ's own interpreter, in a Java of their own as a user starts it. */
class MacrosTest {

  private static final Path NUCLEI = Path.of("test-images", "nuclei", "images").toAbsolutePath();

  @TempDir Path folder;

  record Outcome(int code, String text) {}

  private Outcome run(String macro, String... arguments) throws Exception {
    Path file = folder.resolve("test.ijm");
    Files.writeString(file, macro);
    return run(file, arguments);
  }

  static Outcome run(Path file, String... arguments) throws IOException, InterruptedException {
    return run(List.of(), file, arguments);
  }

  static Outcome run(List<String> options, Path file, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = Javas.command();
    command.addAll(options);
    command.addAll(List.of("-Xmx1g", "-Djava.awt.headless=true", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("sc.fiji.spyhop.cli.Spyhop", "macro", file.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }

  @Test
  void imageJsAndSpyhopsCommandsWorkTogether() throws Exception {
    Outcome outcome =
        run(
            Strings.format(
                """
            open("%s");
            run("Gaussian Blur...", "sigma=1");
            run("Spyhop Segment", "model=nuclei channel=auto table=true manager=false");
            getStatistics(area, mean, min, max);
            print("found", max, nResults, getTitle(), getArgument());
            """,
                NUCLEI.resolve("nuclei_000.tif")),
            "one",
            "two");
    assertEquals(0, outcome.code, outcome.text);
    // as many labels as rows; the painted image has 40 nuclei or so
    assertTrue(
        outcome.text.matches("(?s).*found (3[5-9]|4[0-5]) \\1 \\S+ one\\ntwo\\s.*"), outcome.text);
  }

  /** The line of docs/results.md that counts a plate, here its first two rows. */
  @Test
  void aPlateIsCountedByOneLine() throws Exception {
    Path plate = folder.resolve("plate");
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    assertEquals(
        0,
        Spyhop.run(
            nowhere,
            nowhere,
            "sample",
            "nuclei",
            "--plate",
            "P1",
            "--count",
            "1",
            "--output",
            plate.toString()));
    try (Stream<Path> all = Files.list(plate.resolve("images"))) {
      for (Path image : all.filter(f -> !f.toString().matches(".*_[AB]\\d\\d_s1.tif")).toList()) {
        Files.delete(image);
      }
    }
    String line =
        Files.readAllLines(Path.of("docs/results.md")).stream()
            .filter(l -> l.startsWith("run(\"Spyhop Batch\", \"input=plate/images"))
            .findFirst()
            .orElseThrow();
    Outcome outcome =
        run(
            line.replace("plate/images", plate.resolve("images").toString())
                .replace("output=results", "output=" + folder.resolve("results")));
    assertEquals(0, outcome.code, outcome.text);
    Map<String, Integer> truth = new TreeMap<>();
    for (String row : Files.readAllLines(plate.resolve("index.csv"))) {
      String[] cells = row.split(",");
      truth.put(cells[1], cells[1].matches("[AB].*") ? Integer.parseInt(cells[3]) : -1);
    }
    truth.values().removeIf(n -> n < 0);
    List<String> groups = Files.readAllLines(folder.resolve("results/groups.csv"));
    assertTrue(groups.get(0).startsWith("plate,well,site,images,failed,count,"), groups.get(0));
    assertEquals(1 + 24, groups.size());
    int found = 0;
    for (String row : groups.subList(1, groups.size())) {
      String[] cells = row.split(",");
      int count = Integer.parseInt(cells[5]);
      assertEquals(truth.get(cells[1]), count, 3 + 0.1 * truth.get(cells[1]), row);
      found += count;
    }
    int all = truth.values().stream().mapToInt(n -> n).sum();
    assertEquals(all, found, 0.05 * all);
  }

  /** A network of another program, here our own export, becomes a model that classifies. */
  @Test
  void aNetworkIsImportedAndClassifies() throws Exception {
    Model lamp = ModelFile.read(Lamp.model(folder));
    Path onnx = folder.resolve("net.onnx");
    try (OutputStream out = Files.newOutputStream(onnx)) {
      OnnxWriter.write(OnnxExport.of(lamp.network(), lamp.weights()), out);
    }
    Outcome outcome =
        run(
            Strings.format(
                """
            run("Spyhop Import Network", "file=[%1$s/net.onnx] classes=dark,bright"
                + " preprocess=[grey/255 any] output=[%1$s/net.spyhop]");
            newImage("lamp", "8-bit black", 40, 30, 1);
            setPixel(25, 10, 255);
            run("Spyhop Classify", "model=[%1$s/net.spyhop]");
            print("found", getResultString("class", 0), d2s(getResult("probability", 0), 3));
            """,
                folder));
    assertEquals(0, outcome.code, outcome.text);
    // the logit of a lamp is 8 - 4: 1 / (1 + exp(-4))
    assertTrue(outcome.text.contains("found bright 0.982"), outcome.text);
  }

  /** Figures and images are tables that macros read, the worst image first. */
  @Test
  void anEvaluationIsReadFromItsTables() throws Exception {
    Path model = Lamp.model(folder);
    Path data = Lamp.classes(folder.resolve("data"));
    Files.delete(data.resolve("on/d.tif")); // which is no image
    Outcome outcome =
        run(
            Strings.format(
                """
            run("Spyhop Evaluate Classifier", "model=[%s] data=[%s]");
            print("found", Table.getString("Label", 0, "Evaluation"),
                d2s(Table.get("value", 0, "Evaluation"), 3), Table.get("high", 0, "Evaluation"),
                Table.getString("Label", 0, "Evaluation of images"),
                Table.getString("predicted", 0, "Evaluation of images"),
                Table.get("off", 1, "Confusion matrix"));
            """,
                model, data));
    assertEquals(0, outcome.code, outcome.text);
    assertTrue(outcome.text.contains("found accuracy 0.667 1 c.tif off 1"), outcome.text);
  }

  /** Areas of classes are a table, to which each image adds; half a micrometre a pixel. */
  @Test
  void areasOfClassesAreATable() throws Exception {
    Path model = Discs.pixels(folder);
    Outcome outcome =
        run(
            Strings.format(
                """
            for (i = 0; i < 2; i++) {
              open("%s");
              run("Spyhop Segment", "model=[%s] manager=false");
            }
            areas = "Areas of classes";
            print("found", Table.size(areas), Table.getString("Label", 3, areas),
                Table.getString("class", 0, areas), Table.getString("class", 3, areas),
                Table.get("pixels", 2, areas) + Table.get("pixels", 3, areas),
                Table.get("area", 3, areas) / Table.get("pixels", 3, areas),
                Table.getString("unit", 3, areas), getResultString("unit", 0),
                Table.get("area", 3, areas) - getResult("area", 0));
            """,
                Discs.two(folder.resolve("two.tif")), model));
    assertEquals(0, outcome.code, outcome.text);
    assertTrue(
        outcome.text.contains("found 4 two.tif ground disc 3500 0.25 µm µm 0"), outcome.text);
  }

  /** The model knows discs of 24 pixels: one of 40 is shown in 0.6, one of 12 um in half size. */
  @Test
  void aDiameterIsThatOfASelectionOrInAUnit() throws Exception {
    Path image = folder.resolve("two.tif");
    Discs.two(image);
    Outcome outcome =
        run(
            Strings.format(
                """
            open("%s");
            run("Properties...", "unit=um pixel_width=0.25 pixel_height=0.25 voxel_depth=1");
            keys = "model=[%s] manager=false diameter=";
            makeOval(5, 5, 40, 40);
            run("Spyhop Segment", keys + "roi");
            print("oval", d2s(getResult("scale", nResults - 1), 2));
            open("%1$s");
            makeRectangle(5, 5, 60, 40);
            run("Spyhop Segment", keys + "roi");
            print("rectangle", d2s(getResult("scale", nResults - 1), 3));
            open("%1$s");
            run("Properties...", "unit=um pixel_width=0.25 pixel_height=0.25 voxel_depth=1");
            run("Spyhop Segment", keys + "[12 um]");
            print("unit", getResult("scale", nResults - 1));
            open("%1$s");
            run("Spyhop Segment", keys + "roi");
            """,
                image, Discs.sized(folder)));
    assertEquals(1, outcome.code, outcome.text);
    assertTrue(outcome.text.contains("oval 0.60"), outcome.text);
    // an ellipse in a box of 60 x 40 pixels is as large as a circle of 49: 24 / 48.99
    assertTrue(outcome.text.contains("rectangle 0.490"), outcome.text);
    assertTrue(outcome.text.contains("unit 0.5"), outcome.text);
    assertTrue(outcome.text.contains("in a scale of 0.5, by the diameter asked"), outcome.text);
    assertTrue(outcome.text.contains("expected an area, found none"), outcome.text);
  }

  @Test
  void severalImagesOfOneTitleAreToldAndBracketsAreRead() throws Exception {
    Outcome outcome =
        run(
            """
            newImage("a [b] c]d", "8-bit black", 40, 40, 1);
            newImage("other", "8-bit black", 60, 60, 1);
            run("Spyhop Segment", "image=[a [b] c]d] model=nuclei table=false manager=false");
            print("found", getWidth());
            newImage("two", "8-bit black", 40, 40, 1);
            newImage("two", "8-bit black", 50, 50, 1);
            run("Spyhop Segment", "image=two model=nuclei table=false manager=false");
            print("active", getWidth());
            selectImage("other");
            run("Spyhop Segment", "image=two model=nuclei table=false manager=false");
            """);
    assertEquals(1, outcome.code, outcome.text);
    assertTrue(outcome.text.contains("found 40"), outcome.text);
    assertTrue(outcome.text.contains("active 50"), outcome.text);
    assertTrue(outcome.text.contains("Several open images have the title \"two\""), outcome.text);
  }

  @Test
  void aMacroEndsWhereACommandFails() throws Exception {
    Outcome outcome =
        run(
            """
            newImage("x", "8-bit black", 40, 30, 1);
            run("Spyhop Suggest Slices", "model=nuclei count=0");
            print("went on");
            """);
    assertEquals(1, outcome.code, outcome.text);
    assertEquals(
        "spyhop: The macro stopped in line 2: Number of suggestions: expected a number from 1, received 0.",
        outcome.text.strip());
  }

  /** Someone presses Esc as soon as the command works. */
  @Test
  void aMacroEndsQuietlyWhereACommandIsCancelled() throws Exception {
    Outcome outcome =
        run(
            """
            newImage("x", "8-bit black", 40, 30, 1000);
            call("sc.fiji.spyhop.host.Impatience.begin");
            run("Spyhop Segment", "model=nuclei");
            print("went on");
            """);
    assertEquals(130, outcome.code, outcome.text);
    assertEquals("spyhop: Stopped.", outcome.text.strip());
  }

  @Test
  void theExitCodeTellsHowAMacroEnded() throws Exception {
    assertEquals(1, run("x = 1;\nexit(\"No good\");").code);
    assertEquals(0, run("x = 1;\nexit();\nprint(1 / 0);").code);
    Outcome outcome = run("x = 1;\nnonsense();");
    assertEquals(1, outcome.code);
    assertTrue(outcome.text.contains("Undefined identifier"), outcome.text);
    assertEquals(1, run(folder.resolve("missing.ijm")).code);
  }
}
