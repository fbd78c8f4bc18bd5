package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.engine.Engine;
import sc.fiji.spyhop.engine.Predictor;
import sc.fiji.spyhop.engine.selection.Engines;
import sc.fiji.spyhop.model.Generator;
import sc.fiji.spyhop.model.GeneratorFile;
import sc.fiji.spyhop.model.TestGenerators;
import sc.fiji.spyhop.tensor.Tensor;

/** What the commands for models do with one that makes images. */
class GeneratorModelsTest {

  @TempDir Path folder;

  private Generator checked() {
    Generator made = TestGenerators.table("chairs");
    Engine engine = Engines.forTraining();
    try (Predictor predictor = made.predictor(engine, engine.devices().get(0))) {
      return made.withExample(made.example().orElseThrow().input(), predictor::predict);
    }
  }

  private Path written(Generator generator) {
    Path file = folder.resolve("chairs.spyhop");
    GeneratorFile.write(generator, file);
    return file;
  }

  @Test
  void itIsShown() {
    Shell shell = Shell.run("models", "show", written(checked()), "--layers");
    assertEquals(0, shell.code(), shell.err());
    for (String line :
        new String[] {
          "task             making images",
          "column           height: a number from 2 to 6 µm",
          "column           azimuth: an angle in degrees",
          "column           style: one of plain, arms, stool",
          "images           8 x 8 pixels",
          "pixels           colours in 8 bits, pixel values 0 to 255",
          "validation error 0.2500",
          "  first: transposed convolution"
        }) {
      assertTrue(shell.out().contains(line), line + " in " + shell.out());
    }
  }

  @Test
  void itIsChecked() {
    Shell sound = Shell.run("models", "check", written(checked()));
    assertEquals(0, sound.code(), sound.err());
    assertTrue(sound.out().startsWith("chairs: sound (largest difference"), sound.out());
    Shell wrong = Shell.run("models", "check", written(TestGenerators.table("chairs")));
    assertEquals(1, wrong.code());
    assertTrue(wrong.problem().contains("does not give what it gave"), wrong.problem());
  }

  @Test
  void othersSayWhatItIs() {
    Path file = written(checked());
    Shell shell =
        Shell.run("batch", "--model", file, "--output", folder.resolve("o"), "test-images");
    assertFalse(shell.code() == 0);
    assertTrue(shell.problem().contains("is a generating model"), shell.problem());
  }

  /** The library itself, given the file, makes what the engine that trains makes. */
  @Test
  void onnxRuntimeMakesTheSameImages() throws Exception {
    Generator generator = checked();
    Path onnx = folder.resolve("chairs.onnx");
    Shell shell = Shell.run("models", "export", written(generator), "--onnx", onnx);
    assertEquals(0, shell.code(), shell.err());
    assertTrue(shell.out().contains("it takes 6 values"), shell.out());
    Generator.Example example = generator.example().orElseThrow();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(onnx.toString());
        OnnxTensor in =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(example.input().data()), new long[] {1, 6, 1, 1});
        OrtSession.Result result = session.run(Map.of("values", in))) {
      Tensor expected = example.output();
      float[] made = new float[expected.length()];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(made);
      assertArrayEquals(expected.data(), made, 1e-5f);
    }
    Shell bioimage =
        Shell.run(
            "models",
            "export",
            folder.resolve("chairs.spyhop"),
            "--bioimage",
            folder.resolve("a.zip"));
    assertEquals(2, bioimage.code());
    assertTrue(bioimage.problem().contains("expected a model that is shown images"));
    assertFalse(Files.exists(folder.resolve("a.zip")));
    Path dl4j = folder.resolve("chairs.zip");
    shell = Shell.run("models", "export", folder.resolve("chairs.spyhop"), "--dl4j", dl4j);
    assertEquals(0, shell.code(), shell.err());
  }
}
