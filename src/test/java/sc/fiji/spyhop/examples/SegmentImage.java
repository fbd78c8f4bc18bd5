package sc.fiji.spyhop.examples;

import java.nio.file.Path;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.IntegerType;
import net.imglib2.type.numeric.RealType;
import sc.fiji.spyhop.image.Imgs;
import sc.fiji.spyhop.image.NumpyImages;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.prediction.Segment;
import sc.fiji.spyhop.prediction.Segmentation;
import sc.fiji.spyhop.task.TaskKind;

/** Segments an image of ImgLib2; the labels are an image of ImgLib2. */
public final class SegmentImage {

  public static void main(String[] files) {
    Img<? extends RealType<?>> image = NumpyImages.read(Path.of(files[0]));
    try (Runner<Segmentation> nuclei = Runner.open("nuclei", TaskKind.SEGMENTATION)) {
      Segmentation found = nuclei.predict(image);
      for (Segment nucleus : found.segments()) {
        System.out.println(nucleus.x() + ", " + nucleus.y() + ": " + nucleus.area() + " pixels");
      }
      Img<? extends IntegerType<?>> labels = Imgs.labels(found);
      NumpyImages.write(labels, Path.of(files[1]));
    }
  }
}
