package sc.fiji.spyhop.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;

/**
 * Networks as JSON text: objects with {@code inputs}, {@code layers} and {@code outputs}; each
 * layer's {@code type} is one of a closed list of words, never a class name. Every field is written
 * and must be there when read unless it has a default; unknown fields and types are refused. An
 * open size is {@code "any"}.
 */
public final class NetworkJson {

  /** Longest text read, in characters. */
  public static final int LONGEST = 16 << 20;

  /** Most layers of a network read. */
  public static final int MAX_LAYERS = 10_000;

  /** Most inputs of one layer read, and most inputs and outputs of a network. */
  public static final int MAX_INPUTS = 1_000;

  /** Most parameters of a network read. */
  public static final long MAX_PARAMETERS = 4_000_000_000L;

  /** All kinds of layers, and what they are called. */
  private static final List<NamedType> LAYERS =
      Layer.kinds().stream()
          .map(c -> new NamedType(c, c.getAnnotation(JsonTypeName.class).value()))
          .toList();

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .serializationInclusion(JsonInclude.Include.ALWAYS)
          .addMixIn(Shape.class, ShapeMixIn.class)
          .annotationIntrospector(new Defaults())
          .registerSubtypes(LAYERS.toArray(NamedType[]::new))
          .addModule(new SimpleModule().addDeserializer(Padding.class, new PaddingReader()))
          .build();

  private NetworkJson() {}

  /** Text with two spaces of indentation and line feeds, one layer field a line. */
  public static String write(Network network) {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines);
    try {
      return MAPPER.writer(printer).writeValueAsString(network) + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Reads a network and checks that its layers fit each other.
   *
   * @param text JSON, as {@link #write} gives it
   * @throws SpyhopException if the text is not a network, says why and where
   */
  public static Network read(String text) {
    if (text.length() > LONGEST) {
      throw new SpyhopException(
          "network: expected at most " + LONGEST + " characters, received " + text.length());
    }
    Network network;
    try {
      network = MAPPER.readValue(text, Network.class);
    } catch (JsonProcessingException e) {
      throw new SpyhopException(explain(e), e);
    }
    if (network == null) throw new SpyhopException("network: expected an object, received null");
    checkBounds(network);
    Shapes.of(network);
    return network;
  }

  private static void checkBounds(Network network) {
    atMost("layers", MAX_LAYERS, network.layers().size());
    atMost("inputs", MAX_INPUTS, network.inputs().size());
    atMost("outputs", MAX_INPUTS, network.outputs().size());
    for (Layer layer : network.layers()) {
      atMost("inputs of layer " + layer.name(), MAX_INPUTS, layer.inputs().size());
    }
    atMost("parameters", MAX_PARAMETERS, Parameters.count(network));
  }

  private static void atMost(String what, long most, long received) {
    if (received > most) {
      throw new SpyhopException(
          "network: expected at most " + most + " " + what + ", received " + received);
    }
  }

  private static String explain(JsonProcessingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SpyhopException) return cause.getMessage();
    }
    String where = "";
    if (e instanceof JsonMappingException m && !m.getPath().isEmpty()) {
      where =
          m.getPath().stream()
              .map(
                  r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : "." + r.getFieldName())
              .collect(Collectors.joining())
              .substring(1);
      where = " at " + where;
    }
    if (e.getLocation() != null) where += " in line " + e.getLocation().getLineNr();
    return "network: " + problem(e) + where + known(e);
  }

