package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Noise is made, a small network learns to remove it, and is used, judged and taught further. */
class RestoreShellTest {

  @TempDir static Path folder;

  private static Path noisy;
  private static Path model;

  private static Shell done(Object... arguments) {
    Shell shell = Shell.run(arguments);
    assertEquals(0, shell.code(), shell.out() + shell.err());
    return shell;
  }

  @BeforeAll
  static void learn() {
    Path painted = folder.resolve("painted");
    noisy = folder.resolve("noisy");
    model = folder.resolve("denoise.spyhop");
    done("sample", "nuclei", "--count", 8, "--size", "64x48", "--bits", 8, "--output", painted);
    done("sample", "noise", "--data", painted, "--gain", 6, "--output", noisy);
    String line = "--crop 32 --batch 4 --steps 20 --epochs 2 --widths 4,8 --rate 0.005";
    train(model, "--validation 25 --averaging 0.8 " + line);
  }

  private static void train(Path output, String more) {
    List<Object> all = new ArrayList<>();
    all.addAll(List.of("train", "restore", "--data", noisy, "--output", output));
    all.addAll(List.of(more.split(" ")));
    done(all.toArray());
  }

  private static double figure(String json, String name) {
    return Double.parseDouble(json.replaceAll("(?s).*?\"" + name + "\" : ([-0-9.E]+).*", "$1"));
  }

  @Test
  void imagesAreMoreLikeTheirTargetsThanBefore() throws IOException {
    Path json = folder.resolve("figures.json");
    Path table = folder.resolve("worst.csv");
    Shell shell =
        done(
            "evaluate",
            "restore",
            "--model",
            model,
            "--data",
            noisy,
            "--json",
            json,
            "--images",
            table);
    String figures = Files.readString(json);
    double after = figure(figures, "psnr");
    double before = figure(figures, "psnr_before");
    assertTrue(after > before + 1, shell.out());
    assertTrue(figure(figures, "ssim") > figure(figures, "ssim_before"), shell.out());
    assertEquals(9, Files.readAllLines(table).size());
    assertTrue(
        Files.readAllLines(table).get(0).startsWith("image,psnr,ssim,nrmse,psnr_before"),
        Files.readString(table));
    Shell wide = done("evaluate", "restore", "--model", model, "--data", noisy, "--range", 100_000);
    assertTrue(wide.out().contains("restored: PSNR"), wide.out());
  }

  @Test
  void filesGetImagesOfTheirSize() throws IOException {
    Path output = folder.resolve("restored");
    Path input = noisy.resolve("input");
    done("restore", "--model", model, "--output", output, input);
    List<String> rows = Files.readAllLines(output.resolve("results.csv"));
    assertEquals("image,slice,frame,min,max,mean,clipped", rows.get(0));
    assertEquals(9, rows.size());
    String name = rows.get(1).substring(0, rows.get(1).indexOf('.'));
    ImagePlus made = IJ.openImage(output.resolve(name + "_restored.tif").toString());
    assertEquals(32, made.getBitDepth());
    assertEquals(64, made.getWidth());
    assertTrue(Files.exists(output.resolve(name + "_restored.png")));
    Shell again = done("restore", "--model", model, "--output", output, "--resume", input);
    assertTrue(again.err().contains("8"), again.err());
    done("batch", "--model", model, "--output", folder.resolve("batch"), input);
    assertTrue(Files.exists(folder.resolve("batch").resolve(name + "_restored.tif")));
  }

  @Test
  void aBatchKeepsTheTypeIfAskedTo() {
    Path images = folder.resolve("bytes");
    assertTrue(images.toFile().mkdir());
    ImagePlus grey = IJ.createImage("grey", "8-bit black", 40, 30, 1);
    grey.getProcessor().add(50);
    IJ.saveAsTiff(grey, images.resolve("grey.tif").toString());
    Path output = folder.resolve("typed");
    Path doubler = Doubler.model(folder);
    done("batch", "--model", doubler, "--output", output, "--type", "same", images);
    ImagePlus made = IJ.openImage(output.resolve("grey_restored.tif").toString());
    assertEquals(8, made.getBitDepth());
    assertEquals(100, made.getProcessor().get(7, 8));
  }

