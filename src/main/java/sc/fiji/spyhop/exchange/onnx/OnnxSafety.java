package sc.fiji.spyhop.exchange.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sc.fiji.spyhop.SpyhopException;

/**
 * Goes through the bytes of an ONNX file, its inner graphs and functions too, and refuses what
 * would reach for anything but the file itself: values in other files, operators of other
 * libraries. The numbers are those of the fields of the format.
 */
public final class OnnxSafety {

  /** Domains whose operators ONNX Runtime brings itself. */
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

  /** Operators of these domains that open files or run programs. */
  private static final Set<String> REACHING = Set.of("EPContext", "PyOp", "PythonOp", "ATen");

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NODES = 1 << 20;

  private record Operator(String domain, String type) {}

  private final CodedInputStream in;
  private final List<Operator> operators = new ArrayList<>();
  private final List<Operator> functions = new ArrayList<>();

  private OnnxSafety(CodedInputStream in) {
    this.in = in;
  }

  /**
   * Refuses a file that is not data alone.
   *
   * @return the operators it is made of, sorted
   * @throws SpyhopException naming what is refused
   */
  public static Set<String> check(ByteBuffer file) {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(file).newCodedInput();
    in.enableAliasing(true);
    OnnxSafety look = new OnnxSafety(in);
    try {
      look.model();
    } catch (IOException e) {
      throw new SpyhopException("The ONNX file is not sound: " + e.getMessage(), e);
    }
    Set<String> types = new TreeSet<>();
    for (Operator o : look.operators) {
      if (look.functions.contains(o)) continue;
      if (!DOMAINS.contains(o.domain) || REACHING.contains(o.type)) {
        throw new SpyhopException(
            "The ONNX file uses the operator "
                + o.type
                + (o.domain.isEmpty() ? "" : " of " + o.domain)
                + ", which ONNX Runtime does not bring itself; refused. Export the network with"
                + " operators of ONNX.");
      }
      types.add(o.type);
    }
    return types;
  }

  private interface Part {
    void read(int field) throws IOException;
  }

  /** Goes through the fields of a message; those of other wire types are skipped. */
  private void message(Part part) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        part.read(WireFormat.getTagFieldNumber(tag));
      } else if (!in.skipField(tag)) {
        throw new IOException("a group ends that did not begin");
      }
    }
  }

  private void inside(Part part) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    message(part);
    in.popLimit(limit);
  }

  private void skip() throws IOException {
    in.skipRawBytes(in.readRawVarint32());
  }

  private void model() throws IOException {
    message(
        field -> {
          switch (field) {
            case 7 -> graph(0);
            case 25 -> function();
            default -> skip();
          }
        });
  }

  private void function() throws IOException {
    String[] called = {"", ""};
    inside(
        field -> {
          switch (field) {
            case 1 -> called[1] = in.readString();
            case 7 -> node(1);
            case 10 -> called[0] = in.readString();
            case 11 -> attribute(1);
            default -> skip();
          }
        });
    functions.add(new Operator(called[0], called[1]));
  }

  private void graph(int depth) throws IOException {
    if (depth > MAX_DEPTH) throw new IOException("graphs within graphs, deeper than " + MAX_DEPTH);
    inside(
        field -> {
          switch (field) {
            case 1 -> node(depth);
            case 5 -> tensor();
            case 15 -> sparse();
            default -> skip();
          }
        });
  }

  private void node(int depth) throws IOException {
    if (operators.size() >= MAX_NODES) throw new IOException("more than " + MAX_NODES + " nodes");
    String[] called = {"", ""};
    inside(
        field -> {
          switch (field) {
            case 4 -> called[1] = in.readString();
            case 5 -> attribute(depth);
            case 7 -> called[0] = in.readString();
            default -> skip();
          }
        });
    operators.add(new Operator(called[0], called[1]));
  }

  private void attribute(int depth) throws IOException {
    inside(
        field -> {
          switch (field) {
            case 5, 10 -> tensor();
            case 6, 11 -> graph(depth + 1);
            case 22, 23 -> sparse();
            default -> skip();
          }
        });
  }

  private void sparse() throws IOException {
    inside(
        field -> {
          switch (field) {
            case 1, 2 -> tensor();
            default -> skip();
          }
        });
  }

  private void tensor() throws IOException {
    inside(
        field -> {
          if (field == 13) {
            throw new SpyhopException(
                "The ONNX file keeps values in another file, in a place where that is not read;"
                    + " refused. Save the network in one file.");
          }
          skip();
        });
  }
}
