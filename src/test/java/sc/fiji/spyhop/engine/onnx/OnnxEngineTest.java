package sc.fiji.spyhop.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.EngineContract;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.network.Presets;

class OnnxEngineTest extends EngineContract {

  @Override
  protected Engine engine() {
    return new OnnxEngine();
  }

  @Test
  void isChosenForPredictionAlone() {
    assertEquals("onnx", Engines.forPrediction(Presets.lenet(1, 2)).name());
    assertTrue(!Engines.forTraining().name().equals("onnx"));
    Device device = engine().devices().get(0);
    assertTrue(device.description().contains("ONNX Runtime 1."), device.description());
  }

  @Test
  void saysWhichLibraryTheCudaProviderMisses() {
    assertEquals(
        "libcublasLt.so.12: cannot open shared object file",
        NativeRuntime.reason(
            "Error code - ORT_FAIL - message: a.cc:1844 [ONNXRuntimeError] : 1 : FAIL : Failed to"
                + " load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.12:"
                + " cannot open shared object file\nsecond line"));
    assertEquals("no GPU", NativeRuntime.reason("no GPU"));
  }
}