  @Test
  void rangesAreAboveZero() {
    for (Object range : List.of(0, -1, "1e31")) {
      Shell shell =
          Shell.run("evaluate", "restore", "--model", model, "--data", noisy, "--range", range);
      assertTrue(shell.problem().contains("expected a number above 0"), shell.problem());
      assertTrue(shell.problem().contains("received " + range), shell.problem());
    }
  }

  /** A stack of four slices whose target has three never counts, whatever the seed draws. */
  @Test
  void badPairsAreLeftOutBeforeValidationImagesAreDrawn() {
    Path data = folder.resolve("stacks");
    for (String part : List.of("input", "target")) {
      for (int i = 0; i < 3; i++) {
        int slices = i == 0 && part.equals("target") ? 3 : 4;
        ImagePlus stack = IJ.createImage("s", "8-bit ramp", 32, 32, slices);
        assertTrue(
            data.resolve(part).toFile().isDirectory() || data.resolve(part).toFile().mkdirs());
        IJ.saveAsTiff(stack, data.resolve(part).resolve("s" + i + ".tif").toString());
      }
    }
    Path output = folder.resolve("stacks.spyhop");
    for (int seed = 0; seed < 6; seed++) {
      Shell shell =
          done(
              ("train restore --epochs 1 --steps 1 --batch 1 --crop 16 --widths 4,8 --force --seed "
                      + seed
                      + " --data "
                      + data
                      + " --output "
                      + output)
                  .split(" "));
      assertTrue(shell.err().contains("Left out, as they cannot be used, 1 of 9"), shell.err());
      assertTrue(shell.err().contains("s0.tif has 4 planes"), shell.err());
    }
    Shell tuned =
        done(
            ("finetune --epochs 1 --steps 1 --model "
                    + output
                    + " --data "
                    + data
                    + " --output "
                    + folder.resolve("stacks-tuned.spyhop"))
                .split(" "));
    assertTrue(tuned.err().contains("1 of 9 images"), tuned.err());
  }

  @Test
  void aModelGoesOnLearning() {
    Path tuned = folder.resolve("tuned.spyhop");
    done(
        "finetune",
        "--model",
        model,
        "--data",
        noisy,
        "--output",
        tuned,
        "--epochs",
        1,
        "--steps",
        2,
        "--validation",
        25);
    Shell shown = done("models", "show", tuned);
    assertTrue(shown.out().contains("restoration"), shown.out());
    done("models", "check", tuned);
    Shell segmented =
        Shell.run("segment", "--model", tuned, "--output", folder, noisy.resolve("input"));
    assertTrue(segmented.problem().contains("restoration"), segmented.problem());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Path never = folder.resolve("never.spyhop");
    refused("expected l1, l2 or ssim", never, "--error", "l3");
    refused("l1 or l2", never, "--method", "blindspots", "--error", "ssim");
    refused("target", never, "--method", "blindspots", "--target", "target");
    refused("expected the folders", never, "--target", "nowhere");
    refused("by the method blindspots", never, "--target", "nowhere");
    Shell other =
        Shell.run(
            "finetune",
            "--model",
            "nuclei",
            "--data",
            noisy,
            "--output",
            never,
            "--task",
            "restore");
    assertTrue(other.problem().contains("Train a new one"), other.problem());
    assertTrue(!Files.exists(never));
  }

  private static void refused(String part, Path output, Object... more) {
    List<Object> all = new ArrayList<>();
    all.addAll(List.of("train", "restore", "--data", noisy, "--output", output));
    all.addAll(List.of(more));
    Shell shell = Shell.run(all.toArray());
    assertTrue(shell.problem().contains(part), shell.problem());
  }

  @Test
  void anExportedNetworkIsImportedAgain() {
    Path onnx = folder.resolve("doubler.onnx");
    done("models", "export", Doubler.model(folder), "--onnx", onnx);
    Path again = folder.resolve("again.spyhop");
    done(
        "models",
        "import",
        onnx,
        "--task",
        "restore",
        "--preprocess",
        "grey/255",
        "--output",
        again);
    Path image = folder.resolve("grey.tif");
    ImagePlus grey = IJ.createImage("grey", "8-bit black", 40, 30, 1);
    grey.getProcessor().add(50);
    IJ.saveAsTiff(grey, image.toString());
    Path output = folder.resolve("doubled");
    done("restore", "--model", again, "--output", output, "--type", "same", image);
    ImagePlus made = IJ.openImage(output.resolve("grey_restored.tif").toString());
    assertEquals(100, made.getProcessor().get(7, 8));
  }
}
