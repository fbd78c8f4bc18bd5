package sc.fiji.spyhop.explain;

import java.util.LinkedHashMap;
import java.util.Map;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.plugin.Use;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.Strings;

/**
 * An explanation that a plugin brings.
 *
 * @param use the plugin, with its settings
 */
public record PluginExplanation(Use<ExplanationPlugin> use) implements Explanation {

  @Override
  public String name() {
    return use.name();
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    use.settings().forEach((name, value) -> settings.put(name, Digits.six(value)));
    return settings;
  }

  @Override
  public String largest() {
    return "largest";
  }

  @Override
  public String effect(SaliencyMap map) {
    return "the largest value of " + name() + " is " + Digits.six(map.largest());
  }

  @Override
  public boolean needsGradients() {
    return Plugins.call(use.plugin(), use.plugin()::needsGradients);
  }

  @Override
  public Attribution map(Question question, Progress progress) {
    float[] found =
        Plugins.ask(use.plugin(), () -> use.plugin().map(question, use.settings(), progress));
    Tensor shown = question.shown();
    int expected = shown.size('H') * shown.size('W');
    if (found == null) {
      throw new SpyhopException(
          Strings.format(
              "The plugin %s: expected a map, received none.", Plugins.describe(use.plugin())));
    }
    if (found.length != expected) {
      throw new SpyhopException(
          Strings.format(
              "The plugin %s: expected a map of %d x %d values, received %d.",
              Plugins.describe(use.plugin()), shown.size('W'), shown.size('H'), found.length));
    }
    for (float value : found) {
      if (Float.isFinite(value)) continue;
      throw new SpyhopException(
          Strings.format(
              "The plugin %s: expected a map of finite values, received %s.",
              Plugins.describe(use.plugin()), value));
    }
    return Attribution.of(this, Placement.of(question).mean(found));
  }
}
