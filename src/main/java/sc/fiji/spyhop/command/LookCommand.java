package sc.fiji.spyhop.command;

import java.nio.file.Path;
import java.util.Optional;
import sc.fiji.spyhop.ij.ChannelChoice;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Batch;
import sc.fiji.spyhop.job.batch.BatchJob;

/** Looks at images with a model or a pipeline: at one that is open, or at files. */
abstract class LookCommand extends JobCommand {

  /** Of the parameter that says which channels, which dialogs show after the model. */
  static final String CHANNEL_HELP =
      "Channels to look at: auto for all, which must be as many as the model expects; grey for one"
          + " made of all; or the number of one.";

  /**
   * Which channels are looked at.
   *
   * @throws SettingException if the setting makes no sense
   */
  abstract ChannelChoice channels();

  /**
   * What is done with each of several files.
   *
   * @throws SettingException if a setting makes no sense for files
   */
  abstract BatchJob job(Caller caller);

  /** The same for files. */
  InFiles inFiles() {
    return new InFiles(this);
  }

  /** What is done meanwhile, such as {@code Segmenting}. */
  String activity() {
    return "Predicting";
  }

  /**
   * What a file is that is passed over, such as {@code "labelled already"}; nothing if it is not.
   */
  Optional<String> passedOver(Path file) {
    return Optional.empty();
  }

  /** What is said when all files have been looked at. */
  String told(Batch.Summary summary, Path output) {
    return summary.text() + ", written to " + output;
  }
}
