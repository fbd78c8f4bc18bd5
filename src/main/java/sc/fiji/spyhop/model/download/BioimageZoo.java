package sc.fiji.spyhop.model.download;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.bioimage.DescribedFiles;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/**
 * Models of the <a href="https://bioimage.io">BioImage Model Zoo</a> by their nickname ({@code
 * affable-shark}), their DOI at Zenodo ({@code 10.5281/zenodo.5764892}), or the address of their
 * description ({@code https://.../rdf.yaml}). A package is kept in a folder of {@link Downloads},
 * each file checked against the checksum that its description tells.
 */
public final class BioimageZoo {

  /** Address of the description of a nickname, which goes where {@code {id}} stands. */
  private static final String PATTERN =
      "https://hypha.aicell.io/bioimage-io/artifacts/{id}/files/rdf.yaml";

  /** Addresses of all descriptions by nickname, for those that are not there. */
  private static final String ID_MAP =
      "https://uk1s3.embassy.ebi.ac.uk/public-datasets/bioimage.io/id_map.json";

  private static final String ZENODO = "https://zenodo.org/api/records/{id}/files/rdf.yaml/content";

  private static final Pattern NICKNAME = Pattern.compile("[a-z]+(-[a-z]+)+");
  private static final Pattern DOI =
      Pattern.compile(
          "(?:https?://doi\\.org/|doi:)?10\\.5281/zenodo\\.(\\d{1,12})(?:/(\\d{1,12}))?");
  private static final Pattern ADDRESS =
      Pattern.compile("https?://[^\\s/]+/\\S*\\.ya?ml(\\?\\S*)?");

  private static final String DESCRIPTION = "rdf.yaml";
  private static final int MAX_DESCRIPTION = 1 << 20;
  private static final int MAX_ID_MAP = 64 << 20;
  private static final long MAX_FILE = Integer.MAX_VALUE;
  private static final int MAX_FILES = 100;

  private final Downloads downloads;
  private final String pattern;
  private final Optional<String> idMap;

  /**
   * @param pattern address of the description of a nickname, with {@code {id}}
   * @param idMap address of a JSON file with further ones by nickname
   */
  BioimageZoo(Downloads downloads, String pattern, Optional<String> idMap) {
    this.downloads = downloads;
    this.pattern = pattern;
    this.idMap = idMap;
  }

  /**
   * The zoo itself, or a mirror: what the system property {@code spyhop.zoo} or the environment
   * variable {@code SPYHOP_ZOO} gives, an address with {@code {id}} in it.
   */
  public static BioimageZoo standard() {
    String named = System.getProperty("spyhop.zoo", System.getenv("SPYHOP_ZOO"));
    Downloads downloads = Downloads.standard();
    if (named == null || named.isBlank()) {
      return new BioimageZoo(downloads, PATTERN, Optional.of(ID_MAP));
    }
    if (named.matches("https?://.*\\{id\\}.*")) {
      return new BioimageZoo(downloads, named.strip(), Optional.empty());
    }
    throw new SpyhopException(
        Strings.format(
            "SPYHOP_ZOO: expected an address with {id} where a nickname goes, such as %s, received \"%s\".",
            PATTERN, Strings.shorten(Strings.visible(named))));
  }

  /** Whether a word is a nickname, a DOI of Zenodo or the address of a description. */
  public static boolean takes(String asked) {
    return NICKNAME.matcher(asked).matches()
        || DOI.matcher(asked).matches()
        || ADDRESS.matcher(asked).matches();
  }

  /** Name for a model after what was asked for. */
  public static String nameOf(String asked) {
    if (NICKNAME.matcher(asked).matches()) return asked;
    Matcher doi = DOI.matcher(asked);
    if (doi.matches()) return "zenodo-" + record(doi);
    String path =
        asked.replaceFirst("https?://", "").replaceFirst("/[^/]*$", "").replaceFirst("^[^/]*", "");
    String name = path.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[^A-Za-z0-9]+|-+$", "");
    return name.isEmpty()
        ? "zoo-model"
        : name.substring(Math.max(0, name.length() - 60)).replaceFirst("^[^A-Za-z0-9]+", "");
  }

