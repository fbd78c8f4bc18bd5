package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.sample.MixtureGenerator;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;

/** Classes that do not exclude each other through the shell, from training to figures. */
class SeveralClassesTest {

  @TempDir Path folder;

  private static void succeeds(Object... arguments) {
    Shell shell = Shell.run(arguments);
    assertEquals(0, shell.code(), shell.err());
  }

  /** A pixel of 50 or more is lit, one of 150 or more bright as well. */
  private Path handmade() {
    Network network =
        NetworkBuilder.image(1)
            .convolution("logits", 2, 1)
            .activation("classes", Layer.Function.SIGMOID)
            .build("classes");
    return Handmade.write(
        folder,
        "lights",
        MultiLabelSegmentation.of("lit", "bright"),
        network,
        new Resize.AnySize(),
        100,
        Map.of("logits.weight", new float[] {20, 20}, "logits.bias", new float[] {-10, -30}));
  }

  /** Ten columns of 0, ten of 100, ten of 200; calibrated. */
  private ImagePlus steps() {
    ByteProcessor pixels = new ByteProcessor(30, 10);
    pixels.setValue(100);
    pixels.fill(new Roi(10, 0, 10, 10));
    pixels.setValue(200);
    pixels.fill(new Roi(20, 0, 10, 10));
    ImagePlus image = new ImagePlus("steps", pixels);
    image.getCalibration().pixelWidth = image.getCalibration().pixelHeight = 0.5;
    image.getCalibration().setUnit("µm");
    return image;
  }

  @Test
  void overlappingClassesAreAChannelEach() throws IOException {
    Path images = Files.createDirectory(folder.resolve("images"));
    LabelImages.save(steps(), images.resolve("steps.tif"));
    Path output = folder.resolve("output");
    succeeds("segment", images, "--model", handmade(), "--output", output);
    ImagePlus masks = ImageFiles.open(output.resolve("steps_labels.tif"));
    assertEquals(
        List.of(2, 1, 1), List.of(masks.getNChannels(), masks.getNSlices(), masks.getNFrames()));
    assertEquals("lit", masks.getStack().getShortSliceLabel(1));
    assertEquals("bright", masks.getStack().getShortSliceLabel(2));
    assertEquals(0.5, masks.getCalibration().pixelWidth);
    for (int x = 0; x < 30; x++) {
      assertEquals(x < 10 ? 0 : 255, masks.getStack().getProcessor(1).get(x, 4));
      assertEquals(x < 20 ? 0 : 255, masks.getStack().getProcessor(2).get(x, 4));
    }
    IndexTable rows = IndexTable.read(output.resolve("results.csv"));
    int type = rows.require("class");
    int area = rows.require("area");
    assertEquals(List.of("lit", "bright"), rows.rows().stream().map(r -> r.get(type)).toList());
    assertEquals("50", rows.rows().get(0).get(area), "200 pixels of a quarter");
    assertEquals("25", rows.rows().get(1).get(area));
    IndexTable shares = IndexTable.read(output.resolve("classes.csv"));
    int pixels = shares.require("pixels");
    assertEquals(
        List.of("100", "200", "100"),
        shares.rows().stream().map(r -> r.get(pixels)).toList(),
        "what is of two classes is background of neither");
    try (ZipFile zip = new ZipFile(output.resolve("steps_rois.zip").toFile())) {
      assertEquals(2, zip.size());
    }
    Path truth = Files.createDirectories(folder.resolve("truth/masks"));
    Files.createDirectory(folder.resolve("truth/images"));
    LabelImages.save(steps(), folder.resolve("truth/images/steps.tif"));
    mask(truth.resolve("steps_lit.tif"), 10);
    mask(truth.resolve("steps_bright.tif"), 10);
    Shell shell =
        Shell.run(
            "evaluate",
            "segment",
            "--predicted",
            output,
            "--truth",
            folder.resolve("truth"),
            "--images",
            folder.resolve("worst.csv"));
    assertEquals(0, shell.code(), shell.err());
    // bright: half of what is true is found
    assertTrue(shell.out().contains("mean IoU 0.7500, mean Dice 0.8333"), shell.out());
  }

