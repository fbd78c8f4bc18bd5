package sc.fiji.spyhop.model.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * A folder of downloaded files. A file is in it under its name once its checksum was found right;
 * what has arrived of one so far is beside it, and the next attempt goes on from there. Safe for
 * several processes at once.
 */
public final class Downloads {

  private static final String PARTIAL = ".part";
  private static final int CHUNK = 1 << 16;

  /** Attempts in a row that brought nothing before giving up. */
  private static final int PATIENCE = 3;

  private final Path folder;
  private final HttpSource source;

  /** Keeps files in a folder, which is made when it is needed. */
  public Downloads(Path folder) {
    this(folder, new HttpSource());
  }

  /**
   * In the folder that the system property {@code spyhop.downloads} or the environment variable
   * {@code SPYHOP_DOWNLOADS} names, else in {@code .spyhop/downloads} of the home folder.
   */
  public static Downloads standard() {
    String named = System.getProperty("spyhop.downloads", System.getenv("SPYHOP_DOWNLOADS"));
    return new Downloads(
        named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".spyhop", "downloads")
            : Path.of(named));
  }

  Downloads(Path folder, HttpSource source) {
    this.folder = folder.toAbsolutePath();
    this.source = source;
  }

  /** What files are got with. */
  HttpSource source() {
    return source;
  }

  /** Where files are kept; need not exist before the first is fetched. */
  public Path folder() {
    return folder;
  }

  /**
   * Gives a file, downloading what is not there of it.
   *
   * @param progress told of bytes; if it cancels, what has arrived is kept for the next attempt
   * @return where it lies, its checksum verified
   * @throws SpyhopException if it cannot be had; says how else to get it
   * @throws java.util.concurrent.CancellationException if the user asked to stop
   */
  public Path fetch(RemoteFile file, Progress progress) {
    Path target = folder.resolve(file.name());
    try {
      if (Files.exists(target)) {
        if (isSound(target, file, progress)) return target;
        throw new SpyhopException(
            target
                + ": is not the file it should be (its SHA-256 is not "
                + file.sha256()
                + "). Delete it, then try again.");
      }
      Files.createDirectories(folder);
      return download(file, target, progress);
    } catch (IOException e) {
      throw new SpyhopException(
          file.name()
              + " cannot be kept in "
              + folder
              + ": "
              + AtomicFile.reason(e)
              + ". Make room there, or set SPYHOP_DOWNLOADS to a folder that can be written to.",
          e);
    }
  }

  private Path download(RemoteFile file, Path target, Progress progress) throws IOException {
    Path partial = folder.resolve(file.name() + PARTIAL);
    try (FileChannel out =
        FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try (FileLock lock = out.tryLock()) {
        if (lock == null) throw busy(file);
        if (out.size() > file.bytes()) out.truncate(0);
        requireRoom(file, file.bytes() - out.size());
        receive(file, out, progress);
      } catch (java.nio.channels.OverlappingFileLockException e) {
        throw busy(file);
      }
    }
    if (!isSound(partial, file, progress)) {
      Files.delete(partial);
      throw new SpyhopException(
          Strings.format(
              "%s sent another file than expected for %s: its SHA-256 is not %s. It was deleted. %s",
              file.url().getHost(), file.name(), file.sha256(), otherwise(file)));
    }
    return Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private static SpyhopException busy(RemoteFile file) {
    return new SpyhopException(
        file.name() + " is being downloaded by another Spyhop. Wait until that has finished.");
  }

  private void requireRoom(RemoteFile file, long missing) throws IOException {
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < missing) {
      throw new SpyhopException(
          Strings.format(
              "%s needs %s more in %s, which has room for %s. Make room there, or set SPYHOP_DOWNLOADS to another folder.",
              file.name(), megabytes(missing), folder, megabytes(room)));
    }
  }

  /** Appends until all is there, starting over where the server asks for it. */
  private void receive(RemoteFile file, FileChannel out, Progress progress) throws IOException {
    int idle = 0;
    while (out.size() < file.bytes()) {
      long before = out.size();
      progress.checkCancelled();
      progress.update("Connecting to " + file.url().getHost(), before, file.bytes());
      try (HttpBody body = source.open(file.url(), before, progress)) {
        if (body.start() != before) out.truncate(0);
        append(file, out, body, progress);
      } catch (HttpSource.Unreachable e) {
        progress.checkCancelled();
        idle = e.isFinal() ? PATIENCE : out.size() > before ? 0 : idle + 1;
        if (idle == PATIENCE) {
          throw new SpyhopException(e.getMessage() + " " + otherwise(file), e);
        }
      }
    }
    out.force(true);
  }

  private static void append(RemoteFile file, FileChannel out, HttpBody body, Progress progress)
      throws IOException {
    out.position(out.size());
    while (out.position() < file.bytes()) {
      for (ByteBuffer bytes : body.next()) {
        long most = file.bytes() - out.position();
        if (bytes.remaining() > most) bytes.limit(bytes.position() + (int) most);
        while (bytes.hasRemaining()) out.write(bytes);
      }
      progress.update(
          Strings.format(
              "Downloading %s, %s of %s",
              file.name(), megabytes(out.position()), megabytes(file.bytes())),
          out.position(),
          file.bytes());
    }
  }

  /** What a user can do who has no, or no such, network. */
  private String otherwise(RemoteFile file) {
    return Strings.format(
        "Run it again to go on where it stopped, or get %s elsewhere and put it into %s as %s.",
        file.url(), folder, file.name());
  }

  private static boolean isSound(Path path, RemoteFile file, Progress progress) throws IOException {
    if (Files.size(path) != file.bytes()) return false;
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    long done = 0;
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        progress.checkCancelled();
        digest.update(chunk, 0, n);
        done += n;
        progress.update("Checking " + file.name(), done, file.bytes());
      }
    }
    return HexFormat.of().formatHex(digest.digest()).equals(file.sha256());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static String megabytes(long bytes) {
    return Strings.format("%.1f MB", bytes / 1e6);
  }
}
