package sc.fiji.spyhop.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.cli.Lights;
import sc.fiji.spyhop.ij.ImageFiles;

class RowImagesTest {

  @TempDir Path folder;

  private RowImages read(String index, Optional<String> subset, Grouping grouping)
      throws IOException {
    Lights.write(folder, 4);
    Path table = Files.writeString(folder.resolve("table.csv"), index);
    return RowImages.read(folder, Optional.of(table), subset, grouping, new ImageFiles());
  }

  @Test
  void rowsBelongToTheirImages() throws IOException {
    RowImages read =
        read(
            "size (µm);image;kind;subset;plate\n"
                + "1,5;light_2.png;a;train;p\n2;light_0.png;b,c;train;q\n9;light_1.png;a;test;p\n",
            Optional.of("train"),
            Grouping.of("plate", folder.resolve("table.csv")));
    assertEquals(
        List.of(new RowImages.Column("size", "µm"), new RowImages.Column("kind", "")),
        read.columns());
    assertEquals(
        List.of(Map.of("size", "1.5", "kind", "a"), Map.of("size", "2", "kind", "b,c")),
        read.rows());
    assertEquals(List.of("light_2.png", "light_0.png"), read.samples().names());
    assertEquals(read.rows().get(1), read.samples().get(1).truth());
    assertEquals(16, read.samples().get(1).frame().width());
  }

  @Test
  void tablesNeedNoImages() throws IOException {
    Path table = Files.writeString(folder.resolve("rows.csv"), "a,b\n1,x\n2,y\n");
    RowImages.Rows rows = RowImages.rows(table);
    assertEquals(List.of(), rows.images());
    assertEquals(Map.of("a", "2", "b", "y"), rows.cells().get(1));
  }

  @Test
  void whatIsWrongIsTold() {
    String twice =
        assertThrows(
                SpyhopException.class,
                () ->
                    read(
                        "image,a\nlight_0.png,1\nlight_0.png,2\nlight_9.png,3\n",
                        Optional.empty(),
                        Grouping.BY_NAME))
            .getMessage();
    assertTrue(twice.contains("light_0.png is listed twice; light_9.png is missing"), twice);
    String columns =
        assertThrows(
                SpyhopException.class,
                () -> read("image,a,a (µm)\nlight_0.png,1,2\n", Optional.empty(), Grouping.BY_NAME))
            .getMessage();
    assertTrue(columns.contains("expected each of a name of its own"), columns);
  }
}
