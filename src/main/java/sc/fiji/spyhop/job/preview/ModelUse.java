package sc.fiji.spyhop.job.preview;

import ij.ImagePlus;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.ij.Frames;
import sc.fiji.spyhop.ij.LookArea;
import sc.fiji.spyhop.inference.Runner;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.task.Task;
import sc.fiji.spyhop.task.TaskKind;

/**
 * A model, and how it is shown images.
 *
 * @param name name or file
 * @param options how it is run
 */
public record ModelUse(String name, ChannelChoice channels, Runner.Options options) {

  /**
   * A model that is ready to look at an image.
   *
   * @param scale in which it is shown the image
   */
  record Ready<P>(Runner<P> runner, Frames frames, double scale) {}

  /**
   * Makes it ready to look at an image.
   *
   * @param area where it is looked at
   * @throws sc.fiji.spyhop.SpyhopException if it cannot be shown the image
   */
  <P, K extends Task<?, P>> Ready<P> open(
      TaskKind<P, K> kind, ImagePlus image, LookArea area, Progress progress) {
    Runner<P> runner = Runner.open(name, kind, options);
    try {
      ModelSpec.Input input = runner.spec().input();
      Frames all = Frames.of(image, channels, input.channels(), input.colors());
      Frames frames = area.normalized(all, area.in(image));
      return new Ready<>(runner, frames, runner.scale(frames.samples(), progress.quiet()).factor());
    } catch (RuntimeException e) {
      runner.close();
      throw e;
    }
  }
}
