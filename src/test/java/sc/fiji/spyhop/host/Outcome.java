package sc.fiji.spyhop.host;

import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.measure.Calibration;
import ij.measure.ResultsTable;
import ij.process.FloatPolygon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorFile;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.PipelineFile;

/**
 * All that a command leaves behind, as text: open images with overlays and labels of slices, the
 * Results table, and files; all but when it was and how long it took.
 */
public final class Outcome {

  private final StringBuilder text = new StringBuilder();

  private Outcome() {}

  /** For macros: writes to a file what there is now. */
  public static String write(String folder, String file) throws IOException {
    Files.writeString(Path.of(file), of(Path.of(folder)));
    return "";
  }

  /** What there is now, with the files of a folder. */
  static String of(Path folder) throws IOException {
    Outcome outcome = new Outcome();
    outcome.images();
    outcome.table();
    outcome.files(folder);
    return outcome.text.toString();
  }

  private void line(Object... words) {
    text.append(Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")))
        .append('\n');
  }

  private void images() {
    ImagePlus current = WindowManager.getCurrentImage();
    line("current:", current == null ? "none" : current.getTitle());
    IntStream.rangeClosed(1, WindowManager.getImageCount())
        .mapToObj(WindowManager::getNthImageID)
        .map(WindowManager::getImage)
        .sorted(Comparator.comparing(ImagePlus::getTitle))
        .forEach(this::image);
  }

  private void image(ImagePlus image) {
    Calibration unit = image.getCalibration();
    line(
        "image",
        image.getTitle(),
        Arrays.toString(image.getDimensions()),
        image.getBitDepth(),
        unit.pixelWidth,
        unit.pixelHeight,
        unit.getUnit(),
        "at",
        image.getCurrentSlice());
    ImageStack slices = image.getStack();
    for (int i = 1; i <= slices.size(); i++) {
      float[] pixels = (float[]) slices.getProcessor(i).convertToFloat().getPixels();
      line(" slice", slices.getSliceLabel(i), Arrays.hashCode(pixels));
    }
    Overlay overlay = image.getOverlay() == null ? new Overlay() : image.getOverlay();
    for (Roi roi : overlay) {
      FloatPolygon p = roi.getFloatPolygon();
      line(
          " roi",
          roi.getTypeAsString(),
          roi.getName(),
          roi.getBounds(),
          "of",
          roi.getCPosition() + roi.getPosition(),
          roi.getZPosition(),
          roi.getTPosition(),
          roi.getGroup(),
          Arrays.hashCode(Arrays.copyOf(p.xpoints, p.npoints)),
          Arrays.hashCode(Arrays.copyOf(p.ypoints, p.npoints)),
          roi instanceof TextRoi t ? t.getText() : "",
          roi.getProperties());
    }
  }

  private void table() {
    ResultsTable table = ResultsTable.getResultsTable();
    List<String> columns =
        Arrays.stream(table.getHeadings()).filter(c -> !c.equals("Label")).toList();
    line("table of", table.size(), columns);
    for (int row = 0; row < table.size(); row++) {
      int r = row;
      line(
          " row",
          table.getLabel(r),
          columns.stream().map(c -> table.getStringValue(c, r)).toList(),
          columns.stream().map(c -> table.getValue(c, r)).toList());
    }
  }

  private void files(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      Path name = folder.relativize(file);
      if (name.getName(0).toString().endsWith("-training")) continue; // has times in it
      line("file", name);
      if (file.toString().endsWith(".tif")) {
        image(ImageFiles.open(file));
      } else if (file.toString().endsWith(".jsonl")) {
        line(Files.readString(file).replaceAll("\"seconds\":[^,]*,", ""));
      } else if (file.endsWith("images.csv")) {
        line(Files.readString(file).replaceAll(",\\d+\\.\\d{3},", ",,"));
      } else if (!file.toString().endsWith(ModelFile.EXTENSION)) {
        line(" of", Arrays.hashCode(Files.readAllBytes(file)));
      } else if (PipelineFile.isPipeline(file)) {
        var pipeline = PipelineFile.read(file);
        pipeline.spec().steps().forEach(s -> line(" step", s));
        training(pipeline.spec().training());
        pipeline.models().forEach(this::model);
      } else if (GeneratorFile.isGenerator(file)) {
        generator(GeneratorFile.read(file));
      } else {
        model("it", ModelFile.read(file));
      }
    }
  }

  private void model(String name, Model model) {
    ModelSpec spec = model.spec();
    line(" model", name, spec.name(), spec.task(), spec.input(), spec.inference());
    line(" network", model.network());
    training(spec.training());
    model
        .weights()
        .tensors()
        .forEach((key, tensor) -> line(" weights", key, Arrays.hashCode(tensor.data())));
  }

  private void generator(Generator generator) {
    GeneratorSpec spec = generator.spec();
    line(" generator", spec.name(), spec.source(), spec.output(), generator.network());
    training(spec.training());
    generator
        .weights()
        .tensors()
        .forEach((key, tensor) -> line(" weights", key, Arrays.hashCode(tensor.data())));
  }

  private void training(ModelSpec.Training training) {
    line(" by", training.command(), training.data(), training.epochs(), training.seed());
    line(" figures", training.figures());
  }
}
