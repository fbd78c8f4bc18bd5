package sc.fiji.spyhop.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.NetworkJson;
import sc.fiji.spyhop.network.Quantization;
import sc.fiji.spyhop.plugin.MissingPluginException;
import sc.fiji.spyhop.task.decode.ObjectScoring;
import sc.fiji.spyhop.tensor.Axes;

/**
 * The text of {@code model.json}: {@code formatVersion}, the fields of {@link ModelSpec}, and the
 * {@code architecture} as {@link NetworkJson} has it. All fields must be there. Unknown ones are
 * refused, because one that is not understood might change what the model means: a field is added
 * by raising the version of the format.
 */
final class ModelJson {

  private static final String VERSION = "formatVersion";
  private static final String ARCHITECTURE = "architecture";
  private static final String QUANTIZATION = "quantization";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .serializationInclusion(JsonInclude.Include.ALWAYS)
          .addMixIn(Axes.class, AxesMixIn.class)
          .build();

  /** How Jackson says that a record's field is not there or null. */
  private static final Pattern LACKING =
      Pattern.compile("(?:Missing|Null value for) creator property '(\\w+)'");

  private ModelJson() {}

  /** A description and the text of its architecture, which is not looked into. */
  record Content(ModelSpec spec, String architecture, Quantization quantization) {
    Network network() {
      return NetworkJson.read(architecture);
    }
  }

