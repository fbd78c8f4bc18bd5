package sc.fiji.spyhop.engine.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.exchange.dl4j.Dl4jExport;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/**
 * Networks for those who program with Deeplearning4j. Its {@code deeplearning4j-nn} is needed for
 * this class alone, and is not among Spyhop's jars.
 */
public final class Dl4j {

  /** Layers of Deeplearning4j leave out oneDNN and cuDNN unless told otherwise. */
  private static final String HELPERS = "org.eclipse.deeplearning4j.helpers.disable";

  private Dl4j() {}

  /**
   * A network as a graph of Deeplearning4j's own layers, ready to predict and to be trained
   * further. Axes are sample, channel, row, column, in and out; inputs, outputs and layers have the
   * names that they have in the network.
   *
   * @param weights copied
   * @throws sc.fiji.spyhop.SpyhopException if Deeplearning4j has no layer for one of the network's,
   *     or ND4J cannot be loaded
   */
  public static ComputationGraph graph(Network network, Weights weights) {
    NativeLibrary.library();
    unlockHelpers();
    Dl4jExport exported = Dl4jExport.of(network, weights);
    ComputationGraph graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(exported.configuration()));
    float[] parameters = exported.parameters();
    if (parameters.length == 0) graph.init();
    else graph.init(Nd4j.createFromArray(parameters), false);
    return graph;
  }

  static void unlockHelpers() {
    if (System.getProperty(HELPERS) == null) System.setProperty(HELPERS, "false");
  }
}
