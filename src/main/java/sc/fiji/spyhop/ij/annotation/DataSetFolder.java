package sc.fiji.spyhop.ij.annotation;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.UnknownLabels;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.ImageFinder;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.dataset.format.PlainCsv;
import sc.fiji.spyhop.dataset.format.SetBuilder;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.LabelImages;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.KeypointLayout;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Writes marks as a data set: {@code images/NAME.tif}, a file for each marked plane with all its
 * channels and its calibration, and
 *
 * <ul>
 *   <li>for objects and pixels {@code labels/NAME.tif} (16 bits; 65535 where nothing is labelled,
 *       which the column unknown of the index says), for pixels {@code classes.csv}, and for
 *       objects that have classes {@code labels.csv};
 *   <li>for classes of pixels that may lie over each other {@code masks/NAME_CLASS.tif}, of 8 bits,
 *       255 where each class is;
 *   <li>for boxes {@code boxes.csv}, for points {@code keypoints.csv};
 *   <li>{@code index.csv}: image, for slices its class or value, and where it was taken from.
 * </ul>
 */
public final class DataSetFolder {

  private static final String MASKS = "masks";

  private final Marks marks;
  private final Kind kind;
  private final boolean complete;
  private final List<String> wanted;
  private final ImageFiles reader = new ImageFiles();

  /** Of the image among those of its title in the data set. */
  private int number = 1;

  /**
   * Looks at the marks; nothing is written yet.
   *
   * @param complete for objects and pixels: whether all that is not drawn is background
   * @param wanted for pixels: names of labels 0, 1, ...; empty: those of the folder that is there,
   *     or background and then the others by name; where these may lie over each other, the classes
   *     alone, empty: all. For values: what the number is, its unit in brackets; empty: a value
   */
  public DataSetFolder(Marks marks, Kind kind, boolean complete, List<String> wanted) {
    this.marks = marks;
    this.kind = kind;
    this.complete = complete;
    this.wanted = List.copyOf(wanted);
  }

