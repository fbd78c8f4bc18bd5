package sc.fiji.spyhop.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Parameter;
import sc.fiji.spyhop.network.Parameters;
import sc.fiji.spyhop.network.UNet;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.weights.Initialization;
import sc.fiji.spyhop.weights.Weights;

/**
 * A network that makes images of images, by name and size.
 *
 * @param name one of {@link #NAMES}
 * @param widths channels of each level, finest first; empty for those that suit most images
 * @param residual whether the network tells what is to be added to the image, instead of the image
 *     that is made; as many channels go in then as come out
 */
public record RestorationNetwork(String name, List<Integer> widths, boolean residual) {

  /**
   * Networks by name: that of segmentation; and a smaller one of three levels without batch norm,
   * after that of CARE (Weigert et al. 2018).
   */
  public static final List<String> NAMES = List.of("unet", "care");

  private static final List<Integer> UNET = List.of(16, 32, 64, 128, 256);
  private static final List<Integer> CARE = List.of(32, 64, 128);
  private static final String DIFFERENCE = "difference";

  /**
   * Copies the widths.
   *
   * @throws SpyhopException if there is no network of that name
   */
  public RestorationNetwork {
    if (!NAMES.contains(name)) {
      throw new SpyhopException(
          "Network: expected one of " + String.join(", ", NAMES) + ", received \"" + name + "\".");
    }
    widths = List.copyOf(widths);
  }

  /**
   * The one for a task: it tells differences where images are learnt from pairs, and keep their
   * channels and units.
   *
   * @param channels of the images that go in
   */
  public static RestorationNetwork suited(
      String name, List<Integer> widths, int channels, Restoration task) {
    boolean alike = task.units().ofImage() && task.channels().size() == channels;
    return new RestorationNetwork(name, widths, alike && !task.blindSpots());
  }

  /**
   * The network for a task.
   *
   * @param channels of the images that go in, at least 1
   * @return for images of any size that its levels divide
   * @throws SpyhopException if it is to tell differences, and other channels come out than go in
   */
  public Network network(int channels, Restoration task) {
    int made = task.channels().size();
    if (residual && made != channels) {
      throw new SpyhopException(
          Strings.format(
              "Network: a difference can be added to an image of as many channels alone: expected %d,"
                  + " received %d. Set residual to false.",
              made, channels));
    }
    boolean care = name.equals("care");
    List<Integer> levels = widths.isEmpty() ? care ? CARE : UNET : widths;
    UNet.Head head = new UNet.Head(residual ? DIFFERENCE : Restoration.HEAD, made);
    UNet unet = UNet.of(channels, head).withWidths(levels.toArray(Integer[]::new));
    Network network = (care ? unet.withoutBatchNorm() : unet).network();
    return residual ? added(network) : network;
  }

  /**
   * Weights to begin with: random ones, but for the last layer, which tells nothing at first. What
   * tells differences gives the image as it is then, and learns from there what to change.
   *
   * @param made by {@link #network}
   */
  public Weights start(Network made, long seed) {
    String last = residual ? DIFFERENCE : Restoration.HEAD;
    Map<String, Tensor> tensors = new LinkedHashMap<>(Initialization.of(made, seed).tensors());
    for (Parameter p : Parameters.of(made)) {
      if (p.layer().equals(last)) {
        tensors.compute(p.name(), (name, random) -> Tensor.zeros(random.axes(), random.shape()));
      }
    }
    return new Weights(tensors);
  }

  private static Network added(Network network) {
    List<Layer> layers = new ArrayList<>(network.layers());
    String image = network.inputs().get(0).name();
    layers.add(new Add(Restoration.HEAD, List.of(DIFFERENCE, image)));
    return new Network(network.inputs(), layers, List.of(Restoration.HEAD));
  }
}
