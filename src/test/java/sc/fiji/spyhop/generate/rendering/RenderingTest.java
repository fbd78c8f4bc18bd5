package sc.fiji.spyhop.generate.rendering;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.imglib2.img.array.ArrayImgs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.Dataset;
import sc.fiji.spyhop.dataset.RowImages;
import sc.fiji.spyhop.dataset.RowImages.Column;
import sc.fiji.spyhop.dataset.Sample;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.GeneratorSource;
import sc.fiji.spyhop.model.RowColumn;
import sc.fiji.spyhop.model.TestGenerators;
import sc.fiji.spyhop.network.Add;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;

/** Columns, networks, pixels and ways; values by hand. */
class RenderingTest {

  private static final GeneratorSource.Columns TABLE = TestGenerators.TABLE;

  private static String problem(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(SpyhopException.class, action).getMessage();
  }

  // -- Columns --

  private static final List<Column> COLUMNS =
      List.of(
          new Column("dose", "µM"),
          new Column("azimuth", ""),
          new Column("tilt", "°"),
          new Column("plate", ""),
          new Column("line", ""),
          new Column("note", ""),
          new Column("day", ""),
          new Column("gap", ""));

  private static List<Map<String, String>> rows() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(
          Map.of(
              "dose",
              i == 3 ? "1e1" : "" + i / 2.0,
              "azimuth",
              "" + 45 * i,
              "tilt",
              "-" + i,
              "plate",
              "" + (1 + i % 2),
              "line",
              i % 3 == 0 ? "wild" : "mutant",
              "note",
              "no " + i,
              "day",
              i % 2 == 0 ? "1" : "1.0",
              "gap",
              i == 2 ? "" : "" + i));
    }
    return rows;
  }

  @Test
  void whatAColumnIsIsFoundOut() {
    ColumnFinder.Found found = ColumnFinder.AUTO.find(COLUMNS, rows());
    assertEquals(
        List.of(
            new RowColumn.Number("dose", "µM", 0, 10),
            new RowColumn.Angle("azimuth"),
            new RowColumn.Angle("tilt"),
            new RowColumn.Number("plate", "", 1, 2),
            new RowColumn.Choice("line", List.of("mutant", "wild"))),
        found.columns().columns());
    assertEquals(
        List.of(
            "Column note is left out: 8 different words stand in its 8 cells, as if they were"
                + " names.",
            "Column day is left out: the same stands in all of its cells.",
            "Column gap is left out: some of its cells are empty."),
        found.notes());
  }

  @Test
  void aUserKnowsBetter() {
    ColumnFinder asked =
        new ColumnFinder(List.of("plate", "dose"), List.of("dose"), List.of("plate"));
    assertEquals(
        List.of(new RowColumn.Angle("dose"), new RowColumn.Choice("plate", List.of("1", "2"))),
        asked.find(COLUMNS, rows()).columns().columns());
    assertEquals(
        "Column note: 8 different words stand in its 8 cells, as if they were names.",
        problem(
            () -> new ColumnFinder(List.of("note"), List.of(), List.of()).find(COLUMNS, rows())));
    assertTrue(
        problem(
                () ->
                    new ColumnFinder(List.of("line"), List.of("line"), List.of())
                        .find(COLUMNS, rows()))
            .contains("an angle has to be a number of degrees"));
    assertTrue(
        problem(() -> new ColumnFinder(List.of(), List.of("turn"), List.of()).find(COLUMNS, rows()))
            .contains("There is no column turn: expected one of dose, azimuth"));
    assertTrue(
        problem(() -> ColumnFinder.AUTO.find(List.of(new Column("day", "")), rows()))
            .startsWith("No column to learn from"));
  }

  @Test
  void namesOfFilesAreEachTheirOwn() {
    List<Map<String, String>> cells = List.of(Map.of(), Map.of(), Map.of(), Map.of());
    assertEquals(
        List.of("a", "A_2", "row_00003", "_x_y"),
        RowNames.of(
            new RowImages.Rows(
                List.of(), cells, List.of("in/a.png", "A.tif", "", "..\\..x:y.jpeg"))));
    assertEquals(
        List.of("row_00001", "row_00002"),
        RowNames.of(new RowImages.Rows(List.of(), cells.subList(0, 2), List.of())));
  }

  // -- Networks --

  @ParameterizedTest
  @CsvSource({
    "64, 64, 4 x 4, 8 x 8, 3",
    "32, 32, 4 x 4, 8 x 8, 2",
    "48, 96, 6 x 12, 12 x 24, 2",
    "256, 256, 4 x 4, 8 x 8, 5"
  })
  void theDefaultNetworkIsMadeBySize(
      int rows, int columns, String smallest, String next, int steps) {
    Shape image = Shape.of(3, rows, columns);
    var network = RenderNetwork.of("default", 7, image);
    Map<String, Shape> shapes = Shapes.of(network);
    assertEquals(image, shapes.get(network.outputs().get(0)));
    assertEquals("256 x " + smallest, shapes.get("map0").toString());
    assertEquals("128 x " + next, shapes.get("told1").toString());
    assertEquals(steps, network.layers().stream().filter(l -> l instanceof Add).count());
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 64, 64",
    "100, 100, 96, 96",
    "20, 20, 32, 32",
    "1024, 512, 256, 128",
    "300, 200, 256, 160",
    "1000, 10, 128, 32",
    "57, 64, 56, 64"
  })
  void theNearestSizeThatCanBeMadeIsFound(int width, int height, int w, int h) {
    RenderNetwork.Side side = RenderNetwork.suiting(width, height);
    assertEquals(new RenderNetwork.Side(w, h), side);
    assertEquals(side, RenderNetwork.suiting(w, h));
    RenderNetwork.of("default", 5, Shape.of(1, h, w));
  }

  @Test
  void sizesThatCannotBeMadeAreRefused() {
    assertEquals(
        "Size of images: the default network makes images such as 96 x 96, received 100 x 100."
            + " Choose that size, or give a network of your own.",
        problem(() -> RenderNetwork.of("default", 5, Shape.of(3, 100, 100))));
    assertTrue(
        problem(() -> RenderNetwork.of("8C1 3T5v tanh", 5, Shape.of(3, 4, 4)))
            .contains("expected one that makes 3 x 4 x 4 of 5 x 1 x 1"));
  }

  // -- Pixels --

  private static Dataset<String> set(Frame... frames) {
    List<Sample<String>> samples = new ArrayList<>();
    for (Frame f : frames) samples.add(new Sample<>(f, ""));
    return Dataset.ofSamples(samples);
  }

  private static final RenderNetwork.Side OWN = new RenderNetwork.Side(0, 0);

  @Test
  void imagesTellDepthRangeAndSize() {
    PixelSize size = new PixelSize(0.5, 0.5, "µm");
    Frame bytes = new Frame("b", ArrayImgs.unsignedBytes(new byte[] {5, 9, 1, 2}, 2, 2, 1), size);
    Pixels grey = Pixels.of(set(bytes), OWN, false, Progress.NONE);
    assertEquals(2, grey.width());
    assertEquals(255, grey.output().high());
    assertEquals(size, grey.output().pixelSize());
    Pixels enlarged = Pixels.of(set(bytes), OWN, true, Progress.NONE);
    assertEquals(32, enlarged.height());
    assertEquals(0.5 / 16, enlarged.output().pixelSize().width(), 1e-12);
    Frame shorts =
        new Frame("s", ArrayImgs.unsignedShorts(new short[] {100, 500, 100, 300}, 2, 2, 1), size);
    Pixels mixed = Pixels.of(set(bytes, shorts), OWN, false, Progress.NONE);
    assertEquals(16, mixed.output().bits());
    assertEquals(0, mixed.output().low());
    assertEquals(525, mixed.output().high());
    Frame floats = new Frame("f", ArrayImgs.floats(new float[] {-1, 1, 0, 0}, 2, 2, 1), size);
    Pixels real = Pixels.of(set(floats), OWN, false, Progress.NONE);
    assertEquals(32, real.output().bits());
    assertEquals(-1.1, real.output().low(), 1e-9);
    Frame color = new Frame("c", ArrayImgs.unsignedBytes(new byte[12], 2, 2, 3), size);
    Pixels colors = Pixels.of(set(bytes, color), OWN, false, Progress.NONE);
    assertEquals(Colors.RGB, colors.output().colors());
    assertEquals(3, colors.read(bytes).size('C'));
    Frame two = new Frame("t", ArrayImgs.unsignedBytes(new byte[8], 2, 2, 2), size);
    assertTrue(
        problem(() -> Pixels.of(set(bytes, two), OWN, false, Progress.NONE))
            .contains("different channels, [1, 2]"));
  }

  /** Differences of 10, 0, 0 and 5 grey values; what is beyond white is cut off. */
  @Test
  void errorsAreInPixelValues() {
    Frame truth =
        new Frame(
            "b",
            ArrayImgs.unsignedBytes(new byte[] {10, 20, (byte) 255, 40}, 2, 2, 1),
            PixelSize.UNCALIBRATED);
    Pixels pixels = Pixels.of(set(truth), OWN, false, Progress.NONE);
    float[] read = pixels.read(truth).data();
    assertEquals(2 * 10 / 255.0 - 1, read[0], 1e-6);
    float[] made = {0, (float) (2 * 20 / 255.0 - 1), read[1], 3, (float) (2 * 45 / 255.0 - 1)};
    assertEquals((100 + 25) / 4.0, pixels.squaredError(made, 1, read), 1e-3);
  }

  // -- Nearest views --

  private static Map<String, String> row(Object height, Object azimuth, String style) {
    return Map.of("height", "" + height, "azimuth", "" + azimuth, "style", style);
  }

  /** Heights from 2 to 6 become -1 to 1: 2 apart are a distance of 1, as are 60 degrees. */
  @Test
  void theNearestHasTheSameWordsAndTheLeastDistance() {
    List<Map<String, String>> known =
        List.of(
            row(4, 0, "arms"), row(4, 90, "plain"), row(5.8, 350, "plain"), row(3.8, 58, "plain"));
    NearestViews views = new NearestViews(TABLE, known);
    assertEquals(0, views.of(row(6, 350, "arms")), "the only one with arms");
    assertEquals(2, views.of(row(6, 10, "plain")));
    assertEquals(3, views.of(row(4, 20, "plain")), "38 degrees and 0.2, not 30 and 1.8");
    assertEquals(2, views.of(row(5.8, 349, "stool")), "no stool is known, so all count");
  }

  // -- Ways --

  private static Shot along(String column, String from, String to, int steps) {
    return Shot.along(
        "a",
        TABLE,
        row(2, 90, "arms"),
        column,
        Optional.of(from).filter(f -> !f.isEmpty()),
        Optional.of(to).filter(t -> !t.isEmpty()),
        steps);
  }

  @Test
  void numbersGoFromTheLowestToTheHighest() {
    Shot shot = along("height", "", "", 3);
    assertEquals(List.of("a: height 2", "a: height 4", "a: height 6"), shot.labels());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(new float[] {i - 1, 1, 0, 0, 1, 0}, shot.codes().get(i), 1e-6f);
    }
    assertEquals("a: height 9", along("height", "3", "9", 2).labels().get(1));
  }

  @Test
  void anglesGoOnceAroundOrAsFarAsAsked() {
    Shot turn = along("azimuth", "", "", 4);
    assertEquals(
        List.of("a: azimuth 0", "a: azimuth 90", "a: azimuth 180", "a: azimuth 270"),
        turn.labels());
    assertArrayEquals(new float[] {-1, -1, 0, 0, 1, 0}, turn.codes().get(3), 1e-6f);
    Shot part = along("azimuth", "0", "270", 4);
    assertEquals("a: azimuth 180", part.labels().get(2));
    assertEquals("a: azimuth 270", part.labels().get(3));
  }

  @Test
  void wordsBlendOneAfterTheOther() {
    Shot all = along("style", "", "", 5);
    assertEquals(
        List.of(
            "a: style plain",
            "a: style 50 % plain, 50 % arms",
            "a: style arms",
            "a: style 50 % arms, 50 % stool",
            "a: style stool"),
        all.labels());
    assertArrayEquals(new float[] {-1, 1, 0, 0, 0.5f, 0.5f}, all.codes().get(3), 1e-6f);
    Shot direct = along("style", "stool", "plain", 3);
    assertArrayEquals(new float[] {-1, 1, 0, 0.5f, 0, 0.5f}, direct.codes().get(1), 1e-6f);
  }

  @Test
  void aWayLeadsFromRowToRow() {
    Shot shot = Shot.between("w", TABLE, row(2, 350, "arms"), row(6, 10, "stool"), 3);
    assertArrayEquals(new float[] {0, 0, 1, 0, 0.5f, 0.5f}, shot.codes().get(1), 1e-6f);
    assertEquals("w: 50 % of the way", shot.labels().get(1));
  }

  @Test
  void waysThatCannotBeAreRefused() {
    assertTrue(problem(() -> along("width", "", "", 3)).contains("no column width"));
    assertTrue(problem(() -> along("height", "low", "", 3)).contains("height is \"low\""));
    assertTrue(problem(() -> along("style", "bench", "", 3)).contains("expected one of plain"));
    assertTrue(problem(() -> along("height", "", "", 1)).contains("received 1"));
  }
}
