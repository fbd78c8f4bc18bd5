package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;

class SegmentTest {

  @TempDir Path folder;
  private Path model;
  private Path images;
  private Path output;

  @BeforeEach
  void prepare() throws IOException {
    model = Discs.model(folder);
    images = Files.createDirectory(folder.resolve("images"));
    output = folder.resolve("output");
  }

  private Shell segment(Object... more) {
    Object[] fixed = {"segment", "--model", model, "--output", output};
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private static Set<String> names(Path folder) throws IOException {
    if (!Files.exists(folder)) return Set.of();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private List<CSVRecord> rows() throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve("results.csv")),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  @Test
  void oneImageGivesLabelsOutlinesPictureAndTable() throws IOException {
    Path image = Discs.two(images.resolve("two.tif"));
    Shell shell = segment(image);
    assertEquals(0, shell.code(), shell.err());
    assertEquals("1 image, 2 objects, written to " + output + System.lineSeparator(), shell.out());
    assertEquals(
        Set.of(
            "batch.jsonl",
            "images.csv",
            "results.csv",
            "two_labels.tif",
            "two_overlay.png",
            "two_rois.zip",
            "two_objects.geojson"),
        names(output));

    ImagePlus labels = ImageFiles.open(output.resolve("two_labels.tif"));
    assertEquals(16, labels.getBitDepth());
    assertEquals(0.5, labels.getCalibration().pixelWidth);
    ImageProcessor source = ImageFiles.open(image).getProcessor();
    int area = 0;
    for (int i = 0; i < 70 * 50; i++) {
      boolean object = source.get(i) >= 103; // 20 (103 / 200 - 0.5) > ln(0.55 / 0.45)
      assertEquals(object, labels.getProcessor().get(i) > 0, "pixel " + i);
      if (object) area++;
    }
    assertTrue(labels.getProcessor().get(20, 20) != labels.getProcessor().get(50, 30));

    List<CSVRecord> rows = rows();
    assertEquals(2, rows.size());
    assertEquals("two.tif", rows.get(0).get("image"));
    assertEquals(10.25, Double.parseDouble(rows.get(0).get("x")), 1e-6);
    assertEquals(10.25, Double.parseDouble(rows.get(0).get("y")), 1e-6);
    assertEquals(25.25, Double.parseDouble(rows.get(1).get("x")), 1e-6);
    assertEquals(area / 2.0 * 0.25, Double.parseDouble(rows.get(0).get("area")), 1e-6);
    try (ZipFile zip = new ZipFile(output.resolve("two_rois.zip").toFile())) {
      assertEquals(2, zip.size());
    }
    assertTrue(ImageIO.read(output.resolve("two_overlay.png").toFile()).getWidth() >= 70);
  }

  @Test
  void theShippedModelFindsTheNucleiOfTheTestImages() throws IOException {
    model = Path.of("nuclei");
    Path data = Path.of("test-images/nuclei");
    assertEquals(0, segment(data).code());
    Path json = folder.resolve("figures.json");
    Shell.run("evaluate", "segment", "--predicted", output, "--truth", data, "--json", json);
    JsonNode figures = new ObjectMapper().readTree(json.toFile());
    assertEquals(5, figures.get("images").asInt());
    double f1 = figures.get("at").get("0.50").get("F1").asDouble();
    assertTrue(f1 > 0.85, "F1 " + f1);
    assertEquals(0, Shell.run("models", "check", "nuclei").code());
    assertTrue(Shell.run("models").out().startsWith("nuclei  "));
  }

  /**
   * The brightness of a cone falls from 200 by 200 / 12 for each pixel: above p it is an object,
   * where 20 (v / 200 - 0.5) is more than the logit of p.
   */
  @Test
  void thresholdsAndSizesAreAdjusted() throws IOException {
    Path image = Discs.two(images.resolve("two.tif"));
    ImageProcessor source = ImageFiles.open(image).getProcessor();
    assertEquals(0, segment("--threshold", 0.9, image).code());
    ImagePlus labels = ImageFiles.open(output.resolve("two_labels.tif"));
    double least = 200 * (0.5 + Math.log(9) / 20);
    int area = 0;
    for (int i = 0; i < 70 * 50; i++) {
      assertEquals(source.get(i) > least, labels.getProcessor().get(i) > 0, "pixel " + i);
      if (source.get(i) > least) area++;
    }
    double each = area / 2.0 * 0.25;
    assertEquals(0, segment("--threshold", 0.9, "--smallest", each + 1, "--force", image).code());
    assertEquals(0, rows().size());
    assertEquals(0, segment("--threshold", 0.9, "--largest", each + 1, "--force", image).code());
    assertEquals(2, rows().size());
    assertEquals(1, segment("--resume", image).code(), "of other settings");
    assertEquals(2, segment("--threshold", 1, "--force", image).code());
    assertEquals(2, segment("--smallest", 9, "--largest", 3, "--force", image).code());
    model = Discs.pixels(folder);
    Shell classes = segment("--split", 0.2, "--force", image);
    assertTrue(classes.err().contains("has no split to be set"), classes.err());
    for (String setting : List.of("--smallest=2", "--largest=90", "--whole")) {
      Shell refused = segment(setting, "--force", image);
      assertEquals(1, refused.code(), setting);
      assertTrue(refused.err().contains("A model for classes of pixels has no "), refused.err());
    }
    Shell edge = segment("--edge", "cut", "--force", image);
    assertEquals(2, edge.code());
    assertTrue(edge.err().contains("expected one to look within as well"), edge.err());
  }

  @Test
  void theDeviceIsTold() {
    assertTrue(segment(Discs.two(images.resolve("two.tif"))).err().contains("discs on CPU"));
  }

  @Test
  void stacksAreDoneSliceBySlice() throws IOException {
    Shell shell = segment(Discs.stack(images.resolve("stack.tif")));
    assertEquals(0, shell.code(), shell.err());
    assertEquals(3, ImageFiles.open(output.resolve("stack_labels.tif")).getNSlices());
    assertEquals(List.of("1", "2", "2"), rows().stream().map(r -> r.get("slice")).toList());
  }

  @Test
  void foldersAndQuotedGlobs() throws IOException {
    Discs.two(images.resolve("a1.tif"));
    Discs.two(images.resolve("a2.tif"));
    Discs.two(images.resolve("b.tif"));
    assertTrue(segment(images + "/a?.tif").out().startsWith("2 images, 4 objects"));
    output = folder.resolve("all");
    assertTrue(segment(images).out().startsWith("3 images, 6 objects"));
  }

  @Test
  void equalNamesDoNotOverwriteEachOther() throws IOException {
    Files.createDirectories(images.resolve("one"));
    Files.createDirectories(images.resolve("two"));
    Discs.two(images.resolve("one/x.tif"));
    Discs.stack(images.resolve("two/x.tif"));
    Shell shell = segment("--recursive", images);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(names(output).containsAll(Set.of("one_x_labels.tif", "two_x_labels.tif")));
  }

  @Test
  void oneBadFileAmongManyDoesNotStopTheOthers() throws IOException {
    Discs.two(images.resolve("a.tif"));
    Files.writeString(images.resolve("b.tif"), "not an image at all");
    Discs.two(images.resolve("c.tif"));
    Shell shell = segment(images, folder.resolve("missing.png"));
    assertEquals(1, shell.code());
    assertTrue(shell.out().startsWith("2 images, 4 objects"), shell.out());
    assertTrue(shell.err().contains("spyhop: 2 of 4 inputs failed:"), shell.err());
    assertTrue(shell.err().contains("b.tif is not an image"), shell.err());
    assertTrue(shell.err().contains("missing.png: no such file or folder."), shell.err());
    assertEquals(4, rows().size());
    assertFalse(names(output).contains("b_labels.tif"));
  }

  /** The first takes longest, and fails or not, yet all is told in the order of the files. */
  @Test
  void theOrderIsThatOfTheFiles() throws IOException {
    ImageProcessor large = Discs.plane(900, 700, new int[] {20, 20}, new int[] {600, 500});
    LabelImages.save(new ImagePlus("a", large), images.resolve("a.tif"));
    Files.writeString(images.resolve("b.tif"), "not an image at all");
    for (int i = 0; i < 9; i++) Discs.two(images.resolve("c" + i + ".tif"));
    Shell shell = segment(images);
    assertEquals(1, shell.code());
    assertEquals(
        List.of("a.tif", "a.tif", "c0.tif", "c0.tif", "c1.tif", "c1.tif"),
        rows().stream().map(r -> r.get("image")).limit(6).toList());
    assertEquals(20, rows().size());
    List<String> told = shell.err().lines().filter(l -> l.contains("/11 ")).toList();
    assertEquals(11, told.size(), shell.err());
    for (int i = 0; i < 11; i++) assertTrue(told.get(i).startsWith(i + 1 + "/11 "), shell.err());
    assertTrue(told.get(0).contains("a.tif: 2 objects"), told.get(0));
    assertTrue(told.get(1).contains("b.tif: failed"), told.get(1));
  }

  /** What was written is in the table, and the other way round. */
  @Test
  void stoppingLeavesTableAndFilesInAgreement() throws Exception {
    for (int i = 0; i < 200; i++) Discs.two(images.resolve("c" + i + ".tif"));
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(err), new PrintWriter(err), false);
    CompletableFuture<Integer> running =
        CompletableFuture.supplyAsync(
            () ->
                Spyhop.run(
                    console,
                    "segment",
                    "--model",
                    model.toString(),
                    "--output",
                    output.toString(),
                    images.toString()));
    while (!running.isDone() && names(output).size() < 12) Thread.sleep(1);
    console.requestStop();
    assertEquals(130, running.get(), err::toString);
    Set<String> inTable = new TreeSet<>();
    rows().forEach(r -> inTable.add(r.get("image").replace(".tif", "_overlay.png")));
    Set<String> written = names(output);
    written.removeIf(n -> !n.endsWith("_overlay.png"));
    assertEquals(written, inTable);
    assertTrue(written.size() < 200);
    assertTrue(
        err.toString().contains("Stopped after " + written.size() + " of 200"), err::toString);
  }

