package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.explain.learned.Kernel;
import sc.fiji.spyhop.explain.learned.KernelSheet;
import sc.fiji.spyhop.explain.learned.Kernels;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows the kernels of the first layer. In a macro:
 *
 * <pre>run("Spyhop Show Kernels", "model=nuclei");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Show Kernels",
    headless = true,
    initializer = "offerModels",
    description = "Shows the kernels that a model has learnt, and which edges they answer to.")
public final class ShowKernelsCommand extends LearnedCommand {

  private static final List<String> COLUMNS =
      List.of("kernel", "norm", "orientation", "frequency", "share", "gabor", "fault");

  @Parameter(
      label = "Layer",
      required = false,
      persist = false,
      description = "Convolution whose kernels are shown; empty for the first one.")
  @InShell("NAME")
  private String layer = "";

  @Parameter(type = ItemIO.OUTPUT, label = "Kernels", description = "A picture of the kernels.")
  private ImagePlus kernels;

  @Override
  List<String> files() {
    return List.of("kernels.png", "kernels.csv");
  }

  @Override
  void show(Caller caller, Optional<Path> folder) {
    Model model = model();
    Kernels found = Kernels.of(model.network(), model.weights(), layer);
    int[] order = found.kernels().get(0).channels().length == 3 ? order(model) : new int[0];
    BufferedImage picture = KernelSheet.of(found, order);
    folder.ifPresent(f -> write(picture, f.resolve("kernels.png")));
    table(
        caller,
        "Kernels of " + model.spec().name(),
        COLUMNS,
        found.kernels().stream().map(ShowKernelsCommand::row).toList(),
        folder.map(f -> f.resolve("kernels.csv")));
    caller.result(said(found));
    folder.ifPresent(f -> caller.result("Written to " + f));
    if (!(caller instanceof ImageJCaller)) return;
    kernels = image(model.spec().name() + "_kernels", picture);
    makeCurrent(kernels);
  }

  private static List<Object> row(Kernel k) {
    return List.of(
        k.number(),
        k.norm(),
        k.orientation(),
        k.frequency(),
        k.share(),
        k.isGabor() ? "yes" : "no",
        k.fault());
  }

  private static String said(Kernels found) {
    List<String> waves = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (Kernel k : found.kernels()) {
      if (k.isGabor())
        waves.add(k.number() + " (" + Strings.format("%.0f°", k.orientation()) + ")");
      if (!k.fault().isEmpty()) faults.add(k.number() + " (" + k.fault() + ")");
    }
    return Strings.format(
        "%s: %s of %d x %d; like Gabor functions: %s; dead or alike: %s",
        found.layer(),
        Strings.count(found.kernels().size(), "kernel"),
        found.height(),
        found.width(),
        waves.isEmpty() ? "none" : String.join(", ", waves),
        faults.isEmpty() ? "none" : String.join(", ", faults));
  }
}
