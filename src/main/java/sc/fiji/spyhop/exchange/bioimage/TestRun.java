package sc.fiji.spyhop.exchange.bioimage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * The test that a description brings along, run on the model that was made of it.
 *
 * @param notes is told what a user should know
 */
record TestRun(
    BioimageFolder folder,
    Fields root,
    Described described,
    Progress progress,
    List<String> notes) {

  /** Most values of an example that a model carries, of its input and of its outputs. */
  private static final int MAX_EXAMPLE = 8 << 20;

  /**
   * A model but for its test.
   *
   * @param ending what the described output is; empty: the model's outputs themselves
   */
  record Described(Model model, Optional<Ending> ending) {}

  /**
   * Runs the test.
   *
   * @param input described
   * @param outputs described
   * @param weights kind of those that were read
   * @return with an example: the test's input, if there is one that is not too large
   * @throws SpyhopException if what the model gives is not what the test says
   */
  Model run(Fields input, List<Fields> outputs, String weights) {
    Model model = described.model();
    Optional<Tensor> test = TestTensors.read(folder, root, input, "test_inputs", 0);
    List<Tensor> expected = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      TestTensors.read(folder, root, outputs.get(i), "test_outputs", i).ifPresent(expected::add);
    }
    if (test.isEmpty() || expected.size() != outputs.size()) {
      notes.add("The model has no test input with outputs, so nobody knows if it runs as meant.");
      return sized(NetworkImport.withExample(model));
    }
    if (outputs.size() != model.network().outputs().size()) {
      throw root.wrong(
          "outputs",
          "the network's " + model.network().outputs().size() + " outputs",
          outputs.size());
    }
    if (test.get().rank() != 4 || test.get().size('C') != model.spec().input().channels()) {
      throw input.wrong(
          "test_tensor", Strings.count(model.spec().input().channels(), "channel"), test.get());
    }
    List<TestTensors.Tolerance> tolerances =
        outputs.stream()
            .map(o -> TestTensors.Tolerance.of(root, weights, o.text("id").orElse("")))
            .toList();
    Model run = compared(test.get(), expected, tolerances);
    notes.add("The test of the model was run, and gave what it should.");
    Model.Example example = run.example().orElseThrow();
    int largest = example.outputs().stream().mapToInt(Tensor::length).max().orElse(0);
    return Math.max(largest, example.input().length()) <= MAX_EXAMPLE
        ? run
        : NetworkImport.withExample(model);
  }

  /** Runs every sample of the test; the first is the example. */
  private Model compared(
      Tensor test, List<Tensor> expected, List<TestTensors.Tolerance> tolerances) {
    Model model = described.model();
    Optional<Model> first = Optional.empty();
    Engine engine = Engines.forPrediction(model.network());
    try (Predictor predictor =
        engine.predictor(model.network(), model.weights(), engine.devices().get(0))) {
      String name = model.network().inputs().get(0).name();
      for (int n = 0; n < test.size(0); n++) {
        progress.checkCancelled();
        Model run =
            sized(model.withExample(test.slice(n, n + 1), t -> predictor.predict(Map.of(name, t))));
        List<Tensor> outputs = run.example().orElseThrow().outputs();
        for (int i = 0; i < outputs.size(); i++) {
          Tensor sample = sample(expected.get(i), n, outputs.get(i));
          compare(sample, outputs.get(i), tolerances.get(i));
        }
        if (first.isEmpty()) first = Optional.of(run);
      }
    }
    return first.orElseThrow();
  }

  private Tensor sample(Tensor expected, int n, Tensor given) {
    Optional<Ending> ending = described.ending();
    int[] shape = given.shape();
    shape[0] = expected.size(0);
    boolean one =
        ending.isPresent() && (ending.get() == Ending.FOREGROUND || ending.get() == Ending.MASK);
    if (one) shape[1] = 1;
    if (!Arrays.equals(shape, expected.shape()) || n >= expected.size(0)) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected a test output of the shape %s, as the network gives, received %s.",
              folder, Arrays.toString(shape), Arrays.toString(expected.shape())));
    }
    return expected.slice(n, n + 1);
  }

  private void compare(Tensor sample, Tensor given, TestTensors.Tolerance tolerance) {
    Optional<Ending> ending = described.ending();
    Tensor expected = ending.map(e -> e.expected(sample, given)).orElse(sample);
    Tensor received = ending.isPresent() ? given : Portable.said(described.model().spec(), given);
    List<Double> thresholds = described.model().spec().task().thresholds();
    if (ending.equals(Optional.of(Ending.MASKS))) {
      float[] masks = new float[given.length()];
      int plane = given.length() / given.size(1);
      for (int i = 0; i < masks.length; i++) {
        float p = given.data()[i];
        double threshold = thresholds.get(i / plane);
        boolean undecided = Math.abs(p - threshold) <= tolerance.absolute();
        masks[i] = undecided ? expected.data()[i] : p > threshold ? 1 : 0;
      }
      received = new Tensor(given.axes(), given.shape(), masks);
    }
    if (ending.equals(Optional.of(Ending.MASK))) {
      float[] mask = new float[given.length()];
      for (int i = 0; i < mask.length; i++) {
        float p = given.data()[i];
        boolean undecided = Math.abs(p - 0.5) <= tolerance.absolute();
        mask[i] = undecided ? expected.data()[i] : Math.round(p);
      }
      received = new Tensor(given.axes(), given.shape(), mask);
    }
    tolerance.require(folder.toString(), expected, received);
  }

  /** Classes of pixels are given for each pixel, or nothing could use the model. */
  private Model sized(Model model) {
    Model.Example example = model.example().orElseThrow();
    if (model.spec().task().grid() != Task.Grid.PIXELS) return model;
    Tensor given = example.outputs().get(0);
    Tensor shown = example.input();
    if (given.size('H') == shown.size('H') && given.size('W') == shown.size('W')) return model;
    throw new SpyhopException(
        Strings.format(
            "%s: gives %d x %d values for an image of %d x %d pixels (rows x columns); expected one for each pixel.",
            folder, given.size('H'), given.size('W'), shown.size('H'), shown.size('W')));
  }
}
