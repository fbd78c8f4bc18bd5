package sc.fiji.spyhop.command;

import ij.gui.Roi;
import java.awt.Rectangle;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.Rois;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.ExplainJob;
import sc.fiji.spyhop.prediction.ImageSize;
import sc.fiji.spyhop.prediction.Mask;
import sc.fiji.spyhop.task.Task;

/**
 * Looks at why a model says what it says of an open image, or of files. Of a stack, the current
 * slice. Where the model says something about an image as a whole it is shown the bounding box of a
 * selection alone; else the selection tells which object is meant.
 */
abstract class ExplainCommand extends ModelCommand {

  @Parameter(
      label = "Class",
      required = false,
      persist = false,
      description =
          "Class, measure or point to explain; empty for the most likely class, or what is found most"
              + " clearly.")
  @InShell(names = "--class", value = "NAME")
  private String category = "";

  @Parameter(
      label = "Object at (x,y)",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description =
          "Pixel of the object to explain, such as 120,45, where a model finds several, or its box,"
              + " such as 110,35,30,20 (left, top, width, height); empty for that in the selection of"
              + " an open image, or else the one that is found most clearly.")
  @InShell("X,Y[,W,H]")
  private String at = "";

  @Parameter(
      label = "Slice",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Slice of a stack; 0 for the current one, of files the first.")
  private int slice = 0;

  @Parameter(
      label = "Frame",
      visibility = ItemVisibility.INVISIBLE,
      min = "0",
      persist = false,
      description = "Time point; 0 for the current one, of files the first.")
  private int frame = 0;

  private boolean scales;

  ExplainCommand() {
    super("");
  }

  @Override
  final Class<?> kind() {
    return Task.class;
  }

  /**
   * Opens the model.
   *
   * @throws SpyhopException if a setting makes no sense
   */
  abstract Explainer open();

  /**
   * Looks at the open image.
   *
   * @param seen what is looked at
   */
  abstract void explain(Caller caller, Explainer explainer, Seen seen, Progress progress);

  /**
   * What is looked at.
   *
   * @param part of the image that the network is shown
   * @param plane that part
   * @param place where the object is
   * @param z slice, from 1
   * @param t time point, from 1
   */
  record Seen(Rectangle part, Frame plane, Optional<Mask> place, int z, int t) {}

  /** There are models of every kind: none is chosen by default. */
  @Override
  void offerModels() {
    ModelChoice.offer(this, "model", kind());
  }

  @Override
  void check() {
    super.check();
    at();
  }

  /** Pixel or box of the object; absent if it is blank. */
  final Optional<Rectangle> at() {
    List<Integer> n = integers("at", at);
    if (n.isEmpty()) return Optional.empty();
    if (n.size() == 2) return Optional.of(new Rectangle(n.get(0), n.get(1), 1, 1));
    boolean box = n.size() == 4 && n.get(2) > 0 && n.get(3) > 0;
    if (box) return Optional.of(new Rectangle(n.get(0), n.get(1), n.get(2), n.get(3)));
    throw SettingException.wrong(
        "at",
        "expected a column and a row, such as 120,45, and perhaps width and height of a box, such as"
            + " 110,35,30,20, received \""
            + at.strip()
            + "\".");
  }

  /** What is asked about; absent: what is said most clearly. */
  final Optional<String> category() {
    return word(category);
  }

  /** Slice of files, from 1. */
  final int slice() {
    return Math.max(1, slice);
  }

  /** Time point of files, from 1. */
  final int frame() {
    return Math.max(1, frame);
  }

  @Override
  final boolean scales() {
    return scales;
  }

  @Override
  String activity() {
    return "Explaining";
  }

  @Override
  final void look(Caller caller) {
    try (Explainer explainer = open();
        Caller.Shown progress = caller.progress(activity())) {
      scales = !explainer.looksAtWhole();
      if (at().isPresent()) ExplainJob.requireObjects(explainer);
      Frames frames = frames(explainer.runner().spec().input());
      int z = slice == 0 ? image().getZ() : ExplainJob.within("slice", slice, frames.slices());
      int t = frame == 0 ? image().getT() : ExplainJob.within("frame", frame, frames.timePoints());
      Rectangle part = scales ? all() : part();
      Frame plane = frames.get(z, t).crop(part.x, part.y, part.width, part.height);
      Optional<Mask> place = scales ? place() : Optional.empty();
      explain(caller, explainer, new Seen(part, plane, place, z, t), progress);
    }
  }

  private Rectangle all() {
    return new Rectangle(image().getWidth(), image().getHeight());
  }

  /** What the network is shown. */
  private Rectangle part() {
    Roi roi = image().getRoi();
    if (roi == null || !roi.isArea()) return all();
    Rectangle part = roi.getBounds().intersection(all());
    if (!part.isEmpty()) return part;
    throw outside();
  }

  /** Where the object is. */
  private Optional<Mask> place() {
    ImageSize size = new ImageSize(image().getWidth(), image().getHeight());
    Optional<Rectangle> at = at();
    if (at.isPresent()) return Optional.of(ExplainJob.mask(at.get(), size));
    Roi roi = image().getRoi();
    if (roi == null) return Optional.empty();
    Roi area = roi.isArea() ? roi : new Roi(roi.getBounds());
    return Optional.of(Rois.mask(area, size).orElseThrow(this::outside));
  }

  private SpyhopException outside() {
    return new SpyhopException(
        "Selection: expected one within "
            + image().getTitle()
            + ", received one outside. Move it.");
  }
}
