package sc.fiji.spyhop.ij;

import ij.ImagePlus;
import ij.gui.ImageRoi;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.gui.TextRoi;
import ij.io.FileInfo;
import ij.io.TiffDecoder;
import ij.process.FloatPolygon;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationBuilder;
import sc.fiji.spyhop.dataset.format.AnnotationFormat;
import sc.fiji.spyhop.dataset.format.Problem;
import sc.fiji.spyhop.dataset.format.SetBuilder;
import sc.fiji.spyhop.dataset.format.UniqueNames;
import sc.fiji.spyhop.prediction.Keypoint;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * ImageJ's regions of interest: NAME.zip or NAME_rois.zip of the ROI Manager, beside the image NAME
 * or in a folder rois; or TIFF images with regions in their overlay.
 *
 * <p>Areas are objects: their class is their property "class", else the name of their group, else
 * their own name as {@link RoiNames} has it. The box is the bounds; the mask, what ImageJ would
 * fill. Points are keypoints, named by their property "keypoint" or like a class; the n-th point of
 * one name in one plane belongs to the n-th pose. A region that is at no slice is in all.
 */
@Plugin(type = AnnotationFormat.class, name = "rois", priority = 10)
public final class RoiFormat implements AnnotationFormat {

  private static final int MAX_ROIS = 1_000_000;
  private static final int MAX_BYTES = 1 << 26;
  private static final long MAX_TOTAL = 1L << 30;

  @Override
  public String layout() {
    return "ROI Manager files NAME.zip or NAME_rois.zip beside the images or in a folder rois, or"
        + " TIFF images with an overlay";
  }

  @Override
  public List<Path> find(Path path) {
    if (Files.isRegularFile(path)) {
      return isZipOfRois(path) || hasOverlay(path) ? List.of(path) : List.of();
    }
    for (Path folder : List.of(path.resolve("rois"), path, path.resolve("images"))) {
      List<Path> zips = files(folder, ".zip");
      if (zips.stream().noneMatch(RoiFormat::isZipOfRois)) continue;
      // what holds nothing beside them is one that is damaged, which is said when it is read
      return zips.stream().filter(f -> isZipOfRois(f) || holdsNothing(f)).toList();
    }
    List<Path> images = new ArrayList<>(files(path, ".tif", ".tiff"));
    images.addAll(files(path.resolve("images"), ".tif", ".tiff"));
    return images.stream().filter(RoiFormat::hasOverlay).toList();
  }

