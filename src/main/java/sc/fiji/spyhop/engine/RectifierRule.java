package sc.fiji.spyhop.engine;

/**
 * How a gradient goes back through ReLU and its kin ({@link
 * sc.fiji.spyhop.network.Layer#rectifies}). All else is differentiated: max pooling hands a
 * gradient to where its maximum was, a convolution filters it with its kernels turned round.
 */
public enum RectifierRule {
  /** By the derivative: the true gradient. */
  DERIVATIVE,
  /**
   * What is positive of it goes on, whatever the layer received on the way forward (Zeiler and
   * Fergus 2014).
   */
  DECONVNET,
  /**
   * What is positive of it goes on by the derivative (Springenberg et al. 2015, "guided
   * backpropagation").
   */
  GUIDED
}
