package sc.fiji.spyhop.exchange.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.ZipEntries;
import sc.fiji.spyhop.weights.Weights;

/** Files that PyTorch wrote, and pickles written by hand that ask for what weights do not need. */
class TorchFileTest {

  private static final String EXCHANGE = "/sc/fiji/spyhop/exchange/torch/";

  @TempDir Path folder;

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = TorchFileTest.class.getResourceAsStream(EXCHANGE + name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  /** The numbers 0 to 11, modulo 5, in all types that are read. */
  @ParameterizedTest
  @ValueSource(strings = {"kinds.pt", "kinds_old.pt"})
  void numbersOfAllTypesAndViewsOfThem(String name) throws IOException {
    Weights read = TorchFile.read(resource(name)).weights();
    float[] expected = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1};
    for (String type : new String[] {"f16", "bf16", "f64", "i64", "i32", "i16", "i8", "u8"}) {
      assertArrayEquals(new int[] {3, 4}, read.get(type).shape());
      assertArrayEquals(expected, read.get(type).data(), type);
    }
    assertArrayEquals(new float[] {0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1}, read.get("bool").data());
    assertArrayEquals(new int[] {4, 3}, read.get("transposed").shape());
    assertArrayEquals(
        new float[] {0, 4, 3, 1, 0, 4, 2, 1, 0, 3, 2, 1}, read.get("transposed").data());
    assertArrayEquals(new float[] {0, 1, 4, 0}, read.get("part").data());
    assertArrayEquals(new float[] {4, 0, 1, 2}, read.get("row").data());
    assertArrayEquals(new float[] {2.5f}, read.get("scalar").data());
    assertEquals(0, read.get("scalar").rank());
    assertArrayEquals(expected, read.get("parameter").data());
  }

  @Test
  void modulesThatWereSavedWholeAreRefusedByTheNameOfTheirClass() throws IOException {
    Path file = resource("whole_module.pt");
    String message = assertThrows(SpyhopException.class, () -> TorchFile.read(file)).getMessage();
    assertTrue(message.contains("torch.nn.modules.container.Sequential"), message);
    assertTrue(message.contains("state_dict"), message);
  }

