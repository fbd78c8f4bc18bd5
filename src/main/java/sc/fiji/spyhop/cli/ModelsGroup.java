package sc.fiji.spyhop.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Device;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.GeneratorSpec;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.model.ModelRegistry.Listing;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.model.Presentation;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.network.Layer;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.OnnxGraph;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Weighted;
import sc.fiji.spyhop.task.Restoration;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/** Leads to what can be done with models; lists them by itself. */
@Command(
    name = "models",
    description = {
      "Lists, shows, checks, adds, exports, imports and downloads models.",
      "Without a subcommand it lists those that can be asked for by name: the ones that ship with",
      "Spyhop, and the files in your own folder (~/.spyhop/models, or what SPYHOP_MODELS names)."
    },
    subcommands = {
      ModelsGroup.ListAll.class,
      ModelsGroup.Show.class,
      ModelsGroup.Check.class,
      ModelsExport.class,
      ModelsDownload.class
    },
    footer = {
      "",
      "Examples:",
      "  spyhop models",
      "  spyhop models show nuclei",
      "  spyhop models check my.spyhop",
      "  spyhop models import net.onnx --classes names.txt --preprocess torchvision",
      "  spyhop models download mobilenetv2"
    })
final class ModelsGroup extends Job {

  @Override
  public Integer call() {
    return list(console());
  }

  private static int list(Console console) {
    ModelRegistry registry = ModelRegistry.standard();
    List<Listing> all = registry.list();
    int width = all.stream().mapToInt(l -> l.name().length()).max().orElse(0);
    for (Listing one : all) {
      String what =
          one.description()
              .map(text -> kind(one) + text)
              .orElseGet(() -> "cannot be used: " + one.problem().orElse("unknown reason"));
      console.out().println(Strings.format("%-" + width + "s  %s", one.name(), what));
    }
    if (all.isEmpty()) console.say("No models, neither shipped nor in " + registry.userFolder());
    return ExitCode.OK;
  }

  private static String kind(Listing one) {
    if (one.generator().isPresent()) {
      String source = "makes images from " + one.generator().get().source().description();
      return one.description().filter(d -> !d.isBlank()).isPresent() ? source + ": " : source;
    }
    return one.pipeline().isPresent() ? "pipeline: " : "";
  }

  /** The same as no subcommand. */
  @Command(
      name = "list",
      description = "Lists the models that can be asked for by name.",
      footer = {"", "Example:", "  spyhop models list"})
  static final class ListAll extends Job {
    @Override
    public Integer call() {
      return list(console());
    }
  }

  /** All there is to know about one. */
  @Command(
      name = "show",
      description = "Shows what a model is for, how it is run, and where it comes from.",
      footer = {
        "",
        "Examples:",
        "  spyhop models show nuclei",
        "  spyhop models show my.spyhop --layers"
      })
  static final class Show extends Job {

    private static final int MAX_LINE = 2000;

    @Parameters(paramLabel = "NAME|FILE", description = "Name of a model or its file.")
    private String model;

    @Option(names = "--layers", description = "Also list the layers of its network.")
    private boolean layers;

    @Override
    public Integer call() {
      return ModelRegistry.standard().isGenerator(model) ? generator() : model();
    }

    private int generator() {
      Generator found = ModelRegistry.standard().findGenerator(model);
      GeneratorSpec spec = found.spec();
      line("name", spec.name());
      line("description", spec.description());
      line("task", "making images");
      if (spec.source() instanceof GeneratorSource.Columns table) {
        for (RowColumn column : table.columns()) {
          line("column", column.name() + ": " + column.description());
        }
      } else {
        line("from", spec.source().description());
      }
      line("images", found.width() + " x " + found.height() + " pixels");
      line("pixels", spec.output().description());
      line("pixel size", size(spec.output().pixelSize()));
      line("parameters", sc.fiji.spyhop.network.Parameters.count(found.network()));
      about(spec.author(), spec.license(), spec.citation(), spec.training());
      line("test example", found.example().isPresent() ? "yes" : "no");
      line("SHA-256", found.sha256());
      layers(found.network());
      return ExitCode.OK;
    }

    private static String size(PixelSize size) {
      return size.isCalibrated() ? size.width() + " " + size.unit() : "not known";
    }

    private void about(
        String author, String license, String citation, ModelSpec.Training training) {
      line("author", author);
      line("license", license);
      line("citation", citation);
      line("trained with", training.software());
      line("trained on", training.data());
      line("date", training.date());
      line("device", training.device());
      line("epochs", training.epochs());
      line("seconds", training.seconds());
      line("seed", training.seed());
      line("command", training.command());
      for (Map.Entry<String, Double> figure : training.figures().entrySet()) {
        line(figure.getKey(), Strings.format("%.4f", figure.getValue()));
      }
    }

    private void layers(Network network) {
      if (!layers) return;
      for (Layer layer : network.layers()) {
        console().out().println("  " + layer.name() + ": " + layer.description());
      }
    }

