package sc.fiji.spyhop.extending;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.cli.ShapeImages;
import sc.fiji.spyhop.cli.Shell;
import sc.fiji.spyhop.engine.Loss;
import sc.fiji.spyhop.engine.LossPlugin;
import sc.fiji.spyhop.engine.Losses;
import sc.fiji.spyhop.engine.Target;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.plugin.ExtensionJar;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;

/** A loss that a jar brings: its numbers by hand, and a training with it. */
class LossExtensionTest {

  @TempDir private Path folder;

  @Test
  void aJarBringsALossThatIsTrainedWith() throws Throwable {
    Path data = ShapeImages.radii(folder.resolve("radii"), 6, 1);
    Path model = folder.resolve("radius.spyhop");
    Object[] line = {
      "train",
      "regress",
      "--data",
      data,
      "--output",
      model,
      "--epochs",
      1,
      "--steps",
      2,
      "--loss",
      "pinball()"
    };
    ExtensionJar.with(
        List.of(ExtensionJar.of(folder, "PinballLoss")),
        () -> {
          LossPlugin pinball = Plugins.find(LossPlugin.class, "pinball");
          float[] gradient = new float[3];
          double value =
              Losses.evaluate(
                  new Loss.Plugin(pinball, false),
                  new Tensor(Axes.NC, new int[] {3, 1}, new float[] {5, 1, 2}),
                  Target.of(new Tensor(Axes.NC, new int[] {3, 1}, new float[] {2, 3, 2.5f})),
                  gradient);
          // 3 too high counts 0.1 each, 2 and 0.5 too low 0.9 each
          assertEquals((3 * 0.1 + 2 * 0.9 + 0.5 * 0.9) / 3, value, 1e-6);
          assertArrayEquals(new float[] {0.1f / 3, -0.3f, -0.3f}, gradient, 1e-6f);
          Shell shell = Shell.run(line);
          assertEquals(0, shell.code(), shell.err());
          String command = ModelFile.read(model).spec().training().command();
          assertTrue(command.contains("--loss 'pinball()'"), command);
        });
    // the model is told by its weights alone: it needs no jar to be used
    assertEquals(0, Shell.run("models", "check", model).code());
    Shell without = Shell.run(line);
    assertEquals(2, without.code());
    assertTrue(
        without.err().contains("--loss: The plugin for the loss pinball() is not there"),
        without.err());
  }
}
