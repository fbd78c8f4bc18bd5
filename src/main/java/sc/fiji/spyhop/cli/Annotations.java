package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.BadSamples;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.AnnotationFormat;
import sc.fiji.spyhop.dataset.format.UniqueNames;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/** Lists what annotations hold, and converts them to another format. */
@Command(
    name = "annotations",
    description = {
      "Checks, draws and converts annotations.",
      "Lists the boxes, keypoints and masks of a data set and those that cannot be used, and",
      "writes them in another format."
    },
    footer = {
      "",
      "Examples:",
      "  spyhop annotations --data mydata",
      "  spyhop annotations --data mydata --to coco --output converted --overlays"
    })
final class Annotations extends Job {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE|DIR",
      description = "Annotated images, in any format; see docs/annotation-formats.md.")
  private Path data;

  @Option(
      names = "--index",
      paramLabel = "CSV",
      description = "Table with columns name and subset (default: DATA/index.csv).")
  private Optional<Path> index;

  @Option(names = "--subset", paramLabel = "NAME", description = "Only this subset of the index.")
  private Optional<String> subset;

  /** Names of all formats. */
  private static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return files().formats().stream().map(AnnotationFormat::name).iterator();
    }
  }

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      description = "Write them in this format: ${COMPLETION-CANDIDATES}.")
  private Optional<String> to;

  @Option(
      names = "--ellipses",
      description = {
        "Gives objects without an outline the ellipse in their box, as of round cells, so that a",
        "network can learn to segment them."
      })
  private boolean ellipses;

  @Option(names = "--overlays", description = "Draw them: NAME_overlay.png of each image.")
  private boolean overlays;

  /** What becomes of the images of converted annotations. */
  enum Images {
    copy,
    link,
    none
  }

  @Option(
      names = "--images",
      paramLabel = "HOW",
      defaultValue = "none",
      description =
          "With --to, what becomes of the images: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private Images images;

  @Option(names = "--output", paramLabel = "DIR", description = "Folder to write to.")
  private Optional<Path> output;

  @Option(names = "--force", description = "Replace files that are there.")
  private boolean force;

  @Override
  public Integer call() {
    boolean writes = to.isPresent() || overlays;
    if (writes != output.isPresent()) throw misuse("--output goes with --to or --overlays.");
    if (images != Images.none && to.isEmpty()) throw misuse("--images goes with --to.");
    AnnotationFiles files = files();
    to.ifPresent(name -> files.requireOnly(files.format(name), output.orElseThrow()));
    if (ellipses && !writes) throw misuse("--ellipses goes with --to or --overlays.");
    AnnotatedSet read = files.open(data, index, subset);
    AnnotatedSet set = ellipses ? read.withEllipses() : read;
    describe(set);
    if (output.isEmpty()) return ExitCode.OK;
    boolean whole = subset.isEmpty() && index.isEmpty() && !set.problems().isLossy();
    List<Path> kept = new ArrayList<>(whole ? List.of() : files.sources(data));
    kept.add(index.orElse(data.resolve("index.csv")));
    Conversion conversion =
        new Conversion(
            output.get(), force, kept, "What it says besides would be lost. Name another folder.");
    List<String> failures = new ArrayList<>();
    conversion.write(
        folder -> {
          to.ifPresent(name -> files.write(files.format(name), set, folder));
          if (overlays) draw(set, folder, failures);
        });
    to.ifPresent(name -> bring(set, files.format(name), conversion));
    failures.forEach(console()::error);
    return failures.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** Brings the images along, or says where they are expected. */
  private void bring(AnnotatedSet set, AnnotationFormat format, Conversion conversion) {
    Map<Path, AnnotatedImage> of = new LinkedHashMap<>();
    for (AnnotatedImage i : set.images()) {
      boolean there = FileNames.isSame(conversion.folder().resolve(i.name()), i.file());
      if (!there) of.put(i.file(), i);
    }
    if (images != Images.none) {
      of.forEach((file, i) -> conversion.bring(file, format.place(i), images == Images.link));
      return;
    }
    if (of.isEmpty()) return;
    console()
        .say(
            Strings.format(
                "%s, such as %s, not copied: images are found in %s or a folder below. Use --images"
                    + " copy, or --images link.",
                Strings.count(of.size(), "image"),
                of.values().iterator().next().name(),
                conversion.folder()));
  }

  private static AnnotationFiles files() {
    return new AnnotationFiles(new ImageFiles());
  }

  private void describe(AnnotatedSet set) {
    console()
        .print(
            "%s, %s, %s%n",
            Strings.count(set.images().size(), "image"),
            Strings.count(set.boxes(), "box"),
            Strings.count(set.points(), "keypoint"));
    set.boxesByClass().forEach((type, n) -> console().print("%8d %s%n", n, type));
    if (!set.keypoints().names().isEmpty()) {
      console().out().println("Keypoints: " + String.join(", ", set.keypoints().names()));
    }
    set.problems().summary().forEach(console()::say);
  }

  private void draw(AnnotatedSet set, Path folder, List<String> failures) {
    UniqueNames names = new UniqueNames(set.images());
    try (ConsoleProgress progress =
        new ConsoleProgress(console(), "Drawing", set.images().size())) {
      for (AnnotatedImage i : set.images()) {
        progress.checkCancelled();
        progress.begin(i.name());
        try {
          draw(i, set, folder.resolve(names.of(i) + "_overlay.png"));
          progress.end(i.name());
        } catch (SpyhopException e) {
          failures.add(BadSamples.clause(i.name(), e) + ".");
          progress.end(i.name() + ": failed");
        }
      }
    }
  }

  private static void draw(AnnotatedImage i, AnnotatedSet set, Path file) {
    ImagePlus image = ImageFiles.open(i.file());
    image.setPositionWithoutUpdate(1, i.z(), i.t());
    Overlay overlay = new Overlay();
    List<Roi> rois =
        AnnotationRois.of(i.annotation(), set.classes(), set.keypoints(), image, i.z(), i.t());
    rois.forEach(overlay::add);
    Overlays.writePng(file, image, overlay);
  }
}
