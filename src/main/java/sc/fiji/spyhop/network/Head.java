package sc.fiji.spyhop.network;

import sc.fiji.spyhop.task.Ends;

/**
 * What a network has to end with to serve a task: a layer that gives logits, followed by an
 * activation that is one of the network's outputs. Names are those that new networks get; see
 * {@link Ends}.
 *
 * @param name of the output layer; the logits before it are called {@code name + "_logits"}, unless
 *     the activation is the identity, which needs no layer of its own
 * @param channels how many
 * @param activation from logits to what is decoded
 */
public record Head(String name, int channels, Layer.Function activation) {

  /** Name of the layer that the loss looks at; the output itself if nothing follows it. */
  public String logits() {
    return activation == Layer.Function.IDENTITY ? name : name + "_logits";
  }
}
