package sc.fiji.spyhop.dataset.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.prediction.LabelMap;

/** Truth whose classes may lie over each other: bit 0 is the first class, bit 1 the second. */
class OverlapFilesTest {

  @TempDir Path folder;

  /** Of 4 x 1 pixels. */
  private void save(String name, int... pixels) throws IOException {
    ByteProcessor plane = new ByteProcessor(4, 1);
    for (int i = 0; i < pixels.length; i++) plane.set(i, pixels[i]);
    save(name, new ImagePlus(name, plane));
  }

  private void save(String name, ImagePlus image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    LabelImages.save(image, file);
  }

  private OverlapFiles read(String... known) {
    return OverlapFiles.read(
        new AnnotationFiles(new ImageFiles()),
        folder,
        Optional.empty(),
        Optional.empty(),
        List.of(known));
  }

  private String refused(String... known) {
    return assertThrows(SpyhopException.class, () -> read(known)).getMessage();
  }

  @Test
  void aMaskForEachClass() throws IOException {
    save("images/day_1.tif");
    save("images/day_2.tif");
    save("masks/day_1_b.tif", 0, 255, 255, 0);
    save("masks/day_1_a.tif", 255, 255, 0, 0);
    save("masks/day_2_a.tif", 0, 0, 0, 1);
    OverlapFiles found = read();
    assertEquals(List.of("a", "b"), found.classes());
    assertEquals(List.of("day_1", "day_2"), found.samples().names());
    assertEquals(LabelMap.of(4, 1, 1, 3, 2, 0), found.samples().get(0).truth());
    assertEquals(LabelMap.of(4, 1, 0, 0, 0, 1), found.samples().get(1).truth());
    assertTrue(
        found.problems().get(0).contains("1 image is without a mask of class b"),
        found.problems().toString());
    OverlapFiles turned = read("b", "a");
    assertEquals(LabelMap.of(4, 1, 2, 3, 1, 0), turned.samples().get(0).truth());
    OverlapFiles one = read("b");
    assertEquals(LabelMap.of(4, 1, 0, 1, 1, 0), one.samples().get(0).truth());
    assertTrue(one.problems().get(0).contains("left out: a"), one.problems().toString());
    save("images/day_3.tif");
    assertTrue(read().problems().toString().contains("day_3 has no mask"));
  }

  @Test
  void aFolderForEachClass() throws IOException {
    save("x.tif");
    save("masks/cell/x.tif", 9, 9, 0, 0);
    save("masks/nerve/x.tif", 0, 9, 9, 0);
    OverlapFiles found = read();
    assertEquals(List.of("cell", "nerve"), found.classes());
    assertEquals(LabelMap.of(4, 1, 1, 3, 2, 0), found.samples().get(0).truth());
    save("masks/nerve/x.tif", new ImagePlus("", new ByteProcessor(5, 1)));
    String said = assertThrows(SpyhopException.class, () -> read().samples().get(0)).getMessage();
    assertTrue(said.contains("4 x 1 pixels but its mask x.tif is 5 x 1"), said);
  }

  @Test
  void aChannelForEachClass() throws IOException {
    save("images/x.tif");
    ImageStack stack = new ImageStack(4, 1);
    stack.addSlice(new ByteProcessor(4, 1, new byte[] {1, 1, 0, 0}));
    stack.addSlice(new ByteProcessor(4, 1, new byte[] {0, 1, 1, 0}));
    ImagePlus masks = new ImagePlus("x", stack);
    masks.setDimensions(2, 1, 1);
    save("masks/x.tif", masks);
    assertEquals(LabelMap.of(4, 1, 1, 3, 2, 0), read("first", "second").samples().get(0).truth());
    assertTrue(refused().contains("name them in their order"), refused());
    String said =
        assertThrows(SpyhopException.class, () -> read("one").samples().get(0)).getMessage();
    assertTrue(said.contains("received 2 channels"), said);
  }

  @Test
  void outlinesThatLieOverEachOther() throws IOException {
    save("x.tif");
    Roi a = new Roi(0, 0, 2, 1);
    a.setName("a");
    Roi b = new Roi(1, 0, 2, 1);
    b.setName("b");
    Roi more = new Roi(0, 0, 1, 1);
    more.setName("a");
    Rois.writeZip(folder.resolve("x.zip"), List.of(a, b, more));
    assertEquals(LabelMap.of(4, 1, 1, 3, 2, 0), read("a", "b").samples().get(0).truth());
    assertEquals(LabelMap.of(4, 1, 0, 1, 1, 0), read("b").samples().get(0).truth());
    assertTrue(refused("c").contains("no image is left"), refused("c"));
  }

  @Test
  void polygonsOfCoco() throws IOException {
    save("x.tif");
    Files.writeString(
        folder.resolve("coco.json"),
        """
        {"images": [{"id": 1, "file_name": "x.tif", "width": 4, "height": 1}],
         "categories": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}],
         "annotations": [
           {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 3, 1],
            "segmentation": [[0, 0, 3, 0, 3, 1, 0, 1]]},
           {"id": 2, "image_id": 1, "category_id": 2, "bbox": [2, 0, 2, 1],
            "segmentation": [[2, 0, 4, 0, 4, 1, 2, 1]]}]}
        """);
    assertEquals(LabelMap.of(4, 1, 1, 1, 3, 2), read("a", "b").samples().get(0).truth());
  }

  @Test
  void refusesWhatHoldsOneClassAPixelAndTooManyClasses() throws IOException {
    save("images/x.tif");
    save("labels/y.tif", 1, 2, 0, 0);
    assertTrue(refused("a").contains("a pixel has one number"), refused("a"));
    String[] many = IntStream.range(0, 25).mapToObj(i -> "c" + i).toArray(String[]::new);
    save("labels/x_c1.tif", 1, 1, 0, 0);
    assertTrue(refused(many).contains("at most 24 classes"), refused(many));
  }
}
