package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LayerFunction;

/**
 * A layer that a {@link sc.fiji.spyhop.network.LayerPlugin} computes.
 *
 * @param plugin its name
 * @param jar name of the file that it came from; empty if that is not known
 */
@JsonTypeName("plugin")
public record PluginLayer(String name, String input, String plugin, String jar) implements Layer {

  /** Refuses a plugin that is not on the class path, in a sentence that says where it came from. */
  public PluginLayer {
    Checks.names(name, input);
    Checks.present(name, "plugin", plugin);
    Checks.present(name, "jar", jar);
    function(name, plugin, jar);
  }

  /** The layer of a plugin that is there. */
  static PluginLayer of(String name, String input, String plugin) {
    return new PluginLayer(name, input, plugin, function(name, plugin, "").jar());
  }

  private static PluginFunction function(String name, String plugin, String jar) {
    try {
      return PluginFunction.of(plugin, jar);
    } catch (SpyhopException e) {
      throw new SpyhopException("layer " + name + ": " + e.getMessage(), e);
    }
  }

  /** Its name and its jar, for messages. */
  public String origin() {
    return function().describe();
  }

  /** What it computes. */
  public PluginFunction function() {
    return function(name, plugin, jar);
  }

  @Override
  public Optional<LayerFunction> ownFunction() {
    return Optional.of(function());
  }

  @Override
  public Shape output(Received in) {
    return in.function(function());
  }

  @Override
  public PluginLayer renamed(String other, List<String> sources) {
    return new PluginLayer(other, sources.get(0), plugin, jar);
  }

  @Override
  public String description() {
    return "[" + plugin + "()]";
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
