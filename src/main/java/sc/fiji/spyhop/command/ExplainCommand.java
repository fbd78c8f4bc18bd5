package sc.fiji.spyhop.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.awt.Rectangle;
import org.scijava.ItemIO;
import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.explain.Explainer;
import sc.fiji.spyhop.explain.Explanation;
import sc.fiji.spyhop.explain.SaliencyMap;
import sc.fiji.spyhop.ij.CommandOverlay;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.HeatMaps;
import sc.fiji.spyhop.image.Frame;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.BatchJob;
import sc.fiji.spyhop.job.batch.ExplainJob;
import sc.fiji.spyhop.task.ImageTask;
import sc.fiji.spyhop.util.Strings;

/**
 * Explains what a model says of an open image, or of files: a 32-bit map, and the map in colours
 * over the image. Of a stack, the current slice; with a selection, the network is shown its
 * bounding box alone.
 */
abstract class ExplainCommand extends ModelCommand {

  @Parameter(
      label = "Class",
      required = false,
      persist = false,
      description = "Class, or measure, to explain; empty for the most likely class.")
  @InShell(names = "--class", value = "NAME")
  private String category = "";

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

  @Parameter(type = ItemIO.OUTPUT, label = "Saliency", description = "How much pixels matter.")
  private ImagePlus saliency;

  ExplainCommand() {
    super("");
  }

  @Override
  final Class<?> kind() {
    return ImageTask.class;
  }

  /**
   * How it is explained.
   *
   * @throws SpyhopException if a setting makes no sense
   */
  abstract Explanation explanation();

  @Override
  final BatchJob job(Caller caller) {
    return new ExplainJob(
        model(), word(category), explanation(), Math.max(1, slice), Math.max(1, frame));
  }

  @Override
  final String activity() {
    return "Explaining";
  }

  @Override
  final void look(Caller caller) {
    try (Explainer explainer = Explainer.open(model());
        Caller.Shown progress = caller.progress(activity())) {
      Frames frames = frames(explainer.runner().spec().input());
      int z = slice == 0 ? image().getZ() : ExplainJob.within("slice", slice, frames.slices());
      int t = frame == 0 ? image().getT() : ExplainJob.within("frame", frame, frames.timePoints());
      Frame plane = frames.get(z, t);
      Rectangle part = part();
      Explanation fitted = explanation().fittedTo(part.width, part.height);
      SaliencyMap map =
          explainer.explain(
              plane.crop(part.x, part.y, part.width, part.height),
              word(category),
              fitted,
              progress);
      caller.seen(
          Strings.format(
              "%s is %s (%.4g); %s; on %s",
              plane.name(),
              map.name(),
              map.score(),
              fitted.effect(map.largest()),
              explainer.runner().device()));
      show(whole(map, part), z, t);
    }
  }

  /** What the network is shown. */
  private Rectangle part() {
    Rectangle all = new Rectangle(image().getWidth(), image().getHeight());
    Roi roi = image().getRoi();
    if (roi == null || !roi.isArea()) return all;
    Rectangle part = roi.getBounds().intersection(all);
    if (!part.isEmpty()) return part;
    throw new SpyhopException(
        "Selection: expected one within "
            + image().getTitle()
            + ", received one outside. Move it.");
  }

  /** The map in its place; 0 around it. */
  private float[] whole(SaliencyMap map, Rectangle part) {
    float[] values = new float[image().getWidth() * image().getHeight()];
    for (int y = 0; y < part.height; y++) {
      System.arraycopy(
          map.values(),
          y * part.width,
          values,
          (part.y + y) * image().getWidth() + part.x,
          part.width);
    }
    return values;
  }

  private void show(float[] values, int z, int t) {
    String title = image().getShortTitle() + "_saliency";
    saliency = HeatMaps.image(image(), title, values);
    CommandOverlay.replace(image(), "saliency", HeatMaps.overlay(image(), z, t, values));
    makeCurrent(saliency);
  }
}
