package sc.fiji.spyhop.exchange.bioimage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.model.Cover;
import sc.fiji.spyhop.model.Presentation;
import sc.fiji.spyhop.util.Strings;

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
    List<String> reasons = new ArrayList<>();
    List<?> covers = root.list("covers");
    for (int i = 0; i < covers.size() && cover.isEmpty(); i++) {
      Optional<Path> file = file(folder, root, "cover", covers.get(i), reasons);
      cover = file.flatMap(Cover::read);
      if (file.isPresent() && cover.isEmpty()) {
        reasons.add("Its cover is not a picture that can be read here, and was left out.");
      }
    }
    if (cover.isEmpty()) notes.addAll(reasons);
    Optional<Path> file =
        file(folder, root, "documentation", root.values().get("documentation"), notes);
    Optional<String> text = file.flatMap(PresentationFiles::text);
    if (file.isPresent() && text.isEmpty()) {
      notes.add("Its documentation is no text (.md, .txt), and was left out.");
    }
    return new Presentation(
        cover, text.map(t -> isOwn ? BioimageReadme.ofAuthors(t) : t).orElse(""));
  }

  /** A file by its name alone or with a checksum; nothing, with a reason, if it is not there. */
  private static Optional<Path> file(
      BioimageFolder folder, Fields root, String what, Object named, List<String> reasons) {
    if (named == null || named.equals("")) return Optional.empty();
    try {
      Fields reference =
          Fields.of(root.file(), what, named instanceof String s ? Map.of("source", s) : named);
      return Optional.of(folder.file(reference));
    } catch (SpyhopException e) {
      String label = folder + ": ";
      String reason = e.getMessage();
      reasons.add(
          Strings.format(
              "Its %s was left out: %s",
              what, reason.startsWith(label) ? reason.substring(label.length()) : reason));
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