  /** White from a column on. */
  private static void mask(Path file, int from) {
    ByteProcessor pixels = new ByteProcessor(30, 10);
    pixels.setValue(255);
    pixels.fill(new Roi(from, 0, 30 - from, 10));
    LabelImages.save(new ImagePlus("mask", pixels), file);
  }

  /** Outlines of the ROI Manager that lie over each other are of both classes. */
  @Test
  void trainsOnOutlinesThatLieOverEachOther() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    for (String name : List.of("a", "b")) {
      LabelImages.save(steps(), data.resolve(name + ".tif"));
      Roi lit = new Roi(10, 0, 20, 10);
      lit.setName("lit");
      Roi bright = new Roi(20, 0, 10, 10);
      bright.setName("bright");
      sc.fiji.spyhop.ij.Rois.writeZip(data.resolve(name + ".zip"), List.of(lit, bright));
    }
    Path model = folder.resolve("outlines.spyhop");
    Shell shell =
        Shell.run(
            "train",
            "segment",
            "--data",
            data,
            "--several",
            "--epochs",
            1,
            "--steps",
            1,
            "--crop",
            8,
            "--widths",
            "4,8",
            "--validation",
            50,
            "--output",
            model);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("bright, lit"), shell.err());
    MultiLabelSegmentation task = (MultiLabelSegmentation) ModelFile.read(model).spec().task();
    assertEquals(List.of("bright", "lit"), task.classes());
  }

  @Test
  void trainsWhatImagesShow() throws IOException {
    Path data = folder.resolve("mixtures");
    succeeds("sample", "mixtures", "--count", 24, "--size", "32x32", "--output", data);
    Path model = folder.resolve("m.spyhop");
    Shell shell =
        Shell.run(
            "train",
            "classify",
            "--data",
            data,
            "--subset",
            "train",
            "--network",
            "8C3 MP2 8C3 GAP",
            "--epochs",
            2,
            "--steps",
            4,
            "--positives",
            "balanced",
            "--output",
            model);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.err().contains("An image may be of several classes"), shell.err());
    assertTrue(
        shell.err().matches("(?s).*\\d+ images: \\d+ of cell, \\d+ of fibre, .*"), shell.err());
    MultiLabelClassification task = (MultiLabelClassification) ModelFile.read(model).spec().task();
    assertEquals(List.of("cell", "fibre", "granule"), task.classes());
    assertEquals(3, task.positiveWeights().size());
    Path output = folder.resolve("classified");
    succeeds("classify", data.resolve("images"), "--model", model, "--output", output);
    IndexTable rows = IndexTable.read(output.resolve("results.csv"));
    assertEquals(
        List.of(
            "image",
            "slice",
            "roi",
            "classes",
            "probability_cell",
            "probability_fibre",
            "probability_granule"),
        rows.columns());
    assertEquals(24, rows.rows().size());
    for (List<String> row : rows.rows()) {
      StringBuilder told = new StringBuilder();
      for (int c = 0; c < 3; c++) {
        double p = Double.parseDouble(row.get(4 + c));
        if (Math.abs(p - task.thresholds().get(c)) < 1e-5) return; // as printed, undecided
        if (p < task.thresholds().get(c)) continue;
        told.append(told.length() > 0 ? "; " : "").append(task.classes().get(c));
      }
      assertEquals(told.toString(), row.get(3));
    }
    Shell figures =
        Shell.run("evaluate", "classify", "--model", model, "--data", data, "--subset", "test");
    assertEquals(0, figures.code(), figures.err());
    assertTrue(figures.out().contains("Hamming loss"), figures.out());
    Shell table =
        Shell.run(
            "evaluate", "classify", "--predicted", output, "--data", data, "--subset", "test");
    assertEquals(0, table.code(), table.err());
    assertEquals(
        figures.out().lines().skip(1).findFirst(),
        table.out().lines().skip(1).findFirst(),
        "results that were written say the same");
    Shell matrix =
        Shell.run(
            "evaluate",
            "classify",
            "--model",
            model,
            "--data",
            data,
            "--table",
            folder.resolve("confusion.csv"));
    assertTrue(matrix.problem().contains("exclude each other"), matrix.err());
    // it goes on learning, and keeps its classes
    Path next = folder.resolve("next.spyhop");
    succeeds(
        "finetune",
        "--task",
        "classify",
        "--model",
        model,
        "--data",
        data,
        "--subset",
        "train",
        "--epochs",
        1,
        "--steps",
        1,
        "--output",
        next);
    assertEquals(task.classes(), ModelFile.read(next).spec().names());
  }

  @Test
  void trainsWherePixelsAreOfSeveralClasses() throws IOException {
    Path data = folder.resolve("mixtures");
    succeeds("sample", "mixtures", "--count", 10, "--size", "64x64", "--output", data);
    Path model = folder.resolve("m.spyhop");
    succeeds(
        "train",
        "segment",
        "--data",
        data,
        "--subset",
        "train",
        "--several",
        "--epochs",
        1,
        "--steps",
        4,
        "--crop",
        32,
        "--widths",
        "4,8",
        "--output",
        model);
    Model made = ModelFile.read(model);
    MultiLabelSegmentation task = (MultiLabelSegmentation) made.spec().task();
    assertEquals(List.of("cell", "fibre", "granule"), task.classes());
    Frame frame = MixtureGenerator.ofSeries(3, 4, 96, 80).frame();
    Runner.Options plain = Runner.Options.DEFAULT.withScaling(new Scaling.Factor(1));
    try (Runner<?> whole = Runner.of(made, plain);
        Runner<?> tiled = Runner.of(made, plain.withTile(32))) {
      Segmentation one = (Segmentation) whole.predict(frame);
      Segmentation parts = (Segmentation) tiled.predict(frame);
      long differ = 0;
      for (int i = 0; i < one.labels().size(); i++) {
        if (one.labels().get(i) != parts.labels().get(i)) differ++;
      }
      // but for probabilities that are just at a threshold
      assertTrue(differ <= one.labels().size() / 1000, differ + " pixels");
    }
    Path output = folder.resolve("segmented");
    Path image = folder.resolve("one.tif");
    LabelImages.save(FrameImages.of(frame), image);
    succeeds(
        "segment",
        image,
        "--model",
        model,
        "--output",
        output,
        "--threshold",
        0.1,
        "--probabilities");
    ImagePlus masks = ImageFiles.open(output.resolve("one_labels.tif"));
    assertEquals(3, masks.getNChannels());
    ImagePlus maps = ImageFiles.open(output.resolve("one_probabilities.tif"));
    assertEquals(3, maps.getStackSize());
    for (int i = 0; i < 96 * 80; i++) {
      for (int c = 1; c <= 3; c++) {
        float p = maps.getStack().getProcessor(c).getf(i);
        if (Math.abs(p - 0.1) < 1e-5) continue;
        assertEquals(p >= 0.1 ? 255 : 0, masks.getStack().getProcessor(c).get(i));
      }
    }
    Path next = folder.resolve("next.spyhop");
    succeeds(
        "finetune",
        "--model",
        model,
        "--data",
        data,
        "--subset",
        "train",
        "--epochs",
        1,
        "--steps",
        1,
        "--output",
        next);
    assertEquals(
        task.classes(), ((MultiLabelSegmentation) ModelFile.read(next).spec().task()).classes());
    assertFalse(Files.exists(folder.resolve("nothing")));
  }
}
