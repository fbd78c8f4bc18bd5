package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.util.Strings;

/** COCO as cocodataset.org hands it out, and as programs write it. */
class CocoFilesTest {

  @TempDir Path folder;

  private void image(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(new BufferedImage(40, 20, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
  }

  private void text(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private AnnotatedSet open() {
    return new AnnotationFiles(new ImageFiles()).open(folder);
  }

  private static List<Box> boxes(Annotation annotation) {
    return annotation.objects().stream().map(o -> o.box()).toList();
  }

  private void ids(String image1, String image2, String of1, String of2) throws IOException {
    image("images/a.png");
    image("images/b.png");
    text(
        "annotations.json",
        Strings.format(
            """
        {"images": [{%s"file_name": "a.png"}, {%s"file_name": "b.png"}],
         "categories": [{"id": "c", "name": "cell"}],
         "annotations": [{"id": 1, %s"category_id": "c", "bbox": [1, 2, 3, 4]},
                         {"id": 2, %s"category_id": "c", "bbox": [5, 6, 7, 8]}]}
        """,
            image1, image2, of1, of2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\",\"y\"",
        "1.5,1.25",
        "7,7.5",
        "1,\"x\"",
        "9007199254740993,9007199254740992"
      })
  void idsAreWhatTheyAre(String two) throws IOException {
    String[] id = two.split(",");
    String image = "\"id\": %s, ";
    String of = "\"image_id\": %s, ";
    ids(
        Strings.format(image, id[0]),
        Strings.format(image, id[1]),
        Strings.format(of, id[0]),
        Strings.format(of, id[1]));
    AnnotatedSet set = open();
    assertEquals(List.of(new Box(1, 2, 3, 4)), boxes(set.images().get(0).annotation()));
    assertEquals(List.of(new Box(5, 6, 7, 8)), boxes(set.images().get(1).annotation()));
  }

  @Test
  void idsThatAreMissingOrThereTwiceAreRefused() throws IOException {
    String a = "\"id\": 1, ";
    String of = "\"image_id\": 1, ";
    ids(a, a, of, of);
    String twice = assertThrows(SpyhopException.class, this::open).getMessage();
    assertTrue(twice.contains("the id 1 is there twice") && twice.contains("b.png"), twice);
    ids(a, "", of, of);
    String missing = assertThrows(SpyhopException.class, this::open).getMessage();
    assertTrue(missing.contains("the image b.png has no id"), missing);
    ids(a, "\"id\": 2, ", of, "");
    String none = assertThrows(SpyhopException.class, this::open).getMessage();
    assertTrue(none.contains("annotation 2 does not say the id of its image"), none);
  }

  /** The layout of cocodataset.org: three files about the same images. */
  @Test
  void filesAboutTheSameImagesAreJoined() throws IOException {
    image("images/a.png");
    String images = "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}], ";
    text(
        "annotations/captions_val2017.json",
        images + "\"annotations\": [{\"id\": 9, \"image_id\": 1, \"caption\": \"Cells.\"}]}");
    String person =
        "{\"id\": 3, \"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 10, 10], \"iscrowd\": 0";
    text(
        "annotations/instances_val2017.json",
        images
            + "\"categories\": [{\"id\": 1, \"name\": \"person\"}, {\"id\": 2, \"name\": \"dog\"}],"
            + "\"annotations\": ["
            + person
            + "}, {\"id\": 4, \"image_id\": 1, \"category_id\": 2, \"bbox\": [20, 2, 10, 10]},"
            + "{\"id\": 5, \"image_id\": 1, \"category_id\": 2, \"bbox\": [0, 0, 40, 20],"
            + " \"iscrowd\": 1}]}");
    text(
        "annotations/person_keypoints_val2017.json",
        images
            + "\"categories\": [{\"id\": 1, \"name\": \"person\", \"keypoints\": [\"nose\"]}],"
            + "\"annotations\": ["
            + person
            + ", \"keypoints\": [3, 4, 2]}]}");
    AnnotatedSet set = open();
    Annotation a = set.images().get(0).annotation();
    assertEquals(List.of(new Box(1, 2, 10, 10), new Box(20, 2, 10, 10)), boxes(a));
    assertEquals(List.of("person", "dog"), a.objects().stream().map(o -> o.type()).toList());
    assertEquals(1, a.poses().size());
    assertEquals(a.objects().get(0), a.poses().get(0).object().orElseThrow());
    String said = set.problems().summary().toString();
    assertTrue(said.contains("captions") && said.contains("a crowd of dog"), said);
  }

  @Test
  void captionsAloneAreRefused() throws IOException {
    image("images/a.png");
    text(
        "captions.json",
        "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}],"
            + " \"annotations\": [{\"id\": 9, \"image_id\": 1, \"caption\": \"Cells.\"}]}");
    String said = assertThrows(SpyhopException.class, this::open).getMessage();
    assertTrue(said.contains("captions.json") && said.contains("say nothing of objects"), said);
  }

  /**
   * Names as RFC 3986 writes them, letters that are composed otherwise, a path that is not ours.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {"plate%20\u00e4.png", "plate a\u0308.png", "/data/u%CC%88/plate%20%C3%A4.png"})
  void namesOfOtherPrograms(String written) throws IOException {
    image("images/plate \u00e4.png");
    text(
        "a.json",
        "{\"images\": [{\"id\": 1, \"file_name\": \""
            + (written.contains("a\u0308") ? "plate a\u0308.png" : written)
            + "\"}], \"categories\": [{\"id\": 1, \"name\": \"cell\"}], \"annotations\": ["
            + "{\"id\": 1, \"image_id\": 1, \"category_id\": 1, \"bbox\": [\"1\", \"2.5\", 3, 4]}]}");
    AnnotatedSet set = open();
    assertEquals(List.of(new Box(1, 2.5, 3, 4)), boxes(set.images().get(0).annotation()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "//", "", "\\\\", "images/", "%", "a%2"})
  void namesThatAreNone(String name) throws IOException {
    image("images/a.png");
    text(
        "a.json",
        "{\"images\": [{\"id\": 1, \"file_name\": \"a.png\"}, {\"id\": 2, \"file_name\": \""
            + name
            + "\"}], \"categories\": [], \"annotations\": []}");
    AnnotatedSet set = open();
    assertEquals(1, set.images().size());
    assertEquals(1, set.problems().count(Problem.Kind.MISSING_IMAGE));
  }

  /** pycocotools: an empty segmentation is none, the box counts. */
  @Test
  void emptySegmentations() throws IOException {
    image("images/a.png");
    text(
        "a.json",
        """
        {"images": [{"id": 1, "file_name": "a.png", "width": "40", "height": "20"}],
         "categories": [{"id": 1, "name": "cell\\u001b[31m"}],
         "annotations": [
          {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "segmentation": []},
          {"id": 2, "image_id": "1", "category_id": 1, "bbox": [5, 2, 3, 4], "segmentation": [[]]},
          {"id": 3, "image_id": 1, "category_id": 1, "segmentation": []}]}
        """);
    AnnotatedSet set = open();
    assertEquals(
        List.of(new Box(1, 2, 3, 4), new Box(5, 2, 3, 4)), boxes(set.images().get(0).annotation()));
    assertEquals(1, set.problems().count(Problem.Kind.DEGENERATE));
    assertEquals(List.of("cell [31m"), set.classes());
  }

  @Test
  void categoriesOfOneNameAreOneClassAndThatIsSaid() throws IOException {
    image("a.png");
    text(
        "annotations.json",
        """
        {"images": [{"id": 1, "file_name": "a.png"}],
         "categories": [{"id": 1, "name": "cell"}, {"id": 2, "name": "cell "}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]},
                         {"id": 2, "image_id": 1, "category_id": 2, "bbox": [5, 6, 7, 8]}]}
        """);
    AnnotatedSet set = open();
    assertEquals(List.of("cell"), set.classes());
    assertEquals(2, set.boxes());
    String said = String.join("\n", set.problems().summary());
    assertTrue(said.contains("1 name of a class") && said.contains("category 2: cell"), said);
    assertFalse(set.problems().isLossy());
  }

  /** One program writes the folder, the other does not. */
  @Test
  void filesThatNameAnImageWithAndWithoutItsFolderAreJoined() throws IOException {
    image("images/a.png");
    for (String name : List.of("images/a.png", "a.png")) {
      text(
          "annotations/" + name.length() + ".json",
          Strings.format(
              "{\"images\": [{\"id\": 1, \"file_name\": \"%s\"}],"
                  + " \"categories\": [{\"id\": 7, \"name\": \"cell\"}], \"annotations\":"
                  + " [{\"id\": 1, \"image_id\": 1, \"category_id\": 7,"
                  + " \"bbox\": [%d, 5, 4, 4]}]}",
              name, name.length()));
    }
    assertEquals(
        List.of(new Box(12, 5, 4, 4), new Box(5, 5, 4, 4)),
        boxes(open().images().get(0).annotation()));
  }
}
