package sc.fiji.spyhop.weights.onnx;

import java.util.List;
import sc.fiji.spyhop.weights.imports.Feature;

/** What is known of a value of the graph. */
sealed interface Value {

  /** Whatever the image. */
  record Known(Constant constant) implements Value {}

  /** The output of one of our layers. */
  record Mapped(Feature feature) implements Value {}

  /**
   * Made of outputs of our layers, by operations that are left out, as behind the convolutions of a
   * detector.
   *
   * @param layers those outputs
   * @param node that was left out first
   * @param reason why
   */
  record Cut(List<String> layers, String node, String reason) implements Value {
    public Cut {
      layers = List.copyOf(layers);
    }
  }

  /** Of an operation that could not be brought over. */
  record Failed() implements Value {}
}
