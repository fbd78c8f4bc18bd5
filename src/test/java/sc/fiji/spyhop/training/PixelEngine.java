package sc.fiji.spyhop.training;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Library;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.Trainer;
import sc.fiji.spyhop.engine.TrainingPlan;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkBuilder;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Weights;

/**
 * An engine in a page of Java that knows one network: two classes by logistic regression on the
 * intensity of each pixel, learned with momentum.
 */
final class PixelEngine implements Engine {

  static final Network NETWORK =
      NetworkBuilder.image(1)
          .convolution("classes_logits", 2, 1)
          .activation("classes", Layer.Function.SOFTMAX)
          .build("classes");

  static final Weights INITIAL = weights(new float[] {0, 0, 0, 0});

  static final Device DEVICE = new Device(Device.Kind.CPU, 0, "test");

  /** Compiled networks that were not closed. */
  int open;

  /** Step, from 1, at which numbers overflow. */
  int overflowAt = Integer.MAX_VALUE;

  /** Everything that was trained on, added up. */
  double seen;

  int steps;

  private static Weights weights(float[] w) {
    Map<String, Tensor> map = new LinkedHashMap<>();
    map.put(
        "classes_logits.weight",
        new Tensor(Axes.OIHW, new int[] {2, 1, 1, 1}, new float[] {w[0], w[1]}));
    map.put("classes_logits.bias", new Tensor(Axes.C, new int[] {2}, new float[] {w[2], w[3]}));
    return new Weights(map);
  }

  private static float[] values(Weights weights) {
    float[] k = weights.get("classes_logits.weight").data();
    float[] b = weights.get("classes_logits.bias").data();
    return new float[] {k[0], k[1], b[0], b[1]};
  }

  private static double probability(float[] w, float x) {
    return 1 / (1 + Math.exp((w[0] - w[1]) * x + w[2] - w[3]));
  }

  @Override
  public String name() {
    return "pixel";
  }

  @Override
  public boolean supports(Network network) {
    return network.equals(NETWORK);
  }

  @Override
  public Library library() {
    return new Library(name(), "", 1, "");
  }

  @Override
  public List<Device> devices() {
    return List.of(DEVICE);
  }

  @Override
  public Predictor predictor(Network network, Weights weights, Device device) {
    float[] w = values(weights);
    open++;
    return new Predictor() {
      @Override
      public Network network() {
        return network;
      }

      @Override
      public Device device() {
        return device;
      }

      @Override
      public Map<String, Tensor> activations(
          Map<String, Tensor> inputs, Collection<String> layers) {
        Tensor image = inputs.get("image");
        int n = image.length();
        int plane = image.size('H') * image.size('W');
        float[] logits = new float[2 * n];
        float[] p = new float[2 * n];
        for (int i = 0; i < n; i++) {
          int at = 2 * (i / plane) * plane + i % plane;
          logits[at] = w[0] * image.data()[i] + w[2];
          logits[at + plane] = w[1] * image.data()[i] + w[3];
          p[at + plane] = (float) probability(w, image.data()[i]);
          p[at] = 1 - p[at + plane];
        }
        int[] shape = {image.size('N'), 2, image.size('H'), image.size('W')};
        Map<String, Tensor> all =
            Map.of(
                "classes_logits",
                new Tensor(Axes.NCHW, shape, logits),
                "classes",
                new Tensor(Axes.NCHW, shape, p));
        return all.entrySet().stream()
            .filter(e -> layers.contains(e.getKey()))
            .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
      }

      @Override
      public Tensor gradient(
          Map<String, Tensor> inputs,
          Collection<String> layers,
          UnaryOperator<Map<String, Tensor>> slopes,
          String of,
          RectifierRule rule) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {
        open--;
      }
    };
  }

  @Override
  public Trainer trainer(Network network, Weights initial, TrainingPlan plan, Device device) {
    open++;
    return new Trainer() {
      private float[] w = values(initial);
      private float[] momentum = new float[4];

      @Override
      public Device device() {
        return device;
      }

      @Override
      public Step step(
          Map<String, Tensor> inputs, Map<String, Target> targets, double learningRate) {
        float[] x = inputs.get("image").data();
        float[] t = targets.get("classes_logits").values().data();
        steps++;
        if (steps == overflowAt) return new Step(Double.NaN, Double.NaN);
        double loss = 0;
        double slope = 0;
        double shift = 0;
        for (int i = 0; i < x.length; i++) {
          double p = probability(w, x[i]);
          loss -= Math.log(Math.max(1e-12, t[i] == 1 ? p : 1 - p)) / x.length;
          slope += (p - t[i]) * x[i] / x.length;
          shift += (p - t[i]) / x.length;
          seen += x[i];
        }
        double[] gradient = {-slope, slope, -shift, shift};
        for (int i = 0; i < 4; i++) {
          momentum[i] = (float) (0.9 * momentum[i] + gradient[i]);
          w[i] -= (float) (learningRate * momentum[i]);
        }
        return new Step(loss, Math.sqrt(2 * slope * slope + 2 * shift * shift));
      }

      @Override
      public Network network() {
        return network;
      }

      @Override
      public TrainingPlan plan() {
        return plan;
      }

      @Override
      public Gradients gradients(Map<String, Tensor> inputs, Map<String, Target> targets) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Weights gradients(
          Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes) {
        throw new UnsupportedOperationException();
      }

      @Override
      public double accumulate(
          Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes) {
        throw new UnsupportedOperationException();
      }

      @Override
      public double step(
          Map<String, Tensor> inputs,
          UnaryOperator<Map<String, Tensor>> slopes,
          double learningRate) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Tensor gradient(
          Map<String, Tensor> inputs, UnaryOperator<Map<String, Tensor>> slopes, String of) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Weights weights() {
        return PixelEngine.weights(w);
      }

      @Override
      public Weights optimizerState() {
        return new Weights(Map.of("momentum", new Tensor(Axes.C, new int[] {4}, momentum.clone())));
      }

      @Override
      public void restore(Weights weights, Weights optimizerState) {
        w = values(weights);
        momentum = optimizerState.get("momentum").data().clone();
      }

      @Override
      public void close() {
        open--;
      }
    };
  }
}
