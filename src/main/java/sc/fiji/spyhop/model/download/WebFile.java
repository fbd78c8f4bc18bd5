package sc.fiji.spyhop.model.download;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * A file at some address, whose size is not known beforehand, and perhaps not its checksum either.
 *
 * @param most bytes that it may have
 */
record WebFile(URI url, Optional<String> sha256, long most) {

  /** Attempts in a row that brought nothing before giving up. */
  private static final int PATIENCE = 3;

  private SpyhopException tooLarge() {
    return new SpyhopException(
        Strings.format(
            "%s has more than the %s that are expected of it; it is not downloaded.",
            url, Downloads.megabytes(most)));
  }

  /**
   * Gets it into memory.
   *
   * @throws HttpSource.Unreachable if it cannot be had
   */
  byte[] bytes(HttpSource source, Progress progress) throws HttpSource.Unreachable {
    progress.update("Connecting to " + url.getHost(), 0, 1);
    try (HttpBody body = source.open(url, 0, progress)) {
      if (body.size() > most) throw tooLarge();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      while (body.size() < 0 || out.size() < body.size()) {
        List<ByteBuffer> next = body.next();
        if (next.isEmpty()) break;
        for (ByteBuffer part : next) {
          byte[] some = new byte[part.remaining()];
          part.get(some);
          out.write(some, 0, some.length);
        }
        if (out.size() > most) throw tooLarge();
      }
      return out.toByteArray();
    }
  }

  /**
   * Gets it, unless it is there already: with its checksum, or, where none is known, at all. What
   * has arrived of a file with a checksum is kept when this ends early, and the next attempt goes
   * on from there.
   *
   * @throws SpyhopException if it is not what its checksum says, or too large
   * @throws HttpSource.Unreachable if it cannot be had
   * @throws IOException if the folder cannot be written to
   */
  void fetch(HttpSource source, Path target, Progress progress) throws IOException {
    if (Files.exists(target) && isSound(target)) return;
    Path partial = target.resolveSibling(FileNames.last(target) + ".part");
    boolean resumed;
    try {
      resumed = receive(source, partial, progress);
    } catch (HttpSource.Unreachable e) {
      if (Files.size(partial) == 0) Files.delete(partial);
      throw e;
    }
    if (!isSound(partial) && resumed) {
      Files.delete(partial); // it may have been the beginning of another version
      receive(source, partial, progress);
    }
    if (!isSound(partial)) {
      Files.delete(partial);
      throw new SpyhopException(
          Strings.format(
              "%s sent another file than expected for %s: its SHA-256 is not %s. It was deleted; try again later, or tell the authors of the model.",
              url.getHost(), url, sha256.orElse("")));
    }
    Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether it went on with what was there. */
  private boolean receive(HttpSource source, Path partial, Progress progress) throws IOException {
    try (FileChannel out =
            FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(out)) {
      if (sha256.isEmpty() || out.size() > most) out.truncate(0);
      boolean resumed = out.size() > 0;
      int idle = 0;
      while (true) {
        long before = out.size();
        progress.checkCancelled();
        progress.update("Connecting to " + url.getHost(), 0, 1);
        try (HttpBody body = source.open(url, before, progress)) {
          if (body.start() != before) out.truncate(0);
          append(out, body, progress);
          out.force(true);
          return resumed;
        } catch (HttpSource.Unreachable e) {
          progress.checkCancelled();
          idle = e.isFinal() ? PATIENCE : out.size() > before ? 0 : idle + 1;
          if (idle == PATIENCE) throw e;
        }
      }
    }
  }

  private FileLock lock(FileChannel out) throws IOException {
    Optional<FileLock> lock;
    try {
      lock = Optional.ofNullable(out.tryLock());
    } catch (OverlappingFileLockException e) {
      lock = Optional.empty();
    }
    return lock.orElseThrow(
        () ->
            new SpyhopException(
                url + " is being downloaded by another Spyhop. Wait until that has finished."));
  }

  private void append(FileChannel out, HttpBody body, Progress progress) throws IOException {
    if (body.size() > most) throw tooLarge();
    out.position(out.size());
    while (body.size() < 0 || out.position() < body.size()) {
      List<ByteBuffer> next = body.next();
      if (next.isEmpty()) return;
      for (ByteBuffer bytes : next) {
        while (bytes.hasRemaining()) out.write(bytes);
      }
      if (out.position() > most) throw tooLarge();
      progress.update(
          Strings.format("Downloading %s", Downloads.megabytes(out.position())),
          out.position(),
          Math.max(out.position(), body.size()));
    }
  }

  private boolean isSound(Path path) throws IOException {
    if (sha256.isEmpty()) return true;
    try (InputStream in = Files.newInputStream(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) digest.update(chunk, 0, n);
      return HexFormat.of().formatHex(digest.digest()).equalsIgnoreCase(sha256.get().strip());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
