package sc.fiji.spyhop.dataset.format;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.IndexTable;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.ObjectTable;
import sc.fiji.spyhop.dataset.UnknownLabels;
import sc.fiji.spyhop.prediction.Box;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.prediction.LocalizedObject;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Label images: NAME in a folder labels or masks for the image NAME, or NAME_labels beside it. Each
 * label but 0 is an object, in however many parts; in a mask of 0 and 255, or 65535, each connected
 * part is one. Their class is what an {@link ObjectTable} says, else "object".
 */
@Plugin(type = AnnotationFormat.class, name = "labels", priority = 20)
public final class LabelImageFormat implements AnnotationFormat {

  /** Class of what label images number. */
  public static final String OBJECT = ObjectTable.NO_CLASS;

  /** JPEG images are taken for label images as well, and refused with the reason. */
  private static final String[] EXTENSIONS = {
    "tif", "tiff", "png", "bmp", "gif", "pgm", "jpg", "jpeg"
  };

  private static final String SUFFIX = "_labels";

  @Override
  public String layout() {
    return "label images in a folder labels or masks, or called NAME_labels beside the images";
  }

  @Override
  public List<Path> find(Path path) {
    if (!Files.isDirectory(path)) return List.of();
    for (String folder : List.of("labels", "masks")) {
      List<Path> files = FolderFiles.files(path.resolve(folder), 1, EXTENSIONS);
      if (!files.isEmpty()) return files;
    }
    return FolderFiles.files(path, 1, EXTENSIONS).stream()
        .filter(f -> ImageFinder.stem(FileNames.last(f)).endsWith(SUFFIX))
        .toList();
  }

  @Override
  public void read(List<Path> files, SetBuilder into) {
    if (files.isEmpty()) {
      into.declare(List.of(OBJECT));
      return;
    }
    Path folder = files.get(0).resolveSibling("");
    UnknownLabels unknown = UnknownLabels.of(folder, Optional.empty(), -1);
    ObjectTable table = ObjectTable.of(folder);
    if (table.isEmpty()) into.declare(List.of(OBJECT));
    Map<Path, List<Path>> byImage = new LinkedHashMap<>();
    for (Path file : files) {
      image(file, into)
          .ifPresent(i -> byImage.computeIfAbsent(i, k -> new ArrayList<>(1)).add(file));
    }
    unlabelled(byImage.keySet(), into);
    byImage.forEach(
        (image, own) -> {
          if (own.size() == 1) {
            read(own.get(0), image, unknown, table, into);
          } else {
            String names = own.stream().map(FileNames::last).collect(Collectors.joining(", "));
            into.problems().add(Problem.Kind.SEVERAL_LABELS, image, "", names);
            into.leaveOut(image);
          }
        });
  }

  /** Takes down the images without a label image in the folders of those that have one. */
  private static void unlabelled(Set<Path> labelled, SetBuilder into) {
    Set<Path> folders = labelled.stream().map(FileNames::folder).collect(Collectors.toSet());
    for (Path image : into.images().all()) {
      if (!labelled.contains(image) && folders.contains(FileNames.folder(image))) {
        into.problems().add(Problem.Kind.NO_LABELS, into.images().name(image));
      }
    }
  }

  private static Optional<Path> image(Path file, SetBuilder into) {
    String name = ImageFinder.stem(FileNames.last(file));
    boolean own = into.images().find(name).stream().anyMatch(f -> !f.equals(file));
    if (!own && name.toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
      name = name.substring(0, name.length() - SUFFIX.length());
    }
    String stem = name;
    return into.beside(file, stem).or(() -> into.find(stem, file, ""));
  }

  private static void read(
      Path file, Path image, UnknownLabels unknown, ObjectTable table, SetBuilder into) {
    Optional<ImageSize> size = into.size(image);
    if (size.isEmpty()) return;
    LabelMap labels;
    try {
      requireSize(into.reader().readSize(file), size.get());
      IntPredicate none = unknown.ofImage(image).or(unknown.ofImage(file));
      labels = into.reader().readLabels(file, none);
      LabelRules.requireObjects(labels);
    } catch (SpyhopException e) {
      into.problems().add(Problem.Kind.UNREADABLE, file, "", e.getMessage());
      into.leaveOut(image);
      return;
    }
    look(labels, FileNames.last(file), into.problems());
    AnnotationBuilder annotation = into.annotation(image, size.get(), file, "").orElseThrow();
    unlabelled(labels).ifPresent(annotation::unknown);
    LabelMap objects = LabelRules.objects(labels);
    Map<Integer, String> types =
        objects == labels ? table.of(FileNames.last(file), 1, 1) : Map.of();
    Mask.of(objects)
        .forEach(
            (label, mask) -> {
              Box b = mask.box();
              String where = "label " + label;
              String type = types.getOrDefault(label, OBJECT);
              annotation.box(
                  file, where, type, b.x(), b.y(), b.width(), b.height(), 1, Optional.of(mask));
            });
  }

