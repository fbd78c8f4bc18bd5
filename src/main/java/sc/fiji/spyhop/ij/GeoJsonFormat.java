package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.Roi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFormat;
import sc.fiji.spyhop.dataset.format.Problem;
import sc.fiji.spyhop.dataset.format.SetBuilder;
import sc.fiji.spyhop.dataset.format.UniqueNames;
import sc.fiji.spyhop.util.FileNames;

/**
 * GeoJSON as QuPath exports it: NAME.geojson beside the image NAME, or in a folder geojson.
 * Polygons are objects of the class that QuPath shows, else of their name; points are keypoints.
 * Coordinates are pixels of the whole image.
 */
@Plugin(type = AnnotationFormat.class, name = "geojson", priority = 15)
public final class GeoJsonFormat implements AnnotationFormat {

  private static final String FOLDER = "geojson";
  private static final String EXTENSION = ".geojson";
  private static final int HEAD = 4096;

  @Override
  public String layout() {
    return "GeoJSON files NAME.geojson of QuPath beside the images or in a folder geojson";
  }

  @Override
  public List<Path> find(Path path) {
    if (Files.isRegularFile(path)) return isOne(path) ? List.of(path) : List.of();
    for (Path folder : List.of(path.resolve(FOLDER), path, path.resolve("images"))) {
      List<Path> files = files(folder);
      if (!files.isEmpty()) return files;
    }
    return List.of();
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) return List.of();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> !FileNames.last(f).startsWith("."))
          .filter(Files::isRegularFile)
          .filter(f -> isOne(f) && !isBesideRois(f))
          .sorted(FileNames.ORDER)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What our own results say of regions that they have as a file of the ROI Manager as well. */
  private static boolean isBesideRois(Path file) {
    String name = FileNames.last(file);
    String rois = name.replaceFirst("_objects\\.geojson$", "_rois.zip");
    return !rois.equals(name) && Files.isRegularFile(file.resolveSibling(rois));
  }

  private static boolean isOne(Path file) {
    String name = FileNames.last(file).toLowerCase(Locale.ROOT);
    if (name.endsWith(EXTENSION)) return true;
    if (!name.endsWith(".json")) return false;
    try (InputStream in = Files.newInputStream(file)) {
      String head = new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
      return head.matches("(?s).*\"type\"\\s*:\\s*\"(FeatureCollection|Feature)\".*");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    for (Path file : files) {
      Optional<Path> image = image(file, into);
      if (image.isEmpty()) continue;
      try {
        ImagePlus opened = ImageFiles.open(image.get());
        List<Roi> rois = GeoJson.read(file, opened);
        if (rois.isEmpty()) nothing(opened, image.get(), into);
        RoiFormat.read(file, rois, opened, image.get(), into);
      } catch (SpyhopException e) {
        into.problems().add(Problem.Kind.UNREADABLE, file, "", e.getMessage());
        into.leaveOut(image.get());
      }
    }
  }

  /** An image that was looked at, and in which there is nothing. */
  private static void nothing(ImagePlus image, Path file, SetBuilder into) {
    for (int t = 1; t <= image.getNFrames(); t++) {
      for (int z = 1; z <= image.getNSlices(); z++) into.annotation(file, z, t);
    }
  }

  /** Also of files that our own results are called, and of QuPath's, which keep the extension. */
  private static Optional<Path> image(Path file, SetBuilder into) {
    String name = FileNames.last(file);
    String stem = name.substring(0, name.lastIndexOf('.'));
    if (into.images().find(stem).isEmpty())
      stem = stem.replaceFirst("(?i)[ _-](objects|rois)$", "");
    String own = stem;
    return into.beside(file, own).or(() -> into.find(own, file, ""));
  }

  /** Writes NAME.geojson for each image into the folder geojson. */
  @Override
  public void write(AnnotatedSet set, Path folder) {
    Path to = folder.resolve(FOLDER);
    try {
      Files.createDirectories(to);
    } catch (IOException e) {
      throw new SpyhopException(to + ": cannot be made: " + e.getMessage() + ".", e);
    }
    Map<Path, List<AnnotatedImage>> byFile = new LinkedHashMap<>();
    set.images().forEach(i -> byFile.computeIfAbsent(i.file(), f -> new ArrayList<>()).add(i));
    UniqueNames names = UniqueNames.ofFiles(set.images());
    byFile.forEach(
        (file, planes) -> {
          ImagePlus image = ImageFiles.open(file);
          List<GeoJson.Region> regions = new ArrayList<>();
          for (AnnotatedImage p : planes) {
            AnnotationRois.of(p.annotation(), set.classes(), set.keypoints(), image, p.z(), p.t())
                .forEach(roi -> regions.add(GeoJson.Region.of(roi)));
          }
          GeoJson.write(to.resolve(names.of(planes.get(0)) + EXTENSION), image, regions);
        });
  }
}
