package sc.fiji.spyhop.ij;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import sc.fiji.spyhop.image.tiff.UnsupportedTiffException;
import sc.fiji.spyhop.util.Strings;

/** The axes of an OME-TIFF, as its OME-XML (2016-06) tells them. */
final class OmeXml {

  private static final int MAX_PLANES = 10_000_000;

  private int images;
  private String order = "XYCZT";
  private int sizeC = 1;
  private int sizeZ = 1;
  private int sizeT = 1;
  private final List<Integer> samples = new ArrayList<>();
  private final double[] pixel = new double[3];
  private String unit = "";
  private final List<TiffData> data = new ArrayList<>();

  /** Where planes are; -1: not told. */
  private record TiffData(int ifd, int c, int z, int t, int planes) {}

  private OmeXml() {}

  /**
   * Reads the axes of the one image in a file.
   *
   * @param pages that the file has
   * @throws UnsupportedTiffException if there are several images, or planes in other files
   * @throws IOException if the text cannot be read, or tells of other planes than there are
   */
  static TiffAxes read(String xml, int pages) throws IOException {
    OmeXml ome = new OmeXml();
    try {
      ome.parse(xml);
    } catch (XMLStreamException | RuntimeException e) {
      throw new IOException("its OME-XML cannot be read", e);
    }
    return ome.axes(pages);
  }

  private void parse(String xml) throws XMLStreamException, UnsupportedTiffException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader in = factory.createXMLStreamReader(new StringReader(xml));
    while (in.hasNext()) {
      if (in.next() != XMLStreamConstants.START_ELEMENT) continue;
      String name = in.getLocalName();
      if (name.equals("Pixels") && ++images > 1) {
        throw new UnsupportedTiffException("its OME-XML tells of several images");
      }
      switch (name) {
        case "Pixels" -> pixels(in);
        case "Channel" -> samples.add(number(in, "SamplesPerPixel", 1));
        case "TiffData" -> tiffData(in);
        case "BinaryOnly" ->
            throw new UnsupportedTiffException("its OME-XML is in another file (BinaryOnly)");
        default -> {}
      }
    }
    if (images == 0) throw new XMLStreamException("no Pixels");
  }

  private void pixels(XMLStreamReader in) {
    order = text(in, "DimensionOrder", "XYCZT");
    sizeC = number(in, "SizeC", 1);
    sizeZ = number(in, "SizeZ", 1);
    sizeT = number(in, "SizeT", 1);
    String[] axes = {"X", "Y", "Z"};
    for (int i = 0; i < 3; i++) {
      double value = Double.parseDouble(text(in, "PhysicalSize" + axes[i], "0"));
      pixel[i] = Double.isFinite(value) && value > 0 ? value : 0;
    }
    unit = text(in, "PhysicalSizeXUnit", "µm");
    boolean alike = unit.equals(text(in, "PhysicalSizeYUnit", "µm"));
    if (!alike) Arrays.fill(pixel, 0);
    if (!unit.equals(text(in, "PhysicalSizeZUnit", "µm"))) pixel[2] = 0;
  }

  private void tiffData(XMLStreamReader in) {
    data.add(
        new TiffData(
            number(in, "IFD", -1),
            number(in, "FirstC", 0),
            number(in, "FirstZ", 0),
            number(in, "FirstT", 0),
            number(in, "PlaneCount", -1)));
  }

  private static String text(XMLStreamReader in, String name, String absent) {
    String value = in.getAttributeValue(null, name);
    return value == null || value.isBlank() ? absent : value.strip();
  }

  private static int number(XMLStreamReader in, String name, int absent) {
    return Integer.parseInt(text(in, name, Integer.toString(absent)));
  }

  private TiffAxes axes(int pages) throws IOException {
    int perPage = samples.isEmpty() ? 1 : Math.max(1, samples.get(0));
    if (sizeC < 1 || sizeZ < 1 || sizeT < 1 || sizeC % perPage != 0) {
      throw new IOException("its OME-XML tells of no planes");
    }
    int c = sizeC / perPage;
    long planes = (long) c * sizeZ * sizeT;
    if (planes > MAX_PLANES || planes != pages) {
      throw new IOException(
          Strings.format(
              "its OME-XML tells of %d planes (%d channels, %d slices, %d time points), it has %d;"
                  + " are the others in further files?",
              planes, c, sizeZ, sizeT, pages));
    }
    Integer[] found = new Integer[pages];
    if (data.isEmpty()) data.add(new TiffData(0, 0, 0, 0, pages));
    for (TiffData d : data) place(d, c, pages, found);
    if (Arrays.asList(found).contains(null)) {
      throw new IOException("its OME-XML does not tell where all planes are");
    }
    boolean square = pixel[0] > 0 && pixel[1] > 0;
    return new TiffAxes(
        c,
        sizeZ,
        sizeT,
        List.of(found),
        square ? pixel[0] : 0,
        square ? pixel[1] : 0,
        pixel[2],
        unit);
  }

  /** Gives planes their pages, one after the other in the order of the dimensions. */
  private void place(TiffData d, int channels, int pages, Integer[] found) throws IOException {
    int count = d.planes >= 0 ? d.planes : d.ifd >= 0 ? 1 : pages;
    int[] size = {channels, sizeZ, sizeT};
    int[] at = {d.c, d.z, d.t};
    String axes = order.length() == 5 ? order.substring(2) : "CZT";
    for (int i = 0; i < count; i++) {
      int page = Math.max(0, d.ifd) + i;
      boolean inside = page < pages;
      for (int k = 0; k < 3; k++) inside &= at[k] >= 0 && at[k] < size[k];
      if (!inside) throw new IOException("its OME-XML tells of planes that it does not have");
      found[(at[2] * sizeZ + at[1]) * channels + at[0]] = page;
      for (char axis : axes.toCharArray()) {
        int k = "CZT".indexOf(axis);
        if (k < 0) throw new IOException("its OME-XML has no order of dimensions");
        if (++at[k] < size[k]) break;
        at[k] = 0;
      }
    }
  }
}
