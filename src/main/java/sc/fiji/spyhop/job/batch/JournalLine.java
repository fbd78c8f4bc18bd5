package sc.fiji.spyhop.job.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import sc.fiji.spyhop.ij.measure.ClassArea;
import sc.fiji.spyhop.util.Digits;
import sc.fiji.spyhop.util.FileNames;

/** The lines of a {@link Journal}: JSON objects, each with its line break. */
final class JournalLine {

  private static final int FORMAT = 1;
  private static final String IMAGES = "images";
  private static final String CLASSES = "classes";
  private static final String COUNTS = "counts";
  private static final String DAMAGED = "a line of it is damaged";
  private static final JsonFactory JSON = new JsonFactory();

  private JournalLine() {}

  /**
   * What a run does.
   *
   * @param settings whatever changes a result, by name
   * @param images names of those that are to be looked at
   */
  record Head(String job, Map<String, String> settings, Set<String> images) {}

  /**
   * An image file as it was when it was looked at: a changed one is another.
   *
   * @param modified milliseconds, of this file on this machine
   * @param sum of its content; empty if it is too large to be read for that, or not known
   */
  record Stamp(String file, long bytes, long modified, String sum) {

    /** Larger files are told apart by place and time alone. */
    private static final long MAX_SUMMED = 1L << 30;

    static Stamp of(Path file) {
      Path path = file.toAbsolutePath().normalize();
      if (!Files.isRegularFile(path)) return new Stamp(path.toString(), -1, -1, "");
      try {
        long bytes = Files.size(path);
        String sum = bytes > MAX_SUMMED ? "" : sum(path);
        return new Stamp(path.toString(), bytes, Files.getLastModifiedTime(path).toMillis(), sum);
      } catch (IOException e) {
        return new Stamp(path.toString(), -1, -1, ""); // opening it will tell why
      }
    }

