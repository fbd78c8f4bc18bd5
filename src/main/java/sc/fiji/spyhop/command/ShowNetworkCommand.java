package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Architectures;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Summary;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.network.picture.NetworkPicture;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;

/**
 * Shows an architecture as a picture and as text. In a macro:
 *
 * <pre>run("Spyhop Show Network", "network=vgg19");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Show Network",
    headless = true,
    description = "Shows the layers of a network, as a picture and as text.")
public final class ShowNetworkCommand extends JobCommand {

  @Parameter(
      label = "Network",
      persist = false,
      description =
          "Name of an architecture (mlp, lenet, alexnet, vgg16, vgg19, nin, inception, resnet18,"
              + " resnet50, mobilenetv2, unet), layers in notation, or name or file of a model.")
  @InShell(arguments = true, value = "SPEC")
  private String network = "";

  @Parameter(
      label = "Input",
      required = false,
      persist = false,
      description =
          "Channels, height and width of the input, such as 3x224x224; any where every size will"
              + " do; empty for those of the network.")
  @InShell("CxHxW")
  private String input = "";

  @Parameter(
      label = "Number of classes",
      min = "0",
      persist = false,
      description = "Number of classes; 0 for that of the network.")
  private int classes = 0;

  @Parameter(
      label = "Picture to write",
      style = "save",
      required = false,
      persist = false,
      description = "Picture to write: a file that ends in .png; empty to write none.")
  private File output = new File("");

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a file of that name; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Parameter(type = ItemIO.OUTPUT, label = "Picture", description = "The network as a picture.")
  private ImagePlus picture;

  @Override
  void check() {
    if (network.isBlank()) {
      throw SettingException.missing(
          "network", "an architecture or a model, such as unet or nuclei", "unet");
    }
    word(input).ifPresent(ShowNetworkCommand::shape);
    boolean named = output.getPath().isBlank();
    if (!named && !FileNames.last(output.toPath()).toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw SettingException.wrong(
          "output", "expected a name that ends in .png, received " + output.getPath() + ".");
    }
  }

  @Override
  void work(Caller caller) {
    Network found = find();
    Optional<Path> file = word(output.getPath()).map(Path::of);
    file.ifPresent(f -> AtomicFile.requireFree(f, replace));
    String notation = Notation.describe(found).map(text -> "notation: " + text).orElse("");
    caller.report(Summary.of(found).text());
    if (!notation.isEmpty()) caller.result(notation);
    if (file.isPresent()) {
      BufferedImage drawn = NetworkPicture.of(found);
      LearnedCommand.write(drawn, file.get());
      caller.note("Written to " + file.get());
    }
    if (!(caller instanceof ImageJCaller)) return;
    picture = LearnedCommand.image(title(network), NetworkPicture.of(found));
    makeCurrent(picture);
  }

  private static String title(String network) {
    String name = network.strip();
    return name.length() > 40 ? "network" : name;
  }

  private Network find() {
    Optional<Shape> shape = word(input).map(ShowNetworkCommand::shape);
    String name = network.strip();
    ModelRegistry registry = ModelRegistry.standard();
    boolean model =
        !Preset.isName(name)
            && (registry.names().contains(name) || name.endsWith(ModelFile.EXTENSION));
    OptionalInt number = classes == 0 ? OptionalInt.empty() : OptionalInt.of(classes);
    if (!model) return Architectures.of(name, shape, number);
    Network found = registry.find(name).network();
    if (shape.isPresent()) found = Surgery.withInput(found, shape.get());
    return classes == 0 ? found : Surgery.withClasses(found, classes);
  }

  private static Shape shape(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("x(?!$)");
    List<Integer> sizes = new ArrayList<>();
    for (String part : parts) {
      boolean any = part.equals("any") && !sizes.isEmpty();
      if (!any && !part.matches("[1-9]\\d{0,5}")) throw wrong(text);
      sizes.add(any ? Shape.ANY : Integer.parseInt(part));
    }
    if (sizes.size() != 3) throw wrong(text);
    return new Shape(sizes.get(0), sizes.subList(1, 3));
  }

  private static SettingException wrong(String text) {
    return SettingException.wrong(
        "input", "expected CxHxW such as 3x224x224, received " + text + ".");
  }
}
