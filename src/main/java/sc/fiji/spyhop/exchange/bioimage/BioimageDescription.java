package sc.fiji.spyhop.exchange.bioimage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.Normalization;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Strings;

/**
 * What the <a href="https://github.com/bioimage-io/spec-bioimage-io">model RDF</a>, version 0.5,
 * says of a model.
 */
final class BioimageDescription {

  /** The first whose fields are those written here; later ones read it. */
  private static final String FORMAT_VERSION = "0.5.4";

  private static final String[] SPACE = {"y", "x"};
  private static final Pattern DOI = Pattern.compile("\\b10\\.\\d{4,9}/[^\\s\"<>]*[^\\s\"<>.,;)]");
  private static final Pattern URL = Pattern.compile("https?://[^\\s\"<>]*[^\\s\"<>.,;)]");
  private static final Pattern SPDX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]*");

  private final Model model;
  private final ModelSpec spec;
  private final Network network;
  private final ReceptiveField field;

  /** A file of the archive. */
  record FileReference(String source, String sha256) {
    Map<String, Object> fields() {
      return map("source", source, "sha256", sha256);
    }
  }

  /**
   * @throws SpyhopException if there is something that the format asks for or cannot express
   */
  BioimageDescription(Model model) {
    this.model = model;
    spec = model.spec();
    network = model.network();
    field = ReceptiveField.of(network);
    if (spec.input().colors() == Colors.BGR) {
      throw refused("takes colours as red, green, blue, and this network as blue, green, red");
    }
    if (!SPDX.matcher(spec.license()).matches()) {
      throw refused(
          "asks for an SPDX identifier of a licence, such as CC-BY-4.0, and this model has "
              + (spec.license().isBlank() ? "none" : '"' + spec.license() + '"')
              + "; give one with --license");
    }
    if (spec.author().isBlank() || spec.author().matches(".*[/\\\\].*")) {
      throw refused(
          "asks for an author, in words without slashes, and this model has "
              + (spec.author().isBlank() ? "none" : '"' + spec.author() + '"')
              + "; give one with --author");
    }
  }

  private SpyhopException refused(String why) {
    return new SpyhopException("Model " + spec.name() + ": bioimage.io " + why + ".");
  }

  /** All of {@code rdf.yaml}. */
  Map<String, Object> fields(
      FileReference onnx,
      FileReference input,
      Map<String, FileReference> outputs,
      String documentation) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("format_version", FORMAT_VERSION);
    m.put("type", "model");
    m.put("name", name());
    m.put("description", spec.description().isBlank() ? spec.name() : spec.description());
    m.put("authors", List.of(map("name", spec.author())));
    citation().ifPresent(c -> m.put("cite", List.of(c)));
    m.put("license", spec.license());
    m.put("documentation", documentation);
    m.put("tags", tags());
    m.put("timestamp", timestamp());
    m.put("inputs", List.of(input(input)));
    m.put("outputs", network.outputs().stream().map(o -> output(o, outputs.get(o))).toList());
    Map<String, Object> weights = onnx.fields();
    weights.put("opset_version", OnnxExport.OPSET);
    m.put("weights", map("onnx", weights));
    m.put("config", config());
    return m;
  }

  /** At least 5 of the characters that the format allows. */
  private String name() {
    String name = spec.name().replaceAll("[^A-Za-z0-9_+ ()-]", "_");
    return name.length() < 5 ? "Spyhop " + name : name;
  }

  /** What is cited needs a DOI or an address; other text is in the documentation alone. */
  private Optional<Map<String, Object>> citation() {
    Matcher doi = DOI.matcher(spec.citation());
    if (doi.find()) return Optional.of(map("text", spec.citation(), "doi", doi.group()));
    Matcher url = URL.matcher(spec.citation());
    if (url.find()) return Optional.of(map("text", spec.citation(), "url", url.group()));
    return Optional.empty();
  }

  private List<String> tags() {
    return Stream.concat(Stream.of("spyhop", spec.task().kind()), spec.task().names().stream())
        .map(t -> t.toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", "-"))
        .distinct()
        .toList();
  }

  private String timestamp() {
    String date = spec.training().date();
    return date.matches("\\d{4}-\\d\\d-\\d\\d")
        ? date + "T00:00:00+00:00"
        : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            Instant.now().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
  }

  private Map<String, Object> config() {
    Map<String, Object> tolerance =
        map("absolute_tolerance", Model.TOLERANCE, "relative_tolerance", Model.TOLERANCE);
    return map(
        "bioimageio",
        map("reproducibility_tolerance", List.of(tolerance)),
        "spyhop",
        map(
            "model",
            spec.name(),
            "sha256",
            model.sha256(),
            BioimageImport.RECORD,
            ModelFile.record(spec)));
  }

  private Map<String, Object> input(FileReference test) {
    Network.Input in = network.inputs().get(0);
    List<Map<String, Object>> axes = new ArrayList<>();
    axes.add(map("type", "batch"));
    int count = spec.input().channels();
    axes.add(
        channelAxis(
            spec.input().colors() == Colors.RGB
                ? List.of("red", "green", "blue")
                : IntStream.range(0, count).mapToObj(i -> "channel" + i).toList()));
    Tensor example = model.example().orElseThrow().input();
    for (int d = 0; d < in.shape().rank(); d++) {
      int size = in.shape().space().get(d);
      Object sizes =
          size != Shape.ANY
              ? size
              : map(
                  "min",
                  smallest(field, d, example.size(d + 2)),
                  "step",
                  field.sizeMultiple().get(d));
      axes.add(map("type", "space", "id", SPACE[d], "size", sizes));
    }
    return map(
        "id",
        identifier(in.name()),
        "axes",
        axes,
        "preprocessing",
        preprocessing(spec.input().normalization())
            .orElseThrow(
                () ->
                    refused("has no words for the normalisation " + spec.input().normalization())),
        "test_tensor",
        test.fields());
  }

  /** Least size of an input that leaves something when the halo is cut off, or that of a test. */
  static int smallest(ReceptiveField field, int dimension, int test) {
    int step = field.sizeMultiple().get(dimension);
    int least = field.everything() ? step : 2 * halo(field, dimension) + step;
    return Math.max((test + step - 1) / step * step, (least + step - 1) / step * step);
  }

  private static int halo(ReceptiveField field, int dimension) {
    return field.alignedHalo().get(dimension);
  }

  private Map<String, Object> output(String name, FileReference test) {
    Network.Input in = network.inputs().get(0);
    Tensor example = model.example().orElseThrow().input();
    List<Integer> sizes =
        IntStream.range(0, in.shape().rank()).mapToObj(d -> example.size(d + 2)).toList();
    Shape given = new Shape(in.shape().channels(), sizes);
    Shape shape = Shapes.of(network, Map.of(in.name(), given)).get(name);
    List<Map<String, Object>> axes = new ArrayList<>();
    axes.add(map("type", "batch"));
    axes.add(channels(name, shape.channels()));
    for (int d = 0; d < shape.rank(); d++) {
      Map<String, Object> axis = map("type", "space", "id", SPACE[d]);
      if (in.shape().space().get(d) != Shape.ANY) {
        axis.put("size", shape.space().get(d));
      } else {
        double ratio = (double) given.space().get(d) / shape.space().get(d);
        axis.put("size", map("tensor_id", identifier(in.name()), "axis_id", SPACE[d]));
        if (ratio != 1) axis.put("scale", ratio);
        int halo = (int) Math.ceil(halo(field, d) / ratio);
        if (halo > 0 && !field.everything()) axis.put("halo", halo);
      }
      axes.add(axis);
    }
    return map("id", outputIdentifier(name), "axes", axes, "test_tensor", test.fields());
  }

  private String outputIdentifier(String name) {
    String id = identifier(name);
    return id.equals(identifier(network.inputs().get(0).name())) ? id + "_out" : id;
  }

  /** Where there is one channel for each name of several, they are called so. */
  private Map<String, Object> channels(String output, int count) {
    List<String> names = spec.task().names();
    boolean named = names.size() > 1 && names.size() == count;
    return channelAxis(
        IntStream.range(0, count)
            .mapToObj(i -> identifier(named ? names.get(i) : count > 1 ? output + i : output))
            .toList());
  }

  private static Map<String, Object> channelAxis(List<String> names) {
    return map("type", "channel", "channel_names", names);
  }

  /** Lower case, letters, digits and underscores, beginning with none of the digits. */
  private static String identifier(String name) {
    String id = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    if (!id.matches("[a-z].*")) id = "n" + id;
    return id.length() > 32 ? id.substring(0, 32) : id;
  }

  /** The steps of a normalisation, if there are such. */
  static Optional<List<Map<String, Object>>> preprocessing(Normalization normalization) {
    return step(normalization, map("axes", List.of(SPACE)))
        .map(step -> List.of(map("id", "ensure_dtype", "kwargs", map("dtype", "float32")), step));
  }

  /**
   * @param kwargs of what is measured: over which axes
   */
  private static Optional<Map<String, Object>> step(
      Normalization normalization, Map<String, Object> kwargs) {
    if (normalization instanceof Normalization.WithEpsilon e) {
      Map<String, Object> more =
          map("axes", e.together() ? List.of("channel", "y", "x") : List.of(SPACE));
      more.put("eps", e.epsilon());
      return step(e.of(), more);
    } else if (normalization instanceof Normalization.Percentile p && p.high() > 1) {
      kwargs.put("min_percentile", p.low());
      kwargs.put("max_percentile", p.high());
      return Optional.of(map("id", "scale_range", "kwargs", kwargs));
    } else if (normalization instanceof Normalization.MinMax) {
      return Optional.of(map("id", "scale_range", "kwargs", kwargs));
    } else if (normalization instanceof Normalization.ZScore) {
      return Optional.of(map("id", "zero_mean_unit_variance", "kwargs", kwargs));
    } else if (normalization instanceof Normalization.Fixed f) {
      List<Double> offsets =
          IntStream.range(0, f.offset().size())
              .mapToObj(i -> -f.offset().get(i) * f.scale().get(i))
              .toList();
      return Optional.of(
          map(
              "id",
              "scale_linear",
              "kwargs",
              offsets.size() == 1
                  ? map("gain", f.scale().get(0), "offset", offsets.get(0))
                  : map("axis", "channel", "gain", f.scale(), "offset", offsets)));
    }
    return Optional.empty();
  }

  /** For people: what the description has no fields for. */
  String documentation() {
    StringBuilder b = new StringBuilder();
    b.append("# ").append(spec.name()).append("\n\n").append(spec.description()).append("\n\n");
    b.append("Made with Spyhop for ImageJ and Fiji. Task: ").append(spec.task()).append(".\n\n");
    b.append("The network gives ").append(String.join(" and ", network.outputs()));
    b.append(" for every position; Spyhop's task makes the result of that, which a runner of ");
    b.append("bioimage.io models does not do.\n\n");
    if (network.inputs().get(0).shape().isFixed()) {
      b.append("Images are brought to the size of the input first: ").append(spec.input().fit());
      b.append(".\n\n");
    }
    PixelSize size = spec.input().pixelSize();
    if (size.isCalibrated()) {
      b.append(
          Strings.format(
              "Pixel size of the training images: %s x %s %s.\n\n",
              size.width(), size.height(), size.unit()));
    }
    if (!spec.citation().isBlank()) b.append("Cite: ").append(spec.citation()).append("\n\n");
    ModelSpec.Training t = spec.training();
    if (!t.data().isBlank()) {
      b.append("## Training\n\nTrained on ").append(t.data());
      b.append(" with ").append(t.software()).append(".\n\n");
    }
    b.append("## Validation\n\n");
    if (t.figures().isEmpty()) b.append("No figures are known.\n");
    t.figures().forEach((name, value) -> b.append(Strings.format("- %s: %.4f%n", name, value)));
    return b.toString().replace("\r\n", "\n");
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
