package sc.fiji.spyhop.model;

import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.network.Layer.Function;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

/** Small untrained models that make images. */
public final class TestGenerators {

  /** A number, an angle and a choice: 1 + 2 + 3 values. */
  public static final GeneratorSource.Columns TABLE =
      new GeneratorSource.Columns(
          List.of(
              new RowColumn.Number("height", "µm", 2, 6),
              new RowColumn.Angle("azimuth"),
              new RowColumn.Choice("style", List.of("plain", "arms", "stool"))));

  private TestGenerators() {}

  /** Images of 8 x 8 pixels. */
  public static Network network(int size, int channels) {
    return NetworkBuilder.input("values", Shape.of(size, 1, 1))
        .transposedConvolution("first", 8, 4, 4)
        .relu()
        .transposedConvolution("second", channels, 2, 2)
        .activation("image", Function.TANH)
        .build();
  }

  /** Of the table, in colour, with an example that is not what the network makes. */
  public static Generator table(String name) {
    return of(name, TABLE, GeneratorSpec.Output.ofBytes(Colors.RGB));
  }

  /** Of 5 numbers drawn at random, grey in 16 bits with a label image. */
  public static Generator noise(String name) {
    return of(
        name,
        new GeneratorSource.Noise(5),
        new GeneratorSpec.Output(
            1, Colors.NONE, 100, 1100, 16, new PixelSize(0.5, 0.5, "µm"), "nucleus"));
  }

  public static Generator of(String name, GeneratorSource source, GeneratorSpec.Output output) {
    Network network = network(source.size(), output.mapChannels());
    GeneratorSpec spec =
        new GeneratorSpec(
            name,
            "For tests: paints nothing.",
            source,
            output,
            new ModelSpec.Training(
                "spyhop train render --data x --output \"y\"",
                "Spyhop 0.1.0",
                "nothing",
                "2026-01-02",
                "CPU",
                1.5,
                3,
                42,
                Map.of("validation error", 0.25)),
            "A. U. Thor",
            "CC0-1.0",
            "Thor 2026");
    Generator plain = new Generator(spec, network, Initialization.of(network, 7));
    Tensor input = Tensor.zeros(Axes.NCHW, 1, source.size(), 1, 1);
    for (int i = 0; i < input.length(); i++) input.data()[i] = i - 2;
    return plain.withExample(input, t -> Tensor.zeros(Axes.NCHW, 1, output.mapChannels(), 8, 8));
  }
}
