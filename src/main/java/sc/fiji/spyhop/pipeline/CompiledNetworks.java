package sc.fiji.spyhop.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.task.TaskKind;

/** The models of a pipeline, each compiled once. */
final class CompiledNetworks implements StepModels {

  private final Map<String, Runner<?>> runners = new LinkedHashMap<>();

  /**
   * @param scaling in which scale images are shown to the first step
   * @param compiler compiles a model
   */
  CompiledNetworks(
      Pipeline pipeline, Scaling scaling, BiFunction<Model, Runner.Options, Runner<?>> compiler) {
    try {
      for (PipelineStep step : pipeline.spec().steps()) {
        if (step.modelName().isEmpty()) continue;
        Model model = pipeline.model(step.modelName().get());
        runners.computeIfAbsent(
            step.modelName().get(),
            name ->
                compiler.apply(
                    model,
                    Runner.Options.DEFAULT.withThreshold(step.threshold()).withScaling(scaling)));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public <P> P predict(TaskKind<P, ?> kind, String model, Frame picture, double scale) {
    return runners.get(model).as(kind).predict(picture, scale, Progress.NONE);
  }

  @Override
  public ShownScale scale(String model, List<Frame> frames, Progress progress) {
    return runners.get(model).scale(frames, progress);
  }

  @Override
  public List<Device> devices() {
    return runners.values().stream().map(Runner::device).distinct().toList();
  }

  @Override
  public void close() {
    runners.values().forEach(Runner::close);
  }
}
