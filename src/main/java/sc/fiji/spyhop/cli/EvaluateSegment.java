package sc.fiji.spyhop.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.LabelRules;
import sc.fiji.spyhop.dataset.SegmentationFolder;
import sc.fiji.spyhop.dataset.UnknownLabels;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.LabelImageFormat;
import sc.fiji.spyhop.dataset.format.MaskFiles;
import sc.fiji.spyhop.dataset.format.Pairs;
import sc.fiji.spyhop.dataset.format.Problems;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.image.ImageReader;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.LabelMap;
import sc.fiji.spyhop.task.metrics.InstanceMetrics;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;

/** Compares predicted with true label images, object by object. */
@Command(
    name = "segment",
    description = {
      "Compares predicted label images with true ones, object by object, or class by class.",
      "Precision, recall, F1, AP = TP/(TP+FP+FN), segmentation and panoptic quality at IoU 0.50 to",
      "0.95, counts pooled over images. Of models that tell classes of pixels: IoU, Dice, precision,",
      "recall and boundary F1 of each class, and how many pixels were taken for which. Files are paired by name; NAME_labels.tif is the prediction",
      "for NAME. A missing prediction counts as an empty one."
    },
    footer = {
      "",
      "Example:",
      "  spyhop evaluate segment --predicted results --truth mydata/labels --json figures.json"
    })
final class EvaluateSegment extends Job {

  private static final Set<String> EXTENSIONS =
      Set.of("tif", "tiff", "png", "bmp", "gif", "pgm", "jpg", "jpeg");
  private static final String SUFFIX = "_labels";
  private static final int MAX_CLASSES = 256;

  @Option(
      names = "--predicted",
      required = true,
      paramLabel = "DIR",
      description = "Folder of predicted label images (TIFF or PNG).")
  private Path predicted;

  @Option(
      names = "--truth",
      required = true,
      paramLabel = "DIR|FILE",
      description =
          "Folder of true label images, or a data set with a folder labels in it, or with masks,"
              + " polygons or areas in annotation files.")
  private Path truth;

  @Option(
      names = "--index",
      paramLabel = "CSV",
      description = "Table with columns name and subset; needs --subset.")
  private Optional<Path> index;

  @Option(
      names = "--subset",
      paramLabel = "NAME",
      description = "Only the images of this subset of the index.")
  private Optional<String> subset;

