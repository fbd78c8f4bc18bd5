package org.nd4j.nativeblas;

/**
 * Tells Deeplearning4j's oneDNN layer helpers that oneDNN may be used.
 *
 * <p>The helpers of 1.0.0-M2.1 look up {@code Nd4jCpu$Environment} by name and reflection, a class
 * that this release no longer has, and so silently fall back to layers that are an order of
 * magnitude slower. Whether oneDNN is really there is asked of the bindings that do exist, through
 * the same names.
 */
public final class Nd4jCpu {

  private Nd4jCpu() {}

  /** The part of the former environment class that the helpers ask. */
  public static final class Environment {

    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Whether the native library in use was built with oneDNN and has it switched on. */
    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