  private static Optional<Mask> unlabelled(LabelMap labels) {
    if (!LabelRules.has(labels, LabelMap.UNLABELLED)) return Optional.empty();
    LabelMap one = new LabelMap(labels.width(), labels.height());
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i) == LabelMap.UNLABELLED) one.set(i, 1);
    }
    return Optional.of(Mask.of(one).get(1));
  }

  /** Before pixels are read, of which a damaged file may say that it has any number. */
  private static void requireSize(ImageSize labels, ImageSize image) {
    if (labels.equals(image)) return;
    throw new SpyhopException(
        Strings.format(
            "expected %d x %d pixels like its image, received %d x %d",
            image.width(), image.height(), labels.width(), labels.height()));
  }

  /**
   * Refuses a label image that is stored as JPEG, whatever it is called.
   *
   * @throws SpyhopException that says why
   */
  public static void requireLossless(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      if (in.read() != 0xFF || in.read() != 0xD8 || in.read() != 0xFF) return;
    } catch (IOException e) {
      return; // who opens it says what is wrong
    }
    throw new SpyhopException(
        file
            + ": labels cannot be taken from a JPEG image, whose compression changes their values."
            + " Save them as PNG or TIFF where they were made.");
  }

  /** Takes down how labels of objects are taken, where that may surprise. */
  public static void look(LabelMap labels, String name, Problems problems) {
    if (LabelRules.has(labels, LabelMap.UNLABELLED)) {
      problems.add(Problem.Kind.UNKNOWN_PIXELS, name);
    }
    if (LabelRules.isMask(labels)) {
      problems.add(Problem.Kind.ONE_MASK, name);
      return;
    }
    if (LabelRules.isInParts(labels)) problems.add(Problem.Kind.SEVERAL_PARTS, name);
    if (LabelRules.areFewGreys(labels)) problems.add(Problem.Kind.FEW_GREYS, name);
    if (LabelRules.has(labels, UnknownLabels.WRITTEN)) {
      problems.add(Problem.Kind.LABEL_65535, name);
    }
  }

  /**
   * Paints masks, the larger ones below, and 65535 where nobody has said what is there, which then
   * stands in {@code index.csv}. Where there are several classes, {@link ObjectTable#FILE} says
   * which object is of which.
   *
   * @throws SpyhopException also if an object has no mask, or objects cover each other so that they
   *     would not be found again
   */
  @Override
  public void write(AnnotatedSet set, Path folder) {
    AnnotationFormat.requireOnlyBoxes(set, "A label image");
    AnnotationFormat.refuse(
        set.images(),
        a -> a.objects().stream().anyMatch(o -> o.mask().isEmpty()),
        "A label image",
        "masks, polygons or areas",
        "an object without an outline, or with one too small to hold a pixel");
    Path to = folder.resolve("labels");
    TextFiles.createFolder(to);
    UniqueNames names = UniqueNames.ofFiles(set.images());
    List<List<String>> unknown = new ArrayList<>();
    List<ObjectTable.Row> rows = new ArrayList<>();
    for (AnnotatedImage image : set.images()) {
      BufferedImage picture = paint(image);
      String name = names.of(image) + ".png";
      AtomicFile.write(to.resolve(name), out -> ImageIO.write(picture, "png", out));
      List<LocalizedObject> objects = image.annotation().objects();
      for (int i = 0; i < objects.size(); i++) {
        rows.add(new ObjectTable.Row(name, i + 1, objects.get(i).type()));
      }
      if (image.unknown().isEmpty()) continue;
      unknown.add(List.of(name, String.valueOf(UnknownLabels.WRITTEN)));
    }
    if (rows.stream().map(ObjectTable.Row::type).distinct().count() > 1) {
      ObjectTable.write(folder, rows, false);
    }
    if (unknown.isEmpty()) return;
    List<String> columns = List.of("image", UnknownLabels.COLUMN);
    IndexTable.write(folder.resolve("index.csv"), columns, unknown, false);
  }

  private static BufferedImage paint(AnnotatedImage image) {
    ImageSize size = image.annotation().size();
    List<LocalizedObject> objects = image.annotation().objects();
    int max = image.unknown().isEmpty() ? 0xFFFF : UnknownLabels.WRITTEN - 1;
    if (objects.size() > max) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected at most %d objects, received %d.", image.name(), max, objects.size()));
    }
    LabelMap labels = new LabelMap(size.width(), size.height());
    image.unknown().forEach(mask -> mask.paint(labels, UnknownLabels.WRITTEN));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) order.add(i);
    order.sort((a, b) -> Double.compare(objects.get(b).box().area(), objects.get(a).box().area()));
    for (int i : order) objects.get(i).mask().orElseThrow().paint(labels, i + 1);
    Map<Integer, Mask> back = Mask.of(labels);
    for (int i = 0; i < objects.size(); i++) {
      if (!objects.get(i).mask().equals(Optional.ofNullable(back.get(i + 1)))) {
        throw new SpyhopException(
            image.name()
                + ": objects cover each other, which a label image cannot show."
                + " Choose another format, such as csv or coco.");
      }
    }
    BufferedImage picture =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_USHORT_GRAY);
    WritableRaster raster = picture.getRaster();
    for (int i = 0; i < labels.size(); i++) {
      raster.setSample(i % size.width(), i / size.width(), 0, labels.get(i));
    }
    return picture;
  }
}
