package sc.fiji.spyhop.exchange.dl4j;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.weights.Weights;

/**
 * Networks as zip files that {@code ModelSerializer.restoreComputationGraph} of Deeplearning4j
 * 1.0.0-M2.1 reads, made of its own layers only. Inputs and outputs keep their names, and so do
 * layers; what takes several of Deeplearning4j's is named after the last.
 */
public final class Dl4jExport {

  private final ObjectNode configuration;
  private final Coefficients.Writer coefficients;

  private Dl4jExport(ObjectNode configuration, Coefficients.Writer coefficients) {
    this.configuration = configuration;
    this.coefficients = coefficients;
  }

  /**
   * The whole network.
   *
   * @throws SpyhopException if Deeplearning4j has no layer for one of it; names it
   */
  public static Dl4jExport of(Network network, Weights weights) {
    Dl4jVertices vertices = new Dl4jVertices(network, weights.fittedTo(network));
    for (Layer layer : network.layers()) layer.accept(vertices);
    return new Dl4jExport(vertices.configuration(network.outputs()), vertices.coefficients());
  }

  /** The ComputationGraphConfiguration, as JSON. */
  public String configuration() {
    return configuration.toString();
  }

  /** All parameters, in the order of the configuration. */
  public float[] parameters() {
    return coefficients.all();
  }

  /**
   * Writes the zip file.
   *
   * @throws IOException if the stream fails
   */
  public void write(OutputStream out) throws IOException {
    Dl4jZip.write(configuration, coefficients, out);
  }
}
