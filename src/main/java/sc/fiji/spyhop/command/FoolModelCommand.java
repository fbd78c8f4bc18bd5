package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.WindowManager;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.generate.fooling.Canvas;
import sc.fiji.spyhop.generate.fooling.Fooling;
import sc.fiji.spyhop.generate.fooling.FoolingClasses;
import sc.fiji.spyhop.generate.fooling.FoolingImage;
import sc.fiji.spyhop.generate.fooling.FoolingListener;
import sc.fiji.spyhop.generate.fooling.FoolingMethod;
import sc.fiji.spyhop.generate.fooling.FoolingResult;
import sc.fiji.spyhop.generate.fooling.FoolingSheet;
import sc.fiji.spyhop.ij.FrameStacks;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.StoppedException;
import sc.fiji.spyhop.job.batch.GeneratedFolder;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.PngFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes images of which a classifier is sure, and which show nothing: how easily is it fooled? In a
 * macro:
 *
 * <pre>run("Spyhop Fool Model", "model=digits method=cppn output=/data/fooled");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Fool Model",
    headless = true,
    initializer = "offerModels",
    description = "Makes images that show nothing, and of which a model is sure all the same.")
public final class FoolModelCommand extends JobCommand {

  static final List<String> COLUMNS =
      List.of("image", "class", "probability", "generation", "reached", "warning");

  private static final String SHEET = "fooling.png";
  private static final String TABLE = "results.csv";
  private static final String IMAGES = "images";

  private static final String EVOLUTION = "direct or cppn";

  /** Settings that not all methods have, and those that do. */
  private static final Map<String, String> ONLY =
      Map.of(
          "batch", EVOLUTION,
          "rate", "gradient",
          "decay", "gradient",
          "blur", "gradient",
          "clip", "gradient",
          "start", "gradient");

  @Parameter(
      label = "Model",
      style = ModelChoice.STYLE,
      persist = false,
      description = "Name of a model that classifies, or path of its .spyhop file.")
  @InShell("NAME|FILE")
  private String model = "";

  @Parameter(
      label = "Method",
      choices = {"direct", "cppn", "gradient"},
      persist = false,
      description =
          "How images are made. direct: evolution of pixels, which looks like noise; cppn: evolution"
              + " of networks that paint regular patterns; gradient: noise that is changed so that the"
              + " model becomes surer.")
  private String method = "cppn";

  @Parameter(
      label = "Classes",
      persist = false,
      description =
          "Classes for which images are made: all, names with commas, or a number that is no name,"
              + " such as 10, of classes that are drawn by the seed.")
  @InShell("NAME,...|N|all")
  private String classes = FoolingClasses.ALL;

  @Parameter(
      label = "Maximum number of generations",
      min = "1",
      max = "1000000",
      persist = false,
      description =
          "Generations of evolution, or steps of gradient, at most; it ends before if the model is"
              + " sure of all classes.")
  private int generations = 200;

  @Parameter(
      label = "Sure from",
      min = "0.01",
      max = "1",
      persist = false,
      description = "Probability from which the model counts as sure of a class.")
  private double sure = 0.99;

  @Parameter(
      label = "Seed",
      persist = false,
      description = "Of everything random; the same seed gives the same images.")
  private long seed = 1;

  @Parameter(
      label = "Folder for the results",
      style = "directory",
      required = false,
      persist = false,
      description = "Folder to write images and the table to; empty to show them in windows.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces files of the same names; else nothing is done where there are some.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(
      label = "Images of a generation",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      max = "100000",
      persist = false,
      description = "Images that are made in each generation of evolution (direct and cppn).")
  private int batch = 400;

  @Parameter(
      label = "Size (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "4096",
      persist = false,
      description =
          "Width and height of the images, where the model takes images of any size; 0 for that of"
              + " the model's example.")
  private int size = 0;

