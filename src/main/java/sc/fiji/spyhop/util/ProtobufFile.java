package sc.fiji.spyhop.util;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import sc.fiji.spyhop.SpyhopException;

/**
 * Reads files that are one protocol buffer. A file is data: of messages and strings of bytes, which
 * take more memory than their place in the file, no more are made than a network has, and the bytes
 * stay in the file until they are asked for. Fields that are not declared are skipped.
 */
public final class ProtobufFile {

  /** Most messages and strings of bytes. */
  private static final int MAX_OBJECTS = 1 << 20;

  private final CodedInputStream in;
  private int objects;

  private ProtobufFile(CodedInputStream in) {
    this.in = in;
  }

  /**
   * Reads a file.
   *
   * @param type any message of the type that the file has; not of one that contains itself
   * @param what the file is called in messages, such as "an ONNX model"
   * @throws SpyhopException if it cannot be read, is of another format, is cut off, has 2 GB or
   *     more, or is not sound; names the file
   */
  public static <M extends Message> M read(Path file, M type, String what) {
    try {
      ByteBuffer content = map(file, what);
      new ProtobufFile(open(content)).count(type.getDescriptorForType());
      @SuppressWarnings("unchecked")
      M message =
          (M) DiscardUnknownFieldsParser.wrap(type.getParserForType()).parseFrom(open(content));
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new SpyhopException(
          Strings.format("%s: is not %s, or is cut off (%s)", file, what, e.getMessage().strip()),
          e);
    } catch (IOException e) {
      throw new SpyhopException(file + ": cannot be read (" + AtomicFile.reason(e) + ").", e);
    }
  }

  /** The content of a file, read where it is asked for. */
  private static ByteBuffer map(Path file, String what) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new SpyhopException(file + ": there is no such file.");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new SpyhopException(file + ": expected " + what + " in a file of less than 2 GB.");
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static CodedInputStream open(ByteBuffer content) {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
    in.enableAliasing(true);
    return in;
  }

  /** Goes through a message, up to the end or its limit, without making it. */
  private void count(Descriptor type) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      boolean isObject =
          field != null
              && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
              && (field.getJavaType() == JavaType.MESSAGE
                  || field.getJavaType() == JavaType.BYTE_STRING);
      if (isObject && ++objects > MAX_OBJECTS) {
        throw new InvalidProtocolBufferException("more than " + MAX_OBJECTS + " parts");
      }
      if (isObject && field.getJavaType() == JavaType.MESSAGE) {
        int limit = in.pushLimit(in.readRawVarint32());
        count(field.getMessageType());
        in.popLimit(limit);
      } else {
        in.skipField(tag);
      }
    }
    in.checkLastTagWas(0);
  }
}
