package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.generate.Seeds;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorFile;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.TestGenerators;

/** Generating models from the shell: trained, used, judged. */
class GenerateTest {

  @TempDir static Path folder;

  private static Path spots;

  @BeforeAll
  static void write() {
    spots = folder.resolve("spots.spyhop");
    GeneratorFile.write(TestGenerators.noise("spots"), spots);
  }

  private static ImagePlus open(Path file) {
    return IJ.openImage(file.toString());
  }

  /** Grey in 16 bits of half a micrometre, with label images. */
  @Test
  void aFolderToTrainOnIsMade() throws IOException {
    Path made = folder.resolve("made");
    Shell shell =
        Shell.run("generate", "--model", spots, "--count", 3, "--seed", 7, "--output", made);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().contains("3 images made with spots"), shell.out());
    assertEquals(
        List.of("image", "spots_7.tif", "spots_8.tif", "spots_9.tif"),
        Files.readAllLines(made.resolve("index.csv")));
    ImagePlus image = open(made.resolve("images/spots_8.tif"));
    assertEquals(16, image.getBitDepth());
    assertEquals(0.5, image.getCalibration().pixelWidth, 1e-9);
    assertEquals("µm", image.getCalibration().getUnit());
    ImagePlus labels = open(made.resolve("labels/spots_8.tif"));
    assertEquals(image.getWidth(), labels.getWidth());
    assertTrue(Files.exists(made.resolve("sheet.png")));
    Shell again = Shell.run("generate", "--model", spots, "--output", made);
    assertEquals(1, again.code());
    assertTrue(again.err().contains("index.csv exists already"), again.err());
    Shell one =
        Shell.run(
            "generate", "--model", spots, "--count", 1, "--seed", 8, "--output", made, "--force");
    assertEquals(0, one.code(), one.err());
    assertArrayEquals(
        (short[]) image.getProcessor().getPixels(),
        (short[]) open(made.resolve("images/spots_8.tif")).getProcessor().getPixels(),
        "the same seed, the same image");
  }

  /** An image of the same name may be the user's own. */
  @Test
  void nothingIsReplacedUnasked() throws IOException {
    Path own = folder.resolve("own");
    for (String file : List.of("images/spots_2.tif", "labels/spots_2.tif")) {
      Files.createDirectories(own.resolve(file).getParent());
      Files.writeString(own.resolve(file), "mine");
      Shell shell = Shell.run("generate", "--model", spots, "--count", 3, "--output", own);
      assertTrue(shell.err().contains("spots_2.tif exists already"), shell.err());
      assertEquals("mine", Files.readString(own.resolve(file)));
      assertFalse(Files.exists(own.resolve("images/spots_1.tif")));
      Files.delete(own.resolve(file));
    }
    Shell nowhere = Shell.run("generate", "--model", spots);
    assertTrue(nowhere.err().contains("--output"), nowhere.err());
    Shell large =
        Shell.run("generate", "--model", spots, "--seed", Long.MAX_VALUE - 1, "--output", own);
    assertEquals(2, large.code());
    assertTrue(large.err().contains("expected a smaller one"), large.err());
  }

  @Test
  void aWayGoesFromSeedToSeed() {
    Path way = folder.resolve("way");
    Shell shell =
        Shell.run(
            "generate", "--model", spots, "--between", "3,17,3", "--steps", 4, "--output", way);
    assertEquals(0, shell.code(), shell.err());
    ImagePlus stack = open(way.resolve("spots_way.tif"));
    assertEquals(9, stack.getStackSize());
    assertEquals("seed 3", stack.getStack().getSliceLabel(1));
    assertEquals("seed 17", stack.getStack().getSliceLabel(5));
    assertArrayEquals(
        (short[]) stack.getStack().getPixels(1), (short[]) stack.getStack().getPixels(9));
    assertFalse(
        Arrays.equals(
            (short[]) stack.getStack().getPixels(1), (short[]) stack.getStack().getPixels(5)));
  }

  @Test
  void sumsAreThoseOfTheTable() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("sums.csv"), "image,seed,weight\na,1,0.5\nb,3,1\na,2,-0.25\n");
    float[] one = Seeds.code(5, 1);
    float[] two = Seeds.code(5, 2);
    float[] a = Seeds.sums(table, 5).get("a");
    for (int i = 0; i < 5; i++) assertEquals(0.5 * one[i] - 0.25 * two[i], a[i], 1e-6);
    Path made = folder.resolve("summed");
    Shell shell = Shell.run("generate", "--model", spots, "--sums", table, "--output", made);
    assertEquals(0, shell.code(), shell.err());
    Path plain = folder.resolve("plain");
    Shell.run("generate", "--model", spots, "--count", 1, "--seed", 3, "--output", plain);
    assertArrayEquals(
        (short[]) open(plain.resolve("images/spots_3.tif")).getProcessor().getPixels(),
        (short[]) open(made.resolve("images/b.tif")).getProcessor().getPixels());
    refusedTable(
        "image,seed\na,x\n", "row 2, column seed: expected a whole number, received \"x\"");
    refusedTable("image,seed,weight\na,1,much\n", "column weight: expected a number");
    refusedTable("image,weight\na,1\n", "expected one named seed");
    refusedTable("image,seed,weight\na,1,1e300\n", "expected a number from -1000 to 1000");
    refusedTable("image,seed,weight\na,3,1\na,3,-1\n", "image a: its weights cancel out");
    refusedTable(
        "image,seed\n../a,1\n", "expected a name of a file without a folder, received \"../a\"");
  }

  private static void refusedTable(String text, String part) throws IOException {
    Path table = Files.writeString(folder.resolve("wrong.csv"), text);
    Shell shell =
        Shell.run(
            "generate", "--model", spots, "--sums", table, "--output", folder.resolve("none"));
    assertEquals(1, shell.code());
    assertTrue(shell.err().contains(part), shell.err());
    assertFalse(Files.exists(folder.resolve("none/index.csv")));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    refused("expected at least two seeds", "--between", "3");
    refused("expected seeds with commas", "--between", "a,b");
    refused("exclude each other", "--between", "1,2", "--sums", "x.csv");
    Path chairs = folder.resolve("chairs.spyhop");
    GeneratorFile.write(TestGenerators.table("chairs"), chairs);
    Shell other = Shell.run("generate", "--model", chairs, "--output", folder.resolve("none"));
    assertTrue(other.err().contains("spyhop render"), other.err());
    Shell kind = Shell.run("generate", "--model", "nuclei", "--output", folder.resolve("none"));
    assertFalse(kind.code() == 0);
    assertTrue(kind.err().contains("nuclei"), kind.err());
  }

  private static void refused(String part, Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("generate", "--model", spots, "--output", folder.resolve("none")));
    words.addAll(List.of(more));
    Shell shell = Shell.run(words.toArray());
    assertEquals(2, shell.code(), shell.err());
    assertTrue(shell.err().contains(part), shell.err());
  }

  private static Path pictures() throws IOException {
    Path images = Files.createDirectories(folder.resolve("pairs/images"));
    Path labels = Files.createDirectories(folder.resolve("pairs/labels"));
    for (int i = 0; i < 6; i++) {
      ByteProcessor image = new ByteProcessor(20, 20);
      ByteProcessor label = new ByteProcessor(20, 20);
      for (int k = 0; k < 25; k++) {
        image.set(i + 5 + k % 5, 8 + k / 5, 200);
        label.set(i + 5 + k % 5, 8 + k / 5, 1);
      }
      IJ.saveAsTiff(new ImagePlus("", image), images.resolve(i + ".tif").toString());
      IJ.saveAsTiff(new ImagePlus("", label), labels.resolve(i + ".tif").toString());
    }
    return folder.resolve("pairs");
  }

  @Test
  void aGeneratorIsTrainedWithLabelImages() throws IOException {
    Path model = folder.resolve("pairs.spyhop");
    Shell shell =
        Shell.run(
            "train",
            "generate",
            "--data",
            pictures(),
            "--output",
            model,
            "--size",
            8,
            "--crops",
            "--labels",
            "--symmetry",
            "all",
            "--epochs",
            2,
            "--steps",
            2,
            "--batch",
            4,
            "--noise",
            5,
            "--width",
            4);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("6 images of 8 x 8 pixels"), shell.err());
    Generator made = GeneratorFile.read(model);
    assertEquals(new GeneratorSource.Noise(5), made.spec().source());
    assertTrue(made.spec().output().isLabelled());
    assertEquals(2, made.spec().training().epochs());
    assertTrue(made.spec().training().command().contains("--symmetry all"), "" + made.spec());
    assertEquals(0, Shell.run("models", "check", model).code());
    Shell odd =
        Shell.run(
            "train",
            "generate",
            "--data",
            folder.resolve("pairs"),
            "--output",
            model,
            "--force",
            "--size",
            100);
    assertEquals(2, odd.code());
    assertTrue(odd.err().contains("such as 96, received 100"), odd.err());
    Shell large =
        Shell.run(
            "train",
            "generate",
            "--data",
            folder.resolve("pairs"),
            "--output",
            model,
            "--force",
            "--size",
            32,
            "--crops",
            "--epochs",
            1);
    assertEquals(1, large.code());
    assertTrue(large.err().contains("at least 32 x 32 pixels"), large.err());
    assertTrue(Files.exists(model), "what was there is still there");
  }

  /** Of 20 x 20 pixels: two with a lamp, one without; the classifier sees the brightest pixel. */
  @Test
  void generatedImagesAreHeldAgainstRealOnes() throws IOException {
    Path lamp = Lamp.model(folder);
    Path made = Files.createDirectories(folder.resolve("lamps"));
    for (int i = 0; i < 3; i++) {
      ByteProcessor image = new ByteProcessor(20, 20);
      image.set(5, 5, new int[] {0, 255, 255}[i]);
      IJ.saveAsTiff(new ImagePlus("", image), made.resolve(i + ".tif").toString());
    }
    Path real = Files.createDirectories(folder.resolve("real"));
    for (int i = 0; i < 2; i++) {
      ByteProcessor image = new ByteProcessor(20, 20);
      image.set(5, 5, new int[] {0, 255}[i]);
      IJ.saveAsTiff(new ImagePlus("", image), real.resolve(i + ".tif").toString());
    }
    Path set = Files.createDirectories(folder.resolve("set"));
    Files.move(made, set.resolve("images"));
    Files.writeString(set.resolve("index.csv"), "image\n0.tif\n1.tif\n2.tif\n");
    ImageIO.write(
        new ByteProcessor(90, 90).getBufferedImage(), "png", set.resolve("sheet.png").toFile());
    Path json = folder.resolve("figures.json");
    Shell shell =
        Shell.run(
            "evaluate", "generate", "--model", lamp, "--made", set, "--data", real, "--json", json);
    assertEquals(0, shell.code(), shell.err());
    // logits (0, 8 v - 4): sure of sigmoid(4) each; brightest pixels 0, 1, 1 and 0, 1
    assertTrue(shell.out().contains("lamp is 0.982 sure"), shell.out());
    assertTrue(shell.out().contains("off 33.3 %, on 66.7 %"), shell.out());
    // means 2/3 and 1/2, variances 1/3 and 1/2
    double distance = Math.pow(2.0 / 3 - 0.5, 2) + 1.0 / 3 + 0.5 - 2 * Math.sqrt(1.0 / 3 * 0.5);
    assertTrue(shell.out().contains(String.format(Locale.ROOT, "%.2f", distance)), shell.out());
    assertTrue(Files.readString(json).contains("\"sureness\" : 0.98"), Files.readString(json));
  }
}
