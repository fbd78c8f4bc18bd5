package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongDownloadTest {

  @TempDir Path folder;

  private String look(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("net.onnx"), content);
    return WrongDownload.look(file).orElse("");
  }

  @Test
  void saysWhatAFileIsInstead() throws IOException {
    assertTrue(
        look("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 5\n")
            .contains("pointer of Git LFS"));
    assertTrue(look("\uFEFF \n<!DOCTYPE HTML><html>Not Found</html>").contains("web page"));
    assertEquals("", look("PK\u0003\u0004"));
    assertEquals(Optional.empty(), WrongDownload.look(folder.resolve("none")));
  }
}
