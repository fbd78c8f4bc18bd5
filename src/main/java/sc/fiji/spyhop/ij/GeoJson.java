package sc.fiji.spyhop.ij;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ij.ImagePlus;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.process.FloatPolygon;
import java.awt.Color;
import java.awt.geom.Point2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Strings;

/**
 * Regions as <a
 * href="https://qupath.readthedocs.io/en/stable/docs/advanced/exporting_annotations.html">QuPath
 * reads and writes them</a>, GeoJSON (RFC 7946) in pixels: a feature for each, with its class,
 * name, plane and measurements. What else a region is, such as the object that a point belongs to,
 * stands in its metadata.
 */
public final class GeoJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MAX_BYTES = 1L << 30;
  private static final int MAX_FEATURES = 1_000_000;

  /** Properties of regions that are kept as metadata. */
  private static final List<String> METADATA =
      List.of(AnnotationRois.OBJECT, AnnotationRois.KEYPOINT, AnnotationRois.VISIBILITY);

  private GeoJson() {}

  /**
   * A region to be written.
   *
   * @param measurements by name
   */
  public record Region(Roi roi, Map<String, Double> measurements) {

    /** Without measurements, but for its score if it has one. */
    public static Region of(Roi roi) {
      return new Region(roi, Map.of());
    }

    /**
     * With what a row of a table says that is a number, but for places and numbers of planes and
     * labels. Areas are named with their unit.
     */
    public static Region of(Roi roi, Map<String, Object> row) {
      Map<String, Double> measurements = new LinkedHashMap<>();
      row.forEach(
          (name, value) -> {
            if (!(value instanceof Number n) || NOT_MEASURED.contains(name)) return;
            boolean calibrated = name.equals("area") && row.get("unit") instanceof String;
            String unit = calibrated ? " " + row.get("unit") + "^2" : "";
            measurements.put(name + unit, n.doubleValue());
          });
      return new Region(roi, measurements);
    }
  }

  private static final List<String> NOT_MEASURED =
      List.of("slice", "frame", "label", "x", "y", AnnotationRois.SCORE);

  /**
   * Writes regions, whole or not at all: areas and points; lines that are drawings are left out.
   *
   * @param image that they are of
   * @throws SpyhopException if the file cannot be written
   */
  public static void write(Path file, ImagePlus image, List<Region> regions) {
    AtomicFile.write(
        file,
        out -> {
          JsonGenerator json = JSON.getFactory().createGenerator(out);
          json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
          json.writeStartObject();
          json.writeStringField("type", "FeatureCollection");
          json.writeArrayFieldStart("features");
          for (Region region : regions) {
            if (RoiFormat.isDrawing(region.roi)) continue;
            json.writeRaw('\n');
            feature(json, image, region);
          }
          json.writeEndArray();
          json.writeEndObject();
          json.writeRaw('\n');
          json.close();
        });
  }

  /** Writes regions of which no more is known than they say, as {@link #write}. */
  public static void writeRois(Path file, ImagePlus image, List<Roi> rois) {
    write(file, image, rois.stream().map(Region::of).toList());
  }

  private static void feature(JsonGenerator json, ImagePlus image, Region region)
      throws IOException {
    Roi roi = region.roi;
    List<List<List<Point2D.Double>>> polygons =
        roi instanceof PointRoi ? List.of() : RoiRings.of(roi);
    if (!(roi instanceof PointRoi) && polygons.isEmpty()) return;
    json.writeStartObject();
    json.writeStringField("type", "Feature");
    json.writeObjectFieldStart("geometry");
    if (roi instanceof PointRoi points) points(json, points);
    else polygons(json, polygons);
    plane(json, image, roi);
    json.writeEndObject();
    json.writeObjectFieldStart("properties");
    boolean found = roi.getProperty(AnnotationRois.SCORE) != null || !region.measurements.isEmpty();
    boolean object = found && !(roi instanceof PointRoi);
    json.writeStringField("objectType", object ? "detection" : "annotation");
    if (roi.getName() != null) json.writeStringField("name", roi.getName());
    String type =
        roi.getProperty(AnnotationRois.KEYPOINT) == null
            ? RoiNames.of(List.of(roi)).className(roi)
            : roi.getProperty(AnnotationRois.KEYPOINT);
    if (!type.isBlank()) classification(json, type, roi.getStrokeColor());
    measurements(json, region);
    metadata(json, roi);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void points(JsonGenerator json, PointRoi roi) throws IOException {
    FloatPolygon points = roi.getFloatPolygon();
    boolean one = points.npoints == 1;
    json.writeStringField("type", one ? "Point" : "MultiPoint");
    json.writeFieldName("coordinates");
    if (!one) json.writeStartArray();
    for (int i = 0; i < points.npoints; i++) {
      coordinates(
          json,
          points.xpoints[i] + AnnotationRois.CENTER,
          points.ypoints[i] + AnnotationRois.CENTER);
    }
    if (!one) json.writeEndArray();
  }

  private static void polygons(JsonGenerator json, List<List<List<Point2D.Double>>> polygons)
      throws IOException {
    boolean one = polygons.size() == 1;
    json.writeStringField("type", one ? "Polygon" : "MultiPolygon");
    json.writeFieldName("coordinates");
    if (!one) json.writeStartArray();
    for (List<List<Point2D.Double>> rings : polygons) {
      json.writeStartArray();
      for (List<Point2D.Double> ring : rings) {
        json.writeStartArray();
        for (Point2D.Double p : ring) coordinates(json, p.x, p.y);
        coordinates(json, ring.get(0).x, ring.get(0).y);
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    if (!one) json.writeEndArray();
  }

  private static void coordinates(JsonGenerator json, double x, double y) throws IOException {
    json.writeStartArray();
    number(json, x);
    number(json, y);
    json.writeEndArray();
  }

  private static void number(JsonGenerator json, double value) throws IOException {
    double rounded = Math.rint(value * 100) / 100;
    if (rounded == (int) rounded) json.writeNumber((int) rounded);
    else json.writeNumber(rounded);
  }

  /** Slice and frame from 0, where an image has several; all channels. */
  private static void plane(JsonGenerator json, ImagePlus image, Roi roi) throws IOException {
    List<RoiFormat.Plane> planes = RoiFormat.planes(roi, roi.getPosition(), image);
    if (planes.size() != 1 || image.getNSlices() * image.getNFrames() == 1) return;
    json.writeObjectFieldStart("plane");
    json.writeNumberField("c", -1);
    json.writeNumberField("z", planes.get(0).z() - 1);
    json.writeNumberField("t", planes.get(0).t() - 1);
    json.writeEndObject();
  }

  private static void classification(JsonGenerator json, String type, Color color)
      throws IOException {
    json.writeObjectFieldStart("classification");
    json.writeStringField("name", type);
    if (color != null) {
      json.writeArrayFieldStart("color");
      json.writeNumber(color.getRed());
      json.writeNumber(color.getGreen());
      json.writeNumber(color.getBlue());
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void measurements(JsonGenerator json, Region region) throws IOException {
    String score = region.roi.getProperty(AnnotationRois.SCORE);
    if (score == null && region.measurements.isEmpty()) return;
    json.writeObjectFieldStart("measurements");
    if (score != null) json.writeNumberField(AnnotationRois.SCORE, RoiFormat.score(region.roi));
    for (Map.Entry<String, Double> m : region.measurements.entrySet()) {
      if (Double.isFinite(m.getValue())) json.writeNumberField(m.getKey(), m.getValue());
    }
    json.writeEndObject();
  }

  private static void metadata(JsonGenerator json, Roi roi) throws IOException {
    if (METADATA.stream().allMatch(name -> roi.getProperty(name) == null)) return;
    json.writeObjectFieldStart("metadata");
    for (String name : METADATA) {
      if (roi.getProperty(name) != null) json.writeStringField(name, roi.getProperty(name));
    }
    json.writeEndObject();
  }

  /**
   * Reads the regions of an image: a feature collection, a list of features or one, as QuPath
   * writes them. Lines come as lines, which stand for nothing.
   *
   * @param image whose planes they are in
   * @throws SpyhopException if it is no such file, or damaged
   */
  public static List<Roi> read(Path file, ImagePlus image) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new SpyhopException(file + ": expected a file of up to 1 GB, received a larger one.");
      }
      List<Roi> rois = new ArrayList<>();
      try (JsonParser json = JSON.getFactory().createParser(file.toFile())) {
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_ARRAY) {
          features(json, image, rois);
        } else if (first == JsonToken.START_OBJECT) {
          collection(json, image, rois);
        } else {
          throw new IOException("expected a collection of features");
        }
      }
      return rois;
    } catch (IOException | RuntimeException e) {
      if (e instanceof SpyhopException known) throw known;
      throw new SpyhopException(
          Strings.format(
              "%s: is no GeoJSON of features, or is cut short or damaged (%s).",
              file, Strings.shorten(String.valueOf(e.getMessage()).lines().findFirst().orElse(""))),
          e);
    }
  }

  private static void collection(JsonParser json, ImagePlus image, List<Roi> rois)
      throws IOException {
    ObjectNode other = JSON.createObjectNode();
    boolean features = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("features") && value == JsonToken.START_ARRAY) {
        features(json, image, rois);
        features = true;
      } else {
        JsonNode node = json.readValueAsTree();
        other.set(name, node);
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT) throw new IOException("it is cut off");
    if (!features && !other.path("type").asText().equals("Feature")) {
      throw new IOException("expected a list called features");
    }
    if (!features) rois.addAll(rois(other, image));
  }

  private static void features(JsonParser json, ImagePlus image, List<Roi> rois)
      throws IOException {
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token != JsonToken.START_OBJECT) {
        throw new IOException("expected features, received " + Strings.shorten(json.getText()));
      }
      JsonNode feature = json.readValueAsTree();
      if (rois.size() >= MAX_FEATURES) throw new IOException("more than a million features");
      rois.addAll(rois(feature, image));
    }
  }

  private static List<Roi> rois(JsonNode feature, ImagePlus image) throws IOException {
    JsonNode geometry = feature.path("geometry");
    JsonNode properties = feature.path("properties");
    if (geometry.isNull() || geometry.isMissingNode() && feature.has("properties"))
      return List.of();
    Optional<Roi> shape = shape(geometry);
    if (shape.isEmpty()) return List.of();
    Roi roi = shape.get();
    String type = type(properties.path("classification"));
    String name = properties.path("name").asText("");
    roi.setName(name.isBlank() ? (type.isBlank() ? null : type) : name);
    JsonNode metadata = properties.path("metadata");
    boolean keypoint = metadata.has(AnnotationRois.KEYPOINT);
    if (!type.isBlank() && !keypoint) {
      roi.setProperty(
          roi instanceof PointRoi ? AnnotationRois.KEYPOINT : AnnotationRois.CLASS, type);
    }
    for (String key : METADATA) {
      if (metadata.path(key).isTextual()) roi.setProperty(key, metadata.path(key).asText());
    }
    JsonNode score = properties.path("measurements").path(AnnotationRois.SCORE);
    boolean isScore = score.isNumber() && score.asDouble() >= 0 && score.asDouble() <= 1;
    if (isScore) roi.setProperty(AnnotationRois.SCORE, score.asText());
    JsonNode plane = geometry.has("plane") ? geometry.path("plane") : properties.path("plane");
    int z = plane.path("z").asInt(-1);
    int t = plane.path("t").asInt(-1);
    if (z >= image.getNSlices() || t >= image.getNFrames()) {
      throw new IOException(
          Strings.format(
              "a region in slice %d and frame %d, of an image of %d and %d",
              z + 1, t + 1, image.getNSlices(), image.getNFrames()));
    }
    if (z >= 0 || t >= 0) Rois.place(roi, image, Math.max(0, z) + 1, Math.max(0, t) + 1);
    return List.of(roi);
  }

  /** QuPath writes the name, or since version 0.6 the names of a class derived from others. */
  private static String type(JsonNode classification) {
    if (classification.isTextual()) return classification.asText();
    if (classification.path("name").isTextual()) return classification.path("name").asText();
    List<String> names = new ArrayList<>();
    classification.path("names").forEach(n -> names.add(n.asText()));
    return String.join(": ", names);
  }

  private static Optional<Roi> shape(JsonNode geometry) throws IOException {
    JsonNode coordinates = geometry.path("coordinates");
    switch (geometry.path("type").asText()) {
      case "Point":
        return Optional.of(points(List.of(coordinates)));
      case "MultiPoint":
        List<JsonNode> all = new ArrayList<>();
        coordinates.forEach(all::add);
        return all.isEmpty() ? Optional.empty() : Optional.of(points(all));
      case "Polygon":
        return area(List.of(coordinates));
      case "MultiPolygon":
        List<JsonNode> polygons = new ArrayList<>();
        coordinates.forEach(polygons::add);
        return area(polygons);
      case "LineString":
        float[][] line = ring(coordinates);
        return Optional.of(new PolygonRoi(line[0], line[1], Roi.POLYLINE));
      default:
        String type = geometry.path("type").asText("");
        throw new IOException(
            type.isBlank()
                ? "a feature without a geometry"
                : "a geometry of the type \""
                    + Strings.shorten(type)
                    + "\", expected polygons or points");
    }
  }

  private static Roi points(List<JsonNode> all) throws IOException {
    float[] x = new float[all.size()];
    float[] y = new float[all.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (coordinate(all.get(i), 0) - AnnotationRois.CENTER);
      y[i] = (float) (coordinate(all.get(i), 1) - AnnotationRois.CENTER);
    }
    return new PointRoi(x, y, x.length);
  }

  private static Optional<Roi> area(List<JsonNode> polygons) throws IOException {
    List<float[][]> rings = new ArrayList<>();
    for (JsonNode polygon : polygons) {
      for (JsonNode ring : polygon) {
        float[][] corners = ring(ring);
        if (corners[0].length >= 3) rings.add(corners);
      }
    }
    return rings.isEmpty() ? Optional.empty() : Optional.of(RoiRings.roi(rings));
  }

  /** Without the last corner where it is the first. */
  private static float[][] ring(JsonNode corners) throws IOException {
    int n = corners.size();
    boolean closed =
        n > 1
            && coordinate(corners.get(0), 0) == coordinate(corners.get(n - 1), 0)
            && coordinate(corners.get(0), 1) == coordinate(corners.get(n - 1), 1);
    if (closed) n--;
    float[][] ring = new float[2][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < 2; k++) ring[k][i] = (float) coordinate(corners.get(i), k);
    }
    return ring;
  }

  private static double coordinate(JsonNode corner, int axis) throws IOException {
    JsonNode value = corner.path(axis);
    double number = value.isNumber() ? value.asDouble() : Double.NaN;
    if (!Double.isFinite(number)) {
      throw new IOException(
          "expected two numbers for a corner, received " + Strings.shorten(corner.toString()));
    }
    return number;
  }
}
