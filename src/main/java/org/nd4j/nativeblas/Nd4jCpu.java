package org.nd4j.nativeblas;

/**
 * Where Deeplearning4j 1.0.0-M2.1 asks whether its layers may use oneDNN. Of ND4J's class that it
 * means there is one of another name today; without this one, they never would.
 */
public final class Nd4jCpu {

  private Nd4jCpu() {}

  /** What it asks. */
  public static final class Environment {

    private static final Environment ONLY = new Environment();

    private Environment() {}

    /** The only one; called by its name, through reflection. */
    public static Environment getInstance() {
      return ONLY;
    }

    /** Whether ND4J uses oneDNN, which was called MKL-DNN. */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
