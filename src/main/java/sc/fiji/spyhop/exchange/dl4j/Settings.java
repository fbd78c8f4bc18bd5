package sc.fiji.spyhop.exchange.dl4j;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Border;
import sc.fiji.spyhop.exchange.graph.GraphBuilder.Window;
import sc.fiji.spyhop.exchange.graph.Unsupported;

/**
 * The settings of a layer. Those that are left out have the value that Deeplearning4j gives them
 * when it reads such a file.
 */
record Settings(JsonNode json) {

  private static final List<Integer> ONE = List.of(1, 1);

  int count(String field) {
    return json.path(field).asInt(0);
  }

  double number(String field, double otherwise) {
    return json.path(field).isNumber() ? json.path(field).asDouble() : otherwise;
  }

  boolean flag(String field, boolean otherwise) {
    return json.path(field).asBoolean(otherwise);
  }

  String word(String field, String otherwise) {
    return json.path(field).asText(otherwise);
  }

  /** Two whole numbers, of rows and columns. */
  List<Integer> pair(String field, List<Integer> otherwise) {
    return sizes(field, 2, otherwise);
  }

  List<Integer> sizes(String field, int length, List<Integer> otherwise) {
    JsonNode list = json.path(field);
    if (list.isMissingNode() || list.isNull()) return otherwise;
    if (list.size() != length) throw new Unsupported(field + " " + list);
    List<Integer> all = new ArrayList<>();
    list.forEach(n -> all.add(n.asInt()));
    return List.copyOf(all);
  }

  boolean hasBias() {
    return flag("hasBias", true);
  }

  /** How a window moves; windows of Deeplearning4j have as many zeros before as behind. */
  Window window() {
    List<Integer> zeros = pair("padding", List.of(0, 0));
    Border border =
        switch (word("convolutionMode", "Truncate")) {
          case "Truncate", "Strict" -> new Border.Zeros(zeros, zeros);
          case "Same" -> new Border.Same();
          default -> throw new Unsupported("convolutionMode " + word("convolutionMode", ""));
        };
    return new Window(pair("kernelSize", ONE), pair("stride", ONE), pair("dilation", ONE), border);
  }

  void requireNoDilation() {
    if (!window().dilation().equals(ONE)) throw new Unsupported("dilation");
  }

  /**
   * @throws Unsupported if channels are last
   */
  void requireChannelsFirst() {
    for (String field : List.of("cnn2dDataFormat", "cnn2DFormat", "dataFormat", "format")) {
      // one that is null counts as channels last
      if (!word(field, "NCHW").equals("NCHW")) {
        throw new Unsupported("channels last (" + field + " " + word(field, "") + ")");
      }
    }
  }
}