  @Option(
      names = "--ignore",
      paramLabel = "LABEL",
      defaultValue = "-1",
      showDefaultValue = Help.Visibility.NEVER,
      description =
          "Pixels of this label are not annotated in the true label images, besides those of which"
              + " the column unknown of index.csv says so.")
  private int ignore;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "NAME,...",
      description =
          "Names of labels 0, 1, ...: labels are classes of pixels, not objects. By themselves they"
              + " are those of the model whose results the folder holds.")
  private List<String> classes = List.of();

  @Option(
      names = "--tolerance",
      paramLabel = "N",
      description =
          "How far outlines of classes may lie apart, in pixels (default: ${DEFAULT-VALUE}).")
  private double tolerance = 2;

  @Option(
      names = "--table",
      paramLabel = "CSV",
      description = "Writes the figures of each image, the worst first.")
  private Optional<Path> table;

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description =
          "Other predictions of the same images: tells the difference, and how sure it is.")
  private Optional<Path> against;

  @Mixin private FiguresOptions figures = new FiguresOptions();

  private final ImageReader reader = new ImageFiles();
  private final Problems problems = new Problems();

  @Override
  public Integer call() {
    if (index.isPresent() != subset.isPresent()) {
      throw misuse("--index and --subset go together.");
    }
    figures.check(this, table);
    Folders.require(predicted, "a folder of predicted label images");
    against.ifPresent(other -> Folders.require(other, "a folder of predicted label images"));
    if (!(tolerance >= 0 && tolerance <= 100)) {
      throw misuse("--tolerance: expected 0 to 100 pixels, received " + tolerance + ".");
    }
    if (classes.size() == 1) {
      throw misuse("--classes: expected at least two, the first for label 0.");
    }
    boolean named = !classes.isEmpty();
    if (!named) classes = ClassesOfResults.in(predicted);
    Map<String, List<Path>> predictions = labelImages(predicted);
    Map<String, Supplier<LabelMap>> truths = truths();
    if (!named && !classes.isEmpty()) classes = withThoseOf(truths.values());
    Map<String, String> pairs = pairs(truths.keySet(), predictions.keySet());
    Map<String, List<Path>> others = against.map(EvaluateSegment::labelImages).orElse(Map.of());
    Map<String, String> otherPairs = pairs(truths.keySet(), others.keySet());
    if (against.isPresent() && otherPairs.isEmpty()) {
      throw new SpyhopException(
          against.get() + ": expected predictions of the images of the truth, found none.");
    }
    InstanceMetrics metrics = new InstanceMetrics();
    ClassFigures byClass = new ClassFigures(classes, tolerance);
    SegmentScores scores = new SegmentScores(classes.size());
    SegmentScores otherScores = new SegmentScores(classes.size());
    List<String> missing = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    for (Map.Entry<String, Supplier<LabelMap>> entry : truths.entrySet()) {
      Optional<List<Path>> files =
          Optional.ofNullable(pairs.get(entry.getKey())).map(predictions::get);
      try {
        LabelMap expected = entry.getValue().get();
        LabelMap found = found(files, expected);
        if (against.isPresent()) {
          LabelMap other =
              found(Optional.ofNullable(otherPairs.get(entry.getKey())).map(others::get), expected);
          otherScores.add(entry.getKey(), other, expected);
        }
        scores.add(entry.getKey(), found, expected);
        if (classes.isEmpty()) metrics.add(found, expected);
        else byClass.add(found, expected);
        if (files.isEmpty()) missing.add(entry.getKey());
      } catch (SpyhopException e) {
        unread.add(entry.getKey());
        console().say("Left out: " + BadSamples.clause(entry.getKey(), e) + ".");
      }
    }
    if (unread.size() == truths.size()) {
      throw new SpyhopException(
          truth
              + ": nothing is evaluated, as no label image can be used in both truth and"
              + " prediction.");
    }
    problems.summary().forEach(console()::say);
    console().out().println(classes.isEmpty() ? metrics.table() : byClass.table());
    console().out().println(scores.sentence());
    against.ifPresent(o -> console().out().println(scores.against(otherScores, o)));
    table.ifPresent(scores::write);
    Map<String, Object> all = classes.isEmpty() ? metrics.toMap() : byClass.toMap();
    all.put("intervals", scores.toMap());
    if (against.isPresent()) all.put("difference", scores.toMap(otherScores));
    report(all, missing, unread, predictions.size() - pairs.size());
    return ExitCode.OK;
  }

  /** Classes that are in the truth and were never predicted have no name. */
  private List<String> withThoseOf(Collection<Supplier<LabelMap>> truths) {
    List<String> all = new ArrayList<>(classes);
    for (Supplier<LabelMap> truth : truths) {
      try {
        LabelMap labels = truth.get();
        for (int i = 0; i < labels.size(); i++) {
          int label = labels.get(i);
          while (label != LabelMap.UNLABELLED && label >= all.size() && label < MAX_CLASSES) {
            all.add("class " + all.size());
          }
        }
      } catch (SpyhopException e) {
        continue; // told when it is compared
      }
    }
    return all;
  }

  /**
   * The predictions by image: called like it, or like as many of its folders as it takes to tell it
   * from the others, with an underscore between.
   */
  private static Map<String, String> pairs(Set<String> images, Set<String> predictions) {
    FileNames.Index names = new FileNames.Index(predictions);
    Pairs pairs = new Pairs();
    for (String image : images) {
      String[] parts = image.split("/");
      String name = "";
      for (int i = parts.length - 1; i >= 0; i--) {
        name = name.isEmpty() ? parts[i] : parts[i] + "_" + name;
        int shared = parts.length - i;
        names.find(name).ifPresent(found -> pairs.add(image, found, shared));
      }
    }
    return pairs.found();
  }

  /** True objects by the name of the image, read when asked for. */
  private Map<String, Supplier<LabelMap>> truths() {
    AnnotationFiles files = new AnnotationFiles(reader, new RoiFormat());
    Map<String, Supplier<LabelMap>> truths = new TreeMap<>();
    if (classes.isEmpty() && MaskFiles.isPainted(files, truth)) {
      MaskFiles read = MaskFiles.objects(files, truth, index, subset, Optional.empty(), ignore);
      read.problems().forEach(console()::say);
      List<String> names = read.samples().names();
      for (int i = 0; i < names.size(); i++) {
        int sample = i;
        truths.put(withoutExtension(names.get(i)), () -> read.samples().get(sample).truth());
      }
      return truths;
    }
    Folders.require(truth, "a folder of true label images");
    Path folder = Files.isDirectory(truth.resolve("labels")) ? truth.resolve("labels") : truth;
    Map<String, List<Path>> found = labelImages(folder);
    if (index.isPresent()) found = only(SegmentationFolder.names(index.get(), subset), found);
    if (found.isEmpty()) {
      throw new SpyhopException(folder + ": no label images here. Expected TIFF or PNG files.");
    }
    UnknownLabels unknown = UnknownLabels.of(folder, index, ignore);
    found.forEach(
        (name, own) -> truths.put(name, () -> trueObjects(single(own), unknown.of(name))));
    return truths;
  }

  /** The objects of a label image, taken as trainings do. */
  private LabelMap trueObjects(Path file, IntPredicate unknown) {
    LabelMap labels = reader.readLabels(file, unknown);
    if (!classes.isEmpty()) return labels;
    LabelRules.requireObjects(labels);
    return objects(file, labels);
  }

  private LabelMap objects(Path file, LabelMap labels) {
    LabelImageFormat.look(labels, FileNames.last(file), problems);
    return LabelRules.objects(labels);
  }

  /** What is predicted, nothing where there is no file. */
  private LabelMap found(Optional<List<Path>> files, LabelMap expected) {
    if (files.isEmpty()) return new LabelMap(expected.width(), expected.height());
    Path file = single(files.get());
    ImageSize size = reader.readSize(file);
    if (size.width() != expected.width() || size.height() != expected.height()) {
      throw new SpyhopException(
          Strings.format(
              "%s: expected %d x %d pixels like its truth, received %d x %d.",
              file, expected.width(), expected.height(), size.width(), size.height()));
    }
    LabelMap labels = reader.readLabels(file);
    return classes.isEmpty() ? objects(file, labels) : labels;
  }

  private void report(
      Map<String, Object> found, List<String> missing, List<String> unread, int ignored) {
    if (!missing.isEmpty()) {
      console()
          .say(
              Strings.count(missing.size(), "image")
                  + " without a prediction, counted as empty: "
                  + String.join(", ", missing.subList(0, Math.min(5, missing.size())))
                  + (missing.size() > 5 ? ", ..." : ""));
    }
    if (ignored > 0) {
      console()
          .say(Strings.count(ignored, "prediction") + " without a truth in this set, ignored.");
    }
    found.put("missing_predictions", missing);
    found.put("ignored_predictions", ignored);
    found.put("left_out", unread);
    figures.write(found);
  }

  private static Path single(List<Path> files) {
    if (files.size() == 1) return files.get(0);
    throw new SpyhopException(
        Strings.format(
            "there are several label images: %s; keep one of them",
            files.stream().map(FileNames::last).collect(Collectors.joining(", "))));
  }

  /** Label images of a folder by the name of their image, in the order of names. */
  private static Map<String, List<Path>> labelImages(Path folder) {
    Map<String, List<Path>> found = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.filter(Files::isRegularFile).sorted(FileNames.ORDER).toList();
    } catch (IOException e) {
      throw new SpyhopException(folder + ": cannot be read: " + AtomicFile.reason(e) + ".", e);
    }
    boolean results = files.stream().anyMatch(f -> stem(f).endsWith(SUFFIX));
    for (Path file : files) {
      String fileName = FileNames.last(file);
      int dot = fileName.lastIndexOf('.');
      String extension = fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
      if (dot <= 0 || !EXTENSIONS.contains(extension)) continue;
      String name = stem(file);
      if (results && !name.endsWith(SUFFIX)) continue;
      if (results) name = name.substring(0, name.length() - SUFFIX.length());
      found.computeIfAbsent(name, n -> new ArrayList<>(1)).add(file);
    }
    return found;
  }

  private static String stem(Path file) {
    return withoutExtension(FileNames.last(file));
  }

  private static String withoutExtension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
  }

  private Map<String, List<Path>> only(Set<String> names, Map<String, List<Path>> truths) {
    Map<String, List<Path>> kept = new TreeMap<>();
    FileNames.Index known = new FileNames.Index(truths.keySet());
    for (String name : names) {
      String own =
          known
              .find(name)
              .or(() -> known.find(withoutExtension(name)))
              .orElseThrow(
                  () ->
                      new SpyhopException(
                          truth
                              + ": no true label image for "
                              + name
                              + ", which "
                              + index.get()
                              + " names."));
      kept.put(own, truths.get(own));
    }
    return kept;
  }
}
