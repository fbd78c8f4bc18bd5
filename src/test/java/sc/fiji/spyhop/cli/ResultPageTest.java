package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.job.page.ResultPage;
import sc.fiji.spyhop.util.Strings;

/** Pages of pictures of finished batches. */
class ResultPageTest {

  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

  @TempDir Path folder;
  private Path images;
  private Path output;
  private Path page;

  @BeforeEach
  void paint() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    output = folder.resolve("my output");
    page = output.resolve(ResultPage.NAME);
    Discs.two(images.resolve("P1 ä_A01.tif"));
    Discs.two(images.resolve("P1 it's 50% #2_A02.tif"));
    save(new ByteProcessor(70, 50), "P2_A01.tif");
    Files.writeString(images.resolve("P2_A02.tif"), "no image");
  }

  private void save(ByteProcessor pixels, String name) {
    LabelImages.save(new ImagePlus("x", pixels), images.resolve(name));
  }

  private Shell run(String job, Path model, Object... more) {
    Object[] fixed = {job, "--model", model, "--output", output, "--page"};
    return Shell.run(
        Stream.of(Stream.of(fixed), Stream.of(more), Stream.of(images)).flatMap(s -> s).toArray());
  }

  private String page() throws IOException {
    return Files.readString(page);
  }

  /** The rows of the table of the page. */
  private List<String> rows() throws IOException {
    return page().lines().filter(l -> l.startsWith("<tr") && l.contains("<td")).toList();
  }

  /** Files that the page shows or leads to. */
  private List<Path> references() throws IOException {
    List<Path> files = new ArrayList<>();
    Matcher m = REFERENCE.matcher(page());
    while (m.find()) {
      if (m.group(1).startsWith("data:image/png;base64,")) continue;
      assertTrue(m.group(1).startsWith("./"), m.group(1));
      files.add(output.resolve(URI.create(m.group(1)).getPath().substring(2)));
    }
    return files;
  }

  private List<CSVRecord> table(String name) throws IOException {
    try (CSVParser csv =
        CSVParser.parse(
            Files.readString(output.resolve(name)),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return csv.getRecords();
    }
  }

  @Test
  void everyImageIsShown() throws Exception {
    Shell shell = run("segment", Discs.model(folder), "--group", "{plate}_{well}");
    assertEquals(1, shell.code());
    assertTrue(shell.out().contains("Page of pictures: " + page), shell.out());
    List<String> rows = rows();
    assertEquals(4, rows.size());
    String two = rows.get(1);
    assertTrue(two.contains("<td>P1 ä_A01.tif</td><td>P1 ä</td><td>A01</td>"), two);
    assertTrue(two.contains("data-n=\"2.0\">2</td>"), two);
    // the objects of the table, the least sure first
    List<CSVRecord> sorted =
        table("results.csv").stream()
            .filter(r -> r.get("image").equals("P1 ä_A01.tif"))
            .sorted(Comparator.comparingDouble(r -> Double.parseDouble(r.get("probability"))))
            .toList();
    String captions = "";
    for (CSVRecord r : sorted) {
      captions +=
          Strings.format(
              "<span>#%s %.2f</span>", r.get("label"), Double.valueOf(r.get("probability")));
    }
    assertTrue(two.contains(captions + "</td>"), two);
    assertTrue(rows.get(2).contains("data-n=\"0.0\">0</td>"), rows.get(2));
    assertFalse(rows.get(2).contains("<span>"), "nothing was found");
    String failed = rows.get(3);
    assertTrue(failed.startsWith("<tr class=\"failed\"><td></td>"), failed);
    assertTrue(failed.contains("<b>Failed.</b> "), failed);
    assertTrue(failed.contains("is not an image"), failed);
    assertTrue(page().contains("4 images, 4 found; 1 failed. Model: discs on CPU"), page());
    for (String title : List.of("Count by plate", "Count by well")) {
      assertTrue(page().contains("<h2>" + title + "</h2>"), title);
    }
    List<Path> references = references();
    assertTrue(references.size() >= 3 + 3 + 2 + 3, "tables, pictures, squares, overlays");
    for (Path file : references) assertTrue(Files.isRegularFile(file), file.toString());
  }

  /** Only its own script may run, and nothing is loaded from elsewhere. */
  @Test
  void namesDoNoHarm() throws Exception {
    String name = "<img src=x onerror=alert(1)> &amp;.tif";
    try {
      Discs.two(images.resolve(name));
    } catch (RuntimeException e) {
      return; // a system that has no such names
    }
    run("segment", Discs.model(folder));
    assertFalse(page().contains("<img src=x"), page());
    assertTrue(page().contains("<td>&lt;img src=x onerror=alert(1)&gt; &amp;amp;.tif</td>"));
    assertFalse(page().contains("http:") || page().contains("https:"));
    Matcher script = Pattern.compile("(?s)<script>(.*?)</script>").matcher(page());
    assertTrue(script.find());
    byte[] sum =
        MessageDigest.getInstance("SHA-256")
            .digest(script.group(1).getBytes(StandardCharsets.UTF_8));
    assertTrue(page().contains("script-src 'sha256-" + Base64.getEncoder().encodeToString(sum)));
    assertFalse(script.find(), "there is one");
  }

  @Test
  void aFinishedBatchHasAPageWithoutRunning() throws IOException {
    run("segment", Discs.model(folder));
    byte[] before = Files.readAllBytes(page);
    Files.delete(page);
    Files.move(images, folder.resolve("elsewhere"));
    Shell shell = Shell.run("page", output);
    assertEquals(0, shell.code(), shell.err());
    assertArrayEquals(before, Files.readAllBytes(page));
  }

  /** A picture that is as it was is kept, another is made anew. */
  @Test
  void picturesFollowTheirImages() throws IOException {
    run("segment", Discs.model(folder));
    Path small = output.resolve("page/P2_A01_thumbnail.jpg");
    byte[] dark = Files.readAllBytes(small);
    FileTime made = Files.getLastModifiedTime(small);
    Files.writeString(small, "kept");
    Files.setLastModifiedTime(small, made);
    Shell.run("page", output);
    assertEquals("kept", Files.readString(small));
    save(Discs.plane(70, 50, new int[] {30, 30}), "P2_A01.tif");
    run("segment", Discs.model(folder));
    assertTrue(Files.size(small) > dark.length, "there is something in it now");
  }

  @Test
  void squaresShowWhatIsLeastSure() throws IOException {
    Files.delete(images.resolve("P2_A02.tif"));
    // the second cone is cut off by the border, which makes its box reach beyond it
    save(Discs.plane(70, 50, new int[] {20, 20}, new int[] {69, 49}), "P2_A01.tif");
    Shell shell = run("localize", Discs.localizer(folder));
    assertEquals(0, shell.code(), shell.err());
    assertTrue(rows().get(2).contains("<span>disc 0.98</span><span>disc 0.98</span>"));
    BufferedImage squares = ImageIO.read(output.resolve("page/P2_A01_unsure.jpg").toFile());
    assertEquals(3 * 128 + 2 * 8, squares.getWidth());
    assertEquals(128, squares.getHeight());
    int cut = grey(squares, 126, 64) > 200 ? 0 : 136;
    int whole = 136 - cut;
    assertTrue(grey(squares, whole + 64, 64) > 150, "the top of a cone is in the middle");
    assertTrue(grey(squares, whole + 18, 64) < 60, "and the ground around it");
    assertEquals(0xdd, grey(squares, cut + 126, 64), 8, "beyond the border is nothing");
    assertTrue(grey(squares, cut + 90, 90) > 100, "where the other begins");
    assertEquals(255, grey(squares, 2 * 136 + 64, 64), 3, "there is no third one");
  }

  private static double grey(BufferedImage image, int x, int y) {
    int rgb = image.getRGB(x, y);
    return ((rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF)) / 3.0;
  }

  /** What is classified has no pictures of its own: the image is shown. */
  @Test
  void imagesOfClassesAreShown() throws IOException {
    save(Lamp.plane(40, 30, 25, 10), "P2_A02.tif");
    Shell shell = run("classify", Lamp.model(folder));
    assertEquals(0, shell.code(), shell.err());
    String on = rows().get(3);
    assertTrue(on.contains("<img class=\"small\" loading=\"lazy\" src=\"./page/P2_A02_th"), on);
    assertFalse(on.contains("<a href"), on);
    assertTrue(on.contains("<span>on 0.98</span>"), on);
    assertTrue(page().contains("<h2>Classes</h2>"));
  }

  /** Points, classes of pixels, planes of stacks. */
  @Test
  void otherJobsHavePages() throws IOException {
    Files.delete(images.resolve("P2_A02.tif"));
    Discs.stack(images.resolve("stack.tif"));
    assertEquals(0, run("keypoints", Discs.finder(folder)).code());
    assertTrue(rows().get(0).contains("<span>nowhere"), rows().get(0));
    output = folder.resolve("pixels");
    page = output.resolve(ResultPage.NAME);
    assertEquals(0, run("segment", Discs.pixels(folder), "--group", "{plate}_{well}").code());
    assertTrue(page().contains("<h2>Share by class</h2>"));
    assertTrue(page().contains("<a href=\"./classes.csv\">classes.csv</a>"));
    assertTrue(page().contains("<p>4 images. Model: disc-pixels on CPU"), page());
    for (String ofObjects : List.of("Size", "Count per image", "Count by plate", "Classes")) {
      assertFalse(page().contains("<h2>" + ofObjects + "</h2>"), ofObjects);
    }
    assertFalse(page().contains("<button>Count</button>"));
    output = folder.resolve("stacks");
    page = output.resolve(ResultPage.NAME);
    assertEquals(0, run("segment", Discs.model(folder)).code());
    String stack = rows().get(3);
    assertTrue(stack.contains("#2 z2 "), stack);
    assertTrue(stack.contains("_unsure.jpg"), "what is in the first plane is shown: " + stack);
  }

  /** They are rows as well, and what is asked for next may be something else. */
  @Test
  void aPageOfFailedImages() throws IOException {
    try (Stream<Path> all = Files.list(images)) {
      for (Path file : all.toList()) Files.writeString(file, "no image");
    }
    assertEquals(1, run("segment", Discs.model(folder)).code());
    assertEquals(4, table("images.csv").size());
    assertTrue(table("images.csv").stream().allMatch(r -> r.get("state").equals("failed")));
    assertEquals(4, rows().size());
    assertTrue(page().contains("4 images, 0 found; 4 failed."), page());
    Discs.two(images.resolve("P2_A02.tif"));
    Shell other = run("segment", Discs.model(folder), "--threshold", "0.4");
    assertEquals(1, other.code());
    assertEquals(
        3, table("images.csv").stream().filter(r -> r.get("state").equals("failed")).count());
    Shell third = run("segment", Discs.model(folder), "--threshold", "0.6");
    assertTrue(third.problem().contains("had threshold 0.4, received 0.6"), third.err());
  }

  /** Half a page is worse than the one before. */
  @Test
  void aCancelledPageLeavesTheEarlierOne() throws IOException {
    run("segment", Discs.model(folder));
    byte[] before = Files.readAllBytes(page);
    Progress cancelled =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    assertThrows(
        CancellationException.class, () -> ResultPage.write(output, note -> {}, cancelled));
    assertArrayEquals(before, Files.readAllBytes(page));
    try (Stream<Path> left = Files.walk(output)) {
      assertTrue(left.noneMatch(f -> f.toString().endsWith(".tmp")));
    }
  }

  @Test
  void itsPicturesAreNotTakenForImages() throws IOException {
    run("segment", Discs.model(folder));
    Files.move(output, images.resolve("results"));
    output = folder.resolve("other");
    page = output.resolve(ResultPage.NAME);
    run("segment", Discs.model(folder), "--recursive");
    assertEquals(4, rows().size());
  }

  /** A table of somebody else, that is to have a picture written elsewhere. */
  @Test
  void namesStayInTheirFolder() throws IOException {
    Path results = Files.createDirectory(folder.resolve("results"));
    Path image = images.resolve("P2_A01.tif");
    Files.writeString(
        results.resolve("images.csv"),
        "image,state,count,name,file\na.tif,done,1,../../out,"
            + image
            + "\nb.tif,done,1,b,"
            + image
            + "\n");
    assertEquals(0, Shell.run("page", results).code());
    try (Stream<Path> made = Files.walk(folder)) {
      assertEquals(
          List.of("b_thumbnail.jpg"),
          made.map(f -> f.getFileName().toString()).filter(f -> f.endsWith("jpg")).toList());
    }
  }

  @Test
  void aFolderWithoutResultsIsRefused() throws IOException {
    Shell none = Shell.run("page", images);
    assertEquals(1, none.code());
    assertEquals(
        "spyhop: " + images + ": expected a folder of results, in which is images.csv, found none.",
        none.problem());
    Files.writeString(images.resolve("images.csv"), "image,class\na.tif,b\n");
    assertTrue(
        Shell.run("page", images).problem().contains("found image, class."), "a table of others");
    assertFalse(Files.exists(images.resolve("page")));
  }

  /** The page is made all the same, and says that there is none. */
  @Test
  void whatIsMissingIsTold() throws IOException {
    run("segment", Discs.model(folder));
    Files.delete(output.resolve("results.csv"));
    Files.delete(output.resolve("P2_A01_overlay.png"));
    Files.delete(images.resolve("P2_A01.tif"));
    for (Path made : references()) {
      if (made.startsWith(output.resolve("page"))) Files.delete(made);
    }
    Shell shell = Shell.run("page", output);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("none of the tables results.csv"), shell.err());
    assertTrue(shell.err().contains("1 image without a picture"), shell.err());
    assertTrue(shell.err().contains("P2_A01.tif"), shell.err());
    assertEquals(1, rows().stream().filter(r -> r.contains("no picture")).count());
    Files.writeString(output.resolve("images.csv"), "");
    Shell empty = Shell.run("page", output);
    assertEquals(1, empty.code());
    assertTrue(empty.problem().contains("images.csv is empty"), empty.err());
  }

  /** Of five groups and six means, three and two have a column; the rest stands below the name. */
  @Test
  void tablesDoNotGrowBeyondThePage() throws IOException {
    run("segment", Discs.model(folder));
    List<String> lines = Files.readAllLines(output.resolve("images.csv"));
    String wide = "image,g1,g2,g3,g4,g5,state,count,area_share,";
    StringBuilder more = new StringBuilder(wide);
    for (int c = 1; c <= 6; c++) more.append("mean_intensity_c").append(c).append(',');
    more.append("name\na.tif,v1,v2,v3,v4,v5,done,2,0.5,11,12,13,14,15,16,a\n");
    Files.writeString(output.resolve("images.csv"), more);
    assertEquals(5, lines.size());
    assertEquals(0, Shell.run("page", output).code());
    String head = page().lines().filter(l -> l.startsWith("<th")).reduce("", String::concat);
    assertEquals(3, head.split(">g\\d<", -1).length - 1, head);
    assertEquals(2, head.split("Mean intensity c\\d", -1).length - 1, head);
    String row = rows().get(0);
    assertTrue(
        row.contains("<td>a.tif<span>g4 v4</span><span>g5 v5</span><span>Mean intensity c3 13<"),
        row);
    assertTrue(row.contains("<span>Mean intensity c6 16</span></td><td>v1</td>"), row);
  }

  /** A line of a pixel of sixteen keeps its colour, and grey stays as it is. */
  @Test
  void thinLinesAreSeenInSmallPictures() throws IOException {
    ByteProcessor pixels = new ByteProcessor(1600, 1200);
    pixels.setValue(100);
    pixels.fill();
    save(pixels, "P1 ä_A01.tif");
    run("segment", Discs.model(folder));
    BufferedImage overlay = new BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 1200; y++) {
      for (int x = 0; x < 1600; x++) overlay.setRGB(x, y, x % 100 == 50 ? 0xFF0000 : 0x404040);
    }
    ImageIO.write(overlay, "png", output.resolve("P1 ä_A01_overlay.png").toFile());
    assertEquals(0, Shell.run("page", output).code());
    BufferedImage small = ImageIO.read(output.resolve("page/P1 ä_A01_thumbnail.jpg").toFile());
    assertEquals(400, small.getWidth());
    // of four columns one is red: weights 13 to 3
    int line = small.getRGB(12, 100);
    assertEquals((13 * 255 + 3 * 64) / 16.0, line >> 16 & 0xFF, 40);
    assertTrue((line >> 8 & 0xFF) < 70, Integer.toHexString(line));
    int grey = small.getRGB(20, 100);
    assertEquals(64, grey >> 8 & 0xFF, 4);
  }
}
