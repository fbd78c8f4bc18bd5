package sc.fiji.spyhop.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.sample.ChairGenerator;
import sc.fiji.spyhop.sample.ChairStyle;
import sc.fiji.spyhop.sample.ChairView;

class SampleChairsTest {

  @TempDir Path folder;

  private static float[] values(Frame frame) {
    float[] values = new float[frame.width() * frame.height() * 3];
    for (int i = 0; i < values.length; i++) {
      int x = i % frame.width();
      int y = i / frame.width() % frame.height();
      values[i] = frame.pixels().getAt(x, y, i / frame.width() / frame.height()).getRealFloat();
    }
    return values;
  }

  @Test
  void picturesAreWhatTheTableTells() throws IOException {
    Path a = folder.resolve("a");
    Shell shell =
        Shell.run("sample", "chairs", "--count", 13, "--seed", 5, "--size", 32, "--output", a);
    assertEquals(0, shell.code(), shell.err());
    List<String> rows = Files.readAllLines(a.resolve("index.csv"));
    assertEquals("image,style,azimuth,elevation,red,green,blue", rows.get(0));
    assertEquals(14, rows.size());
    for (String row : rows.subList(1, 14)) {
      String[] parts = row.split(",");
      double[] v = new double[7];
      for (int i = 2; i < 7; i++) v[i] = Double.parseDouble(parts[i]);
      ChairStyle style = ChairStyle.valueOf(parts[1].toUpperCase(Locale.ROOT));
      ChairView view = new ChairView(style, v[2], v[3], v[4], v[5], v[6]);
      assertTrue(v[3] >= 10 && v[3] <= 40, row);
      assertArrayEquals(
          values(ChairGenerator.paint("again", view, 32)),
          values(new ImageFiles().readFrame(a.resolve("images").resolve(parts[0]))),
          row);
    }
  }

  @Test
  void sameSeedSameBytesAndViewsFromAllAround() throws IOException {
    Path a = folder.resolve("a");
    Path b = folder.resolve("b");
    for (Path to : List.of(a, b)) {
      Shell shell =
          Shell.run("sample", "chairs", "--count", 2, "--views", 3, "--size", 16, "--output", to);
      assertEquals(0, shell.code(), shell.err());
    }
    List<String> rows = Files.readAllLines(a.resolve("index.csv"));
    assertEquals(7, rows.size());
    assertTrue(rows.get(1).startsWith("chair_00000_000.png,kitchen,0.00,"), rows.get(1));
    assertTrue(rows.get(5).startsWith("chair_00001_120.png,panel,120.00,"), rows.get(5));
    for (String row : rows.subList(1, 7)) {
      Path file = Path.of("images", row.split(",")[0]);
      assertArrayEquals(Files.readAllBytes(a.resolve(file)), Files.readAllBytes(b.resolve(file)));
    }
    assertEquals(1, Shell.run("sample", "chairs", "--count", 2, "--output", a).code());
  }

  @Test
  void refusesSizesAndViewsThatMakeNoSense() {
    assertEquals(2, Shell.run("sample", "chairs", "--size", 8, "--output", folder).code());
    assertEquals(2, Shell.run("sample", "chairs", "--views", 0, "--output", folder).code());
  }
}
