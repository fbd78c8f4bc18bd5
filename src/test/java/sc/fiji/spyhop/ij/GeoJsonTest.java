package sc.fiji.spyhop.ij;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.prediction.Annotation;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;

/** GeoJSON in the words of QuPath 0.2 to 0.6, with pixels counted by hand. */
class GeoJsonTest {

  @TempDir Path folder;

  private static ImagePlus stack(int slices, int frames) {
    ImageStack stack = new ImageStack(60, 40);
    for (int i = 0; i < slices * frames; i++) stack.addSlice(new ByteProcessor(60, 40));
    ImagePlus image = new ImagePlus("s", stack);
    image.setDimensions(1, slices, frames);
    image.setOpenAsHyperStack(slices * frames > 1);
    return image;
  }

  private AnnotatedSet open(ImagePlus image, String json) throws IOException {
    LabelImages.save(image, folder.resolve("s.tif"));
    Files.writeString(folder.resolve("s.geojson"), json);
    return new AnnotationFiles(new ImageFiles()).open(folder);
  }

  private static Annotation only(AnnotatedSet set) {
    assertEquals(1, set.images().size());
    return set.images().get(0).annotation();
  }

  private static long pixels(LocalizedObject object) {
    return object.mask().orElseThrow().area();
  }

  /** As QuPath 0.4 and later write an annotation with a hole, and a detection with a score. */
  private static final String QUPATH =
      """
      {"type":"FeatureCollection","features":[
       {"type":"Feature","id":"9b1c2a6e-0f6f-4c7e-9d3b-3c2a4b0b8c11",
        "geometry":{"type":"Polygon","coordinates":[
          [[10,5],[20,5],[20,15],[10,15],[10,5]],[[12,7],[14,7],[14,9],[12,9],[12,7]]]},
        "properties":{"objectType":"annotation","name":"left",
          "classification":{"name":"Tumor","color":[200,0,0]},"isLocked":false}},
       {"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[
          [[[30,5],[34,5],[34,7],[30,7],[30,5]]],[[[40.0,5.0],[42.0,5.0],[42.0,9.0],[40.0,9.0],[40.0,5.0]]]],
          "plane":{"c":-1,"z":0,"t":0}},
        "properties":{"objectType":"detection","classification":{"names":["Tumor","Positive"]},
          "measurements":{"score":0.75,"Area px^2":16.0}}}]}
      """;

  @Test
  void whatQuPathWrites() throws IOException {
    AnnotatedSet set = open(stack(1, 1), QUPATH);
    List<LocalizedObject> objects = only(set).objects();
    assertEquals(2, objects.size());
    assertEquals("Tumor", objects.get(0).type());
    assertEquals(10 * 10 - 2 * 2, pixels(objects.get(0)));
    assertEquals("Tumor: Positive", objects.get(1).type());
    assertEquals(4 * 2 + 2 * 4, pixels(objects.get(1)));
    assertEquals(0.75, objects.get(1).score());
    assertEquals(30, objects.get(1).box().x());
    assertEquals(12, objects.get(1).box().width());
  }

  /** QuPath 0.2 wrote a list, with the name of a class where there is no other, and points. */
  @Test
  void listsAndPoints() throws IOException {
    AnnotatedSet set =
        open(
            stack(1, 1),
            """
            [{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[3.5,4.5],[7,8]]},
              "properties":{"classification":{"name":"snout","colorRGB":-1}}},
             {"type":"Feature","geometry":{"type":"LineString","coordinates":[[3,4],[7,8]]},
              "properties":{"name":"ruler"}}]
            """);
    List<Double> x = new ArrayList<>();
    only(set).poses().forEach(p -> p.located().forEach(k -> x.add(k.x())));
    assertEquals(List.of(3.5, 7.0), x);
    assertEquals("snout", only(set).poses().get(0).located().get(0).name());
  }

  @Test
  void slicesAndFramesCountFromZero() throws IOException {
    AnnotatedSet set = open(stack(3, 1), QUPATH.replace("\"z\":0", "\"z\":2"));
    assertEquals(List.of(1, 2, 3), set.images().stream().map(AnnotatedImage::z).sorted().toList());
    for (AnnotatedImage plane : set.images()) {
      // a region without a plane is in all
      assertEquals(plane.z() == 3 ? 2 : 1, plane.annotation().objects().size());
    }
  }

  @Test
  void whatIsNoGeoJsonIsRefusedByName() throws IOException {
    for (String text :
        List.of(
            "{\"type\":\"FeatureCollection\"}",
            QUPATH.substring(0, 500),
            "[" + QUPATH + "]",
            "[[" + QUPATH + "]]",
            "{\"type\":\"FeatureCollection\",\"features\":[\"a\",3,null]}",
            "{\"type\":\"FeatureCollection\",\"features\":[[]]}",
            "[".repeat(50_000),
            QUPATH.replace("[10,15],", "[10,\"a\"],"),
            QUPATH.replace("\"MultiPolygon\"", "\"Circle\""),
            QUPATH.replace("\"z\":0", "\"z\":7"))) {
      SpyhopException e = assertThrows(SpyhopException.class, () -> open(stack(1, 1), text));
      assertTrue(e.getMessage().contains("s.geojson"), e.getMessage());
    }
  }

