package sc.fiji.spyhop.model.download;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.NetworkImport;
import sc.fiji.spyhop.exchange.Preprocessing;
import sc.fiji.spyhop.exchange.Source;
import sc.fiji.spyhop.util.Strings;

/**
 * Networks that can be downloaded by name from their public homes, each with the checksum that its
 * publisher gives.
 *
 * @param networks by name
 */
public record Catalogue(List<Entry> networks) {

  private static final String RESOURCE = "/models/downloads.json";

  public Catalogue {
    networks = List.copyOf(networks);
  }

  /**
   * A network.
   *
   * @param name of the model that comes of it
   * @param network its file
   * @param classes names of its classes
   * @param preprocess see {@link Preprocessing}
   */
  public record Entry(
      String name,
      String description,
      RemoteFile network,
      RemoteFile classes,
      String preprocess,
      String author,
      String license,
      String citation) {

    /** Bytes to be downloaded, if nothing is there yet. */
    public long bytes() {
      return network.bytes() + classes.bytes();
    }

    /**
     * Downloads what is not there, and makes a model of it.
     *
     * @throws SpyhopException if it cannot be had; says what to do
     * @throws java.util.concurrent.CancellationException if the user asked to stop; what has
     *     arrived is kept
     */
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

  /** The one that comes with Spyhop. */
  public static Catalogue standard() {
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build()
          .readValue(in, Catalogue.class);
    } catch (IOException e) {
      throw new SpyhopException("The list of downloads cannot be read. Reinstall Spyhop.", e);
    }
  }

  /**
   * One by name.
   *
   * @throws SpyhopException if there is none; lists all
   */
  public Entry find(String name) {
    return networks.stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SpyhopException(
                    Strings.format(
                        "There is no network named \"%s\" to download. There are: %s.",
                        name,
                        networks.stream().map(Entry::name).collect(Collectors.joining(", ")))));
  }
}
