package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;

/** Kept probabilities, adjusted, give what a run with the same settings gives. */
class AdjustTest {

  @TempDir Path folder;
  private Path model;
  private Path images;
  private Path kept;

  @BeforeEach
  void prepare() throws IOException {
    model = Discs.model(folder);
    images = Files.createDirectory(folder.resolve("images"));
    kept = folder.resolve("kept");
  }

  private Shell keep(Object... more) {
    Object[] fixed = {"segment", "--model", model, "--output", kept, "--probabilities"};
    return Shell.run(Stream.concat(Stream.of(fixed), Stream.of(more)).toArray());
  }

  private Path adjusted(Object... settings) {
    Path output = folder.resolve("adjusted" + Math.abs(List.of(settings).hashCode()));
    Object[] fixed = {"segment", "--adjust", kept, "--output", output};
    Shell shell = Shell.run(Stream.concat(Stream.of(fixed), Stream.of(settings)).toArray());
    assertEquals(0, shell.code(), shell.err());
    return output;
  }

  private Path again(List<Object> how, Object... settings) {
    Path output = folder.resolve("again" + Math.abs(List.of(settings).hashCode()));
    List<Object> line = new ArrayList<>(List.of("segment", "--model", model, "--output", output));
    line.addAll(how);
    line.addAll(List.of(settings));
    line.add(images);
    Shell shell = Shell.run(line.toArray());
    assertEquals(0, shell.code(), shell.err());
    return output;
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** All files that hold results are the same to the last byte. */
  private static void assertSame(Path again, Path adjusted) throws IOException {
    assertEquals(names(again), names(adjusted));
    for (String name : names(again)) {
      if (name.equals("batch.jsonl") || name.equals("images.csv") || name.endsWith(".zip"))
        continue;
      assertArrayEquals(
          Files.readAllBytes(again.resolve(name)),
          Files.readAllBytes(adjusted.resolve(name)),
          name);
    }
  }

  private static String table(Path results) throws IOException {
    return Files.readString(results.resolve("results.csv"));
  }

  /** Cones that touch, of several sizes, on a field that takes many tiles. */
  private static ByteProcessor field(int width, int height, long seed) {
    ByteProcessor plane = new ByteProcessor(width, height);
    Random random = new Random(seed);
    for (int n = 0; n < width * height / 600; n++) {
      double x0 = random.nextDouble() * width;
      double y0 = random.nextDouble() * height;
      double radius = n == 0 ? 110 : 6 + 14 * random.nextDouble();
      double top = 140 + 60 * random.nextDouble();
      for (int y = from(y0, radius); y < Math.min(height, y0 + radius); y++) {
        for (int x = from(x0, radius); x < Math.min(width, x0 + radius); x++) {
          double v = top * (1 - Math.hypot(x - x0, y - y0) / radius) + 12 * random.nextDouble();
          if (v > plane.get(x, y)) plane.set(x, y, (int) Math.min(255, v));
        }
      }
    }
    return plane;
  }

  private static int from(double centre, double radius) {
    return (int) Math.max(0, centre - radius);
  }

  private void write(String name, ImagePlus image) {
    image.getCalibration().pixelWidth = 0.5;
    image.getCalibration().pixelHeight = 0.5;
    image.getCalibration().setUnit("µm");
    LabelImages.save(image, images.resolve(name));
  }

  private static final List<List<Object>> SETTINGS =
      List.of(
          List.of(),
          List.of("--threshold", 0.3),
          List.of("--threshold", 0.8, "--probability", 0.5),
          List.of("--split", 0.02),
          List.of("--split", 0.5, "--smallest", 20, "--largest", 300),
          List.of("--fill", "--whole", "--measure", "shape,mean"));

  private void assertAdjusts(Object... how) throws IOException {
    Shell first = keep(Stream.concat(Stream.of(how), Stream.of(images)).toArray());
    assertEquals(0, first.code(), first.err());
    Set<String> tables = new TreeSet<>();
    for (List<Object> settings : SETTINGS) {
      Path again = again(List.of(how), settings.toArray());
      assertSame(again, adjusted(settings.toArray()));
      tables.add(table(again));
    }
    assertEquals(SETTINGS.size(), tables.size(), "each setting makes a difference");
  }

  @Test
  void adjustingIsRunningAgain() throws IOException {
    write("field.tif", new ImagePlus("field", field(330, 290, 1)));
    assertAdjusts();
  }

  @Test
  void inAnotherScaleToo() throws IOException {
    write("field.tif", new ImagePlus("field", field(330, 290, 2)));
    assertAdjusts("--scale", 0.45);
  }

  @Test
  void andInALargerOne() throws IOException {
    write("field.tif", new ImagePlus("field", field(230, 290, 3)));
    assertAdjusts("--scale", 1.7);
  }

  /** Two channels, three slices, two time points; objects in the second channel. */
  @Test
  void stacksAreAdjustedPlaneByPlane() throws IOException {
    ImageStack stack = new ImageStack(130, 150);
    for (int i = 0; i < 12; i++) stack.addSlice(field(130, 150, 40 + i));
    ImagePlus image = new ImagePlus("stack", stack);
    image.setDimensions(2, 3, 2);
    image.getCalibration().xOrigin = 3;
    image.getCalibration().pixelDepth = 2;
    write("stack.tif", image);
    assertAdjusts("--channel", 2);

    ImagePlus maps = ImageFiles.open(kept.resolve("stack_probabilities.tif"));
    assertEquals(32, maps.getBitDepth());
    assertEquals(2, maps.getNChannels());
    assertEquals(3, maps.getNSlices());
    assertEquals(2, maps.getNFrames());
    assertEquals(0.5, maps.getCalibration().pixelWidth, 1e-9);
    assertEquals(2, maps.getCalibration().pixelDepth, 1e-9);
    assertEquals(3, maps.getCalibration().xOrigin, 1e-9);
    assertEquals("µm", maps.getCalibration().getUnit());
    assertEquals("object", maps.getStack().getShortSliceLabel(1));
    assertEquals("depth", maps.getStack().getShortSliceLabel(2));
    // the logistic of 20 v / 200 - 10, and v / 200, of the second channel
    for (int z = 1; z <= 3; z++) {
      float[] object = (float[]) maps.getStack().getPixels(maps.getStackIndex(1, z, 2));
      float[] depth = (float[]) maps.getStack().getPixels(maps.getStackIndex(2, z, 2));
      byte[] pixels = (byte[]) stack.getPixels(image.getStackIndex(2, z, 2));
      for (int i = 0; i < pixels.length; i++) {
        double v = (pixels[i] & 0xFF) / 200.0;
        assertEquals(v, depth[i], 1e-6);
        assertEquals(1 / (1 + Math.exp(10 - 20 * v)), object[i], 1e-5);
      }
    }
  }

  @Test
  void classesHaveAMapEach() throws IOException {
    model = Discs.pixels(folder);
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    ImagePlus maps = ImageFiles.open(kept.resolve("two_probabilities.tif"));
    assertEquals("ground", maps.getStack().getShortSliceLabel(1));
    assertEquals("disc", maps.getStack().getShortSliceLabel(2));
    assertEquals(1, maps.getStack().getProcessor(2).getf(20, 20), 1e-6);
    assertEquals(1, maps.getStack().getProcessor(1).getf(0, 0), 1e-6);
    assertSame(again(List.of(), "--fill"), adjusted("--fill"));
    Shell refused =
        Shell.run("segment", "--adjust", kept, "--output", folder.resolve("o"), "--split", 0.2);
    assertEquals(1, refused.code());
    assertTrue(refused.problem().contains("no split to be set"), refused.problem());
  }

  @Test
  void whereIsLookedIsAdjustedToo() throws IOException {
    write("field.tif", new ImagePlus("field", field(200, 180, 7)));
    ByteProcessor mask = new ByteProcessor(200, 180);
    mask.setColor(255);
    mask.fillOval(20, 30, 100, 90);
    Path within = folder.resolve("mask.tif");
    LabelImages.save(new ImagePlus("mask", mask), within);
    assertEquals(0, keep(images).code());
    for (String edge : List.of("keep", "cut", "drop")) {
      Object[] settings = {"--within", within, "--edge", edge, "--threshold", 0.4};
      assertSame(again(List.of(), settings), adjusted(settings));
    }
  }

  @Test
  void itTellsWhatWasUsedAndCanBeResumed() throws IOException {
    Discs.two(images.resolve("two.tif"));
    Shell first = keep(images);
    assertTrue(first.err().contains("probability 0.75, split 0.1, threshold 0.55"), first.err());
    String record = Files.readString(kept.resolve("batch.jsonl"));
    assertTrue(record.contains("\"threshold\":\"0.55\""), record);
    assertEquals(
        "probability 0.75, split 0.1, threshold 0.55",
        ImageFiles.open(kept.resolve("two_labels.tif"))
            .getInfoProperty()
            .strip()
            .replaceFirst("^Segmented by Spyhop with model discs on [^;]+; ", ""));
    // as the model has it anyway
    Shell same = keep("--threshold", 0.55, images);
    assertEquals(0, same.code(), same.err());
    assertTrue(same.out().contains("1 of them before"), same.out());
    Path output = folder.resolve("o");
    Shell adjusted = Shell.run("segment", "--adjust", kept, "--output", output);
    assertEquals(0, adjusted.code());
    assertTrue(
        adjusted.err().contains("group are those of this run, not of the earlier one"),
        adjusted.err());
    Shell resumed = Shell.run("segment", "--adjust", kept, "--output", output);
    assertTrue(resumed.out().contains("1 of them before"), resumed.out());
    Shell other = Shell.run("segment", "--adjust", kept, "--output", output, "--threshold", 0.9);
    assertTrue(other.problem().contains("had threshold 0.55, received 0.9"), other.problem());
  }

  /** In words of this program, not of a library. */
  @Test
  void aDamagedRecordIsTold() throws IOException {
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    Path record = kept.resolve("batch.jsonl");
    String whole = Files.readString(record);
    for (String damaged :
        List.of(
            "x" + whole,
            whole.replace("\"image\":", "\"image\""),
            whole.replace("\"image\":", "\"image\":7,\""))) {
      Files.writeString(record, damaged);
      String adjusted =
          Shell.run("segment", "--adjust", kept, "--output", folder.resolve("o")).problem();
      String resumed = keep(images).problem();
      for (String told : List.of(adjusted, resumed)) {
        assertTrue(told.contains("expected the record of a run"), told);
        assertTrue(told.contains("(a line of it is damaged)"), told);
      }
    }
  }

  @Test
  void imagesThatWereMovedAreNamed() throws IOException {
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    Path moved = folder.resolve("moved");
    Files.move(images, moved);
    Path output = folder.resolve("o");
    Shell lost = Shell.run("segment", "--adjust", kept, "--output", output);
    assertEquals(1, lost.code());
    assertTrue(lost.problem().contains("is not there any more"), lost.problem());
    Shell found = Shell.run("segment", "--adjust", kept, "--output", output, moved);
    assertEquals(0, found.code(), found.err());
    assertEquals(table(kept), table(output));
  }

  /** Named from any folder, as a run of the model over the same files would call them. */
  @Test
  void imagesOfOneNameInSeveralFoldersAreFound() throws IOException {
    for (String name : List.of("d1/a", "d1/b", "d2/a")) {
      Files.createDirectories(images.resolve(name).getParent());
      write(name + ".tif", new ImagePlus("x", field(80, 70, name.hashCode())));
    }
    assertEquals(0, keep("--recursive", images).code());
    assertTrue(Files.exists(kept.resolve("d2_a_probabilities.tif")), names(kept).toString());
    assertSame(again(List.of(), "--recursive"), adjusted("--recursive"));
    Path all = images;
    for (String part : List.of("d1", "d2")) {
      images = all.resolve(part);
      assertSame(again(List.of(), part(part)), adjusted(part(part), images));
    }
    Files.move(all, folder.resolve("moved"));
    images = Files.move(folder.resolve("moved/d2"), folder.resolve("other"));
    Files.move(images.resolve("a.tif"), images.resolve("called otherwise.tif"));
    assertSame(again(List.of(), part("other")), adjusted(part("other"), images));
    // of two images of its name, neither is this one
    write("a.tif", new ImagePlus("x", field(80, 70, 99)));
    Files.delete(images.resolve("called otherwise.tif"));
    Path output = folder.resolve("o");
    Shell unknown = Shell.run("segment", "--adjust", kept, "--output", output, images);
    assertEquals(1, unknown.code(), unknown.err());
    assertTrue(unknown.problem().contains("There are no probabilities of it"), unknown.problem());
  }

  /** A setting that makes no difference, by which the folders of results are told apart. */
  private static String part(String name) {
    return "--largest=" + (100000 + name.charAt(1));
  }

  @Test
  void whatTheNetworkWouldHaveToDoIsRefused() throws IOException {
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    Path output = folder.resolve("o");
    for (String[] option :
        List.of(
            new String[] {"--scale", "0.5"},
            new String[] {"--normalize", "area"},
            new String[] {"--model", model.toString()})) {
      Shell refused =
          Shell.run("segment", "--adjust", kept, "--output", output, option[0], option[1]);
      assertEquals(2, refused.code());
      assertTrue(refused.problem().contains(option[0] + ": kept"), refused.problem());
    }
    assertFalse(Files.exists(output));
    Shell nothing = Shell.run("segment", "--adjust", images, "--output", output);
    assertEquals(1, nothing.code());
    assertTrue(nothing.problem().contains("earlier run"), nothing.problem());
    Shell input = Shell.run("segment", "--output", output);
    assertEquals(2, input.code());
  }

  /** Each of these is told in a sentence, and nothing is left behind. */
  @Test
  void foreignAndDamagedMapsAreRefused() throws IOException {
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    Path maps = kept.resolve("two_probabilities.tif");
    byte[] good = Files.readAllBytes(maps);
    Path output = folder.resolve("o");

    Files.write(maps, Arrays.copyOf(good, good.length - 1000));
    assertRefused(output, "");
    for (String[] change :
        List.of(
            new String[] {"\"tile\":64", "\"tile\":-4"},
            new String[] {"\"tile\":64", "\"tile\":1e"},
            new String[] {"\"format\":1", "\"format\":9"},
            new String[] {"instance-segmentation", "xnstance-segmentation"},
            new String[] {"\"overlap\":64", "\"overlaq\":64"},
            new String[] {"Spyhop maps", "Spyhop naps"},
            new String[] {"\"width\":70", "\"width\":71"},
            new String[] {"\"origin\":\"model\"", "\"origin\":\"mobel\""},
            new String[] {"\"foreground\":0.55", "\"foreground\":9.55"})) {
      Files.write(maps, replaced(good, change[0], change[1]));
      assertRefused(output, "");
    }

    Files.write(maps, good);
    try (RandomAccessFile file = new RandomAccessFile(maps.toFile(), "rw")) {
      file.seek(good.length - 4);
      file.writeFloat(Float.NaN);
    }
    assertRefused(output, "as they were kept");
    Files.write(maps, replaced(Files.readAllBytes(maps), "\"sum\"", "\"som\""));
    assertRefused(output, "expected numbers");

    ImagePlus cropped = Files.write(maps, good) == null ? null : ImageFiles.open(maps);
    ImageStack half = new ImageStack(35, 50);
    for (int i = 1; i <= 2; i++) {
      cropped.getStack().getProcessor(i).setRoi(0, 0, 35, 50);
      half.addSlice(cropped.getStack().getProcessor(i).crop());
    }
    ImagePlus part = new ImagePlus("part", half);
    part.setDimensions(2, 1, 1);
    part.setProperty("Info", cropped.getInfoProperty());
    new FileSaver(part).saveAsTiffStack(maps.toString());
    assertRefused(output, "cropped, scaled or split");
  }

  /** The logistic of the last pixel of the first of two planes, written over. */
  @Test
  void whatIsNoProbabilityIsRefused() throws IOException {
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    Path maps = kept.resolve("two_probabilities.tif");
    for (float value : new float[] {7e8f, 1.2f, -0.5f}) {
      try (RandomAccessFile file = new RandomAccessFile(maps.toFile(), "rw")) {
        file.seek(file.length() - 4 * 70 * 50 - 4);
        file.writeFloat(value);
      }
      assertRefused(folder.resolve("o"), "as they were kept");
      // of which nothing is known but the values
      byte[] damaged = Files.readAllBytes(maps);
      Files.write(maps, replaced(damaged, "\"sum\"", "\"som\""));
      assertRefused(folder.resolve("o"), "expected probabilities from 0 to 1");
      Files.write(maps, damaged);
    }
  }

  /** Values that probabilities can have, and depths. */
  @Test
  void whatWasChangedIsRefused() throws IOException {
    write("two.tif", new ImagePlus("two", field(70, 50, 16)));
    assertEquals(0, keep(images).code());
    Path maps = kept.resolve("two_probabilities.tif");
    byte[] good = Files.readAllBytes(maps);
    for (int from : new int[] {3 * 4 * 70 * 50 / 2, 4 * 70 * 50 / 2}) {
      byte[] zeros = good.clone();
      Arrays.fill(zeros, good.length - from, good.length - from + 4000, (byte) 0);
      Files.write(maps, zeros);
      assertRefused(folder.resolve("o"), "as they were kept");
    }
    Files.write(maps, good);
    assertEquals(table(kept), table(adjusted()));
  }

  /** The folder's record would be replaced, by which the images are known. */
  @Test
  void itsOwnFolderIsNoOutput() throws IOException {
    Discs.two(images.resolve("two.tif"));
    assertEquals(0, keep(images).code());
    byte[] record = Files.readAllBytes(kept.resolve("batch.jsonl"));
    Path there = images.resolve("..").resolve("kept");
    for (Path output : List.of(kept, there)) {
      for (String existing : List.of("--force", "--resume")) {
        Shell refused = Shell.run("segment", "--adjust", kept, "--output", output, existing);
        assertEquals(2, refused.code());
        assertTrue(refused.problem().contains("folder of the probabilities"), refused.problem());
      }
    }
    assertArrayEquals(record, Files.readAllBytes(kept.resolve("batch.jsonl")));
  }

  @Test
  void anotherImageOfTheSameNameFails() throws IOException {
    write("field.tif", new ImagePlus("field", field(80, 70, 11)));
    assertEquals(0, keep(images).code());
    Path first = images;
    images = Files.createDirectory(folder.resolve("others"));
    write("field.tif", new ImagePlus("field", field(80, 70, 12)));
    Path output = folder.resolve("o");
    Shell elsewhere = Shell.run("segment", "--adjust", kept, "--output", output, images);
    assertEquals(1, elsewhere.code(), elsewhere.err());
    assertTrue(elsewhere.problem().contains("field.tif"), elsewhere.problem());
    assertTrue(elsewhere.problem().contains("received another"), elsewhere.problem());
    Files.copy(
        images.resolve("field.tif"),
        first.resolve("field.tif"),
        StandardCopyOption.REPLACE_EXISTING);
    Shell changed = Shell.run("segment", "--adjust", kept, "--output", output);
    assertEquals(1, changed.code(), changed.err());
    assertTrue(changed.problem().contains("received another"), changed.problem());
  }

  @Test
  void mapsOfAnotherImageAreRefused() throws IOException {
    write("a.tif", new ImagePlus("a", field(80, 70, 13)));
    write("b.tif", new ImagePlus("b", field(80, 70, 14)));
    assertEquals(0, keep(images).code());
    Path a = kept.resolve("a_probabilities.tif");
    Files.copy(kept.resolve("b_probabilities.tif"), a, StandardCopyOption.REPLACE_EXISTING);
    Shell shell = Shell.run("segment", "--adjust", kept, "--output", folder.resolve("o"));
    assertEquals(1, shell.code(), shell.err());
    assertTrue(
        shell.err().contains("expected the probabilities of a.tif, received those of b.tif"),
        shell.err());
  }

  /** They fail, by name, as they would in any run. */
  @Test
  void whatCannotBeAdjustedIsNotLeftOut() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      write(name + ".tif", new ImagePlus(name, field(80, 70, 15)));
    }
    Files.writeString(images.resolve("d.tif"), "no image");
    Shell first = keep(images);
    assertNotEquals(0, first.code());
    Files.delete(kept.resolve("b_probabilities.tif"));
    Path output = folder.resolve("o");
    Shell shell = Shell.run("segment", "--adjust", kept, "--output", output);
    assertEquals(first.code(), shell.code(), shell.err());
    List<String> rows = Files.readAllLines(output.resolve("images.csv"));
    assertEquals(5, rows.size(), rows.toString());
    for (int i = 1; i <= 4; i++) {
      assertEquals(i % 2 == 0, rows.get(i).contains("failed"), rows.get(i));
    }
    assertTrue(shell.err().contains("there is no " + kept.resolve("b_prob")), shell.err());
  }

  private void assertRefused(Path output, String why) {
    Shell refused = Shell.run("segment", "--adjust", kept, "--output", output);
    assertEquals(1, refused.code(), refused.err());
    assertTrue(refused.problem().contains("two_probabilities.tif"), refused.problem());
    assertTrue(refused.problem().contains(why), refused.problem());
    assertFalse(refused.err().contains("Exception"), refused.err());
  }

  private static byte[] replaced(byte[] file, String from, String to) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String wide = new String(from.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(wide), from);
    return text.replace(
            wide, new String(to.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Saved again by ImageJ, it is still what it was. */
  @Test
  void mapsThatImageJHasSavedAreAdjusted() throws IOException {
    write("field.tif", new ImagePlus("field", field(200, 180, 9)));
    assertEquals(0, keep(images).code());
    Path before = adjusted("--threshold", 0.7);
    Path maps = kept.resolve("field_probabilities.tif");
    ImagePlus opened = ImageFiles.open(maps);
    byte[] written = Files.readAllBytes(maps);
    new FileSaver(opened).saveAsTiffStack(maps.toString());
    assertNotEquals(written.length, Files.size(maps));
    Path output = folder.resolve("saved");
    assertEquals(
        0, Shell.run("segment", "--adjust", kept, "--output", output, "--threshold", 0.7).code());
    assertSame(before, output);
  }
}
