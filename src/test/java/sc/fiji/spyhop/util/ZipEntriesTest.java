package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.TimeZone;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipEntriesTest {

  @AfterEach
  void restore() {
    TimeZone.setDefault(null);
  }

  private static byte[] zip(String timeZone) throws IOException {
    TimeZone.setDefault(TimeZone.getTimeZone(timeZone));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(ZipEntries.undated("a"));
      zip.write(1);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"})
  void bytesAreTheSameInEveryTimeZone(String timeZone) throws IOException {
    assertArrayEquals(zip("UTC"), zip(timeZone));
  }
}