    private static String sum(Path file) throws IOException {
      CRC32C sum = new CRC32C();
      byte[] chunk = new byte[1 << 16];
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) sum.update(chunk, 0, n);
      }
      return HexFormat.of().toHexDigits((int) sum.getValue());
    }

    /** Whether a file that lies elsewhere now has other content, as far as can be told. */
    boolean isOfAnother(Path now) {
      return isElsewhere(now) && isChanged(now);
    }

    /** Whether a file, wherever it lies, has other content, as far as can be told. */
    boolean isChanged(Path now) {
      try {
        boolean maybe = sum.isEmpty() && Files.size(now) == bytes;
        return !maybe && !isStill(now);
      } catch (IOException e) {
        return false;
      }
    }

    /** Whether a file has the content that it had then, in another place. */
    boolean isMoved(Path now) {
      return isElsewhere(now) && isStill(now);
    }

    private boolean isElsewhere(Path now) {
      return !now.toAbsolutePath().normalize().toString().equals(file);
    }

    /**
     * Whether a file has the content that it had then, wherever it is now: as it lies in its place
     * untouched, or else by its checksum.
     */
    boolean isStill(Path now) {
      Path path = now.toAbsolutePath().normalize();
      try {
        if (Files.size(path) != bytes) return false;
        boolean untouched =
            path.toString().equals(file) && Files.getLastModifiedTime(path).toMillis() == modified;
        return untouched || !sum.isEmpty() && sum.equals(sum(path));
      } catch (IOException e) {
        return false;
      }
    }
  }

  /**
   * What became of an image.
   *
   * @param failure why it could not be looked at; empty if it was
   * @param sizes of its files in bytes, by ending; -1 for one that is not there
   * @param count of what was found
   * @param about what else is said of it, by column of the table of images
   * @param classes how much each class of pixels covers: name, pixels, area, share
   * @param counts how many objects are of each class
   */
  record Outcome(
      String image,
      Stamp stamp,
      String failure,
      Map<String, Long> sizes,
      long count,
      Map<String, String> about,
      List<List<String>> classes,
      Map<String, Long> counts) {

    boolean failed() {
      return !failure.isEmpty();
    }

    /** The file, with slashes. */
    String path() {
      return FileNames.slashed(Path.of(stamp.file()));
    }

    /** See {@link BatchJob.Image#title}. */
    String title() {
      return BatchJob.Image.title(image, Path.of(stamp.file()));
    }
  }

  /** Takes the table of an image. */
  interface RowSink {
    /** Names of the columns besides those that all images have; told before the rows. */
    void columns(List<String> names) throws IOException;

    void row(List<String> cells) throws IOException;
  }

  static byte[] of(Head head) {
    return line(
        json -> {
          json.writeNumberField("spyhop_batch", FORMAT);
          json.writeStringField("job", head.job());
          write(json, "settings", head.settings());
          write(json, head.images());
        });
  }

  /** Of images that are to be looked at besides those of the head. */
  static byte[] more(Set<String> images) {
    return line(json -> write(json, images));
  }

  private static void write(JsonGenerator json, String field, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private static void writeNumbers(JsonGenerator json, String field, Map<String, Long> numbers)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> number : numbers.entrySet()) {
      json.writeNumberField(number.getKey(), number.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Set<String> images) throws IOException {
    json.writeFieldName(IMAGES);
    json.writeArray(images.toArray(String[]::new), 0, images.size());
  }

  /** Of an image whose files are written. */
  static byte[] done(
      String image,
      Stamp stamp,
      Map<String, Long> sizes,
      BatchJob.Found found,
      Map<String, String> about) {
    return line(
        json -> {
          write(json, image, stamp);
          write(json, "about", about);
          json.writeNumberField("count", found.count());
          writeNumbers(json, "results", sizes);
          if (!found.classAreas().isEmpty()) write(json, found.classAreas());
          if (!found.counts().isEmpty()) writeNumbers(json, COUNTS, found.counts());
          json.writeFieldName("columns");
          json.writeArray(found.columns().toArray(String[]::new), 0, found.columns().size());
          json.writeArrayFieldStart("rows");
          for (List<String> row : (Iterable<List<String>>) found.rows()::iterator) {
            json.writeArray(row.toArray(String[]::new), 0, row.size());
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, List<ClassArea> classes) throws IOException {
    json.writeArrayFieldStart(CLASSES);
    for (ClassArea c : classes) {
      List<String> cells =
          Stream.of(c.name(), c.pixels(), c.area(), c.share()).map(Digits::cell).toList();
      json.writeArray(cells.toArray(String[]::new), 0, cells.size());
    }
    json.writeEndArray();
  }

  /** Of an image that cannot be looked at. */
  static byte[] failed(String image, Stamp stamp, String why) {
    return line(
        json -> {
          write(json, image, stamp);
          json.writeStringField("failed", why);
        });
  }

  private static void write(JsonGenerator json, String image, Stamp stamp) throws IOException {
    json.writeStringField("image", image);
    json.writeStringField("file", stamp.file());
    json.writeNumberField("bytes", stamp.bytes());
    json.writeNumberField("modified", stamp.modified());
    if (!stamp.sum().isEmpty()) json.writeStringField("crc32c", stamp.sum());
  }

  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] line(Fields fields) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toByteArray();
  }

  /**
   * @throws IOException if it is no such line, or of another format
   */
  static Head head(byte[] line) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, String> settings = new LinkedHashMap<>();
    Set<String> images = new LinkedHashSet<>();
    fields(
        line,
        (key, json) -> {
          switch (key) {
            case "spyhop_batch" -> texts.put(key, json.getValueAsString(""));
            case "job" -> texts.put(key, text(json));
            case "settings" -> object(json, name -> settings.put(name, text(json)));
            case IMAGES -> images.addAll(texts(json));
            default -> json.skipChildren();
          }
        });
    String format = texts.getOrDefault("spyhop_batch", "none");
    if (!format.equals(String.valueOf(FORMAT))) throw new IOException("format " + format);
    return new Head(texts.getOrDefault("job", ""), settings, images);
  }

  /** Images that are to be looked at besides; empty if the line is of another kind. */
  static Set<String> more(byte[] line) throws IOException {
    Set<String> images = new LinkedHashSet<>();
    if (!startsWith(line, "{\"" + IMAGES + "\"")) return images;
    fields(line, (key, json) -> images.addAll(texts(json)));
    return images;
  }

  private static boolean startsWith(byte[] line, String start) {
    byte[] bytes = start.getBytes(StandardCharsets.US_ASCII);
    return line.length >= bytes.length
        && Arrays.equals(line, 0, bytes.length, bytes, 0, bytes.length);
  }

  static Outcome outcome(byte[] line) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, Long> numbers = new LinkedHashMap<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    Map<String, String> about = new LinkedHashMap<>();
    List<List<String>> classes = new ArrayList<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    fields(
        line,
        (key, json) -> {
          switch (key) {
            case CLASSES -> {
              expect(json.currentToken() == JsonToken.START_ARRAY);
              while (json.nextToken() == JsonToken.START_ARRAY) {
                classes.add(List.copyOf(texts(json)));
                expect(classes.get(classes.size() - 1).size() == 4);
              }
            }
            case "image", "file", "crc32c", "failed" -> texts.put(key, text(json));
            case "bytes", "modified", "count" -> numbers.put(key, json.getValueAsLong());
            case "about" -> object(json, name -> about.put(name, text(json)));
            case COUNTS -> object(json, name -> counts.put(name, json.getValueAsLong()));
            case "results" -> object(json, name -> sizes.put(name, json.getValueAsLong()));
            default -> json.skipChildren();
          }
        });
    expect(texts.containsKey("image") && isPath(texts.getOrDefault("file", "")));
    Stamp stamp =
        new Stamp(
            texts.getOrDefault("file", ""),
            numbers.getOrDefault("bytes", -1L),
            numbers.getOrDefault("modified", -1L),
            texts.getOrDefault("crc32c", ""));
    return new Outcome(
        texts.get("image"),
        stamp,
        texts.getOrDefault("failed", ""),
        Map.copyOf(sizes),
        numbers.getOrDefault("count", 0L),
        Map.copyOf(about),
        List.copyOf(classes),
        Collections.unmodifiableMap(counts));
  }

  @SuppressWarnings("ReturnValueIgnored") // whether there is one is the question
  private static boolean isPath(String file) {
    try {
      Path.of(file);
      return true;
    } catch (InvalidPathException e) {
      return false;
    }
  }

  static void rows(byte[] line, RowSink sink) throws IOException {
    fields(
        line,
        (key, json) -> {
          switch (key) {
            case "columns" -> sink.columns(texts(json));
            case "rows" -> {
              expect(json.currentToken() == JsonToken.START_ARRAY);
              while (json.nextToken() == JsonToken.START_ARRAY) sink.row(texts(json));
            }
            default -> json.skipChildren();
          }
        });
  }

  private interface FieldReader {
    void read(String key, JsonParser json) throws IOException;
  }

  private interface NameReader {
    void read(String name) throws IOException;
  }

  private static void fields(byte[] line, FieldReader reader) throws IOException {
    try (JsonParser json = JSON.createParser(line)) {
      json.nextToken();
      object(json, key -> reader.read(key, json));
    } catch (JsonProcessingException | CharConversionException e) {
      throw new IOException(DAMAGED, e);
    }
  }

  /** Each name of an object, with the parser at its value. */
  private static void object(JsonParser json, NameReader reader) throws IOException {
    expect(json.currentToken() == JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      reader.read(name);
    }
  }

  private static List<String> texts(JsonParser json) throws IOException {
    expect(json.currentToken() == JsonToken.START_ARRAY);
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) texts.add(text(json));
    return texts;
  }

  private static String text(JsonParser json) throws IOException {
    expect(json.currentToken() == JsonToken.VALUE_STRING);
    return json.getText();
  }

  private static void expect(boolean condition) throws IOException {
    if (!condition) throw new IOException(DAMAGED);
  }
}