  /** The version if there is one, else the first of all. */
  private static String record(Matcher doi) {
    return doi.group(2) == null ? doi.group(1) : doi.group(2);
  }

  /**
   * Downloads what is needed to import a model: its description, one kind of weights, its test and
   * what shows it to people.
   *
   * @return a folder with all of it; the one of last time, which is said, if the description cannot
   *     be reached now
   * @throws SpyhopException if it cannot be had, or is not what its checksums say
   * @throws java.util.concurrent.CancellationException if the user asked to stop; what has arrived
   *     is kept
   */
  public Fetched fetch(String asked, Progress progress) {
    Path folder = downloads.folder().resolve("zoo").resolve(nameOf(asked));
    return Folders.writing(folder, () -> fetched(asked, folder, progress));
  }

  private Fetched fetched(String asked, Path folder, Progress progress) {
    try {
      Found found;
      try {
        found = description(asked, progress);
      } catch (HttpSource.Unreachable e) {
        if (Files.exists(folder.resolve(DESCRIPTION))) {
          return new Fetched(
              folder, List.of(e.getMessage() + " What was downloaded before is used."));
        }
        throw new SpyhopException(
            Strings.format(
                "%s %s Without a network, get the model as a zip file elsewhere and import that.",
                asked, "cannot be downloaded: " + e.getMessage()),
            e);
      }
      DescribedFiles described = DescribedFiles.of(found.address().toString(), found.text());
      Map<String, String> local = files(found.address(), described, folder, progress);
      AtomicFile.write(
          folder.resolve(DESCRIPTION),
          out -> out.write(described.with(local).getBytes(StandardCharsets.UTF_8)));
      return new Fetched(folder, List.of());
    } catch (IOException e) {
      throw new SpyhopException(
          Strings.format(
              "The model %s cannot be kept in %s: %s. Make room there, or set SPYHOP_DOWNLOADS to a folder that can be written to.",
              asked, folder, AtomicFile.reason(e)),
          e);
    }
  }

  /**
   * A package that is here.
   *
   * @param folder with {@code rdf.yaml}
   * @param notes sentences
   */
  public record Fetched(Path folder, List<String> notes) {
    /** Copies the list. */
    public Fetched {
      notes = List.copyOf(notes);
    }
  }

  /** A description and where it was. */
  private record Found(URI address, byte[] text) {}

  private Found description(String asked, Progress progress) throws HttpSource.Unreachable {
    Matcher doi = DOI.matcher(asked);
    if (doi.matches()) return at(address(ZENODO.replace("{id}", record(doi))), progress);
    if (ADDRESS.matcher(asked).matches()) return at(address(asked), progress);
    if (!NICKNAME.matcher(asked).matches()) {
      throw new SpyhopException(
          Strings.format(
              "\"%s\": expected the nickname of a model of bioimage.io, such as affable-shark, its DOI at Zenodo, or the address of its rdf.yaml.",
              Strings.shorten(Strings.visible(asked))));
    }
    try {
      return at(address(pattern.replace("{id}", asked)), progress);
    } catch (HttpSource.Unreachable e) {
      Optional<URI> elsewhere = mapped(asked, progress);
      if (elsewhere.isEmpty()) throw e;
      return at(elsewhere.get(), progress);
    }
  }

  private Found at(URI address, Progress progress) throws HttpSource.Unreachable {
    WebFile file = new WebFile(address, Optional.empty(), MAX_DESCRIPTION);
    return new Found(address, file.bytes(downloads.source(), progress));
  }

