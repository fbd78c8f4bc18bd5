package sc.fiji.spyhop.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import org.scijava.thread.ThreadService;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.active.Suggester;
import sc.fiji.spyhop.active.Uncertainty;
import sc.fiji.spyhop.cli.Handmade;
import sc.fiji.spyhop.dataset.ClassImages;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.OverlapFiles;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.annotation.DataSetFolder;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.ij.annotation.Marks;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.MultiLabelClassification;
import sc.fiji.spyhop.task.MultiLabelSegmentation;
import sc.fiji.spyhop.task.Task;

/** Classes that do not exclude each other where a user of ImageJ looks for them. */
class SeveralClassesCommandTest {

  @TempDir Path folder;
  private static Context context;

  @BeforeAll
  static void start() {
    context =
        new Context(
            CommandService.class, StatusService.class, TaskService.class, ThreadService.class);
  }

  @AfterAll
  static void stop() {
    context.dispose();
  }

  private static Module run(Class<? extends Command> command, Map<String, Object> inputs)
      throws Exception {
    var info = context.service(CommandService.class).getCommand(command);
    return context.service(ModuleService.class).run(info, true, new HashMap<>(inputs)).get();
  }

  /** Of the brightest pixel: lit from 50 on, bright from 150 on. */
  private Path classifier() {
    return Handmade.write(
        folder,
        "lights",
        MultiLabelClassification.of("lit", "bright"),
        NetworkBuilder.image(1)
            .globalPool("brightest", Layer.PoolingKind.MAX)
            .dense("logits", 2)
            .activation("classes", Layer.Function.SIGMOID)
            .build("classes"),
        new Resize.AnySize(),
        100,
        weights());
  }

  /** The same of each pixel. */
  private Path segmenter() {
    Task<?, ?> task = MultiLabelSegmentation.of("lit", "bright");
    return Handmade.write(
        folder,
        "pixels",
        task,
        NetworkBuilder.image(1)
            .convolution("logits", 2, 1)
            .activation("classes", Layer.Function.SIGMOID)
            .build("classes"),
        new Resize.AnySize(),
        100,
        weights());
  }

  private static Map<String, float[]> weights() {
    return Map.of("logits.weight", new float[] {20, 20}, "logits.bias", new float[] {-10, -30});
  }

  private static ImagePlus stack(int... levels) {
    ImageStack slices = new ImageStack(8, 6);
    for (int level : levels) {
      ByteProcessor plane = new ByteProcessor(8, 6);
      plane.set(3, 3, level);
      slices.addSlice(plane);
    }
    return new ImagePlus("stack", slices);
  }

  /** What is written to the labels of slices is what a training reads. */
  @Test
  void labelsOfSlicesNameAllClasses() throws Exception {
    ImagePlus image = stack(0, 100, 200);
    ResultsTable table = ResultsTable.getResultsTable();
    table.reset();
    run(ClassifyCommand.class, Map.of("image", image, "model", classifier().toString()));
    assertEquals("none", image.getStack().getSliceLabel(1));
    assertEquals("lit", image.getStack().getSliceLabel(2));
    assertEquals("lit; bright", image.getStack().getSliceLabel(3));
    assertEquals(3, table.size());
    assertEquals("lit; bright", table.getStringValue("classes", 2));
    assertEquals("", table.getStringValue("classes", 0));
    assertEquals(1 / (1 + Math.exp(-10)), table.getValue("probability_lit", 1), 1e-4);
    assertEquals(1 / (1 + Math.exp(10)), table.getValue("probability_bright", 1), 1e-4);
    Path file = folder.resolve("labelled.tif");
    LabelImages.save(image, file);
    ClassImages read =
        ClassImages.read(
            file, Optional.empty(), Optional.empty(), List.of("lit", "bright"), new ImageFiles());
    assertEquals(List.of(List.of(), List.of(0), List.of(0, 1)), read.members());
  }

  @Test
  void channelsAndOutlinesOfEachPlane() throws Exception {
    ImagePlus image = stack(0, 100, 200);
    Module done =
        run(SegmentCommand.class, Map.of("image", image, "model", segmenter().toString()));
    ImagePlus labels = (ImagePlus) done.getOutput("labels");
    assertEquals(
        List.of(2, 3, 1), List.of(labels.getNChannels(), labels.getNSlices(), labels.getNFrames()));
    assertTrue(labels.isComposite());
    int[][] expected = {{0, 0}, {255, 0}, {255, 255}};
    for (int z = 1; z <= 3; z++) {
      for (int c = 1; c <= 2; c++) {
        int at = labels.getStackIndex(c, z, 1);
        assertEquals(expected[z - 1][c - 1], labels.getStack().getProcessor(at).get(3, 3));
        assertEquals(c == 1 ? "lit" : "bright", labels.getStack().getSliceLabel(at));
      }
    }
    Overlay overlay = image.getOverlay();
    assertEquals(3, overlay.size());
    Roi bright = overlay.get(2);
    assertEquals("bright_z3", bright.getName());
    assertEquals("bright", bright.getProperty("class"));
    assertEquals(2, bright.getGroup());
    assertEquals(LabelImages.color(2), bright.getStrokeColor());
  }

  /** Areas drawn in an open image are of all their classes where they lie over each other. */
  @Test
  void areasOfAnOpenImageMayLieOverEachOther() {
    ImagePlus image = new ImagePlus("drawn.tif", new ByteProcessor(4, 1));
    Roi a = new Roi(0, 0, 2, 1);
    a.setName("a");
    Roi b = new Roi(1, 0, 2, 1);
    b.setName("b");
    Marks marks = Marks.of(image, List.of(a, b), Marks.Naming.AUTO);
    Path data = folder.resolve("data");
    new DataSetFolder(marks, Kind.OVERLAPS, false, List.of()).write(data, false, Progress.NONE);
    OverlapFiles read =
        OverlapFiles.read(
            new AnnotationFiles(new ImageFiles()),
            data,
            Optional.empty(),
            Optional.empty(),
            List.of());
    assertEquals(List.of("a", "b"), read.classes());
    assertEquals(LabelMap.of(4, 1, 1, 3, 2, 0), read.samples().get(0).truth());
  }

  /** Sure of both classes, or of one half of them. */
  @Test
  void uncertaintyIsThatOfEachClass() {
    Frame sure = Frames.of(stack(200)).get(1, 1);
    Frame unsure = Frames.of(stack(150)).get(1, 1);
    for (Path model : List.of(classifier(), segmenter())) {
      try (Suggester suggester = Suggester.open(model.toString(), Uncertainty.CONFIDENCE)) {
        double low = suggester.look(sure, Progress.NONE).score();
        double high = suggester.look(unsure, Progress.NONE).score();
        // one of two classes is at one half; of pixels, one of 48
        double expected = model.toString().contains("pixels") ? 0.5 / 48 : 0.5;
        assertEquals(expected, high - low, 1e-3);
      }
    }
    try (Suggester suggester = Suggester.open(classifier().toString(), Uncertainty.ENTROPY)) {
      assertTrue(suggester.isAnswer("bright; lit") && suggester.isAnswer("none"));
    }
  }
}
