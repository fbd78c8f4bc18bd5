package sc.fiji.spyhop.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

class ClassNamesTest {

  @TempDir Path folder;

  private List<String> read(String name, String text) throws IOException {
    return ClassNames.read(Files.writeString(folder.resolve(name), text).toString());
  }

  @Test
  void readsEveryForm() throws IOException {
    assertEquals(List.of("a b", "c, d"), read("n.txt", "a b\r\n\n'c, d'\n"));
    assertEquals(
        List.of("tench", "shark"),
        read("i.json", "{\"1\": [\"n2\", \"shark\"], \"0\": [\"n1\", \"tench\"]}"));
    assertEquals(List.of("x", "y"), read("l.json", "[\"x\", \"y\"]"));
    assertEquals(List.of("y", "x"), read("t.csv", "index,Class\n1,x\n0,y\n"));
    assertEquals(List.of("p", "q"), ClassNames.read("p, q"));
  }

  @Test
  void numbersNamesThatComeAgain() throws IOException {
    assertEquals(List.of("crane", "crane (2)"), read("n.txt", "crane\ncrane\n"));
  }

  @Test
  void refusesWhatIsNoList() throws IOException {
    assertThrows(SpyhopException.class, () -> ClassNames.read(folder.resolve("no").toString()));
    assertThrows(SpyhopException.class, () -> read("e.txt", "\n"));
    assertThrows(SpyhopException.class, () -> read("b.json", "{\"0\": \"a\", \"2\": \"b\"}"));
    assertThrows(SpyhopException.class, () -> read("b.json", "[\"a\""));
    String message =
        assertThrows(SpyhopException.class, () -> read("b.csv", "a,b\n1,2\n")).getMessage();
    assertTrue(message.contains("class, name or label"), message);
  }

  @Test
  void tablesAsSpreadsheetsWriteThem() throws IOException {
    assertEquals(List.of("a, b", "c"), read("t.csv", "sep=;\r\nindex;class\r\n1;c\r\n0;a, b\r\n"));
  }

  @Test
  void oneNameWillDo() {
    assertEquals(List.of("nucleus"), ClassNames.read("nucleus"));
    assertEquals(List.of("age in years"), ClassNames.read("age in years"));
    SpyhopException file =
        assertThrows(SpyhopException.class, () -> ClassNames.read("/no/such/names.txt"));
    assertTrue(file.getMessage().startsWith("Classes: there is no file"), file.getMessage());
    SpyhopException empty = assertThrows(SpyhopException.class, () -> ClassNames.read("nucleus,"));
    assertEquals(
        "Classes: expected a name between all commas, received \"nucleus,\".", empty.getMessage());
  }
}
