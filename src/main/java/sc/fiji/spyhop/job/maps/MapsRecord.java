package sc.fiji.spyhop.job.maps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalDouble;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.inference.Division;
import sc.fiji.spyhop.inference.ShownScale;
import sc.fiji.spyhop.task.SegmentationTask;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.util.Strings;

/**
 * What kept maps say of themselves: how they are decoded, and what they were made of. A line of
 * JSON in the text that ImageJ keeps with an image.
 *
 * @param model name of the model
 * @param fingerprint of it: of the same content, the same text
 * @param device where it was computed
 * @param image title of the image that was looked at
 * @param task that decodes the maps, one map for each channel of its heads
 * @param division how the image was divided
 * @param scale in which it was shown to the model
 * @param width of the image
 * @param height of the image
 * @param slices of the image
 * @param frames of the image
 * @param sum of the pixels of the maps, see {@link PixelSum}; empty if it is not known
 */
public record MapsRecord(
    String model,
    String fingerprint,
    String device,
    String image,
    SegmentationTask task,
    Division division,
    ShownScale scale,
    int width,
    int height,
    int slices,
    int frames,
    String sum) {

  /** Begins the line; what stands before and behind it is passed over. */
  private static final String KEY = "Spyhop maps: ";

  private static final int FORMAT = 1;

  /** Longest text that is looked at, in characters. */
  private static final int LONGEST = 1 << 20;

  private static final int MIN_TILE = 16;
  private static final int MAX_TILE = 1 << 16;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .build();

  /** The same, of pixels that are known. */
  MapsRecord withSum(PixelSum of) {
    return new MapsRecord(
        model,
        fingerprint,
        device,
        image,
        task,
        division,
        scale,
        width,
        height,
        slices,
        frames,
        of.text());
  }

  /** The line, with its end. */
  public String text() {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("model", model);
    root.put("fingerprint", fingerprint);
    root.put("device", device);
    root.put("image", image);
    root.put("width", width);
    root.put("height", height);
    root.put("slices", slices);
    root.put("frames", frames);
    if (!sum.isEmpty()) root.put("sum", sum);
    root.put("tile", division.tile());
    root.put("overlap", division.overlap());
    root.put("scale", scale.factor());
    if (scale.diameter().isPresent()) root.put("diameter", scale.diameter().getAsDouble());
    root.put("origin", scale.origin().name().toLowerCase(Locale.ROOT));
    root.put("reason", scale.reason());
    root.set("task", MAPPER.valueToTree(task));
    return KEY + root + "\n";
  }

  /**
   * Reads it.
   *
   * @param name of the maps, for messages
   * @param text that ImageJ keeps with them
   * @throws SpyhopException if it is not there, or damaged
   */
  static MapsRecord parse(String name, String text) {
    if (text.length() > LONGEST) throw wrong(name, "their text is too long");
    String line =
        text.lines().filter(l -> l.startsWith(KEY)).findFirst().orElseThrow(() -> none(name));
    try {
      JsonNode root = MAPPER.readTree(line.substring(KEY.length()));
      long format = root.path("format").asLong();
      if (format > FORMAT) {
        throw new SpyhopException(
            name + ": these probabilities were kept by a newer Spyhop. Update Spyhop.");
      }
      if (format != FORMAT) throw wrong(name, "their format is not told");
      return read(name, root);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw wrong(
          name, e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage());
    }
  }

  /** There are no kept maps. */
  static SpyhopException none(String name) {
    return new SpyhopException(
        name
            + ": expected probabilities that Spyhop Segment has kept (probabilities=true), found"
            + " another image.");
  }

  private static MapsRecord read(String name, JsonNode root) throws JsonProcessingException {
    double factor = number(name, root, "scale");
    if (!Resize.Scaled.isFactor(factor)) throw wrong(name, "scale " + factor);
    Task<?, ?> task = MAPPER.treeToValue(root.path("task"), Task.class);
    if (!(task instanceof SegmentationTask segmentation)) throw wrong(name, "no task is told");
    OptionalDouble diameter =
        root.has("diameter")
            ? OptionalDouble.of(number(name, root, "diameter"))
            : OptionalDouble.empty();
    return new MapsRecord(
        word(name, root, "model"),
        word(name, root, "fingerprint"),
        word(name, root, "device"),
        word(name, root, "image"),
        segmentation.decoder(),
        new Division(
            whole(name, root, "tile", MIN_TILE, MAX_TILE),
            whole(name, root, "overlap", 0, MAX_TILE),
            factor),
        new ShownScale(
            factor,
            diameter,
            ShownScale.Origin.valueOf(word(name, root, "origin").toUpperCase(Locale.ROOT)),
            word(name, root, "reason")),
        whole(name, root, "width", 1, Integer.MAX_VALUE),
        whole(name, root, "height", 1, Integer.MAX_VALUE),
        whole(name, root, "slices", 1, Integer.MAX_VALUE),
        whole(name, root, "frames", 1, Integer.MAX_VALUE),
        root.has("sum") ? word(name, root, "sum") : "");
  }

  private static String word(String name, JsonNode root, String key) {
    JsonNode value = root.path(key);
    if (value.isTextual()) return value.asText();
    throw wrong(name, "no text " + key);
  }

  private static double number(String name, JsonNode root, String key) {
    JsonNode value = root.path(key);
    if (value.isNumber() && Double.isFinite(value.asDouble()) && value.asDouble() > 0) {
      return value.asDouble();
    }
    throw wrong(name, "no number " + key);
  }

  private static int whole(String name, JsonNode root, String key, int min, int max) {
    JsonNode value = root.path(key);
    if (value.isInt() && value.asInt() >= min && value.asInt() <= max) return value.asInt();
    throw wrong(name, "no whole number " + key + " from " + min + " to " + max);
  }

  private static SpyhopException wrong(String name, String why) {
    return new SpyhopException(
        Strings.format(
            "%s: what these probabilities say of themselves is damaged (%s). Segment the image again.",
            name, Strings.shorten(Strings.visible(String.valueOf(why)))));
  }
}
