package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ColorProcessor;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.explain.learned.FeatureMap;
import sc.fiji.spyhop.explain.learned.FeatureMaps;
import sc.fiji.spyhop.explain.learned.Patch;
import sc.fiji.spyhop.explain.learned.PatchSheet;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows what the feature maps of a layer answer to, over a folder of images. In a macro:
 *
 * <pre>run("Spyhop Strongest Patches", "model=nuclei data=/data/cells layer=down3_conv2_relu");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Strongest Patches",
    headless = true,
    initializer = "offerModels",
    description =
        "Shows where in images each feature map of a layer is highest, and what makes it so.")
public final class StrongestPatchesCommand extends LearnedCommand {

  private static final List<String> MAPS = List.of("map", "min", "max", "images", "fault");

  private static final List<String> PATCHES =
      List.of("map", "rank", "image", "activation", "x", "y");

  @Parameter(
      label = "Folder of images",
      style = "directory",
      persist = false,
      description = "Folder of images to look at, like those that the model is for.")
  @InShell("DIR")
  private File data = new File("");

  @Parameter(
      label = "Layer",
      required = false,
      persist = false,
      description =
          "Layer whose maps are looked at; empty for the last rectifier, such as relu, that gives"
              + " maps.")
  @InShell("NAME")
  private String layer = "";

  @Parameter(
      label = "Patches of each map",
      min = "1",
      max = "100",
      persist = false,
      description = "How many patches of each map are shown, each of another image.")
  private int patches = 9;

  @Parameter(
      label = "Number of maps",
      min = "0",
      persist = false,
      description = "Shows patches of so many maps, from the first on; 0 for all.")
  private int maps = 0;

  @Parameter(
      label = "Subfolders too",
      persist = false,
      description = "Searches the folder to any depth.")
  private boolean recursive = false;

  @Parameter(label = "Channel", persist = false, description = LookCommand.CHANNEL_HELP)
  @InShell(value = "N", flags = "--grey=grey")
  private String channel = "auto";

  @Parameter(
      label = "Seed",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description =
          "Of the places at which maps are compared with each other; the same seed gives the same"
              + " result.")
  private long seed = 1;

  @Parameter(
      type = ItemIO.OUTPUT,
      label = "Stack",
      description = "A slice for each map: its strongest patches and their projections.")
  private ImagePlus slices;

  @Parameter(type = ItemIO.OUTPUT, label = "Montage", description = "All of them in one picture.")
  private ImagePlus montage;

  @Override
  void check() {
    super.check();
    channels(channel);
    if (data.getPath().isBlank()) {
      throw SettingException.missing("data", "a folder of images", "/path/to/it");
    }
  }

  @Override
  List<String> files() {
    return List.of("patches.png", "patches.tif", "patches.csv", "maps.csv");
  }

  @Override
  void show(Caller caller, Optional<Path> folder) {
    Model model = model();
    List<Path> files = images();
    ChannelChoice choice = channels(channel);
    ImageFiles reader =
        choice.equals(ChannelChoice.AUTO)
            ? new ImageFiles()
            : new ImageFiles(choice, model.spec().input().channels());
    FeatureMaps found;
    try (Caller.Shown progress = caller.progress("Looking for the strongest patches")) {
      found =
          FeatureMaps.of(
              model,
              layer,
              patches,
              maps,
              seed,
              files.size(),
              i -> reader.readFrame(files.get(i)),
              progress);
    }
    PatchSheet sheet = new PatchSheet(found, order(model));
    BufferedImage all = sheet.montage();
    ImagePlus stack = stack(model.spec().name() + "_" + found.layer(), sheet);
    folder.ifPresent(f -> write(all, f.resolve("patches.png")));
    folder.ifPresent(f -> LabelImages.save(stack, f.resolve("patches.tif")));
    tables(caller, found, folder);
    caller.result(said(found));
    folder.ifPresent(f -> caller.result("Written to " + f));
    if (!found.failures().isEmpty()) caller.failed(found.failures(), files.size());
    if (!(caller instanceof ImageJCaller)) return;
    slices = stack;
    makeCurrent(slices);
    montage = image(stack.getTitle() + "_montage", all);
    makeCurrent(montage);
  }

  private List<Path> images() {
    Path folder = data.toPath().toAbsolutePath();
    Inputs inputs = Inputs.expand(List.of(folder.toString()), recursive, folder.resolve("."));
    if (!inputs.files().isEmpty()) return List.copyOf(inputs.files().values());
    throw SettingException.wrong(
        "data", "expected a folder with images. " + String.join(" ", inputs.problems()));
  }

  private static ImagePlus stack(String title, PatchSheet sheet) {
    ImageStack stack = new ImageStack();
    List<String> titles = sheet.titles();
    List<BufferedImage> tiles = sheet.tiles();
    for (int i = 0; i < tiles.size(); i++) {
      stack.addSlice(titles.get(i), new ColorProcessor(tiles.get(i)));
    }
    return new ImagePlus(title, stack);
  }

  private static void tables(Caller caller, FeatureMaps found, Optional<Path> folder) {
    List<List<Object>> perMap = new ArrayList<>();
    List<List<Object>> perPatch = new ArrayList<>();
    for (FeatureMap m : found.maps()) {
      perMap.add(List.of(m.number(), m.min(), m.max(), m.images(), m.fault()));
      for (int i = 0; i < m.patches().size(); i++) {
        Patch p = m.patches().get(i);
        perPatch.add(List.of(m.number(), i + 1, p.image(), p.activation(), p.x(), p.y()));
      }
    }
    table(caller, "Maps of " + found.layer(), MAPS, perMap, folder.map(f -> f.resolve("maps.csv")));
    table(
        caller,
        "Patches of " + found.layer(),
        PATCHES,
        perPatch,
        folder.map(f -> f.resolve("patches.csv")));
  }

  private static String said(FeatureMaps found) {
    List<String> faults =
        found.maps().stream()
            .filter(m -> !m.fault().isEmpty())
            .map(m -> m.number() + " (" + m.fault() + ")")
            .toList();
    return Strings.format(
        "%s: %s over %s; dead or alike: %s; on %s",
        found.layer(),
        Strings.count(found.maps().size(), "map"),
        Strings.count(found.images(), "image"),
        faults.isEmpty() ? "none" : String.join(", ", faults),
        found.device());
  }
}
