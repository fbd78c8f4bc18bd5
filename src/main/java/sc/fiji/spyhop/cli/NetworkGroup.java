package sc.fiji.spyhop.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.network.Architectures;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Preset;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Summary;
import sc.fiji.spyhop.network.Surgery;

/** Shows architectures. */
@Command(
    name = "network",
    description = "Shows the layers of networks.",
    subcommands = NetworkGroup.Show.class,
    footer = {
      "",
      "Example:",
      "  spyhop network show \"20C5 MP2 50C5 MP2 FC256 FC10\" --input 1x28x28"
    })
final class NetworkGroup extends Job {

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Expected what to do: show.");
  }

  /** One as a table. */
  @Command(
      name = "show",
      description = {
        "Shows the layers of a network.",
        "The table shows what each layer does, what feeds it, the shape of its output (channels",
        "first), its trained parameters, and how many pixels of the input each of its values sees."
      },
      footer = {
        "",
        "Examples:",
        "  spyhop network show vgg19",
        "  spyhop network show resnet18 --input 3x128x128 --classes 5",
        "  spyhop network show \"20C5 MP2 50C5 MP2 FC256 FC10\" --input 1x28x28",
        "  spyhop network show nuclei"
      })
  static final class Show extends Job {

    @Parameters(
        paramLabel = "SPEC",
        description = {
          "Name of an architecture, layers in notation, or name or file of a model.",
          "Architectures: mlp, lenet, alexnet, vgg16, vgg19, nin, inception, resnet18, resnet50,",
          "mobilenetv2, unet."
        })
    private String network;

    @Option(
        names = "--input",
        paramLabel = "CxHxW",
        description = "Channels, height and width of the input; any where every size will do.")
    private String input;

    @Option(names = "--classes", paramLabel = "N", description = "Number of classes.")
    private Integer classes;

    @Override
    public Integer call() {
      Network found = find();
      console().out().print(Summary.of(found).text());
      Notation.describe(found).ifPresent(text -> console().out().println("notation: " + text));
      return ExitCode.OK;
    }

    private Network find() {
      Optional<Shape> shape = Optional.ofNullable(input).map(this::shape);
      ModelRegistry registry = ModelRegistry.standard();
      boolean model =
          !Preset.isName(network)
              && (registry.names().contains(network) || network.endsWith(".spyhop"));
      if (!model) {
        OptionalInt number = classes == null ? OptionalInt.empty() : OptionalInt.of(classes);
        return Architectures.of(network, shape, number);
      }
      Network found = registry.find(network).network();
      if (shape.isPresent()) found = Surgery.withInput(found, shape.get());
      return classes == null ? found : Surgery.withClasses(found, classes);
    }

    private Shape shape(String text) {
      String[] parts = text.toLowerCase(Locale.ROOT).split("x(?!$)");
      List<Integer> sizes = new ArrayList<>();
      for (String part : parts) {
        boolean any = part.equals("any") && !sizes.isEmpty();
        if (!any && !part.matches("[1-9]\\d{0,5}")) {
          throw misuse("--input: expected CxHxW such as 3x224x224, received " + text + ".");
        }
        sizes.add(any ? Shape.ANY : Integer.parseInt(part));
      }
      if (sizes.size() != 3) {
        throw misuse("--input: expected CxHxW such as 3x224x224, received " + text + ".");
      }
      return new Shape(sizes.get(0), sizes.subList(1, 3));
    }
  }
}
