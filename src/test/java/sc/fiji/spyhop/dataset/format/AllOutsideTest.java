package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;

/** All that is said of b lies outside of its 40 x 20 pixels: b is no image without objects. */
class AllOutsideTest {

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    for (String name : List.of("a.png", "b.png")) {
      BufferedImage image = new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, "png", folder.resolve(name).toFile());
    }
  }

  private void onlyAIsLeft(Problem.Kind kind, int outside) {
    AnnotatedSet set = new AnnotationFiles(new ImageFiles()).open(folder);
    assertEquals(List.of("a.png"), set.images().stream().map(AnnotatedImage::name).toList());
    assertEquals(outside, set.problems().count(kind));
    assertEquals(
        "1 image left out, as some of the annotations cannot be used: b.png",
        set.problems().summary().get(set.problems().summary().size() - 1));
  }

  @Test
  void boxes() throws IOException {
    Files.writeString(
        folder.resolve("boxes.csv"),
        """
        image,class,x,y,width,height
        a.png,cell,1,2,10,5
        a.png,cell,50,2,10,5
        b.png,cell,50,2,10,5
        b.png,cell,1,-9,10,5
        """);
    onlyAIsLeft(Problem.Kind.OUTSIDE, 3);
  }

  @Test
  void lessThanOnePixelIsInside() throws IOException {
    Files.writeString(
        folder.resolve("boxes.csv"),
        """
        image,class,x,y,width,height
        a.png,cell,1,2,10,5
        b.png,cell,39.5,2,10,5
        """);
    onlyAIsLeft(Problem.Kind.DEGENERATE, 1);
  }

  @Test
  void points() throws IOException {
    Files.writeString(
        folder.resolve("keypoints.csv"),
        """
        image,keypoint,x,y
        a.png,nose,3,4
        a.png,tail,50,4
        b.png,nose,50,4
        b.png,tail,,
        """);
    onlyAIsLeft(Problem.Kind.POINT_OUTSIDE, 2);
  }

  @Test
  void polygons() throws IOException {
    Files.writeString(
        folder.resolve("annotations.json"),
        """
        {"images": [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}],
         "categories": [{"id": 1, "name": "cell"}],
         "annotations": [
          {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 9, 1, 9, 9]]},
          {"id": 2, "image_id": 2, "category_id": 1, "segmentation": [[51, 1, 59, 1, 59, 9]]}]}
        """);
    onlyAIsLeft(Problem.Kind.OUTSIDE, 1);
  }
}
