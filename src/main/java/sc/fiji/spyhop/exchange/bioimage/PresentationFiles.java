package sc.fiji.spyhop.exchange.bioimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.Cover;
import sc.fiji.spyhop.model.Presentation;

/** The cover and the documentation that a description names. */
final class PresentationFiles {

  private static final int MAX_TEXT = 1 << 20;

  private PresentationFiles() {}

  /**
   * Reads them. Nothing depends on them: what is not there, or elsewhere, is left out.
   *
   * @param notes is told what was left out
   */
  static Presentation of(BioimageFolder folder, Fields root, List<String> notes) {
    boolean isOwn = root.map("config").has("spyhop");
    Optional<Cover> cover = Optional.empty();
    List<?> covers = root.list("covers");
    for (int i = 0; i < covers.size() && cover.isEmpty(); i++) {
      cover = file(folder, root, "covers", covers.get(i)).flatMap(Cover::read);
    }
    if (cover.isEmpty() && !covers.isEmpty()) {
      notes.add("Its cover is not a picture that can be read here, and was left out.");
    }
    String text =
        file(folder, root, "documentation", root.values().get("documentation"))
            .flatMap(PresentationFiles::text)
            .map(t -> isOwn ? BioimageReadme.ofAuthors(t) : t)
            .orElse("");
    return new Presentation(cover, text);
  }

  /** A file by its name alone or with a checksum; nothing if it is not in the package. */
  private static Optional<Path> file(BioimageFolder folder, Fields root, String at, Object named) {
    if (named == null || named.equals("")) return Optional.empty();
    try {
      Fields reference =
          Fields.of(root.file(), at, named instanceof String s ? Map.of("source", s) : named);
      return Optional.of(folder.file(reference));
    } catch (SpyhopException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(Path file) {
    boolean isText = file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(md|txt)");
    if (!isText) return Optional.empty();
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