  private static String problem(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    Matcher lacking = LACKING.matcher(message);
    if (lacking.find()) return "field " + lacking.group(1) + " is missing";
    if (e instanceof UnrecognizedPropertyException u) {
      return "unknown field " + u.getPropertyName();
    } else if (e instanceof InvalidTypeIdException t) {
      return t.getTypeId() == null
          ? "field type is missing"
          : "unknown layer type " + t.getTypeId();
    } else if (e instanceof InvalidFormatException f && f.getTargetType().isEnum()) {
      return "unknown word " + f.getValue();
    } else if (e instanceof MismatchedInputException m && m.getTargetType() != null) {
      Class<?> type = m.getTargetType();
      String expected = "an object";
      if (Collection.class.isAssignableFrom(type)) expected = "a list";
      else if (type == int.class || type == Integer.class) expected = "a whole number";
      else if (type == double.class) expected = "a number";
      else if (type == boolean.class) expected = "true or false";
      else if (type == String.class) expected = "text";
      return "expected " + expected;
    }
    return message.replaceFirst("(?s)[:(]?\\s*(\\(start marker|\\n).*", "");
  }

  private static String known(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException u)
      return "; known are " + u.getKnownPropertyIds();
    if (e instanceof InvalidTypeIdException)
      return "; known are " + LAYERS.stream().map(NamedType::getName).toList();
    if (e instanceof InvalidFormatException f && f.getTargetType().isEnum()) {
      String all =
          Stream.of(f.getTargetType().getEnumConstants())
              .map(MAPPER::valueToTree)
              .map(node -> ((JsonNode) node).asText())
              .collect(Collectors.joining(", "));
      return "; known are [" + all + "]";
    }
    return "";
  }

  /** How Jackson says that a record's field is not there or null. */
  private static final Pattern LACKING =
      Pattern.compile("(?:Missing required|Null value for) creator property '(\\w+)'");

  private interface ShapeMixIn {
    @JsonSerialize(contentUsing = SizeWriter.class)
    @JsonDeserialize(contentUsing = SizeReader.class)
    @SuppressWarnings("UnusedMethod") // it stands for the method of Shape
    List<Integer> space();
  }

  private static final class SizeWriter extends JsonSerializer<Integer> {
    @Override
    public void serialize(Integer size, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (size == Shape.ANY) json.writeString("any");
      else json.writeNumber(size);
    }
  }

  private static final class SizeReader extends JsonDeserializer<Integer> {
    @Override
    public Integer deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken().isNumeric() && json.getIntValue() > 0) return json.getIntValue();
      if ("any".equals(json.getText())) return Shape.ANY;
      throw new SpyhopException(
          "network: expected a size of at least 1 or \"any\", received " + json.getText());
    }
  }

  private static final class PaddingReader extends JsonDeserializer<Padding> {
    @Override
    public Padding deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (!json.isExpectedStartArrayToken()) {
        return context.readValue(json, Padding.Rule.class);
      }
      Integer[] all = context.readValue(json, Integer[].class);
      if (all.length % 2 != 0) {
        throw new SpyhopException(
            "network: expected a padding of as many sizes before as after, received "
                + Arrays.toString(all));
      }
      List<Integer> sizes = Arrays.asList(all);
      return new Padding.Explicit(
          sizes.subList(0, all.length / 2), sizes.subList(all.length / 2, all.length));
    }
  }

  /** Fields are required unless their {@link JsonProperty} has a default. */
  private static final class Defaults extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    private static String defaultOf(Annotated member) {
      JsonProperty property = member.getAnnotation(JsonProperty.class);
      return property == null ? "" : property.defaultValue();
    }

    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
      return defaultOf(member).isEmpty();
    }

    @Override
    public Object findDeserializer(Annotated member) {
      String value = defaultOf(member);
      if (value.isEmpty()) return super.findDeserializer(member);
      return new OrDefault(member.getType(), parsed(member.getRawType(), value));
    }
  }

  private static Object parsed(Class<?> type, String value) {
    if (type == List.class) return List.of();
    return type == int.class ? (Object) Integer.valueOf(value) : Boolean.valueOf(value);
  }

  /** The default reader of a type, with a value for fields that are not there. */
  private static final class OrDefault extends JsonDeserializer<Object> {

    private final JavaType type;
    private final Object value;

    OrDefault(JavaType type, Object value) {
      this.type = type;
      this.value = value;
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return context.readValue(json, type);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return value;
    }
  }
}
