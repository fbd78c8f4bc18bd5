package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.ByteString;
import java.util.List;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto;
import sc.fiji.spyhop.exchange.onnx.proto.AttributeProto.AttributeType;

/** Settings to be written. */
final class Attribute {

  private Attribute() {}

  private static AttributeProto.Builder of(String name, AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  static AttributeProto number(String name, long value) {
    return of(name, AttributeType.INT).setI(value).build();
  }

  static AttributeProto real(String name, double value) {
    return of(name, AttributeType.FLOAT).setF((float) value).build();
  }

  static AttributeProto text(String name, String value) {
    return of(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
  }

  static AttributeProto ints(String name, List<Integer> values) {
    AttributeProto.Builder attribute = of(name, AttributeType.INTS);
    for (int value : values) attribute.addInts(value);
    return attribute.build();
  }
}