  private Optional<URI> mapped(String nickname, Progress progress) {
    if (idMap.isEmpty()) return Optional.empty();
    try {
      WebFile file = new WebFile(address(idMap.get()), Optional.empty(), MAX_ID_MAP);
      JsonNode all =
          JsonMapper.builder().build().readTree(file.bytes(downloads.source(), progress));
      String source = all.path(nickname).path("source").asText("");
      return source.isEmpty() ? Optional.empty() : Optional.of(address(source));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Fetches all that is named; gives the names that files have here. */
  private Map<String, String> files(
      URI description, DescribedFiles described, Path folder, Progress progress)
      throws IOException {
    List<DescribedFiles.Named> named = described.files();
    if (named.size() > MAX_FILES) {
      throw new SpyhopException(description + ": names more than " + MAX_FILES + " files.");
    }
    Map<String, String> local = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>(Set.of(DESCRIPTION));
    for (DescribedFiles.Named file : named) {
      if (local.containsKey(file.source())) continue;
      URI from = resolved(description, file.source());
      String name = free(from, taken);
      try {
        new WebFile(from, file.sha256(), MAX_FILE)
            .fetch(downloads.source(), folder.resolve(name), progress);
        local.put(file.source(), name);
      } catch (HttpSource.Unreachable e) {
        if (!file.needed()) continue;
        throw new SpyhopException(
            e.getMessage()
                + " It was asked for "
                + from
                + ". Try again: it goes on where it stopped.",
            e);
      }
    }
    return local;
  }

  /** Last part of an address, as a name of a file that no other has. */
  private static String free(URI address, Set<String> taken) {
    String path = address.getPath().replaceFirst("/content$", "");
    String last = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_");
    String plain = last.replaceFirst("^[^A-Za-z0-9]+", "");
    String name = plain.isEmpty() ? "file" : plain.substring(Math.max(0, plain.length() - 80));
    String free = name;
    for (int i = 2; !taken.add(free.toLowerCase(Locale.ROOT)); i++) free = i + "_" + name;
    return free;
  }

  /**
   * Where a file lies that a description names: beside it or below, or at an address of https or
   * the same server.
   */
  private static URI resolved(URI description, String source) {
    boolean whole = source.matches("(?i)[a-z][a-z0-9+.-]*:.*");
    URI address = whole ? address(source) : beside(description, source);
    boolean same = String.valueOf(description.getAuthority()).equals(address.getAuthority());
    boolean allowed = whole ? same || address.getScheme().equals("https") : same;
    if (allowed) return address;
    throw new SpyhopException(
        Strings.format(
            "%s: names a file elsewhere, \"%s\": expected a name beside it, or an address of https; refused.",
            description, Strings.shorten(Strings.visible(source))));
  }

  private static URI beside(URI description, String source) {
    boolean leaves =
        source.isBlank()
            || source.startsWith("/")
            || source.contains("\\")
            || List.of(source.split("/")).contains("..");
    try {
      String path = description.getPath();
      boolean zenodo = path.endsWith("/content");
      String top = path.replaceFirst("/[^/]*(/content)?$", "/");
      if (!leaves) {
        return new URI(
            description.getScheme(),
            description.getAuthority(),
            top + source.replaceFirst("^(\\./)+", "") + (zenodo ? "/content" : ""),
            description.getQuery(),
            null);
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new SpyhopException(
        Strings.format(
            "%s: names a file elsewhere, \"%s\": expected a name beside it, or an address of https; refused.",
            description, Strings.shorten(Strings.visible(source))));
  }

  /** An address of https, or of this machine. */
  private static URI address(String text) {
    try {
      URI address = new URI(text);
      boolean isWhole = address.getHost() != null && address.getUserInfo() == null;
      boolean isHttps = "https".equals(address.getScheme());
      boolean isHere =
          "http".equals(address.getScheme()) && isWhole && isLoopback(address.getHost());
      if (isWhole && (isHttps || isHere)) return address;
    } catch (URISyntaxException e) {
      // told below
    }
    throw new SpyhopException(
        Strings.format(
            "Download: expected an address of https (http of this machine alone), received \"%s\".",
            Strings.shorten(Strings.visible(text))));
  }

  /** By its name or number, which is not looked up. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
  }
}
