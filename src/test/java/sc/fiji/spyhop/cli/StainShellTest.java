package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.stain.Macenko;
import sc.fiji.spyhop.image.stain.StainMethod;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;

/** Stains of painted tissue: the command, and a training whose model normalises by itself. */
class StainShellTest {

  @TempDir static Path folder;

  private static Path images;

  @BeforeAll
  static void paint() {
    Shell painted =
        Shell.run(
            "sample", "tissue", "--count", 4, "--seed", 3, "--size", "96x80", "--output", folder);
    assertEquals(0, painted.code(), painted.err());
    images = folder.resolve("images");
  }

  private static Path first() throws IOException {
    try (var all = Files.list(images)) {
      return all.sorted().findFirst().orElseThrow();
    }
  }

  /** What is brought to its own colours stays, but for what the two stains do not tell. */
  @Test
  void imagesGetTheColorsOfTheReference() throws IOException {
    Path white = folder.resolve("white.png");
    ColorProcessor blank = new ColorProcessor(30, 20);
    blank.setColor(0xF0F0F0);
    blank.fill();
    ImageIO.write(blank.getBufferedImage(), "png", white.toFile());
    Path output = folder.resolve("normalized");
    Shell shell = Shell.run("stain", "--reference", first(), "--output", output, first(), white);
    assertEquals(0, shell.code(), shell.err());
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertEquals("image,slice,frame,changed,stains", rows.get(0));
    assertTrue(rows.get(1).contains(",1,1,yes,"), rows.get(1));
    assertTrue(rows.get(2).contains(",1,1,no,hardly any tissue"), rows.get(2));
    assertTrue(shell.err().contains("left as it is"), shell.err());
    ImagePlus same = IJ.openImage(output.resolve("white_stain.tif").toString());
    assertEquals(0xF0F0F0, same.getProcessor().get(7, 9) & 0xFFFFFF);
    String name = first().getFileName().toString().replace(".png", "_stain.tif");
    ImagePlus own = IJ.openImage(output.resolve(name).toString());
    int[] before = (int[]) IJ.openImage(first().toString()).getProcessor().getPixels();
    int[] after = (int[]) own.getProcessor().getPixels();
    double off = 0;
    for (int i = 0; i < before.length; i++) {
      for (int shift = 0; shift < 24; shift += 8) {
        off += Math.abs((before[i] >> shift & 0xFF) - (after[i] >> shift & 0xFF));
      }
    }
    assertTrue(off / 3 / before.length < 6, "mean difference " + off / 3 / before.length);
  }

  @Test
  void greyImagesFailForThemselvesAlone() throws IOException {
    Path grey = folder.resolve("grey.png");
    ImageIO.write(new ij.process.ByteProcessor(30, 20).getBufferedImage(), "png", grey.toFile());
    Path output = folder.resolve("not-in-colour");
    Shell shell = Shell.run("stain", "--reference", first(), "--output", output, grey, first());
    assertEquals(1, shell.code(), shell.err());
    assertTrue(
        shell
            .err()
            .contains(
                "grey.png: expected an image of stained tissue in colour, received one of 1 channel."),
        shell.err());
    assertEquals(2, Files.readAllLines(output.resolve("results.csv")).size());
  }

  @Test
  void aReferenceWithoutTissueIsRefused() throws IOException {
    Path white = folder.resolve("blank.png");
    ColorProcessor blank = new ColorProcessor(30, 20);
    blank.setColor(0xFFFFFF);
    blank.fill();
    ImageIO.write(blank.getBufferedImage(), "png", white.toFile());
    Shell shell =
        Shell.run("stain", "--reference", white, "--output", folder.resolve("none"), first());
    assertTrue(shell.code() != 0);
    assertTrue(shell.problem().contains("hardly any"), shell.problem());
  }

  @Test
  void aModelNormalizesAsItWasTrained() throws IOException {
    Path file = folder.resolve("my.spyhop");
    Shell trained =
        Shell.run(
            "train",
            "segment",
            "--data",
            folder,
            "--output",
            file,
            "--stain",
            "macenko",
            "--epochs",
            1,
            "--steps",
            2,
            "--batch",
            2,
            "--crop",
            32,
            "--network",
            "unet-half",
            "--widths",
            "8,16",
            "--validation",
            25);
    assertEquals(0, trained.code(), trained.err());
    Model model = ModelFile.read(file);
    Normalization.Stained stained = (Normalization.Stained) model.spec().input().normalization();
    assertEquals(StainMethod.MACENKO, stained.reference().method());
    assertTrue(((Macenko) stained.reference()).strengths().get(0) > 0.2);
    assertEquals(new Normalization.Percentile(1, 99.8), stained.then());
    Shell shown = Shell.run("models", "show", file);
    assertTrue(
        shown.out().contains("stains of each image become those learnt from (macenko"),
        shown.out());
    Shell used =
        Shell.run("segment", "--model", file, "--output", folder.resolve("found"), first());
    assertEquals(0, used.code(), used.err());
  }

  @Test
  void classifiersAreStandardizedInTheNewColors() throws IOException {
    Path classes = folder.resolve("classes");
    try (var all = Files.list(images)) {
      int k = 0;
      for (Path image : all.sorted().toList()) {
        Path of = Files.createDirectories(classes.resolve(k++ % 2 == 0 ? "even" : "odd"));
        Files.copy(image, of.resolve(image.getFileName()));
      }
    }
    Path file = folder.resolve("classes.spyhop");
    Shell trained =
        Shell.run(
            "train",
            "classify",
            "--data",
            classes,
            "--output",
            file,
            "--stain",
            "reinhard",
            "--reference",
            first(),
            "--network",
            "GAP",
            "--epochs",
            1,
            "--validation",
            0);
    assertEquals(0, trained.code(), trained.err());
    Normalization.Stained stained =
        (Normalization.Stained) ModelFile.read(file).spec().input().normalization();
    assertEquals(StainMethod.REINHARD, stained.reference().method());
    assertTrue(stained.then() instanceof Normalization.Fixed);
  }

  @Test
  void aReferenceAloneIsRefused() throws IOException {
    Shell shell =
        Shell.run(
            "train",
            "segment",
            "--data",
            folder,
            "--output",
            folder.resolve("x.spyhop"),
            "--reference",
            first());
    assertTrue(shell.problem().contains("stain"), shell.problem());
  }
}
