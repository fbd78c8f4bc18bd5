package sc.fiji.spyhop.engine.onnx;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

/** A program that ends while threads of it predict, as ImageJ does when its window is closed. */
public final class EndedRun {

  private EndedRun() {}

  /**
   * @param arguments milliseconds to go on for, and width and height of the images
   */
  public static void main(String[] arguments) throws InterruptedException {
    int side = Integer.parseInt(arguments[1]);
    Network network =
        NetworkBuilder.image(1).convolution("a", 32, 5).relu().convolution("b", 32, 5).build();
    Device device = new OnnxEngine().devices().get(0);
    Tensor image = Tensor.zeros(Axes.NCHW, 1, 1, side, side);
    int threads = 3;
    CountDownLatch running = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      Predictor predictor =
          new OnnxPredictor(network, Initialization.of(network, i), Quantization.NONE, device);
      Thread thread =
          new Thread(
              () -> {
                running.countDown();
                try {
                  while (true) predictor.activations(Map.of("image", image), List.of("b"));
                } catch (CancellationException e) {
                  System.out.println(e.getMessage());
                }
              });
      thread.setDaemon(true);
      thread.start();
    }
    running.await();
    Thread.sleep(Long.parseLong(arguments[0]));
    System.out.println("ending");
    System.exit(0);
  }
}
