package sc.fiji.spyhop.exchange.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole model: {@code ModelProto}.
 *
 * @param irVersion of the format itself
 * @param opsets version of each operator set used, by domain; {@code ""} is ONNX's own
 * @param producer name of the program that wrote it, may be empty
 * @param producerVersion may be empty
 * @param documentation for people, may be empty
 * @param metadata free key-value pairs
 */
public record OnnxModel(
    long irVersion,
    Map<String, Long> opsets,
    String producer,
    String producerVersion,
    String documentation,
    Map<String, String> metadata,
    OnnxGraph graph) {

  public OnnxModel {
    opsets = Collections.unmodifiableMap(new LinkedHashMap<>(opsets));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
