package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {

  @TempDir Path folder;

  @Test
  void oneAtATime() throws IOException {
    Files.writeString(folder.resolve(FolderLock.NAME), "left by one that was killed");
    FolderLock lock = FolderLock.take(folder).orElseThrow();
    assertEquals(Optional.empty(), FolderLock.take(folder));
    lock.close();
    assertFalse(Files.exists(folder.resolve(FolderLock.NAME)));
    Optional<FolderLock> next = FolderLock.take(folder);
    assertTrue(next.isPresent());
    next.get().close();
  }
}
