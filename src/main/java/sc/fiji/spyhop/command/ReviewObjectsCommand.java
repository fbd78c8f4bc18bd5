package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.ij.ReviewQueue;
import sc.fiji.spyhop.ij.ReviewedObject;
import sc.fiji.spyhop.ij.RoiNames;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.ij.annotation.Marks;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.page.ObjectReview;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.Decimals;
import sc.fiji.spyhop.util.Folders;
import sc.fiji.spyhop.util.Strings;
import sc.fiji.spyhop.util.TableRow;

/**
 * Puts the objects of which a model is least sure first, to be looked through and corrected. In a
 * macro:
 *
 * <pre>run("Spyhop Review Objects", "below=0.8 count=50");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Review Objects",
    headless = true,
    description = "Puts the objects of which a model is least sure first, to be looked through.")
public final class ReviewObjectsCommand extends JobCommand {

  @Parameter(
      label = "Image",
      required = false,
      description = "The image or stack in which objects were found.")
  private ImagePlus image;

  @Parameter(
      label = "Regions from",
      choices = {"auto", "manager", "overlay"},
      persist = false,
      description = "auto: the ROI Manager if there is something in it, else the overlay.")
  @InImageJ
  private String regions = "auto";

  @Parameter(
      label = "Folder of results instead of the image",
      style = "directory",
      required = false,
      persist = false,
      description = "Folder into which a batch has written its results, with regions.")
  @InShell(arguments = true, value = "DIR")
  private File results = new File("");

  @Parameter(
      label = "Folder to write, of a folder of results",
      style = "directory",
      required = false,
      persist = false,
      description = "Takes the table, the pictures and the regions; it is made if it is not there.")
  private File output = new File("");

  @Parameter(
      label = "Score below",
      required = false,
      persist = false,
      description =
          "Only objects with a lower score than this, from 0 to 1, are to be looked through; empty"
              + " for any.")
  @InShell("N")
  private String below = "";

  @Parameter(
      label = "Maximum number",
      min = "1",
      persist = false,
      description = "Number of objects to look through, the least sure first.")
  private int count = 100;

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces files that exist; else they are left as they are.")
  @InShell(names = "--force")
  private boolean replace = false;

  private OptionalDouble below() {
    return number("below", below, 1);
  }

  private boolean isOfFiles() {
    return !results.getPath().isBlank();
  }

  @Override
  void check() {
    below();
    if (isOfFiles() && output.getPath().isBlank()) {
      throw SettingException.wrong(
          "output", "expected a folder for what is to be looked through, received nothing.");
    }
    if (!isOfFiles() && image == null) {
      throw SettingException.wrong(
          "results", "expected a folder of results or an open image, received nothing.");
    }
  }

  @Override
  void work(Caller caller) {
    if (isOfFiles()) {
      review(results.toPath(), output.toPath().toAbsolutePath(), caller);
      return;
    }
    try (ImageCheck.Held held = ImageCheck.hold(image)) {
      review(caller);
    }
  }

  private void review(Path from, Path to, Caller caller) {
    for (String name : List.of(ObjectReview.TABLE, ObjectReview.SHEET)) {
      if (replace || !AtomicFile.isThere(to.resolve(name))) continue;
      throw SettingException.needs(
          to.resolve(name) + " exists already. Name another folder, or replace it",
          new SettingException.Remedy("replace", "true"));
    }
    try (Caller.Shown progress = caller.progress("Reviewing")) {
      ObjectReview review = ObjectReview.find(from, below(), count, progress.part(0, 2));
      Folders.writing(
          to,
          () -> {
            review.write(to, caller::note, progress.part(1, 2));
            return to;
          });
      caller.result(
          Strings.format(
              "%s of %s to look through, the least sure first; written to %s",
              Strings.count(review.size(), "object"), Strings.count(review.images(), "image"), to));
    }
  }

  private void review(Caller caller) {
    Marks.Source source = Marks.Source.valueOf(regions.toUpperCase(Locale.ROOT));
    List<Roi> all = Marks.regions(image, source);
    ReviewQueue queue = ReviewQueue.of(all, below(), count);
    long scored =
        ReviewQueue.objects(all).stream().filter(r -> ReviewQueue.score(r).isPresent()).count();
    if (scored == 0) {
      throw new SpyhopException(
          Strings.format(
              "%s: none of %s has a score. Segment or localize with a model that gives scores, such"
                  + " as one that was calibrated by Spyhop Calibrate Model.",
              image.getTitle(), Strings.count(all.size(), "region")));
    }
    boolean managed = source != Marks.Source.OVERLAY && !Rois.inManager().isEmpty();
    if (managed) {
      Rois.orderManager(queue.regions());
      image.setHideOverlay(true); // or the region that is selected would not stand out
    } else {
      Rois.orderOverlay(image, queue.regions());
    }
    caller.table("Objects to review", rows(queue));
    caller.result(
        Strings.format(
            "%d of %s with a score to look through, the least sure first%s",
            queue.count(),
            Strings.count(scored, "object"),
            below().isPresent() ? ", below " + Decimals.text(below().getAsDouble()) : ""));
  }

  private List<TableRow> rows(ReviewQueue queue) {
    RoiNames names = RoiNames.of(queue.regions());
    List<TableRow> rows = new ArrayList<>();
    for (Roi roi : queue.regions().subList(0, queue.count())) {
      Map<String, Object> cells = new LinkedHashMap<>();
      cells.put("rank", rows.size() + 1);
      cells.putAll(
          ReviewedObject.of(roi, names, ReviewedObject.plane(roi, Optional.of(image))).cells());
      rows.add(new TableRow(roi.getName() == null ? "" : roi.getName(), cells));
    }
    return rows;
  }
}
