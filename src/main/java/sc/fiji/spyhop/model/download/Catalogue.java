package sc.fiji.spyhop.model.download;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.Source;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.plugin.Plugins;
import sc.fiji.spyhop.util.Strings;

/**
 * Models that can be downloaded by name from their homes, each with the checksum that its publisher
 * gives.
 *
 * @param entries each name once
 */
public record Catalogue(List<Entry> entries) {

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  /** Copies the list. */
  public Catalogue {
    entries = List.copyOf(entries);
  }

  /** Something to be downloaded. */
  public sealed interface Entry {

    /** Of the model that comes of it: letters, digits, dots, hyphens and underscores. */
    String name();

    /** What it is for, in a sentence. */
    String description();

    /** Of the weights, an SPDX identifier where there is one. */
    String license();

    /** Bytes to be downloaded, if nothing is there yet. */
    long bytes();

    /**
     * Downloads what is not there, and makes a model of it.
     *
     * @throws SpyhopException if it cannot be had; says what to do
     * @throws java.util.concurrent.CancellationException if the user asked to stop; what has
     *     arrived is kept
     */
    NetworkImport.Result fetch(Downloads downloads, Progress progress);
  }

  private static void requireName(String name) {
    if (name.matches(NAME)) return;
    throw new SpyhopException(
        "Download: expected a plain name of a model, received \"" + Strings.shorten(name) + "\".");
  }

  /**
   * A model of this program.
   *
   * @param file its .spyhop file
   */
  public record Bundle(String name, String description, RemoteFile file, String license)
      implements Entry {

    /** Throws a {@link SpyhopException} if the name is none that a file can have. */
    public Bundle {
      requireName(name);
    }

    @Override
    public long bytes() {
      return file.bytes();
    }

    @Override
    public NetworkImport.Result fetch(Downloads downloads, Progress progress) {
      return new NetworkImport.Result(ModelFile.read(downloads.fetch(file, progress)), List.of());
    }
  }

  /**
   * A classifier of another program.
   *
   * @param network its file
   * @param classes names of its classes
   * @param preprocess see {@link Preprocessing}
   */
  public record Network(
      String name,
      String description,
      RemoteFile network,
      RemoteFile classes,
      String preprocess,
      String author,
      String license,
      String citation)
      implements Entry {

    /** Throws a {@link SpyhopException} if the name is none that a file can have. */
    public Network {
      requireName(name);
    }

    @Override
    public long bytes() {
      return network.bytes() + classes.bytes();
    }

    @Override
    public NetworkImport.Result fetch(Downloads downloads, Progress progress) {
      Path names = downloads.fetch(classes, progress);
      Path file = downloads.fetch(network, progress);
      return new NetworkImport(
              new NetworkImport.About(
                  name,
                  description,
                  network.url() + " (SHA-256 " + network.sha256() + ")",
                  author,
                  license,
                  citation),
              Source.of(file),
              Preprocessing.parse(preprocess),
              names.toString())
          .run(progress);
    }
  }

  /** What all sources have, ours and those of plugins. Of several of a name the first counts. */
  public static Catalogue standard() {
    Map<String, Entry> all = new LinkedHashMap<>();
    for (ModelSource source : Plugins.all(ModelSource.class)) {
      List<Entry> some = List.of();
      try {
        some = List.copyOf(Plugins.ask(source, source::models));
      } catch (SpyhopException e) {
        Plugins.tellOnce(e.getMessage());
      }
      for (Entry entry : some) {
        if (all.putIfAbsent(entry.name(), entry) == null) continue;
        Plugins.tellOnce(
            Strings.format(
                "The model %s of %s is left out: there is another of this name.",
                entry.name(), Plugins.describe(source)));
      }
    }
    return new Catalogue(List.copyOf(all.values()));
  }

  /** Whether there is one of a name. */
  public boolean has(String name) {
    return entries.stream().anyMatch(e -> e.name().equals(name));
  }

  /**
   * One by name.
   *
   * @throws SpyhopException if there is none; lists all
   */
  public Entry find(String name) {
    return entries.stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "There is no network named \"%s\" to download. There are: %s; and models of bioimage.io by their nickname, such as affable-shark.",
                        name,
                        entries.stream().map(Entry::name).collect(Collectors.joining(", ")))));
  }
}
