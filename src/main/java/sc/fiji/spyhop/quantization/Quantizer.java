package sc.fiji.spyhop.quantization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.EightBits;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.network.Quantization.Range;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * Brings a model to eight bits. Images are shown to it as ever, each in the scale that suits it,
 * and the values of the maps that are to be rounded are counted; then it looks at the images in
 * both arithmetics, and how good it is in each is kept in the model.
 *
 * @param name of the model that is made
 * @param share of the values of a map that its range covers on either side, in (0, 1]
 */
public record Quantizer(Model base, String name, double share) {

  /** Covers all but some outliers, for whose sake all other values would be rounded more. */
  public static final double SHARE = 0.9999;

  /** All rounded maps of a tile are in memory at a time. */
  private static final int TILE = 256;

  private static final Runner.Options OPTIONS = Runner.Options.DEFAULT.withTile(TILE);

  /**
   * Refuses what cannot be brought to eight bits.
   *
   * @throws SpyhopException if the model is in eight bits already, or nothing of it would be
   */
  public Quantizer {
    String called = base.spec().name();
    if (!base.quantization().isNone()) {
      throw new SpyhopException(
          Strings.format(
              "Model %s is quantised already. Name the model that it was made of.", called));
    }
    base.requireLayers("it cannot be quantised");
    if (EightBits.of(base.network()).maps().isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "Model %s: expected layers with weights between the first and the last, which stay in"
                  + " 32 bits; it has none, so there is nothing to quantise.",
              called));
    }
  }

  /**
   * The model in eight bits.
   *
   * @throws SpyhopException if the model cannot be shown an image, or a map has values that are not
   *     finite
   * @throws java.util.concurrent.CancellationException if cancelled
   */
  public Model run(CalibrationImages images, Progress progress) {
    double[] scales = new double[images.samples().size()];
    Quantization quantization = measure(images, scales, progress.part(0, 2));
    Model quantized =
        new Model(
            base.spec(),
            base.network(),
            base.weights(),
            base.example(),
            quantization,
            base.presentation());
    Progress comparing = progress.part(1, 2);
    try (Runner<?> before = opened(base);
        Runner<?> after = opened(quantized)) {
      Map<String, Double> figures =
          images.annotated()
              ? scored(before, after, images, scales, comparing)
              : compared(before, after, images, scales, comparing);
      Model told = quantized.withSpec(told(figures));
      return base.example().map(e -> told.withExample(e.input(), after::outputs)).orElse(told);
    }
  }

  private static Runner<?> opened(Model model) {
    Engine engine = Engines.forPrediction(model.network(), model.quantization());
    return Runner.of(model, OPTIONS, engine, engine.devices().get(0));
  }

  /**
   * @param scales filled with those in which images are shown
   */
  private Quantization measure(CalibrationImages images, double[] scales, Progress progress) {
    EightBits plan = EightBits.of(base.network());
    Engine engine = Engines.forPrediction(base.network());
    Map<String, Distribution> values = new LinkedHashMap<>();
    plan.maps().forEach(map -> values.put(map, new Distribution()));
    Engine watched =
        new WatchedEngine(engine, plan.maps(), (layer, map) -> add(values, layer, map));
    try (Runner<?> plain = opened(base);
        Runner<?> runner = Runner.of(base, OPTIONS, watched, engine.devices().get(0))) {
      for (int i = 0; i < scales.length; i++) {
        progress.checkCancelled();
        progress.update("Measuring ranges", i, scales.length);
        Frame frame = images.samples().get(i).frame();
        scales[i] = plain.scale(List.of(frame), Progress.NONE).factor();
        runner.outputs(frame, scales[i], Progress.NONE, (tile, outputs) -> {});
      }
    }
    Map<String, Range> ranges = new LinkedHashMap<>();
    values.forEach((map, distribution) -> ranges.put(map, distribution.range(share)));
    return plan.with(ranges);
  }

  private void add(Map<String, Distribution> values, String layer, Tensor map) {
    if (values.get(layer).add(map.data())) return;
    throw new SpyhopException(
        Strings.format(
            "Model %s: layer %s gives values that are not finite numbers, which no range covers. It"
                + " cannot be quantised.",
            base.spec().name(), layer));
  }

  /** A task's type says what its truth and its predictions are, so the casts are sound. */
  @SuppressWarnings("unchecked")
  private Map<String, Double> scored(
      Runner<?> before,
      Runner<?> after,
      CalibrationImages images,
      double[] scales,
      Progress progress) {
    List<Object> truth = new ArrayList<>();
    List<Object> said = new ArrayList<>();
    List<Object> saidAfter = new ArrayList<>();
    for (int i = 0; i < scales.length; i++) {
      progress.update("Comparing", i, scales.length);
      var sample = images.samples().get(i);
      truth.add(sample.truth());
      said.add(before.predict(sample.frame(), scales[i], progress.part(i, scales.length)));
      saidAfter.add(after.predict(sample.frame(), scales[i], progress.part(i, scales.length)));
    }
    Task<Object, Object> task = (Task<Object, Object>) base.spec().task();
    Map<String, Double> figures = new LinkedHashMap<>();
    task.score(said, truth).figures().forEach((what, v) -> figures.put("float32 " + what, v));
    task.score(saidAfter, truth).figures().forEach((what, v) -> figures.put("int8 " + what, v));
    return figures;
  }

  private static Map<String, Double> compared(
      Runner<?> before,
      Runner<?> after,
      CalibrationImages images,
      double[] scales,
      Progress progress) {
    Agreement agreement = new Agreement();
    for (int i = 0; i < scales.length; i++) {
      progress.checkCancelled();
      progress.update("Comparing", i, scales.length);
      Frame frame = images.samples().get(i).frame();
      List<List<Tensor>> expected = outputs(before, frame, scales[i]);
      List<List<Tensor>> received = outputs(after, frame, scales[i]);
      for (int t = 0; t < expected.size(); t++) agreement.add(expected.get(t), received.get(t));
    }
    return agreement.figures();
  }

  private static List<List<Tensor>> outputs(Runner<?> runner, Frame frame, double scale) {
    List<List<Tensor>> all = new ArrayList<>();
    runner.outputs(frame, scale, Progress.NONE, (tile, outputs) -> all.add(outputs));
    return all;
  }

  private ModelSpec told(Map<String, Double> figures) {
    ModelSpec own = base.spec();
    ModelSpec.Training training = own.training();
    Map<String, Double> all = new LinkedHashMap<>(training.figures());
    all.putAll(figures);
    return new ModelSpec(
        name,
        own.description(),
        own.task(),
        own.input(),
        own.inference(),
        training.withFigures(all),
        own.author(),
        own.license(),
        own.citation());
  }
}
