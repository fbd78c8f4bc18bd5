package sc.fiji.spyhop.training.finetuning;

import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.network.Head;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.network.Surgery;
import sc.fiji.spyhop.task.InstanceSegmentation;

/**
 * Gives a network that finds objects a head that tells their classes, on the layer that the other
 * heads look at; an old one of other classes is left out.
 *
 * @param network with the new head
 * @param old all of it but that head
 */
record ClassHead(Network network, Network old) {

  /**
   * @param known what the network does
   * @param wanted the same with classes, at least two
   */
  static ClassHead on(Network network, InstanceSegmentation known, InstanceSegmentation wanted) {
    List<String> outputs = new ArrayList<>(network.outputs());
    known.classPosition().ifPresent(outputs::remove);
    Network old = Surgery.only(network, outputs);
    String at = Surgery.classifier(old, outputs.get(0)).inputs().get(0);
    int position = wanted.classPosition().orElseThrow();
    Head head = wanted.heads().get(position);
    Network end =
        NetworkBuilder.input("features", shape(old, at))
            .convolution(head.logits(), head.channels(), 1)
            .activation(head.name(), head.activation())
            .build(head.name());
    Network joined = Surgery.withHead(old, at, end);
    outputs.add(position, joined.outputs().get(outputs.size()));
    return new ClassHead(new Network(joined.inputs(), joined.layers(), outputs), old);
  }

  private static Shape shape(Network network, String at) {
    return network.inputs().stream()
        .filter(i -> i.name().equals(at))
        .findFirst()
        .map(Network.Input::shape)
        .orElseGet(() -> Shapes.of(network).get(at));
  }
}
