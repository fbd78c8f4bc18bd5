package sc.fiji.spyhop.exchange.bioimage;

import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Strings;

/**
 * The border of an output that a description says is not to be used, held against how far the
 * network looks, which decides; of parts that lie on the grid of the sizes that it takes.
 */
final class Halo {

  private Halo() {}

  /** A sentence if a described border is narrower than that of the network; else nothing. */
  static Optional<String> note(Fields output, Network network) {
    int described = described(output);
    boolean isFixed = network.inputs().get(0).shape().isFixed();
    if (described <= 0 || isFixed || !isMap(network)) return Optional.empty();
    ReceptiveField field = ReceptiveField.of(network);
    int own = field.alignedHalo().stream().mapToInt(Integer::intValue).max().orElse(0);
    if (field.isOfParts() || own <= described) return Optional.empty();
    return Optional.of(
        Strings.format(
            "The description gives a halo of %d pixels, and the network looks %d pixels far, which is what images are divided by.",
            described, own));
  }

  private static boolean isMap(Network network) {
    Shape shape = Shapes.of(network).get(network.outputs().get(0));
    return shape.rank() == 2;
  }

  /** The widest; 0 if there is none. */
  private static int described(Fields output) {
    int widest = 0;
    for (Object number : output.list("halo")) widest = Math.max(widest, number(number));
    boolean listed = output.values().get("axes") instanceof List<?>;
    if (!listed) return widest;
    for (Fields axis : output.maps("axes")) {
      double scale = axis.text("scale").map(Decimals::parse).orElse(1.0);
      int halo = axis.text("halo").map(Halo::number).orElse(0);
      widest = Math.max(widest, (int) Math.ceil(halo * Math.max(1, scale)));
    }
    return widest;
  }

  private static int number(Object value) {
    double number = value instanceof String text ? Decimals.parse(text) : 0;
    return number > 0 && number < 1e6 ? (int) number : 0;
  }
}