  /**
   * Writes the data set. Files are there whole or not at all, the index comes last.
   *
   * @param add whether to add to a data set that is in the folder already; the same image, by its
   *     name and pixels, is replaced, another one of the same name gets a number
   * @return how many images were written
   * @throws SpyhopException if nothing is marked, the folder holds something else, or cannot be
   *     written to; before anything is written
   */
  public int write(Path folder, boolean add, Progress progress) {
    List<Marks.Plane> planes = marks.marked(kind);
    if (planes.isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: no slice has %s. Mark some first, or choose another kind.",
              marks.image().getTitle(), kind.description()));
    }
    List<String> columns = columns();
    requireRoom(folder, add, columns);
    number = 1;
    if (add) {
      while (holdsAnother(folder, planes)) number++;
      planes.forEach(p -> requireOwnName(folder, name(p)));
    }
    List<String> classes = kind == Kind.PIXELS ? classes(folder) : List.of();
    if (kind == Kind.VALUES) planes.forEach(this::requireNumber);
    List<Painter> painted = new ArrayList<>();
    if (kind.paints()) {
      // all of them before the first is written, as a class may be unknown
      for (Marks.Plane plane : planes) painted.add(paint(plane, classes));
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < planes.size(); i++) {
      progress.checkCancelled();
      progress.update("Writing", i, planes.size());
      Marks.Plane plane = planes.get(i);
      String name = name(plane);
      makeFolder(folder.resolve("images"));
      LabelImages.save(extract(plane), folder.resolve("images").resolve(name));
      if (kind.paints()) {
        makeFolder(folder.resolve("labels"));
        LabelImages.save(
            LabelImages.of(name, written(painted.get(i).labels())),
            folder.resolve("labels").resolve(name));
      }
      if (kind == Kind.OVERLAPS) writeMasks(folder.resolve(MASKS), plane);
      rows.add(row(plane, name));
    }
    if (kind == Kind.BOXES || kind == Kind.POINTS) writeTables(folder, planes);
    if (kind == Kind.PIXELS) SegmentationFolder.writeClasses(folder, classes);
    if (kind == Kind.OBJECTS) writeClasses(folder, planes);
    if (kind.paints()) UnknownLabels.upgrade(folder.resolve("index.csv"));
    IndexTable.write(folder.resolve("index.csv"), columns, rows, add);
    progress.update("Writing", planes.size(), planes.size());
    return planes.size();
  }

  private List<String> columns() {
    return switch (kind) {
      case OBJECTS, PIXELS -> List.of("image", "source", "slice", "frame", UnknownLabels.COLUMN);
      case BOXES, POINTS, OVERLAPS -> List.of("image", "source", "slice", "frame");
      case SLICES -> List.of("image", "class", "source", "slice", "frame");
      // all other columns are taken for numbers
      case VALUES -> List.of("image", number());
    };
  }

  private String number() {
    if (wanted.size() > 1) {
      throw new SpyhopException(
          Strings.format(
              "%s: a label of a slice says one number, expected one name for it, received %s.",
              marks.image().getTitle(), String.join(", ", wanted)));
    }
    return wanted.isEmpty() ? "value" : wanted.get(0);
  }

  private List<String> row(Marks.Plane plane, String name) {
    List<String> row = new ArrayList<>(List.of(name));
    if (kind.isOfSlices()) row.add(plane.label());
    if (kind == Kind.VALUES) return row;
    row.add(marks.image().getTitle());
    row.add(String.valueOf(plane.z()));
    row.add(String.valueOf(plane.t()));
    if (kind.paints()) row.add(complete ? "" : String.valueOf(UnknownLabels.WRITTEN));
    return row;
  }

  /** Labels as they are in files. */
  private static LabelMap written(LabelMap labels) {
    LabelMap written = new LabelMap(labels.width(), labels.height());
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      written.set(i, label == LabelMap.UNLABELLED ? UnknownLabels.WRITTEN : label);
    }
    return written;
  }

  private void requireNumber(Marks.Plane plane) {
    if (Marks.isNumber(plane.label())) return;
    throw new SpyhopException(
        Strings.format(
            "%s, slice %d: expected a label that is a number, received \"%s\".",
            marks.image().getTitle(), plane.z(), plane.label()));
  }

  private void requireRoom(Path folder, boolean add, List<String> columns) {
    if (!Files.exists(folder)) {
      makeFolder(folder);
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isEmpty()) return;
    } catch (IOException e) {
      throw new SpyhopException(
          folder + ": expected a folder to write to: " + AtomicFile.reason(e) + ".", e);
    }
    if (!add) {
      throw new SpyhopException(
          folder
              + " is not empty. Name another folder, or add to the data set in it (in macros:"
              + " add=true).");
    }
    boolean tables =
        Files.exists(folder.resolve("boxes.csv")) || Files.exists(folder.resolve("keypoints.csv"));
    boolean labels = Files.isDirectory(folder.resolve("labels"));
    boolean pixels = Files.exists(folder.resolve("classes.csv"));
    boolean fits =
        switch (kind) {
          case OBJECTS -> labels && !tables && !pixels;
          case PIXELS -> labels && !tables && pixels;
          case OVERLAPS -> Files.isDirectory(folder.resolve(MASKS)) && !tables && !labels;
          case BOXES, POINTS -> tables && !labels;
          case SLICES, VALUES -> !tables && !labels;
        };
    if (!fits || !isListed(folder.resolve("index.csv"), columns)) {
      throw new SpyhopException(
          Strings.format(
              "%s holds no data set of %s that could be added to. Name another folder.",
              folder, kind.description()));
    }
  }

  private boolean isListed(Path index, List<String> columns) {
    return IndexTable.has(index, columns) || (kind.paints() && UnknownLabels.isOld(index));
  }

  /** Whether an image that the planes would replace shows something else. */
  private boolean holdsAnother(Path folder, List<Marks.Plane> planes) {
    return planes.stream()
        .anyMatch(
            plane -> {
              Path file = folder.resolve("images").resolve(name(plane));
              return Files.exists(file) && !isSame(ImageFiles.open(file), extract(plane));
            });
  }

  private static boolean isSame(ImagePlus a, ImagePlus b) {
    if (a.getBitDepth() != b.getBitDepth() || a.getStackSize() != b.getStackSize()) return false;
    if (a.getWidth() != b.getWidth() || a.getHeight() != b.getHeight()) return false;
    int counted = a.getBitDepth() == 24 ? 0xFFFFFF : -1; // colours are the same however opaque
    for (int i = 1; i <= a.getStackSize(); i++) {
      ImageProcessor one = a.getStack().getProcessor(i);
      ImageProcessor other = b.getStack().getProcessor(i);
      for (int k = 0; k < one.getPixelCount(); k++) {
        if (((one.get(k) ^ other.get(k)) & counted) != 0) return false;
      }
    }
    return true;
  }

  /** Images whose names differ in upper and lower case alone would be one on some systems. */
  private static void requireOwnName(Path folder, String name) {
    Path index = folder.resolve("index.csv");
    Optional<String> other =
        new FileNames.Index(IndexTable.names(index))
            .find(name)
            .filter(there -> !there.equals(name));
    if (other.isPresent()) {
      throw new SpyhopException(
          Strings.format(
              "%s: %s is there already, which many systems take for the same file as %s. Rename the image.",
              folder, other.get(), name));
    }
  }

  /** 255 where each class is, also where it is nowhere. */
  private void writeMasks(Path folder, Marks.Plane plane) {
    makeFolder(folder);
    ImagePlus image = marks.image();
    ImageSize size = new ImageSize(image.getWidth(), image.getHeight());
    List<String> classes =
        wanted.isEmpty()
            ? marks.classes().stream().filter(c -> !Marks.isBackground(c)).toList()
            : wanted;
    for (String type : classes) {
      LabelMap mask = new LabelMap(size.width(), size.height());
      for (Marks.Area area : plane.areas()) {
        if (!area.type().equals(type)) continue;
        Rois.mask(area.roi(), size).ifPresent(m -> m.paint(mask, 255));
      }
      ImagePlus shown =
          new ImagePlus("", LabelImages.of("", mask).getProcessor().convertToByte(false));
      String stem = name(plane).replaceFirst("\\.tif$", "");
      String file = stem + "_" + type.replaceAll("[\\\\/:*?\"<>|]", "-") + ".tif";
      LabelImages.save(shown, folder.resolve(file));
    }
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new SpyhopException(folder + " cannot be made: " + AtomicFile.reason(e) + ".", e);
    }
  }

  private List<String> classes(Path folder) {
    Set<String> classes = new LinkedHashSet<>(wanted);
    if (classes.isEmpty()) classes.addAll(SegmentationFolder.classes(folder));
    if (classes.isEmpty()) classes.add(Marks.BACKGROUND);
    if (wanted.isEmpty()) {
      marks.classes().stream().filter(c -> !Marks.isBackground(c)).forEach(classes::add);
    }
    return List.copyOf(classes);
  }

  private Painter paint(Marks.Plane plane, List<String> classes) {
    return Painter.paint(marks.image(), plane.areas(), classes, complete);
  }

  /** Of the file of a plane. */
  private String name(Marks.Plane plane) {
    ImagePlus image = marks.image();
    String title = image.getTitle();
    int dot = title.lastIndexOf('.');
    String stem = (dot > 0 ? title.substring(0, dot) : title).replaceAll("[^\\p{L}\\p{N}._-]", "_");
    if (stem.isEmpty() || stem.startsWith(".")) stem = "image" + stem;
    if (number > 1) stem += "_" + number;
    String t = image.getNFrames() > 1 ? Strings.format("_t%03d", plane.t()) : "";
    String z = image.getNSlices() > 1 ? Strings.format("_z%03d", plane.z()) : "";
    return stem + t + z + ".tif";
  }

  /** All channels of a plane, calibrated and coloured as they are. */
  private ImagePlus extract(Marks.Plane plane) {
    ImagePlus image = marks.image();
    ImageStack stack = new ImageStack(image.getWidth(), image.getHeight());
    for (int c = 1; c <= image.getNChannels(); c++) {
      int index = image.getStackIndex(c, plane.z(), plane.t());
      stack.addSlice(image.getStack().getSliceLabel(index), image.getStack().getProcessor(index));
    }
    ImagePlus made = new ImagePlus(name(plane), stack);
    made.setDimensions(image.getNChannels(), 1, 1);
    made.setCalibration(image.getCalibration());
    if (image instanceof CompositeImage c && image.getNChannels() > 1) {
      CompositeImage colours = new CompositeImage(made, c.getMode());
      colours.copyLuts(image);
      colours.setCalibration(image.getCalibration());
      return colours;
    }
    return made;
  }

  /** Says which object is of which class, if anything in the data set says it. */
  private void writeClasses(Path folder, List<Marks.Plane> planes) {
    boolean named =
        marks.classes().stream()
            .anyMatch(c -> !Marks.isBackground(c) && !c.equals(LabelImageFormat.OBJECT));
    if (!named && !Files.exists(folder.resolve(ObjectTable.FILE))) return;
    List<ObjectTable.Row> rows = new ArrayList<>();
    for (Marks.Plane plane : planes) {
      List<Marks.Area> objects = plane.areas().stream().filter(a -> !a.isBackground()).toList();
      for (int i = 0; i < objects.size(); i++) {
        rows.add(new ObjectTable.Row(name(plane), i + 1, objects.get(i).type()));
      }
    }
    ObjectTable.write(folder, rows, true);
  }

  private void writeTables(Path folder, List<Marks.Plane> planes) {
    SetBuilder builder = new SetBuilder(new ImageFinder(folder), reader);
    Set<String> written = new HashSet<>();
    for (Marks.Plane plane : planes) {
      Path file = folder.resolve("images").resolve(name(plane));
      written.add("images/" + name(plane));
      builder.annotation(file, 1, 1);
      RoiFormat.read(
          Path.of(marks.image().getTitle().replaceAll("[^\\p{L}\\p{N}._ -]", "_")),
          regions(plane),
          new ImagePlus("", marks.image().getStack().getProcessor(1)),
          file,
          builder);
    }
    AnnotatedSet made = builder.build();
    PlainCsv format = new PlainCsv();
    List<AnnotatedImage> images = new ArrayList<>(made.images());
    KeypointLayout layout = made.keypoints();
    if (!format.find(folder).isEmpty()) {
      AnnotatedSet before = new AnnotationFiles(reader).open(folder);
      before.images().stream().filter(i -> !written.contains(i.name())).forEach(images::add);
    }
    format.write(new AnnotatedSet(images, made.classes(), layout, made.problems()), folder);
  }

  private List<Roi> regions(Marks.Plane plane) {
    List<Roi> rois = new ArrayList<>();
    for (Marks.Area area : plane.areas()) {
      if (!area.isBackground()) rois.add(RoiFormat.named(area.roi(), area.type(), false));
    }
    if (kind == Kind.BOXES) return rois;
    plane.points().forEach(p -> rois.add(RoiFormat.named(p.roi(), p.name(), true)));
    return rois;
  }
}
