package sc.fiji.spyhop.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.evaluation.Evaluation;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Holds predictions against the truth: figures, how sure they are, and a table of images. */
@Group("Files to write")
abstract class EvaluateCommand extends JobCommand {

  @Parameter(
      label = "Table of images to write",
      style = "save",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Writes the figures of each image to this CSV file, the worst first.")
  private File images = new File("");

  @Parameter(
      label = "JSON file to write",
      style = "save",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Writes all figures to this file as JSON.")
  private File json = new File("");

  @Parameter(
      label = "Replace what exists",
      visibility = ItemVisibility.INVISIBLE,
      persist = false,
      description = "Replaces files that exist; else they are left as they are.")
  @InShell(names = "--force")
  private boolean replace = false;

  /** Compares. */
  abstract Evaluation evaluate(Caller caller, Progress progress);

  /** Files that are written besides, by the keys of their settings. */
  List<String> written() {
    return List.of("images", "json");
  }

  /** Writes what belongs to one kind of evaluation alone. */
  void write(Evaluation evaluation) {}

  @Override
  final void work(Caller caller) {
    requirePlaces();
    Evaluation evaluation;
    try (Caller.Shown progress = caller.progress("Evaluating")) {
      evaluation = evaluate(caller, progress);
    }
    evaluation.notes().forEach(caller::note);
    caller.report(evaluation.text());
    caller.table("Evaluation", evaluation.figures());
    caller.table("Evaluation of images", evaluation.images());
    if (!evaluation.confusion().isEmpty()) {
      caller.table("Confusion matrix", evaluation.confusion());
    }
    path(images).ifPresent(evaluation::writeImages);
    path(json).ifPresent(evaluation::writeJson);
    write(evaluation);
    List<String> failures = evaluation.failures();
    if (!failures.isEmpty()) caller.failed(failures, evaluation.size() + failures.size());
  }

  /** Refuses files that cannot be written, or are the same, before anything is reckoned. */
  private void requirePlaces() {
    Map<Path, Setting> places = new HashMap<>();
    for (Setting s : settings()) {
      if (!written().contains(s.key())) continue;
      Optional<Path> file = path((File) s.get());
      if (file.isEmpty()) continue;
      requireFree(file.get());
      Setting same = places.putIfAbsent(place(file.get()), s);
      if (same != null) {
        throw SettingException.wrong(
            s.key(),
            Strings.format(
                "expected a file of its own, received %s, which is in use as %s too.",
                file.get(), same.label()));
      }
    }
  }

  /** Where a file is, by whatever name its folder is called. */
  private static Path place(Path file) {
    try {
      if (Files.isRegularFile(file)) return file.toRealPath();
      return FileNames.folder(file.toAbsolutePath()).toRealPath().resolve(FileNames.last(file));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(file.toAbsolutePath(), e);
    }
  }

  /** Refuses a file that is there, unless it may be replaced, or that is read, even so. */
  private void requireFree(Path file) {
    for (Setting s : settings()) {
      if (!written().contains(s.key()) && isPartOf(file, s.get())) {
        throw new SpyhopException(
            Strings.format(
                "%s: this is in use as %s. Name another file to write.", file, s.label()));
      }
    }
    if (!replace && AtomicFile.isThere(file) && !Files.isDirectory(file)) {
      throw SettingException.needs(
          file + " exists already. Name another file, or replace it",
          new SettingException.Remedy("replace", "true"));
    }
    AtomicFile.requireFree(file, true);
  }

  private static boolean isPartOf(Path file, Object value) {
    String place = value instanceof File f ? f.getPath() : value instanceof String s ? s : "";
    if (place.isBlank()) return false;
    try {
      return new AnnotationFiles(new ImageFiles()).holds(Path.of(place), file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Absent if it is blank. */
  static Optional<Path> path(File file) {
    return word(file.getPath()).map(Path::of);
  }

  /**
   * Refuses an empty path.
   *
   * @param key of the setting
   */
  static Path required(String key, File file) {
    return path(file).orElseThrow(() -> SettingException.missing(key, "a path", "/path/to/it"));
  }
}