  @Parameter(
      label = "White",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description =
          "Largest value of a pixel, such as 255, 4095, or 1 where images are of 32 bits; 0 for 255,"
              + " or 65535 where the model is made for 16 bits.")
  private double white = 0;

  @Parameter(
      label = "Rate",
      visibility = ItemVisibility.INVISIBLE,
      min = "0.0001",
      max = "1",
      persist = false,
      description =
          "Mean (root of squares) change of pixels in a step of gradient, as a share of white.")
  private double rate = 0.02;

  @Parameter(
      label = "Decay",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "0.99",
      persist = false,
      description =
          "Share by which the difference to plain ground shrinks in each step of gradient (L2"
              + " decay).")
  private double decay = 0.01;

  @Parameter(
      label = "Blur (pixels)",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "100",
      persist = false,
      description =
          "Standard deviation of the Gaussian that smooths the image in every fourth step of"
              + " gradient, pixels; 0 for none.")
  private double blur = 0.5;

  @Parameter(
      label = "Clip",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "0.99",
      persist = false,
      description =
          "Share of the pixels, those that differ least from plain ground, that become ground in each"
              + " step of gradient.")
  private double clip = 0.1;

  @Parameter(
      label = "Start from",
      visibility = ItemVisibility.INVISIBLE,
      choices = {"noise", "mean"},
      persist = false,
      description =
          "What gradient begins with: faint noise, or plain ground, the mean of the images that the"
              + " model was trained on as far as it is known.")
  private String start = "noise";

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Images",
      description = "A slice for each class: the image that the model is surest of.")
  private ImagePlus images;

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Sheet",
      description = "All of them in one picture, with classes and probabilities.")
  private ImagePlus sheet;

  /** Puts the models that classify into the dialog. */
  void offerModels() {
    ModelChoice.offer(this, "model", Classification.class);
  }

  @Override
  void check() {
    ModelChoice.require(model, Classification.class);
    how();
    List<Setting> defaults = new FoolModelCommand().settings();
    List<Setting> settings = settings();
    for (int i = 0; i < settings.size(); i++) {
      Setting s = settings.get(i);
      if (isOf(s.key()) || s.get().equals(defaults.get(i).get())) continue;
      throw SettingException.wrong(
          s.key(),
          Strings.format(
              "only method %s has this setting, but %s is chosen; leave it as it is.",
              ONLY.get(s.key()), method));
    }
  }

  private boolean isOf(String key) {
    String methods = ONLY.getOrDefault(key, method);
    return methods.equals(method) || methods.equals(EVOLUTION) && !"gradient".equals(method);
  }

  private FoolingMethod how() {
    return switch (method) {
      case "direct" -> new FoolingMethod.Direct(batch);
      case "cppn" -> new FoolingMethod.Patterns(batch);
      case "gradient" ->
          new FoolingMethod.Ascent(rate, decay, blur, 4, clip, "noise".equals(start) ? 0.05 : 0);
      default -> throw new AssertionError(method);
    };
  }

  @Override
  void work(Caller caller) {
    if (output.getPath().isBlank()) {
      if (!(caller instanceof ImageJCaller)) {
        throw SettingException.missing("output", "a folder", "/path/to/it");
      }
      show(caller, Optional.empty());
      return;
    }
    Path folder = output.toPath().toAbsolutePath();
    for (String name : List.of(SHEET, TABLE)) {
      if (replace || !AtomicFile.isThere(folder.resolve(name))) continue;
      throw SettingException.needs(
          folder.resolve(name) + " exists already. Name another folder, or replace it",
          new SettingException.Remedy("replace", "true"));
    }
    Folders.writing(
        folder,
        () -> {
          show(caller, Optional.of(folder));
          return folder;
        });
  }

  private void show(Caller caller, Optional<Path> folder) {
    OptionalInt side = size > 0 ? OptionalInt.of(size) : OptionalInt.empty();
    try (Fooling fooling = Fooling.open(model.strip(), how(), side, white);
        Caller.Shown progress = caller.progress("Fooling")) {
      List<Integer> chosen =
          setting("classes", () -> FoolingClasses.parse(fooling.classes(), classes, seed));
      folder.ifPresent(f -> requireFree(f, fooling, chosen));
      LiveStack live = new LiveStack(fooling.canvas());
      boolean watched = caller instanceof ImageJCaller && LiveStack.isSeen();
      FoolingResult found =
          fooling.run(
              chosen,
              sure,
              generations,
              seed,
              progress,
              watched ? live::show : FoolingListener.NONE);
      told(caller, found, fooling, folder);
      if (caller instanceof ImageJCaller) {
        sheet =
            LearnedCommand.image(
                "fooling_" + found.model() + "_sheet", sheet(fooling.canvas(), found));
        makeCurrent(sheet);
        images = live.finished(found);
        makeCurrent(images);
        // it was shown before the sheet was
        if (images.getWindow() != null) WindowManager.setCurrentWindow(images.getWindow());
      }
      if (found.isStopped()) {
        throw new StoppedException(
            Strings.format(
                "%s was stopped after %s; what was found until then is kept.",
                title(), Strings.count(found.generations(), "generation")));
      }
    }
  }

  private void requireFree(Path folder, Fooling fooling, List<Integer> chosen) {
    if (replace) return;
    String ending = isPicture(fooling.canvas()) ? ".png" : ".tif";
    List<String> types = chosen.stream().map(fooling.classes()::get).toList();
    for (String name : FoolingClasses.fileNames(types)) {
      GeneratedFolder.requireFree(folder.resolve(IMAGES).resolve(name + ending));
    }
  }

  private void told(Caller caller, FoolingResult found, Fooling fooling, Optional<Path> folder) {
    List<String> names =
        FoolingClasses.fileNames(found.images().stream().map(FoolingImage::type).toList());
    String ending = isPicture(fooling.canvas()) ? ".png" : ".tif";
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      FoolingImage image = found.images().get(i);
      rows.add(
          List.of(
              names.get(i) + ending,
              image.type(),
              image.probability(),
              image.generation(),
              image.isSure() ? image.reached().getAsInt() : Double.NaN,
              warning(found, image)));
    }
    folder.ifPresent(f -> write(found, fooling.canvas(), names, f));
    LearnedCommand.table(
        caller,
        "Images that fool " + found.model(),
        COLUMNS,
        rows,
        folder.map(f -> f.resolve(TABLE)));
    caller.result(found.sentence());
    caller.note(
        Strings.format(
            "%s of %s on %s",
            Strings.count(found.generations(), "generation"), method, fooling.device()));
    folder.ifPresent(f -> caller.result("Written to " + f));
  }

  private static String warning(FoolingResult found, FoolingImage image) {
    return found.warns() ? image.warning() : "not known";
  }

  private static boolean isPicture(Canvas canvas) {
    return canvas.isEightBit() && (canvas.channels() == 1 || canvas.channels() == 3);
  }

  private static void write(FoolingResult found, Canvas canvas, List<String> names, Path folder) {
    Folders.requireWritable(folder.resolve(IMAGES));
    for (int i = 0; i < names.size(); i++) {
      FoolingImage image = found.images().get(i);
      boolean color = isPicture(canvas) && canvas.channels() == 3;
      ImagePlus made =
          FrameStacks.of(
              names.get(i),
              List.of(image.frame()),
              List.of(image.type()),
              color,
              0,
              canvas.white());
      Path file = folder.resolve(IMAGES).resolve(names.get(i));
      if (isPicture(canvas)) {
        PngFile.write(made.getBufferedImage(), Path.of(file + ".png"));
      } else {
        LabelImages.save(made, Path.of(file + ".tif"));
      }
    }
    PngFile.write(sheet(canvas, found), folder.resolve(SHEET));
  }

  private static BufferedImage sheet(Canvas canvas, FoolingResult found) {
    return new FoolingSheet(canvas, found.images(), found.heading()).picture();
  }
}
