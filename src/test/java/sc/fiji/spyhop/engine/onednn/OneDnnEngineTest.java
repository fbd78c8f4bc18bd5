package sc.fiji.spyhop.engine.onednn;

import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.EngineContract;

class OneDnnEngineTest extends EngineContract {

  @Override
  protected Engine engine() {
    return new OneDnnEngine();
  }
}
