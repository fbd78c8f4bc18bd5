package sc.fiji.spyhop.examples;

import java.nio.file.Path;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.training.finetuning.Continuation;

/** Trains a model further on a folder of images and label images, or whatever annotates them. */
public final class FineTuneFolder {

  public static void main(String[] args) {
    Model base = ModelRegistry.standard().find(args[0]);
    Path folder = Path.of(args[1]);
    Model mine =
        Continuation.of(base, folder, new ImageFiles())
            .named("mine")
            .epochs(Integer.parseInt(args[2]))
            .train();
    System.out.println(mine.spec().training().figures());
    ModelFile.write(mine, Path.of(args[3]));
  }
}
