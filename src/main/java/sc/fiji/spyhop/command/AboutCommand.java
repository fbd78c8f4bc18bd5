package sc.fiji.spyhop.command;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.training.ModelTraining;

/** Makes a model, and writes into it what users want to know about it. */
@Group("About the model")
abstract class AboutCommand extends JobCommand {

  @Parameter(
      label = "Name",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Name of the model; empty for that of the file.")
  private String name = "";

  @Parameter(
      label = "Description",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "What the model finds in which images.")
  private String description = "";

  @Parameter(
      label = "Author",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Who answers for the model.")
  private String author = "";

  @Parameter(
      label = "Licence",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "Licence of the model.")
  private String license = "";

  @Parameter(
      label = "Citation",
      visibility = ItemVisibility.INVISIBLE,
      required = false,
      persist = false,
      description = "What to cite.")
  private String citation = "";

  /**
   * What is written into the model.
   *
   * @throws SettingException if the name is none that models can have
   */
  final ModelTraining.About about(ModelTarget target) {
    if (!name.strip().matches("[A-Za-z0-9._-]*")) {
      throw SettingException.wrong(
          "name",
          "expected letters, digits, dots, hyphens or underscores, received \""
              + name.strip()
              + "\".");
    }
    return new ModelTraining.About(
        word(name).orElseGet(target::name), description, author, license, citation);
  }
}