    private int model() {
      Model found = ModelRegistry.standard().find(model);
      ModelSpec spec = found.spec();
      line("name", spec.name());
      line("description", spec.description());
      line("task", spec.task().kind());
      line("names", String.join(", ", spec.names()));
      List<Double> thresholds = spec.task().thresholds();
      if (!thresholds.isEmpty()) {
        line(
            "thresholds",
            IntStream.range(0, thresholds.size())
                .mapToObj(i -> spec.names().get(i) + " " + Digits.six(thresholds.get(i)))
                .collect(Collectors.joining(", ")));
      }
      line("input channels", spec.input().channels());
      line("normalization", spec.input().normalization().description());
      line("pixel size", size(spec.input().pixelSize()));
      line("objects", spec.input().objects().description());
      line("tells sizes", spec.task().tellsSizes() ? "yes" : "no");
      line("scores", scores(spec.task().scores()));
      line("known images", spec.input().images().description());
      if (spec.task() instanceof SegmentationTask task) {
        task.adjustment().settings().forEach(this::line);
      }
      if (spec.task() instanceof Restoration task) task.told().forEach(this::line);
      line("tile", spec.inference().tile() + " pixels, halo " + spec.inference().halo());
      if (spec.task().mapped() && ReceptiveField.of(found.network()).isOfParts()) {
        line(
            "parts", "of one size, as it looks at all of what it is shown; tile and halo make one");
      }
      line("parameters", sc.fiji.spyhop.network.Parameters.count(found.network()));
      OnnxGraph.predictionOnly(found.network()).ifPresent(why -> line("prediction only", why));
      line("arithmetic", arithmetic(found));
      about(spec.author(), spec.license(), spec.citation(), spec.training());
      line("test example", found.example().isPresent() ? "yes" : "no");
      line("SHA-256", found.sha256());
      layers(found.network());
      presentation(found.presentation());
      return ExitCode.OK;
    }

    private static String scores(Task.Scores scores) {
      return switch (scores) {
        case NONE -> "none";
        case CONFIDENCE -> "the confidence of the network, which is not calibrated";
        case CALIBRATED -> "calibrated: of objects with a score of 0.8, about 80 % are right";
      };
    }

    private static String arithmetic(Model model) {
      if (model.quantization().isNone()) return "float32";
      long weighted = model.network().layers().stream().filter(Weighted.class::isInstance).count();
      return Strings.format(
          "int8 in %d of %s with weights, else float32; with ONNX Runtime alone",
          model.quantization().layers().size(), Strings.count(weighted, "layer"));
    }

    /** A picture is named, a text is printed. */
    private void presentation(Presentation presentation) {
      presentation
          .cover()
          .or(() -> ModelRegistry.standard().cover(model))
          .ifPresent(c -> line("picture", c));
      if (presentation.documentation().isEmpty()) return;
      console().out().println();
      console().out().println(presentation.documentation().strip());
    }

    /** Line breaks of strangers would look like lines of ours. */
    private void line(String name, Object value) {
      String text = Strings.line(value.toString(), MAX_LINE);
      if (!text.isBlank()) console().out().println(Strings.format("%-16s %s", name, text));
    }
  }

  /** Whether it still does what it did. */
  @Command(
      name = "check",
      description = {
        "Checks whether a model gives what it gave when it was made.",
        "It is run on the example that it carries. Exit code 1 if the result differs."
      },
      footer = {"", "Example:", "  spyhop models check my.spyhop"})
  static final class Check extends Job {

    @Parameters(paramLabel = "NAME|FILE", description = "Name of a model or its file.")
    private String model;

    @Override
    public Integer call() {
      ModelRegistry registry = ModelRegistry.standard();
      return registry.isGenerator(model)
          ? generator(registry.findGenerator(model))
          : model(registry.find(model));
    }

    private int generator(Generator found) {
      Engine engine = Engines.forPrediction(found.network());
      try (Predictor predictor = found.predictor(engine, engine.devices().get(0))) {
        Device used = predictor.device();
        return tell(found.spec().name(), found.check(predictor::predict, used), used);
      }
    }

    private int model(Model found) {
      Engine engine = Engines.forPrediction(found.network(), found.quantization());
      try (Predictor predictor = found.predictor(engine, engine.devices().get(0))) {
        String input = found.network().inputs().get(0).name();
        Model.Check check = found.check(tensor -> predictor.predict(Map.of(input, tensor)));
        return tell(found.spec().name(), check, predictor.device());
      }
    }

    private int tell(String name, Model.Check check, Device used) {
      String difference =
          Strings.format(
              "largest difference %.2g, allowed %.2g, on %s",
              check.largestDifference(), check.tolerance(), used);
      if (!check.passed()) {
        throw new SpyhopException(
            model + ": does not give what it gave when it was made (" + difference + ").");
      }
      console().out().println(name + ": sound (" + difference + ")");
      return ExitCode.OK;
    }
  }
}
