package sc.fiji.spyhop.plugin;

import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.network.LayerPlugin;

/** The third power of each value, for tests. */
@Plugin(type = LayerPlugin.class, name = "cube")
public class CubeLayer implements LayerPlugin {

  @Override
  public void forward(Dimensions sizes, float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) y[i] = x[i] * x[i] * x[i];
  }

  @Override
  public void backward(Dimensions sizes, float[] x, float[] gradient, float[] back) {
    for (int i = 0; i < x.length; i++) back[i] = 3 * x[i] * x[i] * gradient[i];
  }
}