  static String write(ModelSpec spec, Network network, Quantization quantization) {
    try {
      ObjectNode root = MAPPER.createObjectNode();
      root.put(VERSION, ModelFile.FORMAT_VERSION);
      root.setAll((ObjectNode) MAPPER.valueToTree(spec));
      root.set(ARCHITECTURE, MAPPER.readTree(NetworkJson.write(network)));
      if (!quantization.isNone()) root.set(QUANTIZATION, MAPPER.valueToTree(quantization));
      return text(root);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** The same without the architecture. */
  static String write(ModelSpec spec) {
    return write(ModelFile.FORMAT_VERSION, spec);
  }

  /** The text of {@code pipeline.json}. */
  static String write(PipelineSpec spec) {
    return write(PipelineFile.FORMAT_VERSION, spec);
  }

  /** The text of {@code generator.json}. */
  static String write(GeneratorSpec spec, Network network) {
    try {
      ObjectNode root = MAPPER.createObjectNode();
      root.put(VERSION, GeneratorFile.FORMAT_VERSION);
      root.setAll((ObjectNode) MAPPER.valueToTree(spec));
      root.set(ARCHITECTURE, MAPPER.readTree(NetworkJson.write(network)));
      return text(root);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String write(int version, Object spec) {
    try {
      ObjectNode root = MAPPER.createObjectNode();
      root.put(VERSION, version);
      root.setAll((ObjectNode) MAPPER.valueToTree(spec));
      return text(root);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(ObjectNode root) throws JsonProcessingException {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    return MAPPER.writer(printer).writeValueAsString(root) + "\n";
  }

  /** Reads the text of {@code pipeline.json}; see {@link #read}. */
  static PipelineSpec readPipeline(String text) {
    try {
      ObjectNode root = versioned(text, PipelineFile.JSON, "pipeline", PipelineFile.FORMAT_VERSION);
      root.remove(VERSION);
      return MAPPER.treeToValue(root, PipelineSpec.class);
    } catch (JsonProcessingException e) {
      throw new SpyhopException(PipelineFile.JSON + ": " + explain(e) + ".", e);
    }
  }

  /** A description of a generating model and the text of its architecture. */
  record GeneratorContent(GeneratorSpec spec, String architecture) {
    Network network() {
      return NetworkJson.read(architecture);
    }
  }

  /** Reads the text of {@code generator.json}; see {@link #read}. */
  static GeneratorContent readGenerator(String text) {
    try {
      ObjectNode root = versioned(text, GeneratorFile.JSON, "model", GeneratorFile.FORMAT_VERSION);
      root.remove(VERSION);
      JsonNode architecture = root.remove(ARCHITECTURE);
      if (architecture == null) {
        throw new SpyhopException(
            GeneratorFile.JSON + ": the field " + ARCHITECTURE + " is missing.");
      }
      return new GeneratorContent(
          MAPPER.treeToValue(root, GeneratorSpec.class), architecture.toString());
    } catch (JsonProcessingException e) {
      throw new SpyhopException(GeneratorFile.JSON + ": " + explain(e) + ".", e);
    }
  }

  /** The object that a text holds, with its version, which is known here. */
  private static ObjectNode versioned(String text, String entry, String what, int known)
      throws JsonProcessingException {
    JsonNode tree = MAPPER.readTree(text);
    if (!(tree instanceof ObjectNode root) || !root.path(VERSION).isIntegralNumber()) {
      throw new SpyhopException(entry + ": expected an object with a " + VERSION + ".");
    }
    long version = root.path(VERSION).asLong();
    if (version > known) {
      throw new SpyhopException(
          "This "
              + what
              + " was made by a newer Spyhop: its format is version "
              + version
              + ", and this Spyhop reads up to version "
              + known
              + ". Update Spyhop.");
    }
    if (version < 1) {
      throw new SpyhopException(
          entry + ": expected a " + VERSION + " of 1 or more, received " + version + ".");
    }
    return root;
  }

  /**
   * Reads the text.
   *
   * @throws SpyhopException if it is not of this format; says which version it is if it is newer
   */
  static Content read(String text) {
    try {
      ObjectNode root = upgraded(text, "model.json");
      JsonNode architecture = root.remove(ARCHITECTURE);
      if (architecture == null) {
        throw new SpyhopException("model.json: the field " + ARCHITECTURE + " is missing.");
      }
      JsonNode quantization = root.remove(QUANTIZATION);
      return new Content(
          MAPPER.treeToValue(root, ModelSpec.class),
          architecture.toString(),
          quantization == null
              ? Quantization.NONE
              : MAPPER.treeToValue(quantization, Quantization.class));
    } catch (JsonProcessingException e) {
      throw new SpyhopException("model.json: " + explain(e) + ".", e);
    }
  }

  /** Reads a text without the architecture; see {@link #read}. */
  static ModelSpec readSpec(String text) {
    try {
      return MAPPER.treeToValue(upgraded(text, "record"), ModelSpec.class);
    } catch (JsonProcessingException e) {
      throw new SpyhopException("record: " + explain(e) + ".", e);
    }
  }

  /** As the present version says it, which is left out. */
  private static ObjectNode upgraded(String text, String entry) throws JsonProcessingException {
    ObjectNode root = versioned(text, entry, "model", ModelFile.FORMAT_VERSION);
    if (root.remove(VERSION).asLong() < 2) addSizes(root);
    if (root.path("input") instanceof ObjectNode input && !input.has("images")) {
      input.set("images", MAPPER.valueToTree(KnownImages.UNKNOWN));
    }
    if (task(root, "instance-segmentation") instanceof ObjectNode task && !task.has("scoring")) {
      task.put("minScore", 0.0);
      task.set("scoring", MAPPER.valueToTree(ObjectScoring.UNKNOWN));
    }
    if (task(root, "localization") instanceof ObjectNode task) {
      for (String added : List.of("sizes", "scoring")) {
        if (!task.has(added)) task.putArray(added);
      }
    }
    return root;
  }

  /** Version 1 said nothing about the size of objects. */
  private static void addSizes(ObjectNode root) {
    if (root.path("input") instanceof ObjectNode input) {
      input.set("objects", MAPPER.valueToTree(ObjectSizes.UNKNOWN));
    }
    if (task(root, "instance-segmentation") instanceof ObjectNode task) task.put("sized", false);
  }

  /** The task, if it is of a type. */
  private static JsonNode task(ObjectNode root, String type) {
    JsonNode task = root.path("task");
    return task.path("type").asText().equals(type) ? task : MissingNode.getInstance();
  }

  private static String explain(JsonProcessingException e) {
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      if (t instanceof SpyhopException || t instanceof IllegalArgumentException) {
        String told = t.getMessage().replaceAll("\\.$", "");
        return isMissingPlugin(t) ? told : told + where(e);
      }
    }
    if (e instanceof UnrecognizedPropertyException u) {
      return "unknown field " + u.getPropertyName() + where(e);
    }
    if (e instanceof InvalidTypeIdException t) {
      return (t.getTypeId() == null ? "the field type is missing" : "unknown type " + t.getTypeId())
          + where(e);
    }
    Matcher lacking = LACKING.matcher(e.getOriginalMessage());
    if (lacking.find()) return "the field " + lacking.group(1) + " is missing";
    return e.getOriginalMessage()
            .replaceAll("(?s) \\((?:although|start marker|for ).*| from Object value.*|\\n.*", "")
        + where(e);
  }

  /** Then nothing is wrong with the file. */
  private static boolean isMissingPlugin(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof MissingPluginException) return true;
    }
    return false;
  }

  private static String where(JsonProcessingException e) {
    if (e instanceof JsonMappingException m && !m.getPath().isEmpty()) {
      return m.getPath().stream()
          .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : "." + r.getFieldName())
          .collect(Collectors.joining())
          .replaceFirst("^\\.?", " at ");
    }
    return e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr();
  }

  private abstract static class AxesMixIn {
    @JsonCreator
    @SuppressWarnings("UnusedVariable") // it stands for the constructor of Axes
    AxesMixIn(String letters) {}

    @JsonValue
    abstract String letters();
  }
}
