package sc.fiji.spyhop.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.model.ObjectSizes;
import sc.fiji.spyhop.task.ObjectCenters;

class DetectionLessonTest {

  /** Cells of 30, 20 x 45 and 40 pixels and a grain of 10: the median is 30, and 0.9 of it 27. */
  @Test
  void boxesTellHowLargeObjectsAre(@TempDir Path folder) throws IOException {
    ImageIO.write(
        new BufferedImage(200, 100, BufferedImage.TYPE_BYTE_GRAY),
        "png",
        folder.resolve("a.png").toFile());
    Files.writeString(
        folder.resolve("boxes.csv"),
        "image,class,x,y,width,height\na.png,cell,0,0,30,30\na.png,cell,50,0,20,45\n"
            + "a.png,cell,100,0,40,40\na.png,grain,150,50,10,10\n");
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    DetectionLesson lesson =
        DetectionLesson.boxes(set, List.of(), Optional.empty(), Optional.of(0.9));
    ObjectCenters task = (ObjectCenters) lesson.task();
    assertEquals(List.of("cell", "grain"), task.classes());
    assertEquals(1, task.sizes().get(0), 1e-9);
    assertEquals(1 / 3.0, task.sizes().get(1), 1e-9);
    var train = set.samples(new ImageFiles());
    ObjectSizes shown =
        DetectionTraining.plan(
                train,
                lesson.task(),
                new DetectionTraining.Design(DetectionTraining.COMPACT, List.of(4, 4)),
                lesson.fit(train),
                1,
                Progress.NONE)
            .input()
            .objects();
    assertEquals(27, shown.median(), 1e-9);
  }
}
