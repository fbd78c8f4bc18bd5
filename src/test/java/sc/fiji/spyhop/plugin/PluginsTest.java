package sc.fiji.spyhop.plugin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.LossPlugin;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.engine.onednn.OneDnnEngine;
import sc.fiji.spyhop.expression.Dimensions;
import sc.fiji.spyhop.network.LayerPlugin;
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
    return jar("Steps", example.group(1), "steps.jar");
  }

  private Path jar(String name, String source, String file) throws IOException {
    return ExtensionJar.of(folder, name, source, file);
  }

  /** A loss or layer of its own name, of which a method has a body. */
  private static String source(String name, String type, String method) {
    return "import org.scijava.plugin.Plugin;\n"
        + "import sc.fiji.spyhop.expression.Dimensions;\n"
        + "import sc.fiji.spyhop.engine.LossPlugin;\n"
        + "import sc.fiji.spyhop.network.LayerPlugin;\n"
        + ("@Plugin(type = " + type + ".class, name = \"" + name + "\")\n")
        + ("public class " + name + " implements " + type + " {\n")
        + method
        + "}\n";
  }

  private static final String BACKWARD =
      "public void backward(Dimensions d, float[] x, float[] g, float[] back) {}\n";

  private static void checkRefused(Executable work, String... words) {
    String said = assertThrows(SpyhopException.class, work).getMessage();
    for (String word : words) assertTrue(said.contains(word), said);
  }

  @Test
  void aPluginThatFailsIsNamedWithItsJar() throws Throwable {
    String layer =
        source(
            "outside",
            "LayerPlugin",
            "public void forward(Dimensions d, float[] x, float[] y) { y[x.length] = 1; }\n"
                + BACKWARD);
    ExtensionJar.with(
        List.of(jar("outside", layer, "outside 1+2.jar")),
        () -> {
          Network network = Notation.parse("[outside()]", Shape.of(1, 1, 4));
          OneDnnEngine engine = new OneDnnEngine();
          try (Predictor p =
              engine.predictor(network, Initialization.of(network, 1), engine.devices().get(0))) {
            checkRefused(
                () -> p.predict(Tensor.zeros(Axes.NCHW, 1, 1, 1, 4)),
                "The plugin outside(), from outside 1+2.jar, failed: ",
                "java.lang.ArrayIndexOutOfBoundsException: Index 4 out of bounds for length 4",
                "for its author to mend");
          }
        });
    String loss =
        source(
            "missing",
            "LossPlugin",
            "public double evaluate(Dimensions d, float[] z, float[] t, float[] w, float[] g)"
                + " { return (Double) java.util.Map.of().get(\"loss\"); }\n");
    ExtensionJar.with(
        List.of(jar("missing", loss, "missing.jar")),
        () -> {
          LossPlugin missing = Plugins.find(LossPlugin.class, "missing");
          Target t = Target.of(Tensor.zeros(Axes.NC, 1, 2));
          checkRefused(
              () ->
                  Losses.evaluate(
                      new Loss.Plugin(missing, false),
                      Tensor.zeros(Axes.NC, 1, 2),
                      t,
                      new float[2]),
              "The plugin missing(), from missing.jar, failed: java.lang.NullPointerException");
        });
  }

  @Test
  void aPluginThatMakesNoChannelsOrNoObjectOrIsNoneIsNamed() throws Throwable {
    String forward = "public void forward(Dimensions d, float[] x, float[] y) {}\n" + BACKWARD;
    String empty = source("empty", "LayerPlugin", "public int channels(int in) { return 0; }\n");
    Path jar = jar("empty", empty.replaceFirst("\\}\n$", forward + "}\n"), "empty.jar");
    ExtensionJar.with(
        List.of(jar),
        () ->
            checkRefused(
                () -> Notation.parse("[empty()]", Shape.of(3, 1, 4)),
                "the plugin empty(), from empty.jar, makes 0 channels of 3"));
    String thrown = "public unmade() { throw new IllegalStateException(\"no licence\"); }\n";
    Path unmade = jar("unmade", source("unmade", "LayerPlugin", thrown + forward), "unmade.jar");
    ExtensionJar.with(
        List.of(unmade),
        () ->
            checkRefused(
                () -> Plugins.find(LayerPlugin.class, "unmade"),
                unmade.toString(),
                "cannot be made",
                "no licence"));
  }

  @Test
  void jarsThatBringOneNameAreNamed() throws Throwable {
    String forward = "public void forward(Dimensions d, float[] x, float[] y) {}\n" + BACKWARD;
    Path first = jar("twin", source("twin", "LayerPlugin", forward), "twin-1.jar");
    Path second = jar("twin", source("twin", "LayerPlugin", forward), "twin-2.jar");
    String other = source("other", "LayerPlugin", forward).replace("\"other\"", "\"twin\"");
    Path third = jar("other", other, "other.jar");
    for (List<Path> jars : List.of(List.of(first, second), List.of(first, third))) {
      ExtensionJar.with(
          jars,
          () ->
              checkRefused(
                  () -> Plugins.find(LayerPlugin.class, "twin"),
                  "Expected one plugin for the layer twin()",
                  jars.get(0).toString(),
                  jars.get(1).toString()));
    }
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

  private static final String FORWARD =
      "public void forward(Dimensions d, float[] x, float[] y) {}\n" + BACKWARD;

  private static List<String> layers() {
    return Plugins.all(LayerPlugin.class).stream().map(LayerPlugin::name).toList();
  }

  @Test
  void whatCannotBeMadeIsLeftOut() throws Throwable {
    String thrown = "public bad() { throw new IllegalStateException(); }\n";
    Path bad = jar("bad", source("bad", "LayerPlugin", thrown + FORWARD), "bad.jar");
    Path good = jar("good", source("good", "LayerPlugin", FORWARD), "good.jar");
    Path damaged = folder.resolve("damaged.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(damaged))) {
      out.putNextEntry(new JarEntry("META-INF/json/org.scijava.plugin.Plugin"));
      out.write(
          ("{\"class\":\"x\",\"values\":{\"type\":\"" + LayerPlugin.class.getName() + "\"")
              .getBytes(StandardCharsets.UTF_8));
    }
    ExtensionJar.with(
        List.of(bad, good, damaged), () -> assertEquals(List.of("cube", "good"), layers()));
    assertEquals(List.of("cube"), layers());
  }

  @Test
  void ofPluginsOfOneNameNoneCountsButOurs() throws Throwable {
    Path first = jar("twin", source("twin", "LayerPlugin", FORWARD), "twin-1.jar");
    Path second = jar("twin", source("twin", "LayerPlugin", FORWARD), "twin-2.jar");
    Path third = jar("cube", source("cube", "LayerPlugin", FORWARD), "cube.jar");
    ExtensionJar.with(
        List.of(first, second, third),
        () -> {
          assertEquals(List.of("cube"), layers());
          assertEquals(CubeLayer.class, Plugins.find(LayerPlugin.class, "cube").getClass());
        });
  }

  @Test
  void thatOfTheHighestPriorityComesFirst() throws Throwable {
    String source =
        source("zero", "LayerPlugin", FORWARD).replace("\"zero\"", "\"zero\", priority = 1");
    ExtensionJar.with(
        List.of(jar("zero", source, "zero.jar")),
        () -> {
          assertEquals(List.of("zero", "cube"), layers());
          // the same jar once more is no other
          ExtensionJar.with(
              List.of(folder.resolve("zero.jar")),
              () -> assertEquals(List.of("zero", "cube"), layers()));
        });
  }
}
