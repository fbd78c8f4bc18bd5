package sc.fiji.spyhop.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.inference.Scaling;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.task.TaskKind;

/** The models of a pipeline, each compiled once. */
final class CompiledNetworks implements StepModels {

  private final Map<String, Runner<?>> runners = new LinkedHashMap<>();

  /**
   * @param scaling in which scale images are shown to the steps that look at them as a whole
   * @param engines for each network the one to run it
   * @param devices for each engine the one to run on
   */
  CompiledNetworks(
      Pipeline pipeline,
      Scaling scaling,
      Function<Network, Engine> engines,
      Function<Engine, Device> devices) {
    try {
      for (PipelineStep step : pipeline.spec().steps()) {
        if (step.modelName().isEmpty()) continue;
        Model model = pipeline.model(step.modelName().get());
        runners.computeIfAbsent(
            step.modelName().get(),
            name -> {
              Engine engine = engines.apply(model.network());
              Runner.Options options =
                  Runner.Options.DEFAULT
                      .withThreshold(step.threshold())
                      .withScaling(whole(pipeline, step) ? scaling : Scaling.NONE);
              return Runner.of(model, options, engine, devices.apply(engine));
            });
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether a step is shown images, and not pictures cut out of them, all of one scale. */
  private static boolean whole(Pipeline pipeline, PipelineStep step) {
    return step instanceof PipelineStep.Localize || pipeline.spec().steps().indexOf(step) == 0;
  }

  @Override
  public <P> P predict(TaskKind<P, ?> kind, String model, Frame picture) {
    return runners.get(model).as(kind).predict(picture);
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
