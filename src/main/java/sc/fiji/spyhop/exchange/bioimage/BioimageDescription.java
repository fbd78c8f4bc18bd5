package sc.fiji.spyhop.exchange.bioimage;

import static sc.fiji.spyhop.exchange.bioimage.Portable.fields;

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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.exchange.onnx.OnnxExport;
import sc.fiji.spyhop.image.Colors;
import sc.fiji.spyhop.image.PixelSize;
import sc.fiji.spyhop.image.Resize;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.network.Network;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.network.Shape;
import sc.fiji.spyhop.network.Shapes;
import sc.fiji.spyhop.tensor.Tensor;
import sc.fiji.spyhop.util.Digits;

/**
 * What the <a href="https://github.com/bioimage-io/spec-bioimage-io">model RDF</a>, version 0.5,
 * says of a model.
 */
final class BioimageDescription {

  /** The first whose fields are those written here; later ones read it. */
  private static final String FORMAT_VERSION = "0.5.4";

  static final String[] SPACE = {"y", "x"};
  private static final Pattern DOI = Pattern.compile("\\b10\\.\\d{4,9}/[^\\s\"<>]*[^\\s\"<>.,;)]");
  private static final Pattern URL = Pattern.compile("https?://[^\\s\"<>]*[^\\s\"<>.,;)]");
  private static final Pattern SPDX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]*");

  /** Of Python in lower case, which the format does not allow as names. */
  private static final Set<String> KEYWORDS =
      Set.of(
          ("and as assert async await break class continue def del elif else except finally for from"
                  + " global if import in is lambda nonlocal not or pass raise return try while with"
                  + " yield")
              .split(" "));

  private final Model model;
  private final Model.Example example;
  private final ModelSpec spec;
  private final Network network;
  private final ReceptiveField field;

  /** A file of the archive. */
  record FileReference(String source, String sha256) {
    Map<String, Object> fields() {
      return Portable.fields("source", source, "sha256", sha256);
    }
  }

  /**
   * @param example of images in the size and scale of the network
   * @throws SpyhopException if there is something that the format asks for or cannot express
   */
  BioimageDescription(Model model, Model.Example example) {
    this.model = model;
    this.example = example;
    spec = model.spec();
    network = model.network();
    field = ReceptiveField.of(network);
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
  Map<String, Object> all(
      FileReference onnx,
      FileReference input,
      Map<String, FileReference> outputs,
      String documentation,
      List<FileReference> attachments) {
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("format_version", FORMAT_VERSION);
    m.put("type", "model");
    m.put("name", name());
    m.put("description", spec.description().isBlank() ? spec.name() : spec.description());
    m.put("authors", List.of(fields("name", spec.author())));
    citation().ifPresent(c -> m.put("cite", List.of(c)));
    m.put("license", spec.license());
    m.put("documentation", documentation);
    if (!attachments.isEmpty()) {
      m.put("attachments", attachments.stream().map(FileReference::fields).toList());
    }
    m.put("tags", tags());
    m.put("timestamp", timestamp());
    m.put("inputs", List.of(input(input)));
    m.put("outputs", network.outputs().stream().map(o -> output(o, outputs.get(o))).toList());
    Map<String, Object> weights = onnx.fields();
    weights.put("opset_version", OnnxExport.OPSET);
    m.put("weights", fields("onnx", weights));
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
    if (doi.find()) return Optional.of(fields("text", spec.citation(), "doi", doi.group()));
    Matcher url = URL.matcher(spec.citation());
    if (url.find()) return Optional.of(fields("text", spec.citation(), "url", url.group()));
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
    return fields(
        "bioimageio",
        fields("nickname", nickname(), "reproducibility_tolerance", tolerances()),
        "spyhop",
        fields(
            "model",
            spec.name(),
            "sha256",
            model.sha256(),
            BioimageImport.RECORD,
            ModelFile.record(spec)));
  }

  /** JDLL knows a model by this, or by an id that the zoo gives it, and reads none without. */
  private String nickname() {
    return "spyhop-" + spec.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  /** The format allows an absolute one of a hundredth of an output's largest value. */
  private List<Map<String, Object>> tolerances() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < network.outputs().size(); i++) {
      Tensor said = Portable.said(spec, example.outputs().get(i));
      double largest = 0;
      for (float v : said.data()) largest = Math.max(largest, v);
      all.add(
          fields(
              "absolute_tolerance",
              Math.min(Model.TOLERANCE, largest / 101),
              "relative_tolerance",
              Model.TOLERANCE,
              "output_ids",
              List.of(outputIdentifier(network.outputs().get(i)))));
    }
    return all;
  }

  /**
   * Readers of JDLL take the scale of an output's axis for the ratio of its size to the input's, so
   * the pixel size is told in words where outputs are maps of any size.
   */
  private void tellPixelSize(Map<String, Object> axis, int dimension) {
    Optional<PixelSize> size = pixelSize(spec.input());
    if (size.isEmpty()) return;
    double side = dimension == 0 ? size.get().height() : size.get().width();
    if (spec.task().mapped() && !network.inputs().get(0).shape().isFixed()) {
      axis.put("description", Digits.six(side) + " micrometer per pixel");
    } else {
      axis.put("unit", "micrometer");
      axis.put("scale", side);
    }
  }

  /** Of what the network is shown, in micrometres, if it is known. */
  static Optional<PixelSize> pixelSize(ModelSpec.Input input) {
    double factor = input.fit() instanceof Resize.Scaled s ? s.factor() : 1;
    if (input.fit().isFixed()) return Optional.empty();
    return input
        .pixelSize()
        .inMicrometres()
        .map(p -> new PixelSize(p.width() / factor, p.height() / factor, p.unit()));
  }

  private Map<String, Object> input(FileReference test) {
    Network.Input in = network.inputs().get(0);
    List<Map<String, Object>> axes = new ArrayList<>();
    axes.add(fields("type", "batch"));
    int count = spec.input().channels();
    axes.add(
        channelAxis(
            spec.input().colors() != Colors.NONE
                ? List.of("red", "green", "blue")
                : IntStream.range(0, count).mapToObj(i -> "channel" + i).toList()));
    Tensor shown = example.input();
    for (int d = 0; d < in.shape().rank(); d++) {
      int size = in.shape().space().get(d);
      Object sizes =
          size != Shape.ANY
              ? size
              : fields(
                  "min",
                  smallest(field, d, shown.size(d + 2)),
                  "step",
                  field.sizeMultiple().get(d));
      Map<String, Object> axis = fields("type", "space", "id", SPACE[d], "size", sizes);
      tellPixelSize(axis, d);
      axes.add(axis);
    }
    return fields(
        "id",
        identifier(in.name()),
        "axes",
        axes,
        "preprocessing",
        Portable.preprocessing(spec.input())
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
    Tensor shown = example.input();
    List<Integer> sizes =
        IntStream.range(0, in.shape().rank()).mapToObj(d -> shown.size(d + 2)).toList();
    Shape given = new Shape(in.shape().channels(), sizes);
    Shape shape = Shapes.of(network, Map.of(in.name(), given)).get(name);
    List<Map<String, Object>> axes = new ArrayList<>();
    axes.add(fields("type", "batch"));
    axes.add(channels(name, shape.channels()));
    for (int d = 0; d < shape.rank(); d++) {
      Map<String, Object> axis = fields("type", "space", "id", SPACE[d]);
      if (in.shape().space().get(d) != Shape.ANY) {
        axis.put("size", shape.space().get(d));
      } else {
        double ratio = (double) given.space().get(d) / shape.space().get(d);
        axis.put("size", fields("tensor_id", identifier(in.name()), "axis_id", SPACE[d]));
        if (ratio != 1) axis.put("scale", ratio);
        int halo = (int) Math.ceil(halo(field, d) / ratio);
        if (halo > 0 && !field.everything()) axis.put("halo", halo);
      }
      axes.add(axis);
    }
    Map<String, Object> output = fields("id", outputIdentifier(name), "axes", axes);
    List<Map<String, Object>> steps = Portable.postprocessing(spec);
    if (!steps.isEmpty()) output.put("postprocessing", steps);
    output.put("test_tensor", test.fields());
    return output;
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
    return fields("type", "channel", "channel_names", names);
  }

  /** Lower case, letters, digits and underscores, beginning with none of the digits. */
  private static String identifier(String name) {
    String id = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    if (!id.matches("[a-z].*") || KEYWORDS.contains(id)) id = "n" + id;
    return id.length() > 32 ? id.substring(0, 32) : id;
  }
}
