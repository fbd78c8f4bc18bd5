package sc.fiji.spyhop.util;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import sc.fiji.spyhop.SpyhopException;

/**
 * Files that are there whole or not at all: written beside their place, then moved. Behind a
 * symbolic link its target is written; what is no plain file, such as a pipe or a device, gets the
 * bytes as they are.
 */
public final class AtomicFile {

  private static final int BUFFER = 1 << 16;

  /** Links in a row before they are taken for a circle. */
  private static final int MAX_LINKS = 40;

  /** Longest name that the file systems in use all allow, in bytes. */
  private static final int MAX_NAME = 255;

  private AtomicFile() {}

  /** Writes what belongs into a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all bytes; what has come so far is thrown away if this fails.
     *
     * @throws IOException if the bytes cannot be had or written
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces a file.
   *
   * @param content gets a buffered stream, which is closed for it
   * @throws SpyhopException if it cannot be written; what was there before is then still there
   */
  public static void write(Path file, Content content) {
    write(file, content, false);
  }

  /**
   * Writes or replaces a file that outlasts a power cut: what was there before, or all that is new,
   * is on the disk at any time.
   *
   * @throws SpyhopException if it cannot be written; what was there before is then still there
   */
  public static void writeDurably(Path file, Content content) {
    write(file, content, true);
  }

  private static void write(Path file, Content content, boolean durable) {
    Path target = file.toAbsolutePath();
    try {
      replace(target, content, durable);
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  /**
   * The same for who has something better to say of a failure.
   *
   * @param durable whether the file has to outlast a power cut
   * @throws IOException if it cannot be written; what was there before is then still there
   */
  public static void replace(Path file, Content content, boolean durable) throws IOException {
    Path target = behindLinks(file.toAbsolutePath());
    if (Streams.isStream(target)) {
      Streams.write(target, content);
      return;
    }
    Path temporary = temporary(target);
    try {
      try (FileChannel channel =
              FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
        content.writeTo(out);
        out.flush();
        if (durable) channel.force(true);
      }
      move(temporary, target);
      if (durable) forceFolder(FileNames.folder(target));
    } finally {
      discard(temporary);
    }
  }

  /**
   * A file that is written here and there, by several threads, before it is put in its place; if
   * that is not asked for, nothing is left of it.
   */
  public static final class Draft implements AutoCloseable {

    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    private Draft(Path target) throws IOException {
      this.target = target;
      this.temporary = temporary(target);
      this.channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Where the bytes go, at any position and from several threads; closed by the draft. */
    public FileChannel channel() {
      return channel;
    }

    /** Puts the file in its place. */
    public void commit() {
      try {
        channel.close();
        move(temporary, target);
      } catch (IOException e) {
        throw cannotWrite(target, e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // it is given up
      }
      discard(temporary);
    }
  }

  /**
   * Begins a file.
   *
   * @throws SpyhopException if it cannot be written
   */
  public static Draft draft(Path file) {
    Path target = file.toAbsolutePath();
    try {
      return new Draft(behindLinks(target));
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
  }

  /** What to say and do if a file cannot be written. */
  public static SpyhopException cannotWrite(Path file, IOException e) {
    return new SpyhopException(
        Strings.format(
            "%s cannot be written to %s: %s. Choose a folder that exists, is writable and has room.",
            FileNames.last(file), FileNames.folder(file), reason(e)),
        e);
  }

  /**
   * Refuses to replace a file unasked.
   *
   * @param replace whether the user asked for it
   * @throws SpyhopException if a file is there that must not be replaced, or a folder
   */
  public static void requireFree(Path file, boolean replace) {
    if (Files.isDirectory(file)) {
      throw new SpyhopException(file + ": this is a folder. Name a file to write.");
    }
    if (replace || !isThere(file) || Streams.isStream(file.toAbsolutePath())) return;
    throw new SpyhopException(file + ": exists already. Name another, or add --force.");
  }

  /** Whether something is at a place, be it a link that leads nowhere. */
  public static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** The place that symbolic links lead to; it need not exist. */
  private static Path behindLinks(Path path) throws IOException {
    Path file = path;
    for (int i = 0; Files.isSymbolicLink(file) && !Streams.isStream(file); i++) {
      if (i == MAX_LINKS) throw new FileSystemException(path.toString(), null, "a circle of links");
      file = file.resolveSibling(Files.readSymbolicLink(file)).toAbsolutePath();
    }
    return file;
  }

  /** A hidden name beside a file, of which batches know that it may be left over. */
  private static Path temporary(Path target) throws IOException {
    if (target.equals(target.getRoot())) {
      throw new FileSystemException(target.toString(), null, "it is a folder");
    }
    String name = FileNames.last(target);
    String random = "." + UUID.randomUUID() + ".tmp";
    // a name that fits must not be refused because of what is put around it
    int room = MAX_NAME - 1 - random.length();
    String kept = name;
    while (kept.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > room) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
    }
    return target.resolveSibling("." + kept + random);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Brings the new name to the disk, where folders can be opened for that. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // as on Windows, where the name is kept with the file
    }
  }

  private static void discard(Path temporary) {
    try {
      if (isThere(temporary)) Files.deleteIfExists(temporary);
    } catch (IOException e) {
      temporary.toFile().deleteOnExit();
    }
  }

  /** Why a file operation failed, in words, without a full stop. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException) return "there is no such folder";
    if (e instanceof AccessDeniedException) return "permission denied";
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way of a folder (" + e.getMessage() + ")";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) return f.getReason();
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
