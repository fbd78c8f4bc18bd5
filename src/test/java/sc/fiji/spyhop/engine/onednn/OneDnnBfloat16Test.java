package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.Device;

/**
 * The contract in 16 bits. Where the processor has no such arithmetic, maps, their gradients and
 * weights are kept in 16 bits all the same and oneDNN computes in 32 in between.
 */
class OneDnnBfloat16Test extends OneDnnEngineTest {

  @Override
  protected Device device() {
    return engine().devices().get(0).in(Device.BFLOAT16);
  }

  /** Each map is rounded by up to 1/512, some of them after each other. */
  @Override
  protected double tolerance(double single) {
    return 0.02;
  }

  @Override
  protected boolean triesWithin() {
    return true;
  }

  @Override
  protected float given(float value) {
    return Float.intBitsToFloat(Float.floatToIntBits(value) & 0xffff0000);
  }
}
