package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.SemanticSegmentation;

/** Labels 0, 1 and 65535 of 16 bits in images/a and images/b, and of 32 bits in images/c. */
class UnknownLabelsTest {

  private static final short[] SHORTS = {0, 1, (short) 65535};
  private static final LabelMap PLAIN = LabelMap.of(3, 1, 0, 1, 65535);
  private static final LabelMap IN_PART = LabelMap.of(3, 1, 0, 1, LabelMap.UNLABELLED);

  @TempDir Path folder;
  private final AnnotationFiles files = new AnnotationFiles(new ImageFiles());

  @BeforeEach
  void dataSet() throws IOException {
    Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(folder.resolve("labels"));
    for (String name : List.of("a.tif", "b.tif", "c.tif")) {
      LabelImages.save(
          new ImagePlus(name, new ByteProcessor(3, 1)), folder.resolve("images").resolve(name));
    }
    labels("a.tif", new ImagePlus("", new ShortProcessor(3, 1, SHORTS, null)));
    labels("b.tif", new ImagePlus("", new ShortProcessor(3, 1, SHORTS, null)));
    labels("c.tif", new ImagePlus("", new FloatProcessor(3, 1, new float[] {0, 1, 65535})));
  }

  private void labels(String name, ImagePlus image) {
    LabelImages.save(image, folder.resolve("labels").resolve(name));
  }

  private void index(String... lines) throws IOException {
    Files.write(folder.resolve("index.csv"), List.of(lines));
  }

  private MaskFiles objects(int ignored) {
    return MaskFiles.objects(files, folder, Optional.empty(), Optional.empty(), List.of(), ignored);
  }

  private List<LabelMap> truths(int ignored) {
    Dataset<LabelMap> samples = objects(ignored).samples();
    return List.of(samples.get(0).truth(), samples.get(1).truth(), samples.get(2).truth());
  }

  @Test
  void ifNobodySaysSoItIsALabel() {
    assertEquals(List.of(PLAIN, PLAIN, PLAIN), truths(-1));
    String said = String.join("\n", objects(-1).problems());
    assertTrue(said.contains("ignore=65535") && said.contains("column unknown"), said);
  }

  @Test
  void theDataSetSaysItForEachImage() throws IOException {
    index("image,unknown", "a.tif,65535", "b,", "c.tif,");
    assertEquals(List.of(IN_PART, PLAIN, PLAIN), truths(-1));
    index("Name;Unknown", "a;65535", "b.tif;65535");
    assertEquals(List.of(IN_PART, IN_PART, PLAIN), truths(-1));
  }

  @Test
  void soDoAnIndexElsewhereAndTheUser() throws IOException {
    Path index = folder.resolve("parts.csv");
    Files.write(index, List.of("name,subset,unknown", "a,train,65535", "b,train,1"));
    Dataset<LabelMap> samples =
        MaskFiles.objects(files, folder, Optional.of(index), Optional.of("train"), List.of(), -1)
            .samples();
    assertEquals(IN_PART, samples.get(0).truth());
    assertEquals(LabelMap.of(3, 1, 0, LabelMap.UNLABELLED, 1), samples.get(1).truth());
    assertEquals(List.of(IN_PART, IN_PART, IN_PART), truths(65535));
  }

  /** As Spyhop wrote them before there was the column: 65535 is unknown. */
  @Test
  void earlierDataSetsMeanWhatTheyMeant() throws IOException {
    index("image,source,slice,frame", "a.tif,cells.tif,1,1");
    assertEquals(List.of(IN_PART, PLAIN, PLAIN), truths(-1));
    UnknownLabels.upgrade(folder.resolve("index.csv"));
    assertEquals(
        List.of("image,source,slice,frame,unknown", "a.tif,cells.tif,1,1,65535"),
        Files.readAllLines(folder.resolve("index.csv")));
    assertEquals(List.of(IN_PART, PLAIN, PLAIN), truths(-1));
  }

  /** A table of another kind is none of our business, however broken. */
  @Test
  void otherTablesArePassedOver() throws IOException {
    index("a table", "1,2,3", "\"");
    assertEquals(List.of(PLAIN, PLAIN, PLAIN), truths(-1));
  }

  @Test
  void whatIsNoNumberIsRefused() throws IOException {
    index("image,unknown", "a.tif,none");
    String said = assertThrows(SpyhopException.class, () -> objects(-1)).getMessage();
    assertTrue(said.contains("a.tif") && said.contains("\"none\""), said);
  }

  @Test
  void asObjectsOfAnAnnotationToo() throws IOException {
    Path labels = folder.resolve("labels");
    assertTrue(UnknownLabels.of(labels, Optional.empty(), -1).of("a").negate().test(65535));
    AnnotatedSet plain = files.open(folder);
    assertEquals(2, plain.images().get(0).annotation().objects().size());
    index("image,unknown", "a.tif,65535");
    AnnotatedSet known = files.open(folder);
    assertEquals(1, known.images().get(0).annotation().objects().size());
    assertEquals(2, known.images().get(1).annotation().objects().size());
    assertFalse(UnknownLabels.of(labels, Optional.empty(), -1).of("b").test(65535));
  }

  @Test
  void aClassOutOfRangeMentionsHowToSayIt() {
    SemanticSegmentation task = SemanticSegmentation.of(List.of("background", "cell"));
    String said = assertThrows(SpyhopException.class, () -> task.encode(PLAIN)).getMessage();
    assertTrue(said.contains("received 65535") && said.contains("ignore=65535"), said);
    task.encode(IN_PART);
  }
}