  /** An image that was looked at; what has no place is passed over, and a score is from 0 to 1. */
  @Test
  void nothingIsSomething() throws IOException {
    AnnotatedSet empty = open(stack(2, 1), "{\"type\":\"FeatureCollection\",\"features\":[]}");
    assertEquals(2, empty.images().size());
    assertTrue(empty.images().stream().allMatch(i -> i.annotation().isEmpty()));
    String placeless = "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{}},";
    AnnotatedSet set =
        open(
            stack(1, 1),
            QUPATH.replace("\"features\":[", "\"features\":[" + placeless).replace("0.75", "5"));
    assertEquals(
        List.of(1.0, 1.0), only(set).objects().stream().map(LocalizedObject::score).toList());
  }

  private static LabelMap labels(String... rows) {
    LabelMap map = LabelMap.sized(rows[0].length(), rows.length, 9);
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[y].length(); x++) map.set(x, y, rows[y].charAt(x) - '0');
    }
    return map;
  }

  private JsonNode written(Roi roi, Map<String, Object> row) throws IOException {
    Path file = folder.resolve("w.geojson");
    GeoJson.write(file, stack(1, 1), List.of(GeoJson.Region.of(roi, row)));
    JsonNode all = new ObjectMapper().readTree(file.toFile());
    assertEquals("FeatureCollection", all.get("type").asText());
    return all.get("features").get(0);
  }

  /** Rings are closed and simple: pixels that meet at a corner are parts, or a part and a hole. */
  @Test
  void ringsTouchThemselvesNowhere() throws IOException {
    Roi corner = Rois.trace(labels("0000", "0100", "0010", "0000")).get(1);
    JsonNode two = written(corner, Map.of()).get("geometry");
    assertEquals("MultiPolygon", two.get("type").asText());
    assertEquals(2, two.get("coordinates").size());
    Roi ring = Rois.trace(labels("11110", "10010", "10110", "11100", "00000")).get(1);
    JsonNode holed = written(ring, Map.of()).get("geometry");
    assertEquals("Polygon", holed.get("type").asText());
    assertEquals(2, holed.get("coordinates").size());
    Roi island =
        Rois.trace(labels("111111", "100001", "101101", "101101", "100001", "111111")).get(1);
    JsonNode nested = written(island, Map.of()).get("geometry");
    assertEquals("MultiPolygon", nested.get("type").asText());
    int rings = 0;
    for (JsonNode polygon : nested.get("coordinates")) {
      rings += polygon.size();
      for (JsonNode r : polygon) assertEquals(r.get(0), r.get(r.size() - 1), "not closed");
    }
    assertEquals(3, rings);
  }

  @Test
  void classScoreAndMeasurements() throws IOException {
    Roi roi = new Roi(3, 4, 10, 6);
    roi.setName("RBC 0.93");
    roi.setProperty("class", "RBC");
    roi.setProperty("score", "0.93");
    roi.setStrokeColor(new java.awt.Color(1, 2, 3));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("slice", 1);
    row.put("area", 12.5);
    row.put("unit", "\u00B5m");
    row.put("probability", 0.5);
    row.put("class", "RBC");
    row.put("circularity", Double.NaN);
    JsonNode properties = written(roi, row).get("properties");
    assertEquals("detection", properties.get("objectType").asText());
    assertEquals("RBC", properties.at("/classification/name").asText());
    assertEquals("[1,2,3]", properties.at("/classification/color").toString());
    assertEquals(
        "{\"score\":0.93,\"area \u00B5m^2\":12.5,\"probability\":0.5}",
        properties.get("measurements").toString());
  }

  /** Written as a data set and read again, pixels, classes and points stay. */
  @Test
  void writtenAndReadAgain() throws IOException {
    AnnotatedSet set = open(stack(3, 1), QUPATH.replace("\"z\":0", "\"z\":2"));
    Path other = Files.createDirectories(folder.resolve("other"));
    LabelImages.save(stack(3, 1), other.resolve("s.tif"));
    new GeoJsonFormat().write(set, other);
    AnnotatedSet again = new AnnotationFiles(new ImageFiles()).open(other);
    assertEquals(set.classes(), again.classes());
    for (int i = 0; i < set.images().size(); i++) {
      List<LocalizedObject> a = set.images().get(i).annotation().objects();
      List<LocalizedObject> b = again.images().get(i).annotation().objects();
      assertEquals(a.size(), b.size());
      for (int k = 0; k < a.size(); k++) {
        assertEquals(a.get(k).type(), b.get(k).type());
        assertEquals(a.get(k).mask(), b.get(k).mask());
      }
    }
  }

  /** Results hold regions twice, of which those of the ROI Manager count. */
  @Test
  void resultsAreNoTwoFormats() throws IOException {
    LabelImages.save(stack(1, 1), folder.resolve("s.tif"));
    Roi roi = new Roi(3, 4, 10, 6);
    roi.setName("cell");
    Rois.writeZip(folder.resolve("s_rois.zip"), List.of(roi));
    GeoJson.write(
        folder.resolve("s_objects.geojson"), stack(1, 1), List.of(GeoJson.Region.of(roi)));
    assertEquals(1, only(new AnnotationFiles(new ImageFiles()).open(folder)).objects().size());
    assertFalse(new GeoJsonFormat().find(folder).iterator().hasNext());
    Files.delete(folder.resolve("s_rois.zip"));
    assertEquals(1, only(new AnnotationFiles(new ImageFiles()).open(folder)).objects().size());
  }
}
