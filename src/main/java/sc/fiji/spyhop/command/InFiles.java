package sc.fiji.spyhop.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;

/** What is asked for an open image, done with files: the settings of both. */
public class InFiles extends FilesCommand {

  final LookCommand each;

  InFiles(LookCommand each) {
    this.each = each;
  }

  /**
   * A job for open images, for files.
   *
   * @throws ClassCastException if it is about something else than images
   */
  public static InFiles each(Class<? extends JobCommand> each) {
    return each(JobCommand.defaults(each));
  }

  /** The same of one with settings of its own. */
  public static InFiles each(JobCommand each) {
    return ((LookCommand) each).inFiles();
  }

  @Override
  public final String description() {
    return each.description();
  }

  @Override
  public List<Setting> settings() {
    List<Setting> settings = new ArrayList<>(super.settings());
    each.settings().stream().filter(s -> !s.isOfImageJ()).forEach(settings::add);
    return settings;
  }

  @Override
  void check() {
    super.check();
    each.check();
  }

  @Override
  final ChannelChoice channels() {
    return each.channels();
  }

  @Override
  BatchJob job(Caller caller) {
    return each.job(caller);
  }

  @Override
  final String activity() {
    return each.activity();
  }

  @Override
  final Optional<String> passedOver(Path file) {
    return each.passedOver(file);
  }

  @Override
  final String told(Batch.Summary summary, Path output) {
    return each.told(summary, output);
  }
}
