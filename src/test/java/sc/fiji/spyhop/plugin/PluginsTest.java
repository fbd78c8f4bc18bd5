package sc.fiji.spyhop.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.onednn.OneDnnEngine;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkJson;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.PluginLayer;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.weights.Initialization;

class PluginsTest {

  @TempDir private Path folder;

  /** The example of the page on formulas, in a jar as its commands make it. */
  private Path jar() throws IOException {
    String page = Files.readString(Path.of("docs/formulas.md"));
    Matcher example = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertTrue(example.find());
    Path source = Files.writeString(folder.resolve("Steps.java"), example.group(1));
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString());
      assertTrue(
          compiler
              .getTask(
                  new StringWriter(), files, null, options, null, files.getJavaFileObjects(source))
              .call());
    }
    Path jar = folder.resolve("steps.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }

  @Test
  void aJarBringsALayerAndAModelSaysWhichOneItMisses() throws IOException {
    Shape line = Shape.of(1, 1, 4);
    SpyhopException e =
        assertThrows(SpyhopException.class, () -> Notation.parse("[steps()]", line));
    assertTrue(
        e.getMessage().contains("plugin for the layer steps() is not there"), e.getMessage());
    assertTrue(e.getMessage().contains("there are cube"), e.getMessage());

    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar().toUri().toURL()}, before)) {
      Thread.currentThread().setContextClassLoader(loader);
      Network network = Notation.parse("[steps()]", line);
      PluginLayer layer = (PluginLayer) network.layers().get(0);
      assertEquals("steps.jar", layer.jar());
      assertEquals(network, NetworkJson.read(NetworkJson.write(network)));
      assertEquals(Optional.of("[steps()]"), Notation.describe(network));
      Tensor x = new Tensor(Axes.NCHW, new int[] {1, 1, 1, 4}, new float[] {5, 3, 4, 1});
      OneDnnEngine engine = new OneDnnEngine();
      try (Predictor p =
          engine.predictor(network, Initialization.of(network, 1), engine.devices().get(0))) {
        assertArrayEquals(new float[] {2, -1, 3, 1}, p.predict(x).data());
        Tensor one = new Tensor(Axes.NCHW, new int[] {1, 1, 1, 4}, new float[] {0, 1, 0, 0});
        String input = network.inputs().get(0).name();
        Tensor back = p.gradient(Map.of(input, x), layer.name(), one, input);
        assertArrayEquals(new float[] {0, 1, -1, 0}, back.data());
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void aModelOfAMissingJarNamesIt() {
    SpyhopException e =
        assertThrows(
            SpyhopException.class, () -> new PluginLayer("a", "in", "folds", "folds-2.jar"));
    assertTrue(
        e.getMessage()
            .contains("layer a: The plugin for the layer folds(), from folds-2.jar, is not"),
        e.getMessage());
  }

  /** Half the squared distance from twice the truth. */
  @Plugin(type = LossPlugin.class, name = "twice")
  public static class Twice implements LossPlugin {
    @Override
    public double evaluate(
        Dimensions sizes, float[] z, float[] target, float[] weights, float[] gradient) {
      double sum = 0;
      for (int i = 0; i < z.length; i++) {
        gradient[i] = z[i] - 2 * target[i];
        sum += gradient[i] * gradient[i] / 2;
      }
      return sum;
    }
  }

  @Test
  void aPluginBringsALoss() {
    LossPlugin twice = Plugins.find(LossPlugin.class, "twice");
    Tensor z = new Tensor(Axes.NC, new int[] {1, 2}, new float[] {3, 1});
    Tensor t = new Tensor(Axes.NC, new int[] {1, 2}, new float[] {1, 1});
    float[] gradient = new float[2];
    assertEquals(1, Losses.evaluate(new Loss.Plugin(twice, false), z, Target.of(t), gradient));
    assertArrayEquals(new float[] {1, -1}, gradient);
    assertThrows(SpyhopException.class, () -> Plugins.find(LossPlugin.class, "cube"));
  }

  @Test
  void namesAreNamesAndNothingElse() {
    assertEquals(Optional.of("mish"), Plugins.named(" mish ( ) "));
    for (String text : List.of("mish(x)", "a.b.C()", "x", "x*mish()", "", "()")) {
      assertEquals(Optional.empty(), Plugins.named(text));
    }
  }
}
