package sc.fiji.spyhop.command;

import ij.ImagePlus;
import java.util.function.Supplier;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.preview.Looker;
import sc.fiji.spyhop.job.preview.Seen;
import sc.fiji.spyhop.job.preview.View;

/** Shows what a command will find, by looking at what is seen of the image. */
final class PartPreviewer<A extends Looker.Asked> implements Previewer {

  private final JobCommand job;
  private final Looker<A> looker;
  private final Supplier<A> settings;

  /**
   * @param settings what is asked for now
   */
  PartPreviewer(JobCommand job, Looker<A> looker, Supplier<A> settings) {
    this.job = job;
    this.looker = looker;
    this.settings = settings;
  }

  @Override
  public Asked asked() {
    A asked = settings.get();
    return new Asked() {
      @Override
      public ImagePlus image() {
        return asked.image();
      }

      @Override
      public Seen look(View view, Progress progress) {
        try {
          return looker.look(asked, view, progress);
        } catch (SettingException e) {
          throw new SpyhopException(job.inImageJ(e), e);
        }
      }
    };
  }

  @Override
  public void close() {
    looker.close();
  }
}
