package sc.fiji.spyhop.exchange.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;

/** What is wrong with archives is said. The sound one was written by Keras 3.15. */
class KerasArchiveTest {

  private static final String WEIGHTS = "model.weights.h5";

  @TempDir Path folder;
  private Path sound;

  @BeforeEach
  void unpack() throws IOException {
    sound = folder.resolve("sound.keras");
    try (InputStream in =
        getClass().getResourceAsStream("/sc/fiji/spyhop/exchange/keras/archive.keras.gz")) {
      Files.copy(new GZIPInputStream(in), sound);
    }
  }

  private Map<String, byte[]> entries() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(sound.toFile())) {
      for (ZipEntry e : zip.stream().toList()) {
        entries.put(e.getName(), zip.getInputStream(e).readAllBytes());
      }
    }
    return entries;
  }

  private String refusal(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("net.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> e : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(e.getKey()));
        zip.write(e.getValue());
      }
    }
    return refusal(file);
  }

  private static String refusal(Path file) {
    String message =
        assertThrows(SpyhopException.class, () -> KerasImport.read(file, Optional.empty()))
            .getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    return message.substring(file.toString().length() + 2);
  }

  @Test
  void weightsAreThereWhileItIsOpen() throws IOException {
    KerasArchive archive = KerasArchive.open(sound);
    assertTrue(Files.exists(archive.weights()));
    archive.close();
    assertFalse(Files.exists(archive.weights()));
  }

  @Test
  void missingPartsAreNamed() throws IOException {
    for (String name : entries().keySet()) {
      Map<String, byte[]> fewer = entries();
      fewer.remove(name);
      String message = refusal(fewer);
      assertTrue(message.endsWith("there is no " + name + " in it."), message);
    }
  }

  @Test
  void whatIsCutOffIsNotSound() throws IOException {
    Path cut = folder.resolve("cut.keras");
    byte[] all = Files.readAllBytes(sound);
    Files.write(cut, Arrays.copyOf(all, all.length / 2));
    assertTrue(refusal(cut).startsWith("is not a sound zip file"), refusal(cut));
    Map<String, byte[]> shorter = entries();
    shorter.put(WEIGHTS, Arrays.copyOf(shorter.get(WEIGHTS), 3000));
    assertEquals("is not a sound file of Keras, or is cut off.", refusal(shorter));
    shorter.put(WEIGHTS, "no weights".getBytes(StandardCharsets.UTF_8));
    assertEquals("its weights are not an HDF5 file. Is it whole, and of Keras?", refusal(shorter));
  }

  @Test
  void weightsThatUnpackToFarMoreThanTheFileAreNotOpened() throws IOException {
    Map<String, byte[]> larger = entries();
    larger.put(WEIGHTS, new byte[40 << 20]);
    assertTrue(refusal(larger).startsWith("its weights would take more than 16 times"));
  }

  @Test
  void layersOfOneNameWithinModelsAreRefused() throws IOException {
    Map<String, byte[]> renamed = entries();
    String config = new String(renamed.get("config.json"), StandardCharsets.UTF_8);
    renamed.put(
        "config.json",
        config.replace("\"depthwise_conv2d\"", "\"first\"").getBytes(StandardCharsets.UTF_8));
    assertEquals(
        "has two layers of the name first. Rename one, and save the model again.",
        refusal(renamed));
  }
}
