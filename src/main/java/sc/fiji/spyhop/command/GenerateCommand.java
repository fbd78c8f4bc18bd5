package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.io.File;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.generate.GeneratedImage;
import sc.fiji.spyhop.generate.ImageMaker;
import sc.fiji.spyhop.generate.Seeds;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.job.batch.GeneratedFolder;
import sc.fiji.spyhop.job.batch.GeneratedImages;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes images with a generating model. In a macro:
 *
 * <pre>run("Spyhop Generate Images", "model=/data/cells.spyhop count=16 seed=1");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Generate Images",
    headless = true,
    initializer = "offerModels",
    description = "Makes images like those that a generating model was shown.")
public final class GenerateCommand extends JobCommand {

  private static final int MAX_COUNT = 1_000_000;

  /** Images of a window or a way, all of which are in memory. */
  private static final int MAX_SHOWN = 10_000;

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a generating model, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "How many",
      min = "1",
      persist = false,
      description = "How many images are made, of the seed and those that follow it.")
  private int count = 16;

  @Parameter(
      label = "Seed",
      persist = false,
      description = "With the same seed, the same image is made.")
  private long seed = 1;

  @Parameter(
      label = "From seed to seed",
      required = false,
      persist = false,
      description =
          "Seeds with commas, such as 3,17,4: a stack that goes from the image of one to that of the"
              + " next; empty for images of their own.")
  @InShell("SEED,...")
  private String between = "";

  @Parameter(
      label = "Steps of the way",
      min = "1",
      max = "1000",
      persist = false,
      description = "Images from one seed to the next, where it goes from seed to seed.")
  private int steps = 10;

  @Parameter(
      label = "Sums of seeds",
      required = false,
      persist = false,
      description =
          "A CSV file with the columns image, seed and weight, for images of weighted sums of what"
              + " others are made from; empty for none.")
  @InShell("CSV")
  private File sums = new File("");

  @Parameter(
      label = "Folder for the images",
      style = "directory",
      required = false,
      persist = false,
      description =
          "Folder to write images to, and label images where the model makes them; empty to open a"
              + " stack.")
  @InShell("DIR")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces files of the same names; else nothing is done where there are some.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(type = ItemIO.OUTPUT, label = "Images", description = "A stack of what was made.")
  private ImagePlus made;

  /** Puts the known models into the dialog. */
  void offerModels() {
    model = ModelChoice.offerGenerators(this, "model", model, GeneratorSource.Noise.class);
  }

  @Override
  void check() {
    ModelChoice.requireGenerator(model, GeneratorSource.Noise.class);
    boolean summed = !sums.getPath().isBlank();
    if (summed && !between.isBlank()) {
      throw SettingException.wrong("sums", "it and a way from seed to seed exclude each other.");
    }
    if (seed > Long.MAX_VALUE - MAX_COUNT) {
      throw SettingException.wrong("seed", "expected a smaller one, received " + seed + ".");
    }
    if (count > MAX_COUNT) {
      throw SettingException.wrong(
          "count", "expected at most " + MAX_COUNT + " images, received " + count + ".");
    }
    int stations = seeds().size();
    if (stations == 1) {
      throw SettingException.wrong("between", "expected at least two seeds, such as 3,17.");
    }
    if (stations > 0 && (long) (stations - 1) * steps >= MAX_SHOWN) {
      throw SettingException.wrong(
          "steps", "expected a way of at most " + MAX_SHOWN + " images in all.");
    }
  }

  private List<Long> seeds() {
    try {
      return words(between).stream().map(Long::valueOf).toList();
    } catch (NumberFormatException e) {
      throw SettingException.wrong(
          "between", "expected seeds with commas, such as 3,17,4, received \"" + between + "\".");
    }
  }

  @Override
  void work(Caller caller) {
    Generator generator = ModelRegistry.standard().findGenerator(model.strip());
    if (!(generator.spec().source() instanceof GeneratorSource.Noise noise)) {
      throw SettingException.wrong(
          "model",
          Strings.format(
              "expected a model that makes images of noise; %s makes them of rows of a table: use"
                  + " Render Images, or spyhop render.",
              generator.spec().name()));
    }
    if (output.getPath().isBlank() && !(caller instanceof ImageJCaller)) {
      throw SettingException.missing("output", "a folder", "/path/to/it");
    }
    Map<String, float[]> codes = codes(noise, generator.spec().name());
    boolean way = !between.isBlank();
    try (ImageMaker maker = ImageMaker.open(generator);
        Caller.Shown progress = caller.progress("Making images")) {
      if (output.getPath().isBlank()) show(caller, maker, codes, way, progress);
      else write(caller, maker, codes, way, progress);
    }
  }

  /** What images are made from, by their names. */
  private Map<String, float[]> codes(GeneratorSource.Noise noise, String name) {
    Map<String, float[]> codes = new LinkedHashMap<>();
    if (!sums.getPath().isBlank()) return Seeds.sums(sums.toPath(), noise.size());
    if (!between.isBlank()) {
      List<Long> seeds = seeds();
      List<float[]> way =
          ImageMaker.path(
              noise, seeds.stream().map(s -> Seeds.code(noise.size(), s)).toList(), steps);
      for (int i = 0; i < way.size(); i++) {
        String station = i % steps == 0 ? "seed " + seeds.get(i / steps) : "way " + (i + 1);
        codes.put(codes.containsKey(station) ? station + " again " + i : station, way.get(i));
      }
      return codes;
    }
    for (long s = seed; s < seed + count; s++) {
      codes.put(name + "_" + s, Seeds.code(noise.size(), s));
    }
    return codes;
  }

  private void show(
      Caller caller,
      ImageMaker maker,
      Map<String, float[]> codes,
      boolean way,
      Caller.Shown progress) {
    if (codes.size() > MAX_SHOWN) {
      throw SettingException.wrong(
          "output", "expected a folder for more than " + MAX_SHOWN + " images.");
    }
    GeneratorSpec spec = maker.generator().spec();
    List<GeneratedImage> images =
        maker.images(List.copyOf(codes.keySet()), List.copyOf(codes.values()), progress);
    made = GeneratedImages.stack(spec.name() + (way ? "_way" : ""), images, spec.output());
    if (spec.output().isLabelled()) {
      makeCurrent(GeneratedImages.labels(spec.name() + "_labels", images));
    }
    makeCurrent(made);
    caller.seen(said(images.size(), maker));
  }

  private static String said(int images, ImageMaker maker) {
    return Strings.format(
        "%s made with %s on %s",
        Strings.count(images, "image"), maker.generator().spec().name(), maker.device());
  }

  private void write(
      Caller caller,
      ImageMaker maker,
      Map<String, float[]> codes,
      boolean way,
      Caller.Shown progress) {
    Path folder = output.toPath().toAbsolutePath();
    GeneratorSpec spec = maker.generator().spec();
    Path stack = folder.resolve(spec.name() + "_way.tif");
    int written = codes.size();
    if (way) {
      if (!replace) GeneratedFolder.requireFree(stack);
      Folders.requireWritable(folder);
      List<GeneratedImage> images =
          maker.images(List.copyOf(codes.keySet()), List.copyOf(codes.values()), progress);
      GeneratedImages.tiff(
          GeneratedImages.stack(spec.name() + "_way", images, spec.output()), stack);
    } else {
      written = GeneratedFolder.write(maker, codes, folder, replace, progress);
    }
    caller.result(said(written, maker));
    if (written > 0) caller.result("Written to " + folder);
    if (written < codes.size()) {
      throw new StoppedException(
          Strings.format("Stopped after %d of %d images; these are kept.", written, codes.size()));
    }
  }
}
