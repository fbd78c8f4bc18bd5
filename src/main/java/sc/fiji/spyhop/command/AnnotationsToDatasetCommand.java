package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.File;
import java.util.Locale;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.annotation.Check;
import sc.fiji.spyhop.ij.annotation.DataSetFolder;
import sc.fiji.spyhop.ij.annotation.Kind;
import sc.fiji.spyhop.ij.annotation.Marks;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.util.Strings;

/**
 * Checks what is drawn in an open image and writes it as a folder to train on. In a macro:
 *
 * <pre>run("Spyhop Annotations To Dataset", "kind=objects complete=true output=/data/cells");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Annotations To Dataset",
    headless = true,
    description = "Checks what you have drawn in an image, and writes it as a folder to train on.")
public final class AnnotationsToDatasetCommand extends JobCommand {

  @Parameter(label = "Image", description = "The image or stack that is annotated.")
  private ImagePlus image;

  @Parameter(
      label = "Folder to write",
      style = "directory",
      required = false,
      persist = false,
      description = "An empty or new folder; nothing to only check the annotations.")
  private File output = new File("");

  @Parameter(
      label = "What is annotated",
      choices = {"auto", "objects", "pixels", "overlaps", "boxes", "points", "slices", "values"},
      persist = false,
      description =
          "auto; areas as objects, as classes of pixels, as such that may overlap or as boxes; named"
              + " points; or labels of slices, as classes or as values.")
  private String kind = "auto";

  @Parameter(
      label = "Regions from",
      choices = {"auto", "manager", "overlay"},
      persist = false,
      description = "auto: the ROI Manager if there is something in it, else the overlay.")
  private String regions = "auto";

  @Parameter(
      label = "Classes from",
      choices = {"auto", "name", "group"},
      persist = false,
      description = "auto: the group of a region if it has one, else its name without numbers.")
  private String naming = "auto";

  @Parameter(
      label = "Everything is labelled",
      persist = false,
      description =
          "What is not drawn in an annotated slice is background. Else it counts as unknown, and"
              + " some areas have to be named background.")
  private boolean complete = false;

  @Parameter(
      label = "Classes of pixels",
      required = false,
      persist = false,
      description =
          "Names of labels 0, 1, ... with commas, the first being the background; empty for those"
              + " that are drawn.")
  private String classes = "";

  @Parameter(
      label = "Add to the data set in the folder",
      persist = false,
      description =
          "The same image, by its name and pixels, is replaced; another one of the same name gets a"
              + " number.")
  private boolean add = false;

  @Parameter(
      label = "Fill Results table",
      persist = false,
      description = "A row for each annotated slice: how much is labelled, how often each class.")
  private boolean table = true;

  @Override
  void work(Caller caller) {
    try (ImageCheck.Held held = ImageCheck.hold(image)) {
      make(caller);
    }
  }

  private void make(Caller caller) {
    Marks.Source source = Marks.Source.valueOf(regions.toUpperCase(Locale.ROOT));
    Marks.Naming names = Marks.Naming.valueOf(naming.toUpperCase(Locale.ROOT));
    Marks marks = Marks.of(image, Marks.regions(image, source), names);
    Kind of = Kind.of(kind, marks);
    Check check = Check.of(marks, of, complete);
    if (check.rows().isEmpty()) {
      throw new SpyhopException(
          Strings.format(
              "%s: no slice has %s. Mark some first, or choose another kind.",
              image.getTitle(), of.description()));
    }
    if (table) {
      ResultsTable results = ResultsTable.getResultsTable();
      check.fill(results);
      results.show("Results");
    }
    check.lines().forEach(caller::note);
    if (output.getPath().isBlank()) return;
    try (Caller.Shown progress = caller.progress("Writing")) {
      int images =
          new DataSetFolder(marks, of, complete, words(classes))
              .write(output.toPath().toAbsolutePath(), add, progress);
      caller.result(
          Strings.format(
              "%d image%s with %s written to %s",
              images, images == 1 ? "" : "s", of.description(), output));
    }
  }
}
