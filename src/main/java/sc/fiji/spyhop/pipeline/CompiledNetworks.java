package sc.fiji.spyhop.pipeline;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Classifier;
import sc.fiji.spyhop.inference.KeypointFinder;
import sc.fiji.spyhop.inference.Localizer;
import sc.fiji.spyhop.inference.Regressor;
import sc.fiji.spyhop.inference.Segmenter;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.prediction.RealValues;
import sc.fiji.spyhop.prediction.Segmentation;

/** The models of a pipeline, each compiled once. */
final class CompiledNetworks implements Networks {

  private final Map<String, Localizer> localizers = new HashMap<>();
  private final Map<String, KeypointFinder> finders = new HashMap<>();
  private final Map<String, Classifier> classifiers = new HashMap<>();
  private final Map<String, Regressor> regressors = new HashMap<>();
  private final Map<String, Segmenter> segmenters = new HashMap<>();
  private final Set<Device> used = new LinkedHashSet<>();

  /**
   * @param engines for each network the one to run it
   * @param devices for each engine the one to run on
   */
  CompiledNetworks(
      Pipeline pipeline, Function<Network, Engine> engines, Function<Engine, Device> devices) {
    try {
      for (PipelineStep step : pipeline.spec().steps()) compile(step, pipeline, engines, devices);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void compile(
      PipelineStep step,
      Pipeline pipeline,
      Function<Network, Engine> engines,
      Function<Engine, Device> devices) {
    if (step.modelName().isEmpty()) return;
    String name = step.modelName().get();
    Model model = pipeline.model(name);
    Engine engine = engines.apply(model.network());
    Device device = devices.apply(engine);
    used.add(device);
    int tile = model.spec().inference().tile();
    if (step instanceof PipelineStep.Localize s) {
      localizers.computeIfAbsent(
          name, n -> new Localizer(model, OptionalDouble.of(s.minScore()), tile, engine, device));
    } else if (step instanceof PipelineStep.Keypoints s) {
      finders.computeIfAbsent(
          name,
          n ->
              new KeypointFinder(
                  model, OptionalDouble.of(s.minConfidence()), tile, engine, device));
    } else if (step instanceof PipelineStep.Classify) {
      classifiers.computeIfAbsent(name, n -> new Classifier(model, engine, device));
    } else if (step instanceof PipelineStep.Regress) {
      regressors.computeIfAbsent(name, n -> new Regressor(model, engine, device));
    } else if (step instanceof PipelineStep.Segment) {
      segmenters.computeIfAbsent(name, n -> new Segmenter(model, engine, device));
    }
  }

  @Override
  public Annotation localize(String model, Frame image) {
    return localizers.get(model).localize(image);
  }

  @Override
  public Annotation keypoints(String model, Frame picture) {
    return finders.get(model).find(picture);
  }

  @Override
  public ClassScores classify(String model, Frame picture) {
    return classifiers.get(model).classify(picture);
  }

  @Override
  public RealValues measure(String model, Frame picture) {
    return regressors.get(model).measure(picture);
  }

  @Override
  public Segmentation segment(String model, Frame picture) {
    return segmenters.get(model).segment(picture);
  }

  @Override
  public List<Device> devices() {
    return List.copyOf(used);
  }

  @Override
  public void close() {
    localizers.values().forEach(Localizer::close);
    finders.values().forEach(KeypointFinder::close);
    classifiers.values().forEach(Classifier::close);
    regressors.values().forEach(Regressor::close);
    segmenters.values().forEach(Segmenter::close);
  }
}
