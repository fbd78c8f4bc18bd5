package sc.fiji.spyhop.exchange.bioimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.network.ReceptiveField;
import sc.fiji.spyhop.task.InstanceSegmentation;
import sc.fiji.spyhop.util.Strings;

/**
 * How objects are made of the outputs of a network that finds some, which ONNX has no words for: a
 * program in Python, whose labels are those of Spyhop, and a macro of ImageJ's own commands.
 */
final class ObjectScripts {

  static final String PYTHON = "objects.py";
  static final String MACRO = "objects.ijm";

  private ObjectScripts() {}

  /**
   * By file name; none for other tasks.
   *
   * @param weights name of the file of the network
   */
  static Map<String, String> of(Model model, String weights) {
    if (!(model.spec().task() instanceof InstanceSegmentation task)) return Map.of();
    List<Integer> steps = ReceptiveField.of(model.network()).sizeMultiple();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("weights", weights);
    values.put("channels", String.valueOf(model.spec().input().channels()));
    values.put("step", String.valueOf(Math.max(steps.get(0), steps.get(1))));
    values.put(
        "normalize",
        Portable.preprocessing(model.spec().input()).orElse(List.of()).stream()
            .map(ObjectScripts::normalize)
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("\n")));
    values.put("smoothing", String.valueOf(task.smoothing()));
    values.put("foreground", String.valueOf(task.foreground()));
    values.put("peakHeight", String.valueOf(task.peakHeight()));
    values.put("minDepth", String.valueOf(task.minDepth()));
    values.put("minArea", String.valueOf(Math.max(1, task.minArea())));
    values.put("minProbability", String.valueOf(task.minProbability()));
    Map<String, String> scripts = new LinkedHashMap<>();
    for (String name : List.of(PYTHON, MACRO)) scripts.put(name, filled(text(name), values));
    return scripts;
  }

  /** A step of the preprocessing in NumPy, of {@code pixels}, channels first. */
  private static String normalize(Map<String, Object> step) {
    Map<?, ?> kwargs = (Map<?, ?>) step.get("kwargs");
    String over =
        kwargs.get("axes") instanceof List<?> axes && axes.contains("channel")
            ? "(0, 1, 2)"
            : "(1, 2)";
    Object given = kwargs.get("eps");
    String epsilon = given == null ? "1e-6" : String.valueOf(given);
    return switch ((String) step.get("id")) {
      case "scale_range" ->
          Strings.format(
              "low, high = np.percentile(pixels, (%s, %s), axis=%s, keepdims=True)%n"
                  + "pixels = (pixels - low) / (high - low + %s)",
              kwargs.containsKey("min_percentile") ? kwargs.get("min_percentile") : "0",
              kwargs.containsKey("max_percentile") ? kwargs.get("max_percentile") : "100",
              over,
              epsilon);
      case "zero_mean_unit_variance" ->
          Strings.format(
              "pixels = (pixels - pixels.mean(%1$s, keepdims=True)) / (pixels.std(%1$s,"
                  + " keepdims=True) + %2$s)",
              over, epsilon);
      case "scale_linear" ->
          Strings.format("pixels = pixels * %s + %s", kwargs.get("gain"), kwargs.get("offset"));
      default -> "";
    };
  }

  private static String filled(String template, Map<String, String> values) {
    String text = template;
    for (Map.Entry<String, String> v : values.entrySet()) {
      text = text.replace("@" + v.getKey() + "@", v.getValue());
    }
    return text.replace("\r\n", "\n");
  }

  private static String text(String name) {
    try (InputStream in = ObjectScripts.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
