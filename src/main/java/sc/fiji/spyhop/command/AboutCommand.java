package sc.fiji.spyhop.command;

import org.scijava.ItemVisibility;
import org.scijava.plugin.Parameter;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelSpec;
import sc.fiji.spyhop.training.ModelTraining;
import sc.fiji.spyhop.util.Strings;

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
    String called = word(name).orElseGet(target::name);
    if (!ModelSpec.isName(called)) {
      throw SettingException.wrong(
          name.isBlank() ? "output" : "name",
          Strings.format(
              "expected a name of at most 100 letters a to z, digits, dots, hyphens and underscores that begins with a letter or digit, received \"%s\".%s",
              called,
              name.isBlank()
                  ? " The model is called after its file: name another, or the model itself."
                  : ""));
    }
    return new ModelTraining.About(called, description, author, license, citation);
  }
}
