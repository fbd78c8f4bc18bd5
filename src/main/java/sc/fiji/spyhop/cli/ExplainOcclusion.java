package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.measure.Calibration;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.AtomicFile;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Occlusion;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HeatMaps;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.model.ModelSpec;

/** Hides one part of an image after the other from a network. */
@Command(
    name = "occlusion",
    sortOptions = false,
    description = {
      "Finds the regions of images that made a network say so: each part is hidden in turn, and",
      "the map says how far that lowers the probability of the class.",
      "Of each image NAME it writes NAME_saliency.tif (the map, 32-bit) and NAME_saliency.png (the",
      "image with the map in colours over it), and of all together results.csv. Of stacks, one",
      "slice is done."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop explain occlusion --model species.spyhop --output why image.tif",
      "  spyhop explain occlusion --model species.spyhop --class orca --fill blur --output why *.jpg"
    })
final class ExplainOcclusion extends Job {

  private static final String[] HEADER = {
    "image",
    "slice",
    "frame",
    "class",
    "probability",
    "largest_drop",
    "x",
    "y",
    "unit",
    "window",
    "stride",
    "fill"
  };

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Name or file of a model that classifies images, or measures them.")
  private String model;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results; made if it is not there.")
  private Path output;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "What to explain (default: the most likely class of each image).")
  private Optional<String> name;

  @Option(
      names = "--window",
      paramLabel = "PIXELS",
      description = "Width and height of what is hidden (default: a sixth of the image).")
  private int window;

  @Option(
      names = "--stride",
      paramLabel = "PIXELS",
      description = "From one window to the next (default: a third of the window).")
  private int stride;

  @Option(
      names = "--fill",
      paramLabel = "KIND",
      description = "What is shown instead: mean, grey or blur (default: mean).")
  private String fill = "mean";

  @Option(
      names = "--slice",
      paramLabel = "N",
      description = "Which slice of stacks, from 1 (default: 1).")
  private int slice = 1;

  @Option(
      names = "--frame",
      paramLabel = "N",
      description = "Which time point, from 1 (default: 1).")
  private int frame = 1;

  @Option(
      names = "--channel",
      paramLabel = "N",
      description = "Which channel, from 1, if the images have more than the model.")
  private Optional<Integer> channel;

  @Option(names = "--grey", description = "Make one channel out of all, such as grey out of RGB.")
  private boolean grey;

  @Option(names = "--recursive", description = "Search folders to any depth.")
  private boolean recursive;

  @Option(names = "--force", description = "Replace results that exist.")
  private boolean force;

  @Parameters(
      arity = "1..*",
      paramLabel = "INPUT",
      description = "Images, folders of images, or patterns such as \"*.tif\".")
  private List<String> arguments;

  private final List<String> failures = new ArrayList<>();
  private final List<List<Object>> rows = new ArrayList<>();

  @Override
  public Integer call() {
    ChannelChoice choice = choice();
    Occlusion occlusion = new Occlusion(window, stride, Occlusion.Fill.parse(fill));
    Inputs inputs = Inputs.expand(arguments, recursive, output);
    failures.addAll(inputs.problems());
    if (!inputs.files().isEmpty()) {
      Folders.requireWritable(output);
      requireNoResults(inputs.files());
      explain(inputs.files(), choice, occlusion);
    }
    if (!rows.isEmpty()) {
      console()
          .out()
          .printf(
              "%d %s explained, written to %s%n",
              rows.size(), rows.size() == 1 ? "image" : "images", output);
    }
    failures.forEach(console()::error);
    return failures.isEmpty() ? Spyhop.OK : Spyhop.FAILED;
  }

  private ChannelChoice choice() {
    if (channel.isPresent() && grey) throw misuse("--channel and --grey exclude each other.");
    if (channel.isPresent() && channel.get() < 1) {
      throw misuse("--channel: expected a number from 1, received " + channel.get() + ".");
    }
    if (slice < 1 || frame < 1) {
      throw misuse("--slice and --frame: expected numbers from 1.");
    }
    return grey
        ? ChannelChoice.GREY
        : channel.map(ChannelChoice::channel).orElse(ChannelChoice.AUTO);
  }

  private Path map(String image) {
    return output.resolve(image + "_saliency.tif");
  }

  private Path picture(String image) {
    return output.resolve(image + "_saliency.png");
  }

  private Path table() {
    return output.resolve("results.csv");
  }

  private void requireNoResults(Map<String, Path> files) {
    if (force) return;
    List<Path> results = new ArrayList<>(List.of(table()));
    files.keySet().forEach(n -> results.addAll(List.of(map(n), picture(n))));
    results.stream()
        .filter(Files::exists)
        .findFirst()
        .ifPresent(
            f -> {
              throw new SpyhopException(
                  output
                      + " holds earlier results ("
                      + f.getFileName()
                      + "). Name another --output, or add --force to replace them.");
            });
  }

  private void explain(Map<String, Path> files, ChannelChoice choice, Occlusion occlusion) {
    try (Explainer explainer = Explainer.open(model);
        ConsoleProgress progress = new ConsoleProgress(console(), "Explaining", files.size())) {
      console().say("Model " + explainer.model().spec().name() + " on " + explainer.device());
      for (Map.Entry<String, Path> entry : files.entrySet()) {
        progress.checkCancelled();
        progress.begin(entry.getValue().getFileName().toString());
        explain(entry.getKey(), entry.getValue(), explainer, choice, occlusion, progress);
      }
    } finally {
      if (!rows.isEmpty()) writeTable();
    }
  }

  private void explain(
      String image,
      Path file,
      Explainer explainer,
      ChannelChoice choice,
      Occlusion occlusion,
      ConsoleProgress progress) {
    ImagePlus opened;
    SaliencyMap map;
    try {
      opened = ImageFiles.open(file);
      ModelSpec.Input input = explainer.model().spec().input();
      Frames frames = Frames.of(opened, choice, input.channels(), input.colors());
      requireFrame(file, frames);
      map = explainer.occlusion(frames.get(slice, frame), name, occlusion, progress);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      String why = Spyhop.describe(e);
      failures.add(why.contains(file.getFileName().toString()) ? why : file + ": " + why);
      progress.end(file + ": failed");
      return;
    }
    opened.setPositionWithoutUpdate(1, slice, frame);
    LabelImages.save(HeatMaps.image(opened, image + "_saliency", map.values()), map(image));
    Overlays.writePng(picture(image), opened, HeatMaps.overlay(opened, slice, frame, map.values()));
    rows.add(row(image, opened, map));
    progress.end(
        "%s: %s, %s; hiding a part lowers it by up to %s"
            .formatted(file, map.name(), number(map.score()), number(Math.max(0, map.largest()))));
  }

  private void requireFrame(Path file, Frames frames) {
    if (slice > frames.slices() || frame > frames.timePoints()) {
      throw new SpyhopException(
          "%s: expected a slice up to %d and a frame up to %d, received --slice %d --frame %d."
              .formatted(file, frames.slices(), frames.timePoints(), slice, frame));
    }
  }

  private List<Object> row(String image, ImagePlus opened, SaliencyMap map) {
    Calibration c = opened.getCalibration();
    int peak = map.peak();
    return List.of(
        image,
        slice,
        frame,
        map.name(),
        number(map.score()),
        number(map.largest()),
        number(c.getX(peak % map.width() + 0.5)),
        number(c.getY(peak / map.width() + 0.5, map.height())),
        c.getUnit(),
        map.occlusion().window(),
        map.occlusion().stride(),
        map.occlusion().fill());
  }

  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  private void writeTable() {
    CSVFormat format = CSVFormat.RFC4180.builder().setRecordSeparator("\n").setHeader(HEADER).get();
    AtomicFile.write(
        table(),
        out -> {
          OutputStreamWriter writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          CSVPrinter csv = new CSVPrinter(writer, format);
          for (List<Object> row : rows) csv.printRecord(row);
          csv.flush();
        });
  }
}
