package sc.fiji.spyhop.examples;

import java.nio.file.Path;
import java.util.List;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.Notation;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.prediction.ClassScores;
import sc.fiji.spyhop.task.Classification;
import sc.fiji.spyhop.task.TaskKind;
import sc.fiji.spyhop.tensor.Axes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.training.ModelTraining;

/** Builds a network, trains it on arrays, saves the model, and predicts with what was saved. */
public final class TrainOnArrays {

  /**
   * @param pixels of images of 16 x 16, one after the other
   * @param numbers of their classes
   */
  static List<ClassScores> trained(float[] pixels, int[] numbers, Path file) {
    Tensor images = Tensor.of(Axes.NCHW, pixels, numbers.length, 1, 16, 16);
    Classification task = Classification.of("across", "along");
    Network network = Notation.parse("8C3 MP2 16C3 GAP FC2", Shape.of(1, 16, 16));
    Model model =
        ModelTraining.of(task, Dataset.of(images, task.truths(numbers)).split(0.2, 1))
            .named("stripes")
            .network(network)
            .epochs(5)
            .train();
    ModelFile.write(model, file);
    try (Runner<ClassScores> stripes = Runner.of(ModelFile.read(file), TaskKind.CLASSIFICATION)) {
      return stripes.predict(images);
    }
  }

  public static void main(String[] files) {
    float[] pixels = new float[200 * 16 * 16];
    int[] numbers = new int[200];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / 256;
      numbers[image] = image % 2;
      int place = image % 2 == 0 ? i / 16 % 16 : i % 16;
      pixels[i] = (place + image / 2) % 4 < 2 ? 100 : 150 + image % 7;
    }
    List<ClassScores> found = trained(pixels, numbers, Path.of(files[0]));
    System.out.println("The first is of class " + found.get(0).best());
  }
}
