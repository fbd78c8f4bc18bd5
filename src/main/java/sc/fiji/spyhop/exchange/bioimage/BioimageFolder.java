package sc.fiji.spyhop.exchange.bioimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.WrongDownload;
import sc.fiji.spyhop.util.YamlFile;

/**
 * The files of a bioimage.io model: a folder with a description, or a zip file of one. What a
 * description names is opened only if it lies in the same folder or below; of a zip file, what is
 * named is unpacked, counted as it is inflated, into a temporary folder that goes when this is
 * closed.
 */
final class BioimageFolder implements AutoCloseable {

  private static final List<String> NAMES = List.of("rdf.yaml", "bioimageio.yaml", "model.yaml");

  private static final int MAX_DESCRIPTION = 1 << 20;

  /** As many bytes as a protocol buffer may have. */
  private static final long MAX_FILE = Integer.MAX_VALUE;

  private final Path opened;
  private final Path folder;
  private final String description;
  private final Optional<Zip> zip;

  /**
   * @param top folder in the zip file, with a slash; empty: none
   */
  private record Zip(ZipFile file, String top) {}

  private BioimageFolder(Path opened, Path folder, String description, Optional<Zip> zip) {
    this.opened = opened;
    this.folder = folder;
    this.description = description;
    this.zip = zip;
  }

  /** Whether a path is a folder, a description or a zip file, by its kind and name. */
  static boolean looksLike(Path path) {
    return Files.isDirectory(path) || FileNames.last(path).matches("(?i).*\\.(ya?ml|zip)");
  }

