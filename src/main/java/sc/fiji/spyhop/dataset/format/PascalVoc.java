package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Decimals;

/**
 * Pascal VOC: an XML file for each image, as the challenge defined it and labelImg writes it.
 * Corners are taken as continuous coordinates, x = xmin and width = xmax - xmin, as tools write
 * them; in the challenge's own files, which count pixels from 1 and include the last, boxes come
 * out up to a pixel off. The image is the one called like the XML file, else that of its filename.
 */
public final class PascalVoc implements AnnotationFormat {

  private static final long MAX_BYTES = 1 << 26;

  @Override
  public String name() {
    return "voc";
  }

  @Override
  public String layout() {
    return "Pascal VOC XML files in a folder annotations or Annotations, or beside the images";
  }

  @Override
  public List<Path> find(Path path) {
    List<Path> files = new ArrayList<>();
    if (Files.isRegularFile(path)) {
      if (ImageFinder.extension(path.getFileName().toString()).equals("xml")) files.add(path);
    } else {
      for (String folder : List.of("annotations", "Annotations", ".")) {
        files.addAll(ImageFinder.files(path.resolve(folder).normalize(), 2, "xml"));
        if (!files.isEmpty()) break;
      }
    }
    return !files.isEmpty() && TextFiles.head(files.get(0)).contains("<annotation")
        ? files
        : List.of();
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    for (Path file : files) {
      Element root;
      try {
        root = parse(file);
      } catch (IOException | SAXException e) {
        String why = e.getMessage() == null ? "not XML" : e.getMessage();
        into.problems().add(Problem.Kind.UNREADABLE, file, "", why);
        continue;
      }
      image(file, root, into).ifPresent(image -> read(file, root, image, into));
    }
  }

  private static Optional<Path> image(Path file, Element root, SetBuilder into) {
    String fileName = file.getFileName().toString();
    String own = fileName.substring(0, fileName.length() - 4);
    List<Path> found = into.images().find(own);
    return found.size() == 1
        ? Optional.of(found.get(0))
        : into.find(text(root, "filename").orElse(own), file, "");
  }

  private static void read(Path file, Element root, Path image, SetBuilder into) {
    if (into.has(image)) {
      into.problems().add(Problem.Kind.DUPLICATE, file, "", into.images().name(image));
      return;
    }
    Optional<AnnotationBuilder> annotation = into.annotation(image);
    if (annotation.isEmpty()) return;
    int number = 0;
    for (Element object : children(root, "object")) {
      String where = "object " + ++number;
      List<Element> corners = children(object, "bndbox");
      if (corners.isEmpty()) {
        into.problems().add(Problem.Kind.WRONG_COLUMNS, file, where, "no bndbox");
        continue;
      }
      double left = number(corners.get(0), "xmin");
      double top = number(corners.get(0), "ymin");
      annotation
          .get()
          .box(
              file,
              where,
              text(object, "name").orElse(""),
              left,
              top,
              number(corners.get(0), "xmax") - left,
              number(corners.get(0), "ymax") - top,
              1);
    }
  }

  private static Element parse(Path file) throws IOException, SAXException {
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) > MAX_BYTES) throw new IOException("larger than 64 MB");
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      Element root = builder.parse(in).getDocumentElement();
      if (!root.getTagName().equals("annotation")) {
        throw new IOException("expected <annotation>, found <" + root.getTagName() + ">");
      }
      return root;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element e && e.getTagName().equals(name)) found.add(e);
    }
    return found;
  }

  private static Optional<String> text(Element parent, String name) {
    return children(parent, name).stream().map(e -> e.getTextContent().strip()).findFirst();
  }

  private static double number(Element parent, String name) {
    return text(parent, name).map(Decimals::parse).orElse(Double.NaN);
  }

  @Override
  public void write(AnnotatedSet set, Path folder) {
    AnnotationFormat.requireOnlyBoxes(set, "Pascal VOC");
    Path to = folder.resolve("annotations");
    TextFiles.createFolder(to);
    UniqueNames names = new UniqueNames();
    for (AnnotatedImage image : set.images()) {
      TextFiles.write(to.resolve(names.of(image) + ".xml"), xml(image));
    }
  }

  private static String xml(AnnotatedImage image) {
    try {
      Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
      Element root = document.createElement("annotation");
      document.appendChild(root);
      add(root, "filename", image.file().getFileName().toString());
      ImageSize imageSize = image.annotation().size();
      Element size = add(root, "size", "");
      add(size, "width", String.valueOf(imageSize.width()));
      add(size, "height", String.valueOf(imageSize.height()));
      for (LocalizedObject o : image.annotation().objects()) {
        Box box = o.box();
        Element object = add(root, "object", "");
        add(object, "name", o.type());
        add(object, "difficult", "0");
        Element corners = add(object, "bndbox", "");
        add(corners, "xmin", Decimals.text(box.x()));
        add(corners, "ymin", Decimals.text(box.y()));
        add(corners, "xmax", Decimals.text(box.right()));
        add(corners, "ymax", Decimals.text(box.bottom()));
      }
      TransformerFactory factory = TransformerFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      Transformer transformer = factory.newTransformer();
      transformer.setOutputProperty(OutputKeys.INDENT, "yes");
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      StringWriter text = new StringWriter();
      transformer.transform(new DOMSource(document), new StreamResult(text));
      return text.toString();
    } catch (ParserConfigurationException | TransformerException e) {
      throw new SpyhopException(
          image.name() + ": cannot be written as XML: " + e.getMessage() + ".", e);
    }
  }

  private static Element add(Element parent, String name, String text) {
    Element child = parent.getOwnerDocument().createElement(name);
    if (!text.isEmpty()) child.setTextContent(text);
    parent.appendChild(child);
    return child;
  }
}