  /** A zip file as torch.save writes it. */
  private Path zip(String pickle, Map<String, byte[]> others) throws IOException {
    Path file = folder.resolve("hostile.pt");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(ZipEntries.undated("archive/data.pkl"));
      out.write(pickle.getBytes(StandardCharsets.ISO_8859_1));
      for (Map.Entry<String, byte[]> other : others.entrySet()) {
        ZipEntry entry = ZipEntries.undated("archive/" + other.getKey());
        out.putNextEntry(entry);
        out.write(other.getValue());
      }
    }
    return file;
  }

  private String refused(String pickle) throws IOException {
    Path file = zip(pickle, Map.of("data/0", new byte[16]));
    return assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThrows(SpyhopException.class, () -> TorchFile.read(file)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "os, system",
    "builtins, eval",
    "builtins, getattr",
    "torch._utils, _rebuild_tensor_v2.__globals__",
    "torch, load",
    "numpy.core.multiarray, _reconstruct",
    "java.lang, Runtime"
  })
  void whatIsNotOnTheListIsRefusedByName(String module, String name) throws IOException {
    String byLine = refused("\u0080\u0002c" + module + "\n" + name + "\nX\u0002\0\0\0id\u0085R.");
    assertTrue(byLine.contains("asks for " + module + "." + name), byLine);
    String stacked =
        refused("\u0080\u0004" + text(module) + text(name) + "\u0093" + text("id") + "\u0085R.");
    assertTrue(stacked.contains("asks for " + module + "." + name), stacked);
  }

  private static String text(String text) {
    return "X" + (char) text.length() + "\0\0\0" + text;
  }

  @ParameterizedTest
  @CsvSource({"i, 0x69", "o, 0x6f", "P, 0x50", "\u0092, 0x92", "\u0082, 0x82", "I, 0x49"})
  void otherOperationsAreRefused(String operation, String told) throws IOException {
    String message = refused("\u0080\u0002(" + operation + "os\nsystem\n.");
    assertTrue(message.contains("operation " + told), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0080\u0002.",
        "\u0080\u0002e.",
        "\u0080\u0002(0.",
        "\u0080\u0002]}s.",
        "\u0080\u0002h\u0007.",
        "\u0080\u0002NNb.",
        "\u0080\u0002NNR.",
        "\u0080\u0002NQ.",
        "\u0080\u0002}X\u00ff\u00ff\u00ff\u00ff.",
        "\u0080\u0002}X\u00ff\u00ff\u00ff\u007f.",
        "\u0080\u0002\u008b\u00ff\u00ff\u00ff\u007f.",
        "\u0080\u0009N."
      })
  void whatIsNotSoundIsRefused(String pickle) throws IOException {
    String message = refused(pickle);
    assertTrue(message.contains("pickle"), message);
  }

  @Test
  void listsWithinThemselvesAndModulesWithinThemselvesEnd() throws IOException {
    assertTrue(refused("\u0080\u0002]q\0h\0ah\0a.").contains("dictionary of tensors"));
    assertTrue(refused("\u0080\u0002}q\0X\u0001\0\0\0ah\0s.").contains("dictionary of tensors"));
    String module = "\u0080\u0002c__torch__.a\nB\n)\u0081q\0}X\u0001\0\0\0ah\0sb.";
    assertTrue(refused(module).contains("without end"), refused(module));
    StringBuilder doubling = new StringBuilder("\u0080\u0002c__torch__.a\nB\nq\0)\u0081}b");
    for (int i = 1; i < 60; i++) {
      char before = (char) i;
      doubling.append('q').append(before).append("h\0)\u0081}");
      doubling.append("X\u0001\0\0\0ah").append(before).append('s');
      doubling.append("X\u0001\0\0\0bh").append(before).append("sb");
    }
    assertTrue(refused(doubling + ".").contains("without end"));
  }

  @Test
  void valuesWithoutEndAreRefused() throws IOException {
    String message = refused("\u0080\u0002" + "N".repeat(3_000_000) + ".");
    assertTrue(message.contains("more values"), message);
  }

  /** A tensor of four floats with these sizes and strides. */
  private static String view(String offset, String sizes, String strides, String count) {
    String storage =
        "(" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + count + "tQ";
    return "\u0080\u0002}"
        + text("w")
        + "ctorch._utils\n_rebuild_tensor_v2\n("
        + storage
        + offset
        + "("
        + sizes
        + "t("
        + strides
        + "t\u0089ccollections\nOrderedDict\n)RtRs.";
  }

  private static String small(int number) {
    return "K" + (char) number;
  }

  @Test
  void viewsByHand() throws IOException {
    byte[] floats = new byte[16];
    floats[2] = (byte) 0x80;
    floats[3] = 0x3F;
    floats[15] = 0x40;
    Path file =
        zip(
            view(small(0), small(2) + small(2), small(1) + small(2), small(4)),
            Map.of("data/0", floats));
    assertArrayEquals(new float[] {1, 0, 0, 2}, TorchFile.read(file).weights().get("w").data());
  }

  @Test
  void tensorsThatReachBeyondTheirNumbersAreRefused() throws IOException {
    String four = small(4);
    Map<String, String> views = new LinkedHashMap<>();
    views.put("behind", view(small(1), four, small(1), four));
    views.put("stride", view(small(0), small(2), four, four));
    views.put("large", view(small(0), small(9), small(0), four));
    views.put("spread", view(small(0), four + four, small(0) + small(1), four));
    views.put("negative", view("J\u00ff\u00ff\u00ff\u00ff", four, small(1), four));
    views.put(
        "huge", view(small(0), "J\u00ff\u00ff\u00ff\u007f", "J\u00ff\u00ff\u00ff\u007f", four));
    for (Map.Entry<String, String> v : views.entrySet()) {
      String message = refused(v.getValue());
      assertTrue(message.contains("not sound"), v.getKey() + ": " + message);
    }
    String more = refused(view(small(0), small(5), small(1), small(5)));
    assertTrue(more.contains("not as many as it says"), more);
  }

  @Test
  void filesThatAreCutOffOrHaveFlippedBitsAreReadOrRefused() throws IOException {
    for (String name : new String[] {"kinds.pt", "kinds_old.pt"}) {
      byte[] whole = Files.readAllBytes(resource(name));
      SplittableRandom random = new SplittableRandom(5);
      for (int i = 0; i < 300; i++) {
        byte[] damaged = whole.clone();
        for (int k = random.nextInt(1, 4); k > 0; k--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(damaged, 0, i % 3 == 0 ? random.nextInt(damaged.length) : damaged.length);
        Path file = folder.resolve("damaged.pt");
        Files.write(file, out.toByteArray());
        try {
          TorchFile.read(file);
        } catch (SpyhopException e) {
          assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        }
      }
    }
  }
}
