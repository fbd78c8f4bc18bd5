package sc.fiji.spyhop.network;

import java.nio.FloatBuffer;
import java.util.List;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.expression.LayerFunction;
import sc.fiji.spyhop.expression.Operand;
import sc.fiji.spyhop.plugin.Plugins;

/** What a {@link LayerPlugin} computes. */
public final class PluginFunction implements LayerFunction {

  private final LayerPlugin plugin;

  private PluginFunction(LayerPlugin plugin) {
    this.plugin = plugin;
  }

  /**
   * The function of a plugin.
   *
   * @param jar name of the file that it came from when it was used first; may be empty
   * @throws SpyhopException if it is not there
   */
  public static PluginFunction of(String name, String jar) {
    return new PluginFunction(Plugins.find(LayerPlugin.class, name, jar));
  }

  /** Name of the jar that it comes from; empty if it is in none. */
  public String jar() {
    return Plugins.jar(plugin);
  }

  /** Its name and its jar, for messages. */
  public String describe() {
    return Plugins.describe(plugin);
  }

  @Override
  public int channels(List<Integer> in) {
    int out = Plugins.call(plugin, () -> plugin.channels(in.get(0)));
    if (out > 0) return out;
    throw new SpyhopException(
        "the plugin " + describe() + " makes " + out + " channels of " + in.get(0));
  }

  @Override
  public boolean isElementWise() {
    return false;
  }

  private void call(Runnable work) {
    Plugins.call(
        plugin,
        () -> {
          work.run();
          return plugin;
        });
  }

  private static float[] read(FloatBuffer from) {
    float[] values = new float[from.capacity()];
    from.get(0, values);
    return values;
  }

  @Override
  public void forward(List<Operand> in, FloatBuffer y) {
    Operand x = in.get(0);
    float[] out = new float[y.capacity()];
    call(() -> plugin.forward(x.sizes(), read(x.values()), out));
    y.put(0, out);
  }

  @Override
  public void backward(List<Operand> in, FloatBuffer gradient, int of, FloatBuffer back) {
    Operand x = in.get(of);
    float[] out = new float[back.capacity()];
    call(() -> plugin.backward(x.sizes(), read(x.values()), read(gradient), out));
    back.put(0, out);
  }
}
