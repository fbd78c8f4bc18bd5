package sc.fiji.spyhop.cli;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.dataset.format.AnnotatedImage;
import sc.fiji.spyhop.dataset.format.AnnotatedSet;
import sc.fiji.spyhop.dataset.format.AnnotationFiles;
import sc.fiji.spyhop.dataset.format.AnnotationFormat;
import sc.fiji.spyhop.dataset.format.UniqueNames;
import sc.fiji.spyhop.ij.AnnotationRois;
import sc.fiji.spyhop.ij.ImageFiles;
import sc.fiji.spyhop.ij.Overlays;
import sc.fiji.spyhop.ij.RoiFormat;
import sc.fiji.spyhop.util.Folders;

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

  @Option(names = "--overlays", description = "Draw them: NAME_overlay.png of each image.")
  private boolean overlays;

  @Option(names = "--output", paramLabel = "DIR", description = "Folder to write to.")
  private Optional<Path> output;

  private boolean failed;

  @Override
  public Integer call() {
    boolean writes = to.isPresent() || overlays;
    if (writes != output.isPresent()) throw misuse("--output goes with --to or --overlays.");
    AnnotationFiles files = files();
    to.ifPresent(files::format);
    AnnotatedSet set = files.open(data, index, subset);
    describe(set);
    output.ifPresent(
        folder -> {
          Folders.requireWritable(folder);
          to.ifPresent(name -> files.format(name).write(set, folder));
          if (overlays) draw(set, folder);
        });
    return failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private static AnnotationFiles files() {
    return new AnnotationFiles(new ImageFiles(), new RoiFormat());
  }

  private void describe(AnnotatedSet set) {
    console()
        .print(
            "%d images, %d boxes, %d keypoints%n", set.images().size(), set.boxes(), set.points());
    set.boxesByClass().forEach((type, n) -> console().print("%8d %s%n", n, type));
    if (!set.keypoints().names().isEmpty()) {
      console().out().println("Keypoints: " + String.join(", ", set.keypoints().names()));
    }
    set.problems().summary().forEach(console()::say);
  }

  private void draw(AnnotatedSet set, Path folder) {
    UniqueNames names = new UniqueNames();
    try (ConsoleProgress progress =
        new ConsoleProgress(console(), "Drawing", set.images().size())) {
      for (AnnotatedImage i : set.images()) {
        progress.checkCancelled();
        progress.begin(i.name());
        try {
          draw(i, set, folder.resolve(names.of(i) + "_overlay.png"));
          progress.end(i.name());
        } catch (SpyhopException e) {
          failed = true;
          progress.end(i.name() + ": " + e.getMessage());
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
