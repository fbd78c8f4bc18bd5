package sc.fiji.spyhop.engine.dl4j;

import java.util.List;
import sc.fiji.spyhop.SpyhopException;

/**
 * Whether Deeplearning4j is on the class path, which Spyhop does without where oneDNN trains: its
 * jars are an add-on in Fiji, and optional for projects that depend on Spyhop. Loads none of them.
 */
final class Presence {

  private static final List<String> NEEDED =
      List.of(
          "org/deeplearning4j/nn/graph/ComputationGraph.class",
          "org/nd4j/linalg/factory/Nd4j.class");

  private final ClassLoader jars;

  Presence(ClassLoader jars) {
    this.jars = jars;
  }

  /** That of the jars that this class is loaded with. */
  static Presence here() {
    return new Presence(Presence.class.getClassLoader());
  }

  boolean isThere() {
    return NEEDED.stream().allMatch(name -> jars.getResource(name) != null);
  }

  /**
   * Goes on where it is there.
   *
   * @throws SpyhopException if it is not, with how it is added
   */
  void require() {
    if (isThere()) return;
    throw new SpyhopException(
        "Deeplearning4j is not installed. It trains where there is no oneDNN, and on NVIDIA GPUs."
            + " To add it in Fiji or ImageJ, unpack spyhop-fiji-deeplearning4j.zip into their"
            + " folder and start them again; for a project of your own, see docs/packages.md.");
  }
}
