package sc.fiji.spyhop.examples;

import java.io.IOException;
import java.nio.file.Path;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.task.SemanticSegmentation;
import sc.fiji.spyhop.weights.Safetensors;
import sc.fiji.spyhop.weights.Weights;

/** Makes a model of weights that were trained elsewhere, such as in PyTorch. */
public final class PackModel {

  public static void main(String[] files) throws IOException {
    Network network = Notation.parse("8C3 BN 8C3 BN 2C1", Shape.of(1, Shape.ANY, Shape.ANY));
    Weights weights = Safetensors.read(Path.of(files[0])).weights();
    SemanticSegmentation task = SemanticSegmentation.of("background", "cell");
    ModelSpec.Input input = ModelSpec.Input.of(1, new Normalization.Percentile(1, 99.8));
    ModelSpec spec = ModelSpec.of("cells", task, input, network);
    ModelFile.write(new Model(spec, network, weights), Path.of(files[1]));
  }
}
