package sc.fiji.spyhop.util;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * Holds a folder for one program, by a hidden file in it that is locked. The lock ends with the
 * program, however that ends; a file that is left over says nothing.
 */
public final class FolderLock implements AutoCloseable {

  /** Name of the file. */
  public static final String NAME = ".lock";

  private static final int ATTEMPTS = 20;

  private static final int MAX_SIZE = 1 << 16;

  /** Far behind the content, which others have to be able to read where locks are strict. */
  private static final long PLACE = Long.MAX_VALUE - 1;

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes a folder.
   *
   * @param folder that exists
   * @return nothing if another has it, be it in this program
   * @throws IOException if the file cannot be made
   */
  public static Optional<FolderLock> take(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    for (int i = 0; i < ATTEMPTS; i++) {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean taken = false;
      try {
        if (!isLocked(channel)) return Optional.empty();
        taken = isInPlace(file, channel);
      } finally {
        if (!taken) channel.close();
      }
      if (taken) return Optional.of(new FolderLock(file, channel));
    }
    return Optional.empty();
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock(PLACE, 1, false) != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this very program
    } catch (IOException e) {
      return true; // some file systems of networks know no locks
    }
  }

  /**
   * Whether a file that was opened is still the one of that name: who had it may have ended. Told
   * by a size at random, as a file that is opened and closed again would lose its lock (POSIX).
   */
  private static boolean isInPlace(Path file, FileChannel channel) throws IOException {
    int size = 1 + new SecureRandom().nextInt(MAX_SIZE);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(size));
    try {
      return Files.size(file) == size;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Leaves the folder to others. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    }
  }
}
