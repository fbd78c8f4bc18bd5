package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.function.Supplier;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.ij.FrameImages;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.sample.BloodGenerator;
import sc.fiji.spyhop.sample.ChairGenerator;
import sc.fiji.spyhop.sample.DigitGenerator;
import sc.fiji.spyhop.sample.MixtureGenerator;
import sc.fiji.spyhop.sample.NucleiGenerator;
import sc.fiji.spyhop.sample.TissueGenerator;
import sc.fiji.spyhop.sample.WhaleGenerator;

/**
 * Opens a painted image for which there is a model. In a macro:
 *
 * <pre>run("Spyhop Open Sample", "sample=nuclei seed=1");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Open Sample",
    headless = true,
    description = "Opens a painted image to try a model on.")
public final class OpenSampleCommand extends JobCommand {

  @Parameter(
      label = "Sample",
      choices = {"nuclei", "tissue", "blood", "whale", "digits", "chair", "mixture"},
      persist = false,
      description =
          "nuclei: fluorescence, for Segment with the model nuclei; tissue: nuclei in stained tissue,"
              + " for nuclei-tissue; blood: red cells, white cells and platelets in a smear, for Localize with blood-cells; whale: for Run"
              + " Pipeline with whales; digits: for Classify with digits, each in a square of 28"
              + " pixels; chair: one of twelve, from any side; mixture: cells, fibres and granules that"
              + " lie over each other.")
  private String sample = "nuclei";

  @Parameter(
      label = "Seed",
      persist = false,
      description = "With the same seed, the same image; with another, another.")
  private int seed = 1;

  @Parameter(type = ItemIO.OUTPUT, label = "Image", description = "The painted image.")
  private ImagePlus painted;

  @Override
  void check() {
    painter();
  }

  @Override
  void work(Caller caller) {
    painted = FrameImages.of(painter().get());
    makeCurrent(painted);
  }

  private Supplier<Frame> painter() {
    return switch (sample) {
      case "nuclei" -> () -> NucleiGenerator.ofSeries(seed, 0, 512, 512).frame();
      case "tissue" -> () -> TissueGenerator.ofSeries(seed, 0, 512, 384).frame();
      case "blood" -> () -> BloodGenerator.ofSeries(seed, 0, 640, 480).frame();
      case "whale" ->
          () ->
              new WhaleGenerator(
                      new WhaleGenerator.Settings(WhaleGenerator.POPULATION, 12, 320, 240, 0.5))
                  .photo(seed, 0)
                  .frame();
      case "digits" -> () -> DigitGenerator.row(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, seed);
      case "chair" ->
          () ->
              ChairGenerator.paint(
                  "chair", ChairGenerator.ofSeries(seed, Math.floorMod(seed - 1, 12)), 256);
      case "mixture" -> () -> MixtureGenerator.ofSeries(seed, 0, 384, 384).frame();
      default ->
          throw SettingException.wrong(
              "sample",
              "expected nuclei, tissue, blood, whale, digits, chair or mixture, received \""
                  + sample
                  + "\".");
    };
  }
}
