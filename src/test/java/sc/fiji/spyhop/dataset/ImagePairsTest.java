package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.FloatProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.util.NumpyArray;
import sc.fiji.spyhop.util.NumpyFile;

class ImagePairsTest {

  @TempDir Path folder;

  /** A stack in which slice z has the value first + z. */
  private void save(String name, int width, int slices, float first, boolean shorts)
      throws IOException {
    ImageStack stack = new ImageStack(width, 3);
    for (int z = 1; z <= slices; z++) {
      FloatProcessor plane = new FloatProcessor(width, 3);
      plane.add(first + z);
      stack.addSlice(shorts ? plane.convertToShortProcessor(false) : plane);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    IJ.saveAsTiff(new ImagePlus(name, stack), file.toString());
  }

  private ImagePairs read(Optional<String> subset) {
    return ImagePairs.read(
        folder, ImagePairs.Places.ANY, Optional.empty(), subset, new ImageFiles());
  }

  private static float first(Frame frame) {
    return frame.values()[0];
  }

  @Test
  void filesOfOneNameBelongTogether() throws IOException {
    save("low/a.tif", 4, 1, 10, true);
    save("high/a.tif", 4, 1, 100, false);
    save("low/day/b.tif", 5, 1, 20, true);
    save("high/day/b.tif", 5, 1, 200, true);
    save("low/alone.tif", 4, 1, 30, true);
    ImagePairs found = read(Optional.empty());
    assertEquals(List.of("a", "day/b"), found.samples().names());
    assertEquals(11, first(found.samples().get(0).frame()));
    assertEquals(101, first(found.samples().get(0).truth()));
    assertEquals(201, first(found.samples().get(1).truth()));
    assertTrue(found.notes().get(0).contains("alone"), found.notes().toString());
  }

  @Test
  void slicesOfStacksBelongTogether() throws IOException {
    save("noisy/s.tif", 4, 3, 10, true);
    save("clean/s.tif", 4, 3, 100, false);
    Dataset<Frame> samples = read(Optional.empty()).samples();
    assertEquals(List.of("s slice 1", "s slice 2", "s slice 3"), samples.names());
    assertEquals(12, first(samples.get(1).frame()));
    assertEquals(102, first(samples.get(1).truth()));
  }

  @Test
  void aTableTellsPairsAndSubsets() throws IOException {
    save("x/1.tif", 4, 1, 1, true);
    save("x/2.tif", 4, 1, 2, true);
    save("y/t.tif", 4, 1, 50, true);
    Files.writeString(
        folder.resolve("index.csv"),
        "image,target,subset\nx/1.tif,y/t.tif,train\nx/2.tif,y/t.tif,test\n");
    assertEquals(2, read(Optional.empty()).samples().size());
    Dataset<Frame> test = read(Optional.of("test")).samples();
    assertEquals(List.of("x/2.tif"), test.names());
    assertEquals(51, first(test.get(0).truth()));
  }

  @Test
  void aTableOfNamesTellsSubsets() throws IOException {
    save("input/a.tif", 4, 1, 1, true);
    save("target/a.tif", 4, 1, 50, true);
    save("input/b.tif", 4, 1, 1, true);
    save("target/b.tif", 4, 1, 50, true);
    Files.writeString(folder.resolve("index.csv"), "name,subset\na,train\nb,test\n");
    assertEquals(List.of("b"), read(Optional.of("test")).samples().names());
    assertEquals(2, read(Optional.empty()).samples().size());
  }

  @Test
  void whatDoesNotFitIsNamedWhenItIsRead() throws IOException {
    save("input/a.tif", 4, 1, 1, true);
    save("target/a.tif", 5, 1, 50, true);
    save("input/b.tif", 4, 2, 1, true);
    save("target/b.tif", 4, 3, 50, true);
    Dataset<Frame> samples = read(Optional.empty()).samples();
    assertSaid("4 x 3 pixels but its target a.tif is 5 x 3", () -> samples.get(0));
    assertSaid("b.tif has 2 planes but its target b.tif has 3", () -> samples.get(1));
  }

  @Test
  void whatIsMissingIsToldBefore() throws IOException {
    save("before/a.tif", 4, 1, 1, true);
    save("after/a.tif", 4, 1, 50, true);
    assertSaid("found the folders after, before", () -> read(Optional.empty()));
    ImagePairs named =
        ImagePairs.read(
            folder,
            new ImagePairs.Places(Optional.of("before"), Optional.of("after")),
            Optional.empty(),
            Optional.empty(),
            new ImageFiles());
    assertEquals(51, first(named.samples().get(0).truth()));
    save("input/a.tif", 4, 1, 1, true);
    save("target/b.tif", 4, 1, 50, true);
    assertSaid("found none", () -> read(Optional.empty()));
  }

  @Test
  void imagesAloneAreTheirOwnTargets() throws IOException {
    save("one.tif", 4, 2, 1, true);
    Dataset<Frame> alone =
        ImagePairs.alone(folder, Optional.empty(), Optional.empty(), new ImageFiles()).samples();
    assertEquals(2, alone.size());
    assertArrayEquals(alone.get(1).frame().values(), alone.get(1).truth().values());
  }

  private static void assertSaid(String part, Executable what) {
    SpyhopException e = assertThrows(SpyhopException.class, what);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  /** Arrays of NumPy, in which the first of three axes is that of slices. */
  @Test
  void arraysBelongTogether() throws IOException {
    double[] values = new double[5 * 3 * 6];
    Arrays.setAll(values, i -> i);
    for (String part : List.of("input", "target")) {
      Files.createDirectories(folder.resolve(part));
      NumpyFile.write(
          new NumpyArray(NumpyArray.Type.FLOAT64, new int[] {5, 3, 6}, values.clone()),
          folder.resolve(part).resolve("a.npy"));
      Arrays.setAll(values, i -> 1000 - i);
    }
    Dataset<Frame> samples = read(Optional.empty()).samples();
    assertEquals(5, samples.size());
    assertEquals(2 * 18, first(samples.get(2).frame()));
    assertEquals(1000 - 2 * 18, first(samples.get(2).truth()));
    assertEquals(6, samples.get(2).truth().width());
  }
}
