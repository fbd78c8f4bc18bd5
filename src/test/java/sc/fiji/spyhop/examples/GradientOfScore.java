package sc.fiji.spyhop.examples;

import java.nio.file.Path;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.ScoreGradient;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.tensor.NumpyTensors;

/** How the score of a class changes with each value that the network is shown. */
public final class GradientOfScore {

  public static void main(String[] files) {
    Img<? extends RealType<?>> image = NumpyImages.read(Path.of(files[0]));
    try (Explainer digits = Explainer.open("digits")) {
      ScoreGradient seven = digits.gradient(image, "7");
      System.out.println("7: " + seven.score() + ", before softmax " + seven.logit());
      NumpyTensors.write(seven.gradient(), Path.of(files[1]));
    }
  }
}
