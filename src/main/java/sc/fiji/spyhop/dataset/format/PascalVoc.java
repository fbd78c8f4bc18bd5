package sc.fiji.spyhop.dataset.format;

import java.io.IOException;
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
import org.scijava.plugin.Plugin;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Pascal VOC: an XML file for each image, as the challenge defined it and labelImg writes it.
 * Corners are taken as continuous coordinates, x = xmin and width = xmax - xmin, as tools write
 * them; in the challenge's own files, which count pixels from 1 and include the last, boxes come
 * out up to a pixel off. LabelMe's XML, which has polygons in it, is read as well. The image is the
 * one called like the XML file, else that of its filename.
 */
@Plugin(type = AnnotationFormat.class, name = "voc", priority = 40)
public final class PascalVoc implements AnnotationFormat {

  @Override
  public String layout() {
    return "Pascal VOC XML files in a folder annotations or Annotations, or beside the images";
  }

  @Override
  public List<Path> find(Path path) {
    List<Path> files = new ArrayList<>();
    if (Files.isRegularFile(path)) {
      if (ImageFinder.extension(FileNames.last(path)).equals("xml")) files.add(path);
    } else {
      for (String folder : List.of("annotations", "Annotations", ".")) {
        files.addAll(FolderFiles.files(path.resolve(folder).normalize(), 2, "xml"));
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
      Optional<Path> image = into.beside(file, stem(file)).or(() -> into.known(stem(file)));
      try {
        XmlTree root = XmlTree.read(file);
        if (!root.name().equals("annotation")) {
          String cvat =
              root.name().equals("annotations")
                  ? " as in CVAT's own format; export it as COCO or Pascal VOC"
                  : "";
          throw new IOException("expected <annotation>, found <" + root.name() + ">" + cvat);
        }
        if (image.isEmpty()) {
          image = into.find(root.text("filename").orElse(stem(file)), file, "");
        }
        if (image.isPresent()) read(file, root, image.get(), into);
      } catch (IOException | SpyhopException e) {
        into.problems().add(Problem.Kind.UNREADABLE, file, "", e.getMessage());
        image.ifPresent(into::leaveOut);
      }
    }
  }

  private static String stem(Path file) {
    String name = FileNames.last(file);
    return name.substring(0, name.length() - 4);
  }

  private static void read(Path file, XmlTree root, Path image, SetBuilder into) {
    if (into.has(image)) {
      into.problems().add(Problem.Kind.DUPLICATE, file, "", into.images().name(image));
      return;
    }
    Optional<ImageSize> declared =
        size(root, "size", "width", "height").or(() -> size(root, "imagesize", "ncols", "nrows"));
    Optional<AnnotationBuilder> annotation =
        declared.isPresent()
            ? into.annotation(image, declared.get(), file, "")
            : into.annotation(image);
    if (annotation.isEmpty()) return;
    int number = 0;
    for (XmlTree object : root.children("object")) {
      String where = "object " + ++number;
      if (object.text("deleted").equals(Optional.of("1"))) continue;
      Optional<XmlTree> corners = object.child("bndbox");
      Optional<XmlTree> polygon = object.child("polygon").filter(p -> !p.children("pt").isEmpty());
      if (corners.isPresent()) {
        box(file, where, object, corners.get(), annotation.get(), into.problems());
      } else if (polygon.isPresent()) {
        polygon(file, where, object, polygon.get(), annotation.get());
      } else {
        into.problems().add(Problem.Kind.WRONG_COLUMNS, file, where, "no bndbox, no polygon");
        annotation.get().leaveOut();
      }
    }
  }

  /** Empty if nothing is said, or 0, which some programs write where they do not know. */
  private static Optional<ImageSize> size(XmlTree root, String name, String width, String height) {
    double w = root.child(name).map(e -> number(e, width)).orElse(0.0);
    double h = root.child(name).map(e -> number(e, height)).orElse(0.0);
    boolean sound = w >= 1 && h >= 1 && w < 1 << 24 && h < 1 << 24 && w == (int) w && h == (int) h;
    return sound ? Optional.of(new ImageSize((int) w, (int) h)) : Optional.empty();
  }

  private static void box(
      Path file,
      String where,
      XmlTree object,
      XmlTree corners,
      AnnotationBuilder into,
      Problems problems) {
    double x1 = number(corners, "xmin");
    double y1 = number(corners, "ymin");
    double x2 = number(corners, "xmax");
    double y2 = number(corners, "ymax");
    String type = object.text("name").orElse("");
    if (x2 < x1 || y2 < y1) {
      String what = type + " from " + Problems.text(x1) + ", " + Problems.text(y1);
      what += " to " + Problems.text(x2) + ", " + Problems.text(y2);
      problems.add(Problem.Kind.REVERSED, file, where, what);
    }
    double left = Math.min(x1, x2);
    double top = Math.min(y1, y2);
    String at = where + wrong(corners, "xmin", "ymin", "xmax", "ymax");
    into.box(file, at, type, left, top, Math.max(x1, x2) - left, Math.max(y1, y2) - top, 1);
  }

  /** LabelMe's, in continuous coordinates. */
  private static void polygon(
      Path file, String where, XmlTree object, XmlTree polygon, AnnotationBuilder into) {
    List<XmlTree> points = polygon.children("pt");
    double[] corners = new double[2 * points.size()];
    String at = where;
    for (int i = 0; i < points.size(); i++) {
      at += wrong(points.get(i), "x", "y");
      corners[2 * i] = number(points.get(i), "x");
      corners[2 * i + 1] = number(points.get(i), "y");
    }
    PolygonMask.add(file, at, object.text("name").orElse(""), corners, 1, into);
  }

  /** What elements hold in place of numbers, for a report. */
  private static String wrong(XmlTree parent, String... names) {
    StringBuilder wrong = new StringBuilder();
    for (String name : names) {
      parent
          .text(name)
          .filter(text -> Double.isNaN(Decimals.parse(text)))
          .ifPresent(
              text -> wrong.append(Strings.format(", %s \"%s\"", name, Strings.shorten(text))));
    }
    return wrong.toString();
  }

  /** NaN if it is no number. */
  private static double number(XmlTree parent, String name) {
    return parent.text(name).map(Decimals::parse).orElse(Double.NaN);
  }

  @Override
  public void write(AnnotatedSet set, Path folder) {
    AnnotationFormat.requireOnlyBoxes(set, "Pascal VOC");
    Path to = folder.resolve("annotations");
    TextFiles.createFolder(to);
    UniqueNames names = new UniqueNames(set.images());
    for (AnnotatedImage image : set.images()) {
      TextFiles.write(to.resolve(names.of(image) + ".xml"), xml(image));
    }
  }

  private static String xml(AnnotatedImage image) {
    try {
      Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();
      Element root = document.createElement("annotation");
      document.appendChild(root);
      add(root, "filename", FileNames.last(image.file()));
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