  @Test
  void earlierResultsAreKeptUnlessTold() throws IOException {
    Path image = Discs.two(images.resolve("two.tif"));
    segment(image);
    byte[] before = Files.readAllBytes(output.resolve("two_labels.tif"));
    Discs.stack(images.resolve("two.tif"));
    Shell refused = segment("--existing", "refuse", image);
    assertEquals(1, refused.code());
    assertTrue(refused.problem().contains("holds earlier results"), refused.err());
    assertArrayEquals(before, Files.readAllBytes(output.resolve("two_labels.tif")));
    assertEquals(0, segment("--force", image).code());
    assertEquals(3, ImageFiles.open(output.resolve("two_labels.tif")).getNSlices());
  }

  @Test
  void aFileInPlaceOfTheOutputFolderIsRefusedAndKept() throws IOException {
    Files.writeString(output, "mine");
    Shell shell = segment(Discs.two(images.resolve("two.tif")));
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("expected a folder to write to"), shell.err());
    assertEquals("mine", Files.readString(output));
  }

  @Test
  void aFileAboveTheOutputFolderIsRefused() throws IOException {
    Files.writeString(folder.resolve("file"), "mine");
    output = folder.resolve("file/output");
    Shell shell = segment(Discs.two(images.resolve("two.tif")));
    assertEquals(1, shell.code());
    assertTrue(shell.problem().startsWith("spyhop: Cannot write "), shell.err());
  }

  @Test
  void pixelsThatAreNoNumbersAreRefused() throws IOException {
    FloatProcessor pixels = Discs.plane(70, 50, new int[] {20, 20}).convertToFloatProcessor();
    pixels.setf(3, 4, Float.NaN);
    Path image = images.resolve("nan.tif");
    LabelImages.save(new ImagePlus("nan", pixels), image);
    Shell shell = segment(image);
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("nan.tif"), shell.err());
    assertTrue(shell.problem().toLowerCase(Locale.ROOT).contains("nan"), shell.err());
    assertEquals(Set.of("batch.jsonl", "images.csv"), names(output), "which say so");
  }

  @Test
  void coloursAreNeverMixedSilently() throws IOException {
    Path image = images.resolve("rgb.tif");
    ColorProcessor pixels = new ColorProcessor(70, 50);
    pixels.setChannel(2, Discs.plane(70, 50, new int[] {20, 20}));
    LabelImages.save(new ImagePlus("rgb", pixels), image);
    Shell refused = segment("--existing", "refuse", image);
    assertEquals(1, refused.code());
    assertTrue(refused.problem().contains("channel"), refused.err());
    assertTrue(segment("--force", "--channel", 2, image).out().startsWith("1 image, 1 object,"));
    assertTrue(segment("--force", "--channel", 1, image).out().startsWith("1 image, 0 objects"));
  }

  @Test
  void filesCutShortOrEmptyAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Discs.two(images.resolve("two.tif")));
    Path cut = images.resolve("cut.tif");
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    Path empty = Files.createFile(images.resolve("empty.png"));
    Shell shell = segment(cut, empty);
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains("cut.tif"), shell.err());
    assertTrue(shell.err().contains("empty.png is empty (0 bytes)"), shell.err());
  }

  @Test
  void anUnknownModelListsTheKnown() {
    model = Path.of("nuklei");
    Shell shell = segment(Discs.two(images.resolve("two.tif")));
    assertEquals(1, shell.code());
    assertTrue(shell.problem().contains("There is no model named \"nuklei\""), shell.err());
    assertTrue(shell.problem().contains("nuclei"), shell.err());
  }

  @Test
  void filesThatAreNoModelsAreRefused() throws IOException {
    Path image = Discs.two(images.resolve("two.tif"));
    byte[] whole = Files.readAllBytes(model);
    model = folder.resolve("cut.spyhop");
    Files.write(model, java.util.Arrays.copyOf(whole, whole.length - 100));
    assertEquals(1, segment(image).code());
    assertTrue(segment(image).problem().contains("cut.spyhop"), segment(image).err());
    model = image;
    assertEquals(1, segment("--force", image).code());
    assertTrue(segment("--force", image).problem().contains("two.tif"));
  }

  @Test
  void problemsAreOneSentenceWithoutATrace() {
    Shell shell = segment("nothing.tif");
    assertEquals(
        "spyhop: nothing.tif: no such file or folder." + System.lineSeparator(), shell.err());
    assertFalse(segment("--debug", "--model", "x", model).err().isBlank());
  }

  @Test
  void misuseIsToldApartFromFailure() {
    assertEquals(2, Shell.run().code());
    assertEquals(2, Shell.run("segmnt").code());
    assertEquals(2, Shell.run("segment").code());
    assertEquals(2, segment("--channel", "0", "x.tif").code());
    assertEquals(2, segment("--channel", "1", "--grey", "x.tif").code());
    assertEquals(2, segment("--chanel", "1", "x.tif").code());
    assertEquals(0, Shell.run("segment", "--help").code());
    assertEquals(0, Shell.run("--version").code());
  }
}
