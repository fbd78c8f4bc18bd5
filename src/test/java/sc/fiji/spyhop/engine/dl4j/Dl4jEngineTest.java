package sc.fiji.spyhop.engine.dl4j;

import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.EngineContract;

class Dl4jEngineTest extends EngineContract {

  @Override
  protected Engine engine() {
    return new Dl4jEngine();
  }
}
