package sc.fiji.spyhop.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Pipeline;
import sc.fiji.spyhop.model.PipelineStep;
import sc.fiji.spyhop.util.Strings;

/** Shows the steps of a pipeline, and whether its models still do what they did. */
@Command(
    name = "check",
    description = {
      "Shows and checks a pipeline.",
      "Shows its steps and where it comes from, and runs each of its models on the example that it",
      "carries. Exit code 1 if the steps do not fit each other, or a model gives something else than",
      "when it was made."
    },
    footer = {"", "Example:", "  spyhop pipeline check whales"})
final class CheckPipeline extends Job {

  @Parameters(paramLabel = "NAME|FILE", description = "Name of a pipeline or its file.")
  private String name;

  @Override
  public Integer call() {
    Pipeline pipeline = ModelRegistry.standard().findPipeline(name);
    line("name", pipeline.spec().name());
    line("description", pipeline.spec().description());
    int number = 1;
    for (PipelineStep step : pipeline.spec().steps()) {
      String text = step.toString();
      line("step " + number++, step.label() + text.substring(text.indexOf('[')));
    }
    ModelSpec.Training training = pipeline.spec().training();
    line("trained with", training.software());
    line("trained on", training.data());
    line("date", training.date());
    line("seconds", training.seconds());
    line("command", training.command());
    training.figures().forEach((what, value) -> line(what, Strings.format("%.4f", value)));
    line("author", pipeline.spec().author());
    line("license", pipeline.spec().license());
    line("citation", pipeline.spec().citation());
    for (Map.Entry<String, Model> entry : pipeline.models().entrySet()) {
      check(entry.getKey(), entry.getValue());
    }
    console().out().println(pipeline.spec().name() + ": sound");
    return ExitCode.OK;
  }

  private void check(String called, Model model) {
    if (model.example().isEmpty()) {
      line("model " + called, model.spec().task().kind() + ", carries no example");
      return;
    }
    Engine engine = Engines.forPrediction(model.network(), model.quantization());
    Device used;
    Model.Check check;
    try (Predictor predictor = model.predictor(engine, engine.devices().get(0))) {
      String input = model.network().inputs().get(0).name();
      used = predictor.device();
      check = model.check(tensor -> predictor.predict(Map.of(input, tensor)));
    }
    String difference =
        Strings.format(
            "largest difference %.2g, allowed %.2g, on %s",
            check.largestDifference(), check.tolerance(), used);
    if (!check.passed()) {
      throw new SpyhopException(
          Strings.format(
              "%s: model %s does not give what it gave when it was made (%s).",
              name, called, difference));
    }
    line("model " + called, model.spec().task().kind() + ", " + difference);
  }

  private void line(String what, Object value) {
    String text = value.toString();
    if (!text.isBlank()) console().out().println(Strings.format("%-16s %s", what, text));
  }
}
