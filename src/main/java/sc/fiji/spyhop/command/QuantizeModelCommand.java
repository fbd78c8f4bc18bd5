package sc.fiji.spyhop.command;

import java.util.List;
import java.util.Map;
import org.scijava.command.Command;
import org.scijava.plugin.Plugin;
import sc.fiji.spyhop.Progress;
import sc.fiji.spyhop.SpyhopException;
import sc.fiji.spyhop.job.Caller;
import sc.fiji.spyhop.job.SettingException;
import sc.fiji.spyhop.job.batch.Inputs;
import sc.fiji.spyhop.model.Model;
import sc.fiji.spyhop.quantization.CalibrationImages;
import sc.fiji.spyhop.quantization.Quantizer;
import sc.fiji.spyhop.util.Strings;

/**
 * Makes a model that predicts in eight bits of one that does so in 32. In a macro:
 *
 * <pre>run("Spyhop Quantise Model", "model=nuclei data=/data/cells output=/data/fast.spyhop");
 * </pre>
 */
@Plugin(
    type = Command.class,
    menuPath = "Plugins>Spyhop>Spyhop Quantise Model",
    headless = true,
    initializer = "offerModels",
    description = "Quantises a model, so that it predicts in eight bits.")
public final class QuantizeModelCommand extends RemadeModelCommand {

  @Override
  String doing() {
    return "Quantising";
  }

  @Override
  Model made(Model base, String name, Caller caller, Progress progress) {
    Quantizer quantizer = new Quantizer(base, name, Quantizer.SHARE);
    CalibrationImages images = images(base, caller, progress.part(0, 3));
    images.notes().forEach(caller::note);
    Model made = quantizer.run(images, progress.part(1, 3));
    Map<String, Double> known = base.spec().training().figures();
    made.spec()
        .training()
        .figures()
        .forEach(
            (what, value) -> {
              if (!value.equals(known.get(what))) {
                caller.result(Strings.format("%s %.4f", what, value));
              }
            });
    return made;
  }

  /** With their annotations, if these are such as the model's task has. */
  private CalibrationImages images(Model base, Caller caller, Progress progress) {
    try {
      return annotated(base, progress);
    } catch (SpyhopException e) {
      if (!takesAll()) throw e;
      Inputs inputs = Inputs.expand(List.of(folder().toString()), true, folder().resolve("."));
      if (inputs.files().isEmpty()) {
        throw SettingException.wrong(
            "data", "expected a folder with images, received " + folder() + ", which has none.");
      }
      CalibrationImages plain =
          CalibrationImages.plain(inputs.files().values(), reader(base), progress);
      caller.note(
          "No accuracy is told, only how far outputs differ, as there is no truth to read: "
              + e.getMessage());
      return plain;
    }
  }
}
