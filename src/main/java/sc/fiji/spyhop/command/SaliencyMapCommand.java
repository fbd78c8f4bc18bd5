package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.List;
import java.util.Map;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.RectifierRule;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Explanation;
import sc.fiji.spyhop.explain.ExplanationPlugin;
import sc.fiji.spyhop.explain.Fill;
import sc.fiji.spyhop.explain.GradCam;
import sc.fiji.spyhop.explain.InputGradient;
import sc.fiji.spyhop.explain.IntegratedGradients;
import sc.fiji.spyhop.explain.Occlusion;
import sc.fiji.spyhop.explain.PluginExplanation;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.HeatMaps;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.ExplainJob;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.plugin.Use;
import sc.fiji.spyhop.util.Strings;

/**
 * Shows which regions of an image made a network say so: a 32-bit map, and the map in colours over
 * the image. In a macro:
 *
 * <pre>run("Spyhop Saliency Map", "model=/data/species.spyhop category=orca method=gradcam");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Saliency Map",
    headless = true,
    initializer = "offerModels",
    description = "Finds the regions of images that a prediction depends on.")
public final class SaliencyMapCommand extends ExplainCommand {

  /** Settings that not all methods have, and those that do. */
  private static final Map<String, List<String>> ONLY =
      Map.of(
          "window", List.of("occlusion"),
          "stride", List.of("occlusion"),
          "fill", List.of("occlusion", "integrated"),
          "layer", List.of("gradcam"),
          "steps", List.of("integrated"),
          "samples", List.of("gradient", "deconvnet", "guided"),
          "noise", List.of("gradient", "deconvnet", "guided"));

  @Parameter(
      label = "Method",
      choices = {"occlusion", "gradient", "deconvnet", "guided", "gradcam", "integrated"},
      persist = false,
      description =
          "How it is found out. occlusion: parts are hidden in turn; gradient: how much each pixel"
              + " would change the answer; deconvnet, guided: the same, what is negative left out on"
              + " the way; gradcam: where a deep layer found what speaks for it; integrated: what each"
              + " pixel contributes, compared with an image in which nothing is to be seen. Plugins"
              + " may bring more.")
  @FromPlugins(ExplanationPlugin.class)
  private String method = "occlusion";

  @Parameter(
      label = "Window (pixels)",
      min = "0",
      persist = false,
      description =
          "Width and height of what is hidden at once, pixels; 0 for a sixth of the image.")
  private int window = 0;

  @Parameter(
      label = "Stride (pixels)",
      min = "0",
      persist = false,
      description = "From one window to the next, pixels; 0 for a third of the window.")
  private int stride = 0;

  @Parameter(
      label = "Shown instead",
      choices = {"mean", "grey", "blur", "black"},
      persist = false,
      description =
          "What takes the place of what is hidden, or of all where nothing is to be seen.")
  private String fill = "mean";

  @Parameter(
      label = "Layer",
      required = false,
      persist = false,
      description =
          "Layer whose maps gradcam looks at; empty for the last one that has maps, or, where the"
              + " model finds objects, the last of those with the coarsest.")
  @InShell("NAME")
  private String layer = "";

  @Parameter(
      label = "Steps",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "10000",
      persist = false,
      description =
          "Steps of integrated from the image in which nothing is to be seen; 0 for as many as it"
              + " takes for the map to sum to the difference within a hundredth.")
  private int steps = 0;

  @Parameter(
      label = "Samples",
      visibility = ItemVisibility.INVISIBLE,
      min = "1",
      max = "1000",
      persist = false,
      description =
          "Copies of the image with noise that the gradient is the mean over, so that the map is"
              + " smoother (SmoothGrad), such as 32; 1 for the image as it is.")
  private int samples = 1;

  @Parameter(
      label = "Noise",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      max = "1",
      persist = false,
      description =
          "Standard deviation of the noise of these copies, as a share of the range of what the"
              + " network is shown.")
  private double noise = 0.15;

  @Parameter(
      label = "Settings of a plugin",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Of a method that a plugin brings: its settings, numbers, such as width=5, radius=2; empty"
              + " for its own.")
  @InShell("NAME=N,...")
  private String settings = "";

  @Parameter(
      label = "Results table",
      persist = false,
      description = "Adds a row to the Results table.")
  @InImageJ
  private boolean table = true;

  @Parameter(type = ItemIO.OUTPUT, label = "Saliency", description = "How much pixels matter.")
  private ImagePlus saliency;

  private boolean only;

  /** Names of all methods. */
  public static List<String> methods() {
    return defaults(SaliencyMapCommand.class).settings().stream()
        .filter(s -> s.key().equals("method"))
        .findFirst()
        .orElseThrow()
        .choices();
  }

  /** The command with one method, and the settings of that alone. */
  public static SaliencyMapCommand by(String method) {
    SaliencyMapCommand command = new SaliencyMapCommand();
    command.method = method;
    command.only = true;
    return command;
  }

  /** Of one method, what it maps. */
  @Override
  public String description() {
    if (!only) return super.description();
    return switch (method) {
      case "occlusion" -> "Maps how far hiding each part of images lowers a prediction.";
      case "gradient" -> "Maps how a prediction changes with each pixel of images.";
      case "deconvnet" -> "Maps which pixels a deconvnet traces a prediction back to.";
      case "guided" -> "Maps the gradient of a prediction without what is negative on the way.";
      case "gradcam" -> "Maps where in images a deep layer found what speaks for a prediction.";
      case "integrated" ->
          "Maps what each pixel contributes, compared with an image that shows nothing.";
      default -> Plugins.find(ExplanationPlugin.class, method).description();
    };
  }

  private boolean isOfPlugin() {
    return super.settings().stream()
        .filter(s -> s.key().equals("method"))
        .noneMatch(Setting::isDeclaredChoice);
  }

  @Override
  public List<Setting> settings() {
    return super.settings().stream()
        .filter(s -> !only || !s.key().equals("method") && isOf(s.key()))
        .toList();
  }

  private boolean isOf(String key) {
    if (key.equals("settings")) return isOfPlugin();
    return !ONLY.containsKey(key) || ONLY.get(key).contains(method);
  }

  @Override
  void check() {
    super.check();
    explanation();
    List<Setting> defaults = new SaliencyMapCommand().settings();
    List<Setting> settings = settings();
    for (int i = 0; i < settings.size() && !only; i++) {
      Setting s = settings.get(i);
      if (isOf(s.key()) || s.get().equals(defaults.get(i).get())) continue;
      throw SettingException.wrong(
          s.key(),
          "only method "
              + String.join(" or ", ONLY.getOrDefault(s.key(), List.of("of a plugin")))
              + " has this setting, but "
              + method
              + " is chosen; leave it as it is.");
    }
  }

  @Override
  BatchJob job(Caller caller) {
    return new ExplainJob(model(), category(), at(), explanation(), slice(), frame());
  }

  @Override
  Explainer open() {
    return Explainer.open(model(), explanation());
  }

  @Override
  void explain(Caller caller, Explainer explainer, Seen seen, Progress progress) {
    SaliencyMap part =
        explainer.explain(seen.plane(), category(), seen.place(), explanation(), progress);
    SaliencyMap map =
        part.within(seen.part().x, seen.part().y, image().getWidth(), image().getHeight());
    caller.seen(
        Strings.format(
            "%s is %s (%.4g); %s; on %s",
            seen.plane().name(),
            map.name(),
            map.score(),
            map.effect(),
            explainer.runner().device()));
    if (table) {
      ResultsWindow.show(
          image(),
          ExplainJob.columns(map.explanation()),
          ExplainJob.found(image().getTitle(), image(), seen.z(), seen.t(), map),
          explainer.runner().device().name());
    }
    saliency = HeatMaps.image(image(), image().getShortTitle() + "_saliency", map.values());
    CommandOverlay.replace(
        image(), "saliency", HeatMaps.overlay(image(), seen.z(), seen.t(), map.values()));
    makeCurrent(saliency);
  }

  /**
   * How it is explained.
   *
   * @throws SpyhopException if a setting makes no sense
   */
  Explanation explanation() {
    return switch (method) {
      case "occlusion" -> new Occlusion(window, stride, Fill.parse(fill));
      case "gradient" -> gradient(RectifierRule.DERIVATIVE);
      case "deconvnet" -> gradient(RectifierRule.DECONVNET);
      case "guided" -> gradient(RectifierRule.GUIDED);
      case "gradcam" -> new GradCam(layer);
      case "integrated" -> new IntegratedGradients(Fill.parse(fill), steps);
      default -> new PluginExplanation(setting("settings", this::plugin));
    };
  }

  /** The plugin of the method, with settings that stand behind its name or apart. */
  private Use<ExplanationPlugin> plugin() {
    if (!method.contains("(")) {
      return Use.parse(ExplanationPlugin.class, method + "(" + settings + ")");
    }
    if (settings.isBlank()) return Use.parse(ExplanationPlugin.class, method);
    throw SettingException.wrong(
        "settings", "those of " + method + " stand in the method already.");
  }

  private Explanation gradient(RectifierRule rule) {
    return new InputGradient(rule, samples, noise);
  }
}
