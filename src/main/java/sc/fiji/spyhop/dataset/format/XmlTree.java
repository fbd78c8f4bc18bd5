package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * An element of an XML file, of limited size and depth; attributes are passed over. Files with a
 * document type are refused, as it may name other files.
 */
record XmlTree(String name, List<XmlTree> all, StringBuilder content) {

  private static final long MAX_BYTES = 1 << 26;
  private static final int MAX_DEPTH = 32;

  private static final Pattern ENCODING =
      Pattern.compile("^<\\?xml[^>]{0,150}?encoding\\s*=\\s*[\"']([A-Za-z0-9._-]{1,40})[\"']");

  private XmlTree(String name) {
    this(name, new ArrayList<>(), new StringBuilder());
  }

  /**
   * Reads a file.
   *
   * @throws IOException that says what is wrong with it
   */
  static XmlTree read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) throw new IOException("larger than 64 MB");
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text(file)));
      Deque<XmlTree> open = new ArrayDeque<>();
      while (xml.hasNext()) {
        switch (xml.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            XmlTree element = new XmlTree(xml.getLocalName());
            if (!open.isEmpty()) open.peek().all.add(element);
            open.push(element);
            if (open.size() > MAX_DEPTH) throw new IOException("elements in more than 32 others");
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
            if (!open.isEmpty()) open.peek().content.append(xml.getText());
          }
          case XMLStreamConstants.DTD ->
              throw new IOException("a document type (DOCTYPE) is not read");
          case XMLStreamConstants.END_ELEMENT -> {
            XmlTree closed = open.pop();
            if (open.isEmpty()) return closed;
          }
          default -> {}
        }
      }
      throw new IOException("no element");
    } catch (XMLStreamException | RuntimeException e) {
      throw new IOException("not XML: " + firstLine(e), e);
    } catch (IOException e) {
      throw new IOException(AtomicFile.reason(e), e);
    }
  }

  /** In the encoding that the file says; the parser would write of others to the console. */
  private static String text(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    boolean marked = bytes.length > 1 && (bytes[0] & 0xFF) >= 0xFE;
    String start = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1);
    Matcher said = ENCODING.matcher(start);
    try {
      Charset charset =
          marked
              ? StandardCharsets.UTF_16
              : said.find() ? Charset.forName(said.group(1)) : StandardCharsets.UTF_8;
      String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new IOException("not text in its encoding", e);
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().reduce((a, b) -> b).orElse("");
  }

  /** The elements of a name right below this one. */
  List<XmlTree> children(String name) {
    return all.stream().filter(e -> e.name.equals(name)).toList();
  }

  /**
   * The only element of a name right below this one; empty if there is none.
   *
   * @throws SpyhopException if there are several, of which nobody knows which counts
   */
  Optional<XmlTree> child(String name) {
    List<XmlTree> found = children(name);
    if (found.size() > 1) {
      throw new SpyhopException(
          Strings.format(
              "<%s> is there %d times in one <%s>, expected once.", name, found.size(), this.name));
    }
    return found.stream().findFirst();
  }

  /** The text of the only element of a name right below. */
  Optional<String> text(String name) {
    return child(name).map(e -> e.content.toString().strip());
  }
}
