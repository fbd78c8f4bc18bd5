package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ImageFiles;

class ClassImagesTest {

  @TempDir Path folder;

  private void touch(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1]);
  }

  private ClassImages read(Optional<String> subset, String... known) {
    return ClassImages.read(folder, Optional.empty(), subset, List.of(known), new ImageFiles());
  }

  @Test
  void foldersAreClasses() throws IOException {
    for (String f : List.of("10/a.png", "9/a.png", "9/deep/b.tif", "9/notes.txt")) touch(f);
    ClassImages images = read(Optional.empty());
    assertEquals(List.of("9", "10"), images.classes(), "numbers by size");
    assertEquals(List.of("10/a.png", "9/a.png", "9/deep/b.tif"), images.samples().names());
    assertEquals(List.of(1, 0, 0), images.numbers());
    String message =
        assertThrows(SpyhopException.class, () -> read(Optional.empty(), "9")).getMessage();
    assertTrue(message.contains("unknown class \"10\""), message);
  }

  /** As torchvision and Keras have them. */
  @Test
  void foldersOfSubsetsAreNoClasses() throws IOException {
    for (String f : List.of("Train/cat/a.png", "Train/dog/b.png", "val/cat/c.png")) touch(f);
    String said = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(said.contains("Train, val") && said.contains("subset=Train"), said);
    assertEquals(List.of("cat", "dog"), read(Optional.of("Train")).classes());
    touch("seal/cat/d.png");
    assertEquals(List.of("Train", "seal", "val"), read(Optional.empty()).classes());
  }

  /** Classes may be called so if images lie in them. */
  @Test
  void aClassMayBeCalledTest() throws IOException {
    for (String f : List.of("test/a.png", "train/b.png")) touch(f);
    assertEquals(List.of("test", "train"), read(Optional.empty()).classes());
  }

  @Test
  void tablesNameImagesAndSubsets() throws IOException {
    touch("images/a.png");
    touch("images/b.png");
    touch("../outside.png");
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "image;class;subset\na;dog;train\nb.png;cat;test\n");
    assertEquals(List.of("cat", "dog"), read(Optional.empty()).classes());
    ClassImages test = read(Optional.of("test"), "cat", "dog");
    assertEquals(List.of("images/b.png"), test.samples().names());
    Files.writeString(index, "image,class\n../outside.png,dog\n");
    String message = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(message.contains("outside.png is missing"), message);
    Files.delete(folder.resolve("../outside.png"));
  }

  /** Two images of 1 x 2 pixels, labels 1 and 0. */
  @Test
  void mnistFilesAreRead() throws IOException {
    byte[] images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, (byte) 200, 7, 8};
    byte[] labels = {0, 0, 8, 1, 0, 0, 0, 2, 1, 0};
    Path zipped = folder.resolve("train-images-idx3-ubyte.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(images);
    }
    Path plain = folder.resolve("train-labels-idx1-ubyte");
    Files.write(plain, labels);
    ClassImages set = read(Optional.empty());
    assertEquals(List.of("0", "1"), set.classes());
    assertEquals(List.of(1, 0), set.numbers());
    var pixels = set.samples().get(0).frame().pixels();
    assertEquals(200, pixels.getAt(1, 0, 0).getRealDouble());
    assertThrows(SpyhopException.class, () -> read(Optional.of("test")));
    Files.write(plain, java.util.Arrays.copyOf(labels, 9));
    String cut = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(cut.contains("cut short"), cut);
  }

  private final List<String> notes = new ArrayList<>();

  private Split<?> split(ClassImages images, double fraction, long seed) {
    return new Splitter(Grouping.BY_NAME, fraction, seed)
        .split(images.samples(), images.numbers(), notes::add);
  }

  @Test
  void splitsKeepTheMixtureOfClasses() throws IOException {
    for (int i = 0; i < 20; i++) touch("a/" + i + ".png");
    for (int i = 0; i < 4; i++) touch("b/" + i + ".png");
    Split<?> split = split(read(Optional.empty()), 0.25, 3);
    long fromA = split.validation().names().stream().filter(n -> n.startsWith("a/")).count();
    assertEquals(5, fromA);
    assertEquals(6, split.validation().size());
    assertEquals(18, split.train().size());
  }

  private void stack(String name, String... labels) {
    ij.ImageStack stack = new ij.ImageStack(4, 4);
    for (int i = 0; i < labels.length; i++) {
      ij.process.ByteProcessor slice = new ij.process.ByteProcessor(4, 4);
      slice.set(0, 10 * i + 1);
      stack.addSlice(labels[i], slice);
    }
    ij.IJ.saveAsTiff(new ij.ImagePlus(name, stack), folder.resolve(name).toString());
  }

  /** Slices of a stack never lie on both sides; the pixels are those of the slice asked for. */
  @Test
  void slicesOfAStackStayTogether() {
    for (int i = 0; i < 4; i++) stack("s" + i + ".tif", "a", "b", null, "a");
    ClassImages images = read(Optional.empty());
    assertEquals(List.of("a", "b"), images.classes());
    assertEquals(12, images.samples().size());
    assertEquals("s2.tif slice 4", images.samples().names().get(8));
    assertEquals(
        31, images.samples().get(8).frame().pixels().getAt(0, 0, 0).getRealDouble(), "slice 4");
    assertEquals(4, images.notes().size(), "one for each slice without a label");
    for (int seed = 0; seed < 5; seed++) {
      Split<?> split = split(images, 0.25, seed);
      assertEquals(3, split.validation().size());
      assertEquals(
          1, split.validation().names().stream().map(n -> n.substring(0, 2)).distinct().count());
      assertEquals(9, split.train().size());
    }
    assertEquals(0, split(images, 0, 1).validation().size());
  }

  /**
   * Where each class has a stack of its own, slices are drawn, and the figures come with a word.
   */
  @Test
  void slicesAreDrawnWhereNoStackCanBeSpared() {
    stack("a.tif", "a", "a", "a", "a");
    stack("b.tif", "b", "b", "b", "b");
    ClassImages images = read(Optional.empty());
    assertEquals(2, split(images, 0.25, 1).validation().size());
    assertTrue(notes.get(0).contains("in one stack only"), notes.toString());
  }

  @Test
  void labelsThatAreNamesOfSlicesAreNoClasses() {
    stack("t.tif", "t01", "t02", "t03");
    SpyhopException e = assertThrows(SpyhopException.class, () -> read(Optional.empty()));
    assertTrue(e.getMessage().contains("3 labels that all differ, such as t01"), e.getMessage());
  }

  @Test
  void tablesMayWriteNamesInAnotherCase() throws IOException {
    touch("images/IMG_1.PNG");
    touch("images/b.png");
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "image,class\nimg_1.png,dog\nB,cat\n");
    assertEquals(
        List.of("images/IMG_1.PNG", "images/b.png"), read(Optional.empty()).samples().names());
    Files.writeString(index, "image,class\nimg_1.png,dog\nIMG_1.PNG,dog\n");
    String message = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(message.contains("IMG_1.PNG is listed twice"), message);
  }

  private ClassImages several() {
    return ClassImages.read(
        folder,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        ClassImages.Labels.SEVERAL,
        new ImageFiles());
  }

  @Test
  void aTableMayNameSeveralClassesOfAnImage() throws IOException {
    for (String f : List.of("a.png", "b.png", "c.png")) touch(f);
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "image,classes\na.png,dog;cat\nb.png,none\nc.png, cat \n");
    ClassImages images = read(Optional.empty());
    assertEquals(false, images.exclusive());
    assertEquals(List.of("cat", "dog"), images.classes());
    assertEquals(List.of(List.of(0, 1), List.of(), List.of(0)), images.members());
    assertTrue(images.notes().get(0).contains("several classes"), images.notes().toString());
    Files.writeString(index, "image,classes\na.png,dog\nb.png,\n");
    String said = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(said.contains("row 3 (b.png)") && said.contains("write none"), said);
    String one =
        assertThrows(
                SpyhopException.class,
                () ->
                    ClassImages.read(
                        folder,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        ClassImages.Labels.ONE,
                        new ImageFiles()))
            .getMessage();
    assertTrue(one.contains("may name several"), one);
  }

  @Test
  void aTableMayHaveAColumnForEachClass() throws IOException {
    for (String f : List.of("a.png", "b.png")) touch(f);
    Path index = folder.resolve("labels.csv");
    Files.writeString(index, "image,dog,cat,plate\na.png,1,1,7\nb.png,0,0,9\n");
    ClassImages images = read(Optional.empty());
    assertEquals(List.of("dog", "cat"), images.classes(), "in the order of the columns");
    assertEquals(List.of(List.of(0, 1), List.of()), images.members());
    ClassImages known = read(Optional.empty(), "cat", "dog");
    assertEquals(List.of(0, 1), known.members().get(0));
    Files.writeString(index, "image,dog,cat\na.png,1,\nb.png,0,0\n");
    String said = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(said.contains("row 2 (a.png) has neither 0 nor 1 for cat"), said);
  }

  /** Rows of one image count together only if that is asked for. */
  @Test
  void anImageListedTwiceIsOfBothClassesIfAskedFor() throws IOException {
    touch("a.png");
    touch("b.png");
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "image,class\na.png,dog\na.png,cat\nb.png,cat\n");
    String said = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(said.contains("listed twice") && said.contains("several=true"), said);
    assertEquals(List.of(List.of(0, 1), List.of(0)), several().members());
  }

  @Test
  void anImageInSeveralFoldersIsOfAllTheirClassesIfAskedFor() throws IOException {
    for (String f : List.of("cat/a.png", "dog/a.png", "cat/b.png", "dog+fox/c.png")) touch(f);
    touch("none/d.png");
    touch("CD4+/e.png");
    Files.write(folder.resolve("dog/b.png"), new byte[2]); // of the same name, but another
    ClassImages plain = read(Optional.empty());
    assertTrue(plain.exclusive());
    assertEquals(7, plain.samples().size());
    assertTrue(plain.notes().get(0).contains("several=true"), plain.notes().toString());
    ClassImages images = several();
    assertEquals(List.of("CD4+", "cat", "dog", "fox"), images.classes());
    List<String> names = images.samples().names();
    assertEquals(6, names.size());
    assertEquals(List.of(1, 2), images.members().get(names.indexOf("cat/a.png")));
    assertEquals(List.of(1), images.members().get(names.indexOf("cat/b.png")));
    assertEquals(List.of(2), images.members().get(names.indexOf("dog/b.png")));
    assertEquals(List.of(2, 3), images.members().get(names.indexOf("dog+fox/c.png")));
    assertEquals(List.of(), images.members().get(names.indexOf("none/d.png")));
    assertEquals(List.of(0), images.members().get(names.indexOf("CD4+/e.png")));
  }

  /** Every class is on both sides, although images are of several. */
  @Test
  void severalClassesAreSplitAlike() throws IOException {
    StringBuilder rows = new StringBuilder("image,classes\n");
    for (int i = 0; i < 40; i++) {
      touch("i" + i + ".png");
      String classes = (i % 2 == 0 ? "even;" : "") + (i % 10 == 3 ? "rare;" : "") + "all";
      rows.append("i").append(i).append(".png,").append(classes).append('\n');
    }
    Files.writeString(folder.resolve("index.csv"), rows);
    ClassImages images = read(Optional.empty());
    Split<?> split =
        new Splitter(new Grouping.ByName(), 0.25, 1)
            .splitSeveral(images.samples(), images.members(), note -> {});
    assertTrue(Math.abs(split.validation().size() - 10) <= 2, "" + split.validation().size());
    int[] held = new int[3];
    for (String name : split.validation().names()) {
      images.members().get(images.samples().names().indexOf(name)).forEach(c -> held[c]++);
    }
    assertTrue(held[1] >= 3 && held[1] <= 7, "about a quarter of 20: " + held[1]);
    assertEquals(1, held[2], "a quarter of 4");
  }

  private String refusal(String table) throws IOException {
    for (String f : List.of("a.png", "b.png", "c.png")) touch(f);
    Files.writeString(folder.resolve("index.csv"), table);
    return assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
  }

  /** Nothing can be learnt from images of no class; a model is judged by them all the same. */
  @Test
  void imagesOfNoClassAloneAreRefused() throws IOException {
    String said = refusal("image,classes\na.png,none\nb.png,None\n");
    assertTrue(said.contains("2 images of no class"), said);
    assertEquals(List.of(List.of(), List.of()), read(Optional.empty(), "dog").members());
    said = refusal("image,dog,cat\na.png,0,0\nb.png,0,0\n");
    assertTrue(said.contains("2 images of no class"), said);
    assertThrows(
        SpyhopException.class,
        () ->
            ClassImages.ofSeveral(List.of(images().samples().get(0).frame()), List.of(List.of())));
  }

  private ClassImages images() {
    stack("one.tif", "a");
    return ClassImages.read(
        folder.resolve("one.tif"), Optional.empty(), Optional.empty(), List.of(), new ImageFiles());
  }

  @Test
  void rowsThatCannotBeMeantAreRefused() throws IOException {
    String said = refusal("image,classes\na.png,dog\nb.png,dog;None\nc.png,cat\n");
    assertTrue(said.contains("row 3 (b.png) says none beside dog"), said);
    said = refusal("image,classes\na.png,dog\nb.png,\"dog,cat\"\nc.png,cat\n");
    assertTrue(said.contains("row 3 (b.png)") && said.contains("semicolons"), said);
    assertEquals(
        List.of(List.of(1), List.of(0), List.of(2)),
        read(Optional.empty(), "dog,cat", "dog", "cat").members(),
        "if a model has a class of that name");
    said = refusal("image,classes\na.png,dog\nb.png,dog\na,cat\n");
    assertTrue(said.contains("rows 2 and 4 are about a.png"), said);
    said = refusal("image,dog,cat\na.png,1,0\nb.png,0,1\na,1,0\n");
    assertTrue(said.contains("rows 2 and 4 are about a.png"), said);
  }

  /** Where a column class has a row for each class of an image. */
  @Test
  void rowsThatAreTakenTogetherAreTold() throws IOException {
    touch("a.png");
    touch("b.png");
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "image,class\na.png,dog\nb.png,cat\na.png,cat\n");
    assertTrue(several().notes().toString().contains("a.png (rows 2 and 4)"));
    Files.writeString(index, "image,class\na.png,dog\nb.png,cat\na.png,none\n");
    String said = assertThrows(SpyhopException.class, this::several).getMessage();
    assertTrue(said.contains("rows 2 and 4 (a.png) say none and a class"), said);
  }

  @Test
  void namesThatDifferInCaseAloneAreTold() throws IOException {
    for (String f : List.of("a.png", "b.png")) touch(f);
    Path index = folder.resolve("index.csv");
    Files.writeString(index, "image,classes\na.png,Dog;cat\nb.png,dog\n");
    ClassImages images = read(Optional.empty());
    assertEquals(List.of("Dog", "cat", "dog"), images.classes());
    assertTrue(images.notes().get(1).contains("alone: Dog and dog."), images.notes().toString());
    Files.writeString(index, "image,classes\na.png,dog;cat\nb.png,dog\n");
    assertEquals(1, read(Optional.empty()).notes().size());
  }

  @Test
  void imagesOfEachClassAreCounted() throws IOException {
    for (String f : List.of("a.png", "b.png", "c.png")) touch(f);
    Files.writeString(
        folder.resolve("index.csv"), "image,classes\na.png,dog;cat\nb.png,none\nc.png,cat\n");
    assertEquals("3 images: 2 of cat, 1 of dog, 1 of no class.", read(Optional.empty()).counts());
  }

  @Test
  void labelsOfSlicesSayNoneAlone() {
    stack("s.tif", "dog;cat", "cat;none", "none");
    String said = assertThrows(SpyhopException.class, () -> read(Optional.empty())).getMessage();
    assertTrue(said.contains("s.tif slice 2 says none beside cat"), said);
  }
}
