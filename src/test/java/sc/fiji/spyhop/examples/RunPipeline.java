package sc.fiji.spyhop.examples;

import java.nio.file.Path;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.pipeline.Finding;
import sc.fiji.spyhop.pipeline.PipelineRunner;
import sc.fiji.spyhop.prediction.ClassScores;

/** Localizes, aligns and classifies what is in an image. */
public final class RunPipeline {

  public static void main(String[] files) {
    Frame photo = new ImageFiles().readFrame(Path.of(files[0]));
    try (PipelineRunner whales = PipelineRunner.open("whales")) {
      for (Finding head : whales.run(photo).findings()) {
        ClassScores who = head.scores().orElseThrow();
        String name = whales.classes().get(who.best());
        System.out.println(name + " in " + head.object().orElseThrow().box());
      }
    }
  }
}
