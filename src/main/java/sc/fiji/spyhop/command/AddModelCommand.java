package sc.fiji.spyhop.command;

import java.io.File;
import java.nio.file.Path;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.ModelTarget;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.model.ModelFile;
import sc.fiji.spyhop.model.ModelRegistry;
import sc.fiji.spyhop.util.AtomicFile;
import sc.fiji.spyhop.util.FileNames;
import sc.fiji.spyhop.util.Strings;

/**
 * Copies a model into the user's folder, so that it goes by its name from then on. In a macro:
 *
 * <pre>run("Spyhop Add Model", "file=/data/cells.spyhop name=cells");</pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Add Model",
    headless = true,
    description = "Adds a model or pipeline to those that go by name, in your own folder.")
public final class AddModelCommand extends JobCommand {

  @Parameter(
      label = "Model file",
      style = "open",
      persist = false,
      description = "A .spyhop file, of a model, of a pipeline or of a model that makes images.")
  @InShell(arguments = true, value = "FILE")
  private File file = new File("");

  @Parameter(
      label = "Name",
      required = false,
      persist = false,
      description = "Name that the model goes by; empty for that of the file.")
  private String name = "";

  @Parameter(
      label = "Replace what exists",
      persist = false,
      description = "Replaces a model of this name in your folder; else it is left as it is.")
  @InShell(names = "--force")
  private boolean replace = false;

  @Override
  void check() {
    if (file.getPath().isBlank()) {
      throw SettingException.missing("file", "a path", "/path/to/it");
    }
    ModelTarget.requireName("file", file.toPath());
    if (!name.strip().matches("[\\p{L}\\p{N} ._()-]*")
        || name.strip().endsWith(ModelFile.EXTENSION)) {
      throw SettingException.wrong(
          "name",
          Strings.format(
              "expected letters, digits, blanks, dots, hyphens or underscores, without %s, received"
                  + " \"%s\".",
              ModelFile.EXTENSION, name.strip()));
    }
  }

  @Override
  void work(Caller caller) {
    Path from = file.toPath().toAbsolutePath();
    String called = word(name).orElseGet(() -> ModelRegistry.nameOf(from));
    Path known = ModelRegistry.standard().userFolder().resolve(called + ModelFile.EXTENSION);
    if (!replace && AtomicFile.isThere(known) && !FileNames.isSame(known, from)) {
      throw SettingException.needs(
          known + " exists already. Give another name, or replace it",
          new SettingException.Remedy("replace", "true"));
    }
    Path copy = ModelRegistry.standard().add(from, called, replace);
    caller.result(Strings.format("%s is known as %s now, in %s", from, called, copy));
  }
}
