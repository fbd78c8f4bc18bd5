package sc.fiji.spyhop.engine.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import sc.fiji.spyhop.exchange.dl4j.Dl4jExport;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/** Networks for those who program with Deeplearning4j. */
public final class Dl4j {

  /** Layers of Deeplearning4j leave out oneDNN and cuDNN unless told otherwise. */
  private static final String HELPERS = "org.eclipse.deeplearning4j.helpers.disable";

  /** Where memory runs out it would write a report to the folder it runs in. */
  private static final String REPORTS = "org.deeplearning4j.crash.reporting.enabled";

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
    prepare();
    Dl4jExport exported = Dl4jExport.of(network, weights);
    ComputationGraph graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(exported.configuration()));
    float[] parameters = exported.parameters();
    if (parameters.length == 0) graph.init();
    else graph.init(Nd4j.createFromArray(parameters), false);
    return graph;
  }

  /** To be called before the first layer is made; what the user has set stays. */
  static void prepare() {
    for (String key : new String[] {HELPERS, REPORTS}) {
      if (System.getProperty(key) == null) System.setProperty(key, "false");
    }
  }
}