  private static List<Path> files(Path folder, String... extensions) {
    if (!Files.isDirectory(folder)) return List.of();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> !FileNames.last(f).startsWith("."))
          .filter(
              f ->
                  Arrays.stream(extensions)
                      .anyMatch(e -> f.toString().toLowerCase(Locale.ROOT).endsWith(e)))
          .filter(Files::isRegularFile)
          .sorted(FileNames.ORDER)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isZipOfRois(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".zip")) return false;
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (int i = 0; i < 16; i++) {
        ZipEntry entry = zip.getNextEntry();
        if (entry == null) return i == 0 && isInRois(file);
        if (isRoi(entry)) return true;
      }
      return false;
    } catch (IOException | RuntimeException e) {
      return isInRois(file); // and then it is told that it is damaged
    }
  }

  private static boolean holdsNothing(Path file) {
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      return zip.getNextEntry() == null;
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }

  /** Also in zips of macOS, which have a hidden file for each. */
  private static boolean isRoi(ZipEntry entry) {
    String path = entry.getName();
    return path.endsWith(".roi") && !path.substring(path.lastIndexOf('/') + 1).startsWith("._");
  }

  private static boolean isInRois(Path file) {
    return FileNames.folder(file).endsWith("rois");
  }

  private static boolean hasOverlay(Path file) {
    String name = FileNames.last(file);
    if (!name.toLowerCase(Locale.ROOT).matches(".*\\.tiff?")) return false;
    try {
      if (TiffImages.hasDamagedMetadata(file)) return true; // which is said when it is read
      if (!TiffImages.isWhole(file)) return false;
      FileInfo[] infos =
          new TiffDecoder(FileNames.folder(file) + java.io.File.separator, name).getTiffInfo();
      return infos != null && infos.length > 0 && infos[0].overlay != null;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  @Override
  public void read(List<Path> named, SetBuilder into) {
    // as the images of the set, of which files with an overlay are some
    List<Path> files = named.stream().map(f -> f.toAbsolutePath().normalize()).toList();
    RoiNames names = RoiNames.of(List.of());
    for (Path file : files) if (isZip(file)) names.add(readable(file));
    for (Path file : files) {
      Optional<Path> image = isZip(file) ? image(file, into) : Optional.of(file);
      if (image.isEmpty()) continue;
      try {
        if (isZip(file)) {
          read(file, zip(file), names, ImageFiles.open(image.get()), image.get(), into);
        } else {
          overlay(file, into);
        }
      } catch (SpyhopException e) {
        into.problems().add(Problem.Kind.UNREADABLE, file, "", e.getMessage());
        into.leaveOut(image.get());
      }
    }
    if (files.isEmpty()) return;
    tell(names, files.size() == 1 ? files.get(0) : FileNames.folder(files.get(0)), into);
  }

  private static boolean isZip(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  private static List<Roi> readable(Path file) {
    try {
      return zip(file);
    } catch (SpyhopException e) {
      return List.of(); // told when it is read
    }
  }

  private static void overlay(Path file, SetBuilder into) {
    ImagePlus image = ImageFiles.open(file);
    if (image.getOverlay() == null) return;
    List<Roi> rois = Arrays.asList(image.getOverlay().toArray());
    RoiNames names = RoiNames.of(rois);
    read(file, rois, names, image, file, into);
    tell(names, file, into);
  }

  private static void tell(RoiNames names, Path file, SetBuilder into) {
    names.joined().forEach(j -> into.problems().add(Problem.Kind.JOINED, file, "", j));
  }

  private static Optional<Path> image(Path zip, SetBuilder into) {
    String name = FileNames.last(zip);
    String stem = name.substring(0, name.length() - 4);
    if (into.images().find(stem).isEmpty()) {
      stem =
          stem.replaceFirst("(?i)[ _-]?(rois?|roiset)$", "").replaceFirst("(?i)^roiset[ _-]", "");
    }
    List<Path> all = into.images().all();
    boolean only = all.size() == 1 && into.images().find(stem).isEmpty();
    if (only) return Optional.of(all.get(0));
    String own = stem;
    return into.beside(zip, own).or(() -> into.find(own, zip, ""));
  }

  /**
   * The regions in a file of the ROI Manager.
   *
   * @throws SpyhopException if it is damaged or too large
   */
  public static List<Roi> zip(Path file) {
    try {
      return zip(file, StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) {
      try {
        return zip(file, StandardCharsets.ISO_8859_1); // names of entries may be in any encoding
      } catch (IOException | RuntimeException again) {
        throw new SpyhopException(
            Strings.format(
                "%s: is no ROI Manager file, or is cut short or damaged (%s). Save it again.",
                file, again.getMessage()),
            again);
      }
    }
  }

  /** By the directory at its end, which says how many there are. */
  private static List<Roi> zip(Path file, Charset names) throws IOException {
    List<Roi> rois = new ArrayList<>();
    long total = 0;
    try (ZipFile zip = new ZipFile(file.toFile(), names)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!isRoi(entry)) continue;
        if (rois.size() == MAX_ROIS) throw new IOException("more than a million regions");
        try (InputStream in = zip.getInputStream(entry)) {
          byte[] bytes = in.readNBytes(MAX_BYTES + 1);
          if (bytes.length > MAX_BYTES) throw new IOException(entry + " is larger than 64 MB");
          total += bytes.length;
          if (total > MAX_TOTAL) throw new IOException("more than 1 GB of regions");
          CRC32 sum = new CRC32();
          sum.update(bytes);
          if (sum.getValue() != entry.getCrc()) throw new IOException(entry + " is damaged");
          String path = entry.getName();
          rois.add(
              RoiBytes.decode(bytes, path.substring(path.lastIndexOf('/') + 1, path.length() - 4)));
        }
      }
    }
    return rois;
  }

  /** Slice and time point, from 1; poses are made when all regions of a plane are known. */
  public record Plane(int z, int t) {}

  private record Marked(String individual, Keypoint point, String where) {}

  /** Whether a region is there to be looked at only, such as a line of a skeleton. */
  public static boolean isDrawing(Roi roi) {
    return roi.getProperty(AnnotationRois.SKELETON) != null;
  }

  /**
   * Takes regions of an image in.
   *
   * @param file that they come from, for the report
   * @param imageFile that holds the image
   */
  public static void read(
      Path file, List<Roi> rois, ImagePlus image, Path imageFile, SetBuilder into) {
    read(file, rois, RoiNames.of(rois), image, imageFile, into);
  }

  private static void read(
      Path file, List<Roi> rois, RoiNames names, ImagePlus image, Path imageFile, SetBuilder into) {
    Map<Plane, List<Marked>> points = new LinkedHashMap<>();
    Map<Plane, Map<String, LocalizedObject>> objects = new LinkedHashMap<>();
    if (into.size(imageFile).isEmpty()) return;
    int number = 0;
    for (Roi roi : rois) {
      String where = "region " + ++number;
      if (isDrawing(roi)) continue;
      if (roi instanceof PointRoi many) {
        points(file, where, many, names, image, imageFile, into, points);
      } else if (roi.isArea() && !(roi instanceof TextRoi) && !(roi instanceof ImageRoi)) {
        for (Plane plane : planes(roi, roi.getPosition(), image)) {
          into.annotation(imageFile, plane.z, plane.t)
              .flatMap(a -> box(file, where, roi, names, a))
              .ifPresent(
                  o -> {
                    String own = roi.getProperty(AnnotationRois.OBJECT);
                    if (own == null) return;
                    objects.computeIfAbsent(plane, p -> new LinkedHashMap<>()).put(own, o);
                  });
        }
      } else {
        into.problems()
            .add(
                Problem.Kind.UNSUPPORTED, file, where, roi.getTypeAsString() + " " + roi.getName());
      }
    }
    points.forEach(
        (plane, marked) ->
            into.annotation(imageFile, plane.z, plane.t)
                .ifPresent(a -> poses(file, marked, objects.getOrDefault(plane, Map.of()), a)));
  }

  private static Optional<LocalizedObject> box(
      Path file, String where, Roi roi, RoiNames names, AnnotationBuilder into) {
    var b = roi.getFloatBounds();
    return into.box(
        file,
        where,
        names.className(roi),
        b.getX(),
        b.getY(),
        b.getWidth(),
        b.getHeight(),
        score(roi),
        isBoxOnly(roi) ? Optional.empty() : Rois.mask(roi, into.size()));
  }

  /** Our own rectangles say where something is, those that people draw what it covers. */
  private static boolean isBoxOnly(Roi roi) {
    return roi.getType() == Roi.RECTANGLE && roi.getProperty(AnnotationRois.OBJECT) != null;
  }

  static double score(Roi roi) {
    String score = roi.getProperty(AnnotationRois.SCORE);
    return score == null ? 1 : Decimals.parse(score);
  }

  /** Name of the group of a region; empty if it is in none. */
  public static Optional<String> groupName(Roi roi) {
    if (roi.getGroup() == 0) return Optional.empty();
    String group = Roi.getGroupName(roi.getGroup());
    return Optional.of(
        group == null || group.isBlank() ? "group " + roi.getGroup() : group.strip());
  }

  /** A copy that stands for a class, or as a point for a keypoint, and for nothing else. */
  public static Roi named(Roi roi, String meaning, boolean point) {
    Roi copy = (Roi) roi.clone();
    copy.setName(meaning);
    copy.setGroup(0);
    copy.setProperty(point ? AnnotationRois.KEYPOINT : AnnotationRois.CLASS, meaning);
    copy.setProperty(AnnotationRois.SCORE, null);
    copy.setProperty(ObjectTable.PROBABILITY, null);
    return copy;
  }

  /** Name, group and properties of another region. */
  public static void copyMeaning(Roi from, Roi to) {
    to.setName(from.getName());
    to.setGroup(from.getGroup());
    for (String key :
        List.of(
            AnnotationRois.CLASS,
            AnnotationRois.KEYPOINT,
            AnnotationRois.OBJECT,
            AnnotationRois.VISIBILITY)) {
      if (from.getProperty(key) != null) to.setProperty(key, from.getProperty(key));
    }
  }

  /**
   * Where a region is: at its slice and time point, or at all where it has none.
   *
   * @param position in the stack, from 1; 0 for none
   */
  public static List<Plane> planes(Roi roi, int position, ImagePlus image) {
    if (roi.hasHyperStackPosition()) {
      int z = roi.getZPosition();
      int t = roi.getTPosition();
      List<Plane> planes = new ArrayList<>();
      for (int i = z == 0 ? 1 : z; i <= (z == 0 ? image.getNSlices() : z); i++) {
        for (int k = t == 0 ? 1 : t; k <= (t == 0 ? image.getNFrames() : t); k++) {
          planes.add(new Plane(i, k));
        }
      }
      return planes;
    }
    if (position > 0 && position <= image.getStackSize()) {
      int[] czt = image.convertIndexToPosition(position);
      return List.of(new Plane(czt[1], czt[2]));
    }
    List<Plane> all = new ArrayList<>();
    for (int t = 1; t <= image.getNFrames(); t++) {
      for (int z = 1; z <= image.getNSlices(); z++) all.add(new Plane(z, t));
    }
    return all;
  }

  private static void points(
      Path file,
      String where,
      PointRoi roi,
      RoiNames names,
      ImagePlus image,
      Path imageFile,
      SetBuilder into,
      Map<Plane, List<Marked>> points) {
    String name = names.pointName(roi);
    String individual = roi.getProperty(AnnotationRois.OBJECT);
    boolean occluded = roi.getProperty(AnnotationRois.VISIBILITY) != null;
    FloatPolygon polygon = roi.getFloatPolygon();
    for (int i = 0; i < polygon.npoints; i++) {
      double x = polygon.xpoints[i] + AnnotationRois.CENTER;
      double y = polygon.ypoints[i] + AnnotationRois.CENTER;
      int position = roi.getPosition() > 0 ? roi.getPosition() : roi.getPointPosition(i);
      for (Plane plane : planes(roi, position, image)) {
        into.annotation(imageFile, plane.z, plane.t)
            .flatMap(
                a ->
                    a.point(
                        file,
                        where,
                        name,
                        x,
                        y,
                        score(roi),
                        occluded ? Keypoint.Visibility.OCCLUDED : Keypoint.Visibility.VISIBLE))
            .ifPresent(
                k ->
                    points
                        .computeIfAbsent(plane, p -> new ArrayList<>())
                        .add(new Marked(individual == null ? "" : individual, k, where)));
      }
    }
  }

  /**
   * Points of one individual form a pose; of those of none, the n-th of each name the n-th pose.
   */
  private static void poses(
      Path file,
      List<Marked> marked,
      Map<String, LocalizedObject> objects,
      AnnotationBuilder into) {
    Map<String, List<Keypoint>> named = new LinkedHashMap<>();
    List<List<Keypoint>> others = new ArrayList<>();
    for (Marked m : marked) {
      if (!m.individual.isEmpty()) {
        named.computeIfAbsent(m.individual, i -> new ArrayList<>()).add(m.point);
        continue;
      }
      Optional<List<Keypoint>> free =
          others.stream()
              .filter(p -> p.stream().noneMatch(k -> k.name().equals(m.point.name())))
              .findFirst();
      if (free.isPresent()) free.get().add(m.point);
      else others.add(new ArrayList<>(List.of(m.point)));
    }
    named.forEach(
        (individual, pose) -> {
          Optional<LocalizedObject> object = Optional.ofNullable(objects.get(individual));
          into.pose(file, "", object.isPresent() ? "" : individual, object, pose);
        });
    for (int i = 0; i < others.size(); i++) {
      boolean several = others.size() + named.size() > 1;
      into.pose(file, "", several ? String.valueOf(i + 1) : "", Optional.empty(), others.get(i));
    }
  }

  /** Writes NAME_rois.zip for each image into the folder rois. */
  @Override
  public void write(AnnotatedSet set, Path folder) {
    Path to = folder.resolve("rois");
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
          List<Roi> rois = new ArrayList<>();
          for (AnnotatedImage p : planes) {
            rois.addAll(
                AnnotationRois.of(
                    p.annotation(), set.classes(), set.keypoints(), image, p.z(), p.t()));
          }
          Rois.writeZip(to.resolve(names.of(planes.get(0)) + "_rois.zip"), rois);
        });
  }
}
