package sc.fiji.spyhop.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sc.fiji.spyhop.SpyhopException;

/** With the message that describes .proto files: name = 1, dependency = 3, message_type = 4. */
class ProtobufFileTest {

  @TempDir Path folder;

  private FileDescriptorProto read(byte... content) throws IOException {
    Path file = Files.write(folder.resolve("file"), content);
    return ProtobufFile.read(file, FileDescriptorProto.getDefaultInstance(), "a description");
  }

  private String refusal(byte... content) {
    String message = assertThrows(SpyhopException.class, () -> read(content)).getMessage();
    assertTrue(message.startsWith(folder.toString()), message);
    return message;
  }

  /** Field 1, text of one byte; field 100, a number, which is not declared. */
  @Test
  void fieldsThatAreNotDeclaredAreLeftOut() throws IOException {
    FileDescriptorProto read =
        read((byte) 10, (byte) 1, (byte) 'a', (byte) 0xa0, (byte) 6, (byte) 7);
    assertEquals(FileDescriptorProto.newBuilder().setName("a").build(), read);
  }

  @ParameterizedTest
  @CsvSource({
    "0a05, more than there is",
    "2202, a message that goes beyond the end",
    "22010a, a field that goes beyond its message",
    "0c, the end of a group that did not start",
    "2280808080f8ffffffff01, a negative length",
    "00, a field without a number"
  })
  void filesThatAreNoneAreRefused(String content, String why) {
    String message = refusal(java.util.HexFormat.of().parseHex(content));
    assertTrue(message.contains("is not a description, or is cut off"), why + ": " + message);
  }

  /** Two bytes in the file, some hundred in memory. */
  @Test
  void noMoreMessagesAreMadeThanANetworkHas() throws IOException {
    byte[] content = new byte[2 << 20];
    for (int i = 0; i < content.length; i += 2) content[i] = 4 << 3 | 2;
    assertEquals(1 << 20, read(content).getMessageTypeCount());
    byte[] more = Arrays.copyOf(content, content.length + 2);
    more[content.length] = 4 << 3 | 2;
    assertTrue(refusal(more).contains("1048576"), refusal(more));
  }
}