  /**
   * Opens one.
   *
   * @throws SpyhopException if there is no description in it
   */
  static BioimageFolder open(Path path) {
    if (!Files.exists(path)) {
      throw new SpyhopException(path + ": there is no such file or folder.");
    }
    try {
      if (Files.isDirectory(path)) {
        String name =
            NAMES.stream()
                .filter(n -> Files.isRegularFile(path.resolve(n)))
                .findFirst()
                .orElseThrow(() -> none(path, "folder"));
        return new BioimageFolder(path, path.toRealPath(), name, Optional.empty());
      }
      WrongDownload.look(path)
          .ifPresent(
              what -> {
                throw new SpyhopException(path + ": " + what);
              });
      if (!FileNames.last(path).toLowerCase(Locale.ROOT).endsWith(".zip")) {
        Path file = path.toRealPath();
        return new BioimageFolder(
            path, FileNames.folder(file), FileNames.last(file), Optional.empty());
      }
      return unzipped(path);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static BioimageFolder unzipped(Path path) throws IOException {
    ZipFile file;
    try {
      file = new ZipFile(path.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      throw new SpyhopException(
          path + ": is not a sound zip file (" + e.getMessage() + "). Get it again, in full.", e);
    }
    try {
      String found =
          file.stream()
              .map(ZipEntry::getName)
              .filter(n -> NAMES.contains(n.substring(n.lastIndexOf('/') + 1)))
              .min(
                  Comparator.comparing((String n) -> n.chars().filter(c -> c == '/').count())
                      .thenComparing(n -> NAMES.indexOf(n.substring(n.lastIndexOf('/') + 1)))
                      .thenComparing(n -> n))
              .orElseThrow(() -> none(path, "zip file"));
      int slash = found.lastIndexOf('/') + 1;
      Path temporary;
      try {
        temporary = Files.createTempDirectory("spyhop-bioimage");
      } catch (IOException e) {
        throw Folders.cannotWriteTemporary("the files of " + path, e);
      }
      return new BioimageFolder(
          path,
          temporary.toRealPath(),
          found.substring(slash),
          Optional.of(new Zip(file, found.substring(0, slash))));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static SpyhopException none(Path path, String what) {
    return new SpyhopException(
        Strings.format(
            "%s: expected a bioimage.io model, a %s with %s; there is none in it.",
            path, what, String.join(" or ", NAMES)));
  }

  private static SpyhopException unreadable(Path path, IOException e) {
    return new SpyhopException(path + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
  }

  /** Names the model in messages. */
  @Override
  public String toString() {
    return opened.toString();
  }

  /** Name of the description in messages. */
  String label() {
    return Files.isDirectory(opened) || zip.isPresent()
        ? opened + "/" + description
        : opened.toString();
  }

  /** What the description says. */
  Fields description() {
    Path file = file(description);
    try {
      if (Files.size(file) > MAX_DESCRIPTION) {
        throw new SpyhopException(label() + ": expected a description of at most 1 MB.");
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return Fields.of(
          label(),
          "",
          YamlFile.read(label(), text.startsWith("\uFEFF") ? text.substring(1) : text));
    } catch (CharacterCodingException e) {
      throw new SpyhopException(label() + ": expected text in UTF-8.", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * A file that the description names, as it says it is.
   *
   * @param reference with {@code source} and perhaps {@code sha256}
   * @throws SpyhopException if it lies elsewhere, is not there, or has another checksum
   */
  Path file(Fields reference) {
    String source = reference.required("source");
    Path file = file(source);
    Optional<String> expected = reference.text("sha256");
    if (expected.isEmpty()) return file;
    String found = sha256(file);
    if (found.equalsIgnoreCase(expected.get().strip())) return file;
    throw new SpyhopException(
        Strings.format(
            "%s: %s is not the file that the description means: expected the SHA-256 %s, received %s. Get the model again, in full.",
            this, Strings.visible(source), Strings.visible(expected.get()), found));
  }

  /**
   * A file that the description names.
   *
   * @throws SpyhopException if it lies elsewhere or is not there
   */
  Path file(String source) {
    String shown = Strings.visible(source);
    if (source.matches("(?i)[a-z][a-z0-9+.-]+:.*")) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected all files in the same folder, but it names %s. Download that, put it beside the description, and name it there; or get the model as one zip file.",
              this, shown));
    }
    try {
      Path file = folder.resolve(source).normalize();
      boolean inside =
          !source.isBlank()
              && source.indexOf('\\') < 0
              && !Path.of(source).isAbsolute()
              && file.startsWith(folder)
              && !file.equals(folder);
      if (inside && zip.isPresent() && !Files.exists(file)) unpack(zip.get(), file);
      if (inside && Files.exists(file)) inside = file.toRealPath().startsWith(folder);
      if (!inside) {
        throw new SpyhopException(
            Strings.format(
                "%s: expected files within its own folder, but it names \"%s\"; refused.",
                this, shown));
      }
      if (!Files.isRegularFile(file)) {
        throw new SpyhopException(
            Strings.format(
                "%s: names the file %s, which is not there. Get the model again, in full.",
                this, shown));
      }
      return file;
    } catch (InvalidPathException e) {
      throw new SpyhopException(this + ": names the impossible file \"" + shown + "\".", e);
    } catch (IOException e) {
      throw unreadable(opened, e);
    }
  }

  /**
   * Gets the files of an ONNX network ready that keep values of it: the one that is named, and the
   * one of its name with {@code .data} behind.
   */
  void unpackBeside(Fields onnx) {
    if (onnx.has("external_data")) file(onnx.map("external_data"));
    String usual = onnx.required("source") + ".data";
    if (zip.isPresent() && zip.get().file().getEntry(zip.get().top() + usual) != null) file(usual);
  }

  private void unpack(Zip from, Path file) throws IOException {
    String name = from.top + folder.relativize(file).toString().replace('\\', '/');
    ZipEntry entry = from.file.getEntry(name);
    if (entry == null || entry.isDirectory()) return;
    long limit = NAMES.contains(name.substring(from.top.length())) ? MAX_DESCRIPTION : MAX_FILE;
    Files.createDirectories(FileNames.folder(file));
    try (InputStream in = from.file.getInputStream(entry);
        OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[1 << 16];
      long count = 0;
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        count += n;
        if (count > limit) {
          throw new SpyhopException(
              Strings.format(
                  "%s: %s holds more than %d MB; it is not opened.",
                  this, Strings.visible(name), limit >> 20));
        }
        out.write(block, 0, n);
      }
    } catch (ZipException e) {
      throw new SpyhopException(
          Strings.format(
              "%s: %s is damaged (%s). Get it again.", this, Strings.visible(name), e.getMessage()),
          e);
    }
  }

  private static String sha256(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Removes what was unpacked; what another process or a mapping holds goes when Java ends. */
  @Override
  public void close() {
    if (zip.isEmpty()) return;
    try {
      zip.get().file().close();
      List<Path> all;
      try (Stream<Path> files = Files.walk(folder)) {
        all = new ArrayList<>(files.toList());
      }
      all.sort(Comparator.reverseOrder());
      for (Path file : all) if (!file.toFile().delete()) file.toFile().deleteOnExit();
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
