package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.prediction.LabelMap;

class SegmentationFolderTest {

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();

  /** Takes the size from the file's text. */
  private static final ImageReader READER =
      new ImageReader() {
        @Override
        public Frame readFrame(Path file) {
          int size = size(file);
          return new Frame(
              file.getFileName().toString(),
              ArrayImgs.unsignedBytes(size, size, 1),
              PixelSize.UNCALIBRATED);
        }

        @Override
        public LabelMap readLabels(Path file, IntPredicate unknown) {
          return new LabelMap(size(file), size(file));
        }

        private int size(Path file) {
          try {
            return Integer.parseInt(Files.readString(file));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        }
      };

  private void file(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @BeforeEach
  void pairs() throws IOException {
    for (String name : List.of("b", "a", "c.1")) {
      file("images/" + name + ".tif", "5");
      file("labels/" + name + ".png", "5");
    }
    file("images/notes.txt", "");
    file("images/.hidden.tif", "");
  }

  private Dataset<LabelMap> read() {
    return SegmentationFolder.read(
        folder, Optional.empty(), Optional.empty(), READER, -1, notes::add);
  }

  private Dataset<LabelMap> subset(String subset) {
    return SegmentationFolder.read(
        folder, Optional.empty(), Optional.of(subset), READER, -1, notes::add);
  }

  private static String refusal(Runnable run) {
    return assertThrows(SpyhopException.class, run::run).getMessage();
  }

  @Test
  void pairsAreFoundByBaseName() {
    Dataset<LabelMap> set = read();
    assertEquals(List.of("a", "b", "c.1"), set.names());
    assertEquals("c.1", set.get(2).frame().name());
    assertEquals(5, set.get(2).truth().width());
  }

  @Test
  void masksWillDoAndSoDoLabelsBesideImages() throws IOException {
    Files.move(folder.resolve("labels"), folder.resolve("masks"));
    assertEquals(3, read().size());
    Path flat = Files.createDirectory(folder.resolve("flat"));
    Files.writeString(flat.resolve("x.png"), "3");
    Files.writeString(flat.resolve("x_labels.tif"), "3");
    Dataset<LabelMap> set =
        SegmentationFolder.read(flat, Optional.empty(), Optional.empty(), READER, -1, notes::add);
    assertEquals(List.of("x"), set.names());
    Path below = Files.createDirectories(folder.resolve("below/labels"));
    Files.writeString(below.resolve("x.tif"), "3");
    Files.writeString(folder.resolve("below/x.png"), "3");
    set =
        SegmentationFolder.read(
            folder.resolve("below"), Optional.empty(), Optional.empty(), READER, -1, notes::add);
    assertEquals(List.of("x"), set.names());
    assertEquals(3, set.get(0).truth().width());
  }

  @Test
  void anIndexChoosesASubset() throws IOException {
    file("index.csv", "\uFEFFName,kind,Subset\nb.tif,fluo,train\na,\"x, y\",test\n");
    assertEquals(List.of("b"), subset("train").names());
    file("index.csv", "image;subset\nc.1;train\nb;train\n");
    assertEquals(List.of("b", "c.1"), subset("train").names());
    assertEquals(
        2,
        SegmentationFolder.read(
                folder,
                Optional.of(folder.resolve("index.csv")),
                Optional.empty(),
                READER,
                -1,
                notes::add)
            .size());
  }

  @Test
  void anUnknownSubsetIsToldWhichThereAre() throws IOException {
    file("index.csv", "name,subset\na,train\nb,test\n");
    String message = refusal(() -> subset("tain"));
    assertTrue(message.endsWith("expected one of test, train."), message);
  }

  @Test
  void anIndexThatIsNoneIsRefused() throws IOException {
    assertTrue(refusal(() -> subset("train")).contains("there is no such file"));
    file("index.csv", "title,subset\na,train\n");
    assertTrue(
        refusal(() -> subset("train"))
            .endsWith("title, subset: expected one named name or image."));
    file("index.csv", "name,subset\na,train,1\n");
    assertTrue(refusal(() -> subset("train")).endsWith("row 2: expected 2 columns, received 3."));
    file("index.csv", "name,subset\na,train\na,train\n");
    assertTrue(refusal(() -> subset("train")).endsWith("index.csv: a is listed twice."));
    file("index.csv", "name,subset\n\"a,train\n");
    assertTrue(refusal(() -> subset("train")).contains("is not a CSV file"));
    Files.write(folder.resolve("index.csv"), new byte[] {(byte) 0xC3, (byte) 0x28, 0});
    assertTrue(refusal(() -> subset("train")).contains("expected text in UTF-8"));
    file("index.csv", "");
    assertTrue(refusal(() -> subset("train")).contains("is empty: expected a header"));
  }

  @Test
  void whatHasNoPairIsLeftOutByName() throws IOException {
    Files.delete(folder.resolve("labels/b.png"));
    file("labels/d.png", "5");
    assertEquals(List.of("a", "c.1"), read().names());
    assertEquals(
        List.of(
            "Left out of 4 images: d has a label image but no image; b has no label image:"
                + " expected labels/b.tif or .png."),
        notes);
    for (int i = 0; i < 9; i++) file("labels/e" + i + ".png", "5");
    read();
    assertTrue(notes.get(1).endsWith("; and 6 more."), notes.get(1));
    for (String name : List.of("a", "c.1")) Files.delete(folder.resolve("labels/" + name + ".png"));
    assertTrue(refusal(this::read).endsWith("Correct or remove these and start again."));
  }

  @Test
  void imagesOfLabelImagesMayBeInFoldersBelow() throws IOException {
    file("images/day1/x.tif", "5");
    file("images/day1/y.tif", "5");
    file("images/day2/y.tif", "5");
    file("images/day2/z.tif", "5");
    file("labels/x.png", "5");
    file("labels/day2_Y.png", "5");
    assertEquals(List.of("a", "b", "c.1", "day2_Y", "x"), read().names());
    assertEquals("x", read().get(4).frame().name());
    file("labels/y.png", "5");
    String two =
        Path.of("images", "day1", "y.tif") + " or of " + Path.of("images", "day2", "y.tif");
    assertEquals(List.of("a", "b", "c.1", "day2_Y", "x"), read().names());
    String note = notes.get(notes.size() - 1);
    assertTrue(note.contains("y may be the label image of " + two), note);
  }

  @Test
  void whatIsListedButNotThereIsNamed() throws IOException {
    file("index.csv", "name,subset\na,train\nz,train\n");
    assertEquals(List.of("a"), subset("train").names());
    assertEquals(
        List.of("Left out of 2 images: z is listed in index.csv but has no image."), notes);
  }

  @Test
  void sizesHaveToAgree() throws IOException {
    file("labels/b.png", "6");
    Dataset<LabelMap> set = read();
    assertEquals(
        "b.tif is 5 x 5 pixels but its label image b.png is 6 x 6: expected the same size.",
        refusal(() -> set.get(1)));
  }

  @Test
  void emptyAndMissingFoldersAreRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    String none =
        refusal(
            () ->
                SegmentationFolder.read(
                    empty, Optional.empty(), Optional.empty(), READER, -1, notes::add));
    assertTrue(none.startsWith("No images in " + empty), none);
    Path missing = folder.resolve("missing");
    String message =
        refusal(
            () ->
                SegmentationFolder.read(
                    missing, Optional.empty(), Optional.empty(), READER, -1, notes::add));
    assertTrue(message.startsWith("No training data: expected a folder"), message);
    Files.createDirectory(empty.resolve("images"));
    String half =
        refusal(
            () ->
                SegmentationFolder.read(
                    empty, Optional.empty(), Optional.empty(), READER, -1, notes::add));
    assertTrue(half.contains("expected a folder labels or masks"), half);
  }

  @Test
  void pairsMayDifferInUpperAndLowerCase() throws IOException {
    file("images/IMG_1.TIF", "5");
    file("labels/Img_1.png", "5");
    file("index.csv", "image,subset\nimg_1.tif,few\nB,few\n");
    assertEquals(List.of("IMG_1", "a", "b", "c.1"), read().names());
    assertEquals(List.of("IMG_1", "b"), subset("few").names());
  }

  @Test
  void whatIsLabelledIsToldAsPairsAreFound() throws IOException {
    file("images/IMG_1.TIF", "5");
    file("images/d.tif", "5");
    file("labels/img_1.PNG", "5");
    file("flat/x.png", "5");
    file("flat/X_labels.TIF", "5");
    Predicate<Path> labelled = SegmentationFolder.labelled();
    assertTrue(labelled.test(folder.resolve("images/a.tif")));
    assertTrue(labelled.test(folder.resolve("images/IMG_1.TIF")));
    assertTrue(labelled.test(folder.resolve("flat/x.png")));
    assertFalse(labelled.test(folder.resolve("images/d.tif")));
    // labels of images in folders below, as read pairs them
    for (String image : List.of("day1/n.tif", "day2/n.tif", "day2/m.tif", "day2/k.tif")) {
      file("nested/" + image, "5");
    }
    for (String name : List.of("day1_n", "m")) file("nested/labels/" + name + ".png", "5");
    assertTrue(labelled.test(folder.resolve("nested/day1/n.tif")));
    assertTrue(labelled.test(folder.resolve("nested/day2/m.tif")));
    assertFalse(labelled.test(folder.resolve("nested/day2/n.tif")));
    assertFalse(labelled.test(folder.resolve("nested/day2/k.tif")));
  }

  @Test
  void oneThatIsThereTwiceDoesNotEndTheRest() throws IOException {
    file("images/a.png", "5");
    file("labels/b.tif", "5");
    Dataset<LabelMap> set = read();
    assertEquals("a has several images: a.png, a.tif", refusal(() -> set.get(0)));
    assertEquals("b has several label images: b.png, b.tif", refusal(() -> set.get(1)));
    assertEquals(5, set.get(2).truth().width());
  }
}
